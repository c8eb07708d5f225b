"""Two persons edited one application: what the faster one left beside what the slower one typed, which is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from passes.reading.plates import normalise_plate
from web.firm.application_form import ApplicationForm, values_of
from web.shell.form_errors import leaves

#: What the form holds on to, and what nobody types.
_UNTYPED: Final = frozenset({"version"})
_NUMBER_MODES: Final = frozenset({"decimal", "numeric"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that the two left differently.

    Attributes
    ----------
    field_id
        Of the field in the form, "" where the form has none for it.
    person
        Which person on board it speaks of, counted from one; 0 for none.
    theirs, own
        As the page shows them, "" for nothing.
    """

    field_id: str
    label: str
    person: int
    theirs: str
    own: str


@dataclass(frozen=True, slots=True)
class OtherEdit:
    """What somebody else did meanwhile: who in a sentence, and every field that the two left differently."""

    said: str
    differences: tuple[Difference, ...]


def differences(form: ApplicationForm, document: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the fields in which a form differs from the application as it is kept now, in the form's order."""
    theirs = dict(_flat(values_of(document)))
    found = []
    for field in leaves(form):
        if field.name in _UNTYPED:
            continue
        there, here = _said(field, theirs.pop(field.name, "")), _said(field, field.data)
        if _plain(field, there) != _plain(field, here):
            found.append(Difference(field.id, str(field.label.text), _person_of(field.name), there, here))
    name = form.crew[0].form["name"].label.text
    others = [(key, str(value)) for key, value in theirs.items() if re.fullmatch(r"crew-\d+-name", key) and value]
    return (*found, *(Difference("", str(name), _person_of(key), value, "") for key, value in others))


def _flat(values: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of a form by the names of its fields."""
    parts = values.items() if isinstance(values, Mapping) else enumerate(values)
    for key, value in parts:
        name = f"{prefix}-{key}" if prefix else str(key)
        if isinstance(value, Mapping | list | tuple):
            yield from _flat(value, name)
        else:
            yield name, value


def _said(field: Any, value: Any) -> str:
    """Return a value as the page shows it: a choice and a tick by their words."""
    if field.type == "BooleanField":
        return "✓" if value else "–"
    text = "" if value is None else str(value).strip()
    if field.type == "SelectField":
        named = {str(key): str(label) for key, label, *_ in field.iter_choices()}
        return named.get(text, text) if text else ""
    return text


def _plain(field: Any, text: str) -> str:
    """Return a value without what makes no difference: 18 and 18.0, a plate in wide letters, seconds of a time."""
    if field.name == "vehicle-plate":
        return normalise_plate(text)
    looks = field.render_kw or {}
    if looks.get("type") == "datetime-local":
        return text[: len("2022-07-01T08:00")]
    if looks.get("inputmode") in _NUMBER_MODES:
        with suppress(ValueError):
            return f"{float(text):g}"
    return text


def _person_of(name: str) -> int:
    parts = name.split("-")
    return int(parts[1]) + 1 if parts[0] == "crew" and len(parts) > 2 and parts[1].isdecimal() else 0
