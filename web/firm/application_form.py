"""The form of an application: vehicle, persons on board, trip; and the application that it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form, FormField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired

from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.policy import Condition
from passes.applications.eligibility import MOST_PERSONS
from passes.applications.office import all_conditions
from passes.intake.row_reading import local_instant
from web.pass_pages import instant, value_name
from web.shell.form import PageForm
from web.shell.form_errors import leaves, sentence_of
from web.shell.speaking import finding_remedy, finding_text
from web.site import site

_NUMBERS: Final = ("gross_weight_t", "axles", "height_m", "width_m", "length_m")
_TEXTS: Final = ("goods", "origin", "destination", "entry_point")
_PERSON_TEXTS: Final = ("name", "id_number", "phone", "role", "result", "proof")
_STATED: Final = "stated_"
_CLOCK: Final = {"type": "datetime-local"}
#: Shown as needed; the reader below says what is missing.
_NEEDED: Final = InputRequired()
_DECIMAL: Final = {"inputmode": "decimal"}


def _choices(*values: str) -> list[tuple[str, Any]]:
    return [("", _l("please choose")), *((value, value_name(value)) for value in values)]


def _entry_points() -> list[tuple[str, Any]]:
    found = site().county.places.of_kind("entry_point")
    return [("", _l("the quickest one")), *((one.id, one.name) for one in found)]


class VehicleForm(Form):
    """The vehicle."""

    plate = StringField(_l("Plate"), [_NEEDED], render_kw={"list": "plates", "autocomplete": "off"})
    link = SelectField(_l("Vehicle is"), choices=lambda: _choices("own", "contracted", "one_off"))
    gross_weight_t = StringField(_l("Gross weight (t)"), render_kw=_DECIMAL)
    axles = StringField(_l("Axles"), render_kw={"inputmode": "numeric"})
    height_m = StringField(_l("Height (m)"), render_kw=_DECIMAL)
    width_m = StringField(_l("Width (m)"), render_kw=_DECIMAL)
    length_m = StringField(_l("Length (m)"), render_kw=_DECIMAL)
    guaranteed = BooleanField(_l("One-off vehicle: our firm answers for it"))


class PersonForm(Form):
    """One person on board."""

    name = StringField(_l("Full name"), [_NEEDED], render_kw={"autocomplete": "off"})
    id_number = StringField(_l("Identity number"), [_NEEDED], render_kw={"autocomplete": "off"})
    phone = StringField(_l("Phone"), render_kw={"autocomplete": "off", "inputmode": "tel"})
    role = SelectField(_l("On board as"), [_NEEDED], choices=lambda: _choices("driver", "rider"))
    sampled_at = StringField(_l("Time of the sample"), [_NEEDED], render_kw=_CLOCK)
    result = SelectField(_l("Result"), [_NEEDED], choices=lambda: _choices("negative", "pending", "positive"))
    proof = SelectField(_l("Proof"), choices=lambda: _choices("declared", "seen", "imported"))


class ApplicationForm(PageForm):
    """One application."""

    vehicle = FormField(VehicleForm)
    crew = FieldList(FormField(PersonForm), min_entries=1, max_entries=MOST_PERSONS)
    goods = StringField(_l("Goods"))
    origin = StringField(
        _l("Leaves from"),
        [_NEEDED],
        description=_l("A place of the county by name; from outside: area code and name, as 410100 Zhengzhou."),
        render_kw={"list": "places", "autocomplete": "off"},
    )
    destination = StringField(_l("To"), [_NEEDED], render_kw={"list": "places", "autocomplete": "off"})
    via = StringField(_l("Stops on the way"), description=_l("Separate several with semicolons."))
    entry_point = SelectField(_l("Entry point"), choices=_entry_points)
    depart_at = StringField(_l("Departure"), [_NEEDED], render_kw=_CLOCK)
    round_trip = BooleanField(_l("There and back"))
    prereported_at = StringField(_l("Reported in advance at"), render_kw=_CLOCK)
    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was edited."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() else 0


def _of_vehicle(conditions: Sequence[Condition]) -> list[Condition]:
    return [one for one in conditions if one.subject == "vehicle" and one.kind in {"max_age", "valid_until"}]


def _stated_key(condition: Condition) -> str:
    return condition.count_from or ("valid_until" if condition.kind == "valid_until" else "done_at")


def asks_samples() -> bool:
    """Tell whether some condition of the county counts from a moment of a person."""
    conditions = all_conditions(site().county.settings)
    return any(one.subject in {"crew", "driver"} and one.kind == "max_age" for one in conditions)


def new_form(**values: Any) -> ApplicationForm:
    """Return the form with a field for each condition that the county's regimes ask of a vehicle."""
    asked = _of_vehicle(all_conditions(site().county.settings))
    stated = {f"{_STATED}{one.id}": StringField(one.name or one.id, render_kw=_CLOCK) for one in asked}
    made: ApplicationForm = type("AskedApplicationForm", (ApplicationForm,), stated)(**values)
    return made


