"""Put what a floor below says of an input beside the field it came from; what was typed stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _

from geodata.errors import BadInputError, RowErrors
from geodata.windows import parse_instant
from web.messages import error_wording
from web.site import site

if TYPE_CHECKING:
    from wtforms import Form


#: What the libraries that read files and shapes name a place by.
_LINE: Final = re.compile(r".*line (\d+) column (\d+).*")
_SPOT: Final = re.compile(r"[A-Z][A-Za-z -]*\[(-?[\d.]+) (-?[\d.]+)\]")
_ENDS: Final = ("。", "？", ".", "?", "!")


def sentence_of(error: BadInputError) -> str:
    """Return an error's sentence with its remedy, in this request's language and on the county's clock."""
    wording, lang = error_wording(error.code), site().lang
    facts = {key: _shown(value, lang) for key, value in error.facts.items()}
    text, remedy = wording.text(lang, facts), wording.remedy_at_form(lang, facts)
    if not remedy:
        return text
    if lang == "zh":
        return f"{text}{'' if text.endswith(_ENDS) else '。'}{remedy}"
    return f"{text}{'' if text.endswith(_ENDS) else '.'} {remedy}"


def _shown(value: object, lang: str) -> object:
    if not isinstance(value, str):
        return value
    with suppress(BadInputError):
        return parse_instant(value, where="").astimezone(site().county.settings.timezone).strftime("%Y-%m-%d %H:%M")
    if lang == "zh":
        value = _LINE.sub(r"第 \1 行第 \2 列", value)
    return _SPOT.sub(r"\1, \2", value)


def put_error(form: Form, error: BadInputError, *, fields: dict[str, str] | None = None) -> None:
    """Put an error beside the field that its `where` ends with, else above the form.

    Parameters
    ----------
    form
        Its fields are named as the error's place is ("crew[0].id_number" is the field `crew-0-id_number`).
    fields
        Names of places that differ from the field's: {"vehicle.plate": "plate"}.
    """
    if isinstance(error, RowErrors):
        for row in error.rows:
            put_error(form, row, fields=fields)
        return
    place = error.where.rpartition(": ")[2]
    name = (fields or {}).get(place, place.replace("[", "-").replace("]", "").replace(".", "-"))
    field = next((one for one in leaves(form) if one.name == name or one.name.endswith(f"-{name}")), None)
    if field is None:
        form.form_errors.append(sentence_of(error))
    else:
        # Its label names the field; the name that a file would have for it says nothing to who fills in a form.
        said = _("Please fill this in.") if error.code == "field-missing" else sentence_of(error)
        field.errors = [*field.errors, said]


def leaves(form: Iterable[Any]) -> list[Any]:
    """Return the fields of a form and of the forms within it."""
    found: list[Any] = []
    for field in form:
        entries = getattr(field, "entries", None)
        if entries is not None:
            for entry in entries:
                found.extend(leaves(entry.form) if hasattr(entry, "form") else [entry])
        elif hasattr(field, "form"):
            found.extend(leaves(field.form))
        else:
            found.append(field)
    return found
