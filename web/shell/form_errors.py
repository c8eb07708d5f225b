"""Put what a floor below says of an input beside the field it came from; what was typed stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from geodata.errors import BadInputError, RowErrors
from web.answer import error_json
from web.site import site

if TYPE_CHECKING:
    from wtforms import Form


def sentence_of(error: BadInputError) -> str:
    """Return an error's sentence with its remedy, in this request's language."""
    said = error_json(error, site().lang)
    return f"{said['text']} {said['remedy']}".strip()


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
        field.errors = [*field.errors, sentence_of(error)]


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