def stated_fields(form: ApplicationForm) -> list[Field]:
    """Return the fields of what the vehicle must bring."""
    return [one for one in form if one.name.startswith(_STATED)]


def _put_time(into: dict[str, Any], key: str, field: Field, zone: tzinfo) -> None:
    if not (field.data or "").strip():
        return
    try:
        into[key] = local_instant(field.data, zone, where=field.name).isoformat()
    except BadInputError as error:
        field.errors = [*field.errors, sentence_of(error)]


def _put_number(into: dict[str, Any], key: str, field: Field) -> None:
    text = (field.data or "").strip()
    if not text:
        return
    try:
        number = float(text)
    except ValueError:
        field.errors = [*field.errors, sentence_of(BadInputError("cell-not-number", field.name, value=text[:40]))]
        return
    into[key] = int(number) if number.is_integer() else number


def _vehicle(form: ApplicationForm, zone: tzinfo) -> dict[str, Any]:
    given = form.vehicle.form
    vehicle: dict[str, Any] = {key: given[key].data for key in ("plate", "link") if (given[key].data or "").strip()}
    if given.guaranteed.data:
        vehicle["guaranteed"] = True
    for key in _NUMBERS:
        _put_number(vehicle, key, given[key])
    for condition in _of_vehicle(all_conditions(site().county.settings)):
        said: dict[str, Any] = {}
        _put_time(said, _stated_key(condition), form[f"{_STATED}{condition.id}"], zone)
        if said:
            vehicle[condition.id] = said
    return vehicle


def _person(given: Form, zone: tzinfo) -> dict[str, Any]:
    person = {key: given[key].data.strip() for key in _PERSON_TEXTS if (given[key].data or "").strip()}
    _put_time(person, "sampled_at", given["sampled_at"], zone)
    return person


def document_of(form: ApplicationForm) -> dict[str, Any]:
    """Return the application that the form makes; what cannot be read is said beside its field and left out."""
    zone = site().county.settings.timezone
    document: dict[str, Any] = {key: form[key].data.strip() for key in _TEXTS if (form[key].data or "").strip()}
    document["vehicle"] = _vehicle(form, zone)
    document["crew"] = [_person(entry.form, zone) for entry in form.crew]
    document["via"] = [one.strip() for one in re.split("[;；]", form.via.data or "") if one.strip()]
    document["round_trip"] = bool(form.round_trip.data)
    for key in ("depart_at", "prereported_at"):
        _put_time(document, key, form[key], zone)
    return document


def _shown_end(end: Any) -> str:
    """Return an end as one would type it."""
    if isinstance(end, str):
        place = site().county.places.by_id.get(end)
        named = site().county.places.by_name.get(place.name, ()) if place else ()
        return place.name if place and len(named) == 1 else end
    if not isinstance(end, Mapping):
        return ""
    if "area_code" in end:
        return f"{end['area_code']} {end.get('name', '')}"
    return str(end.get("place") or f"{end.get('lon')},{end.get('lat')}")


def _clock(text: Any) -> str:
    if not isinstance(text, str) or not text:
        return ""
    try:
        local = instant(text).astimezone(site().county.settings.timezone)
    except BadInputError:
        return text
    return local.strftime("%Y-%m-%dT%H:%M")


def values_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows of a kept application."""
    vehicle = dict(document.get("vehicle") or {})
    goods, origin = document.get("goods"), document.get("origin")
    entry = origin.get("entry_point") if isinstance(origin, Mapping) else ""
    stated = {
        f"{_STATED}{one.id}": _clock((vehicle.get(one.id) or {}).get(_stated_key(one)))
        for one in _of_vehicle(all_conditions(site().county.settings))
    }
    crew = [{**one, "sampled_at": _clock(one.get("sampled_at"))} for one in document.get("crew") or [{}]]
    return {
        "vehicle": vehicle,
        "crew": crew,
        "goods": goods.get("kind", "") if isinstance(goods, Mapping) else goods or "",
        "origin": _shown_end(origin),
        "destination": _shown_end(document.get("destination")),
        "via": "; ".join(_shown_end(one) for one in document.get("via") or ()),
        "entry_point": document.get("entry_point") or entry or "",
        "round_trip": bool(document.get("round_trip")),
        **{key: _clock(document.get(key)) for key in ("depart_at", "prereported_at")},
        **stated,
    }


def put_finding(form: ApplicationForm, finding: Finding) -> None:
    """Put a rule's no beside the field that it speaks of, else above the form."""
    said = f"{finding_text(finding)} {finding_remedy(finding)}".strip()
    path = str(finding.facts.get("path") or "")
    name = path.replace("[", "-").replace("]", "").replace(".", "-")
    person = re.fullmatch(r"crew-\d+", name)
    if person:
        name += "-sampled_at" if "condition" in finding.facts and asks_samples() else "-name"
    name = {"vehicle": "vehicle-plate", "crew": "crew-0-name"}.get(name, name)
    field = next((one for one in leaves(form) if name and one.name == name), None)
    if field is None:
        form.form_errors.append(said)
    else:
        field.errors = [*field.errors, said]
