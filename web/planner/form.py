"""The form of a what-if: an area drawn, uploaded or picked by township; gates, distance, window, rules."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import shapely
from flask_babel import lazy_gettext as _l
from shapely.geometry import mapping
from wtforms import (
    DateTimeLocalField,
    DecimalField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from geodata.areas import TOWNSHIP
from geodata.drawn_area import LONGEST_TEXT, area_text, read_drawn_area
from geodata.errors import BadInputError
from passes.area_plans.plan_inputs import MOST_KM, PlanInputs
from web.shell.file_size import size_marks
from web.shell.form import PageForm
from web.site import site

if TYPE_CHECKING:
    from geodata.areas import Area
    from geodata.county import County

_NEEDED: Final = InputRequired(_l("Please fill this in."))
_WHEN: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
_DAYS: Final = 3
_FIRST_HOUR: Final = 8
_HOLDERS: Final = (("stopped", _l("use the gates")), ("let_through", _l("are let through at every post")))
_STRUCTURES: Final = (
    ("joined", _l("count where they join a road inside")),
    ("inside", _l("always count as inside")),
    ("kept", _l("never count: they pass over or under")),
)


class PlanForm(PageForm):
    """What is asked; the area comes in one of three ways."""

    name = StringField(_l("What the what-if is called"), [_NEEDED, Length(max=100)])
    area = TextAreaField(
        _l("Area drawn"),
        description=_l("Draw it on the map, or paste GeoJSON here (WGS-84, longitude first)."),
        render_kw={"rows": 3, "spellcheck": "false"},
    )
    file = FileField(
        _l("Or a GeoJSON file"), render_kw={"accept": ".geojson,.json,application/geo+json", **size_marks()}
    )
    townships = SelectMultipleField(
        _l("Or whole townships"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    move_km = DecimalField(
        _l("How far outward the line may move, km"),
        [_NEEDED, NumberRange(0, MOST_KM, _l("Between 0 and 20 km."))],
        places=1,
        description=_l("0 keeps every post on the area's edge; with 1.5 there are often far fewer."),
        render_kw={"min": 0, "max": MOST_KM, "step": "0.1"},
    )
    gates = TextAreaField(
        _l("Gates: roads that stay open"),
        description=_l("One road id a line; or choose among the roads over the edge once there is an answer."),
        render_kw={"rows": 2, "spellcheck": "false"},
    )
    start = DateTimeLocalField(_l("From"), [_NEEDED], format=_WHEN)
    end = DateTimeLocalField(_l("Until"), [Optional()], format=_WHEN, description=_l("Empty: until further notice."))
    pass_holders = RadioField(_l("Pass holders at the posts"))
    inside_share = DecimalField(
        _l("A road counts as inside from this share of its length, %"),
        [_NEEDED, NumberRange(0, 99, _l("Between 0 and 99 percent."))],
        places=0,
        render_kw={"min": 0, "max": 99, "step": "1"},
    )
    structures = SelectField(_l("Bridges and tunnels in the area"))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.pass_holders.choices = list(_HOLDERS)
        self.structures.choices = list(_STRUCTURES)
        self.townships.choices = [(one.id, one.name) for one in townships_of(site().county)]

    def inputs(self, county: County) -> PlanInputs:
        """Return what was asked.

        Raises
        ------
        BadInputError
            What is wrong with the area, a gate, or the window; `where` names the field.
        """
        zone = county.settings.timezone
        gates = tuple(dict.fromkeys(one.strip() for one in (self.gates.data or "").splitlines() if one.strip()))
        for one in gates:
            if one not in county.network.road_index:
                raise BadInputError("gate-road-unknown", "gates", road_id=one)
        start = _at(self.start.data, zone)
        if start is None:
            raise BadInputError("request-start-missing", "start")
        return PlanInputs(
            name=(self.name.data or "").strip(),
            area=self._area(county),
            start=start,
            end=_at(self.end.data, zone),
            gates=gates,
            move_km=float(self.move_km.data or 0),
            inside_share=float(self.inside_share.data or 0) / 100,
            structures=self.structures.data,
            pass_holders=self.pass_holders.data,
        )

    def _area(self, county: County) -> str:
        """Return the area as GeoJSON text: a file before a drawing, a drawing before townships."""
        index = county.road_index
        sent: Any = self.file.data
        if sent is not None and sent.filename:
            return area_text(read_drawn_area(_text_of(sent.stream.read(LONGEST_TEXT + 1)), index, where="file"))
        if (self.area.data or "").strip():
            return area_text(read_drawn_area(self.area.data or "", index, where="area"))
        chosen = [one.polygon for one in townships_of(county) if one.id in (self.townships.data or ())]
        if not chosen:
            raise BadInputError("area-missing", "area")
        # Neighbours share an edge that is drawn twice, a hair apart.
        joined = json.dumps(mapping(shapely.union_all(chosen, grid_size=1e-6)))
        return area_text(read_drawn_area(joined, index, where="townships"))


def _text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInputError("json-unreadable", "file", reason="UTF-8") from None


def townships_of(county: County) -> list[Area]:
    """Return the county's townships by name."""
    return sorted((one for one in county.areas if one.kind == TOWNSHIP), key=lambda one: one.name)


def _at(local: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if local is None else local.replace(tzinfo=zone)


def first_values(now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Return what an empty form shows: three days from tomorrow morning."""
    morning = (now.astimezone(zone) + timedelta(days=1)).replace(hour=_FIRST_HOUR, minute=0, second=0, microsecond=0)
    start = morning.replace(tzinfo=None)
    return {
        "move_km": 1.5,
        "start": start,
        "end": start + timedelta(days=_DAYS),
        "pass_holders": "stopped",
        "inside_share": 50,
        "structures": "joined",
    }


def values_of(inputs: PlanInputs, zone: ZoneInfo) -> dict[str, Any]:
    """Return what a form shows that begins from an earlier what-if."""
    return {
        "name": inputs.name,
        "area": inputs.area,
        "move_km": inputs.move_km,
        "gates": "\n".join(inputs.gates),
        "start": inputs.start.astimezone(zone).replace(tzinfo=None),
        "end": None if inputs.end is None else inputs.end.astimezone(zone).replace(tzinfo=None),
        "pass_holders": inputs.pass_holders,
        "inside_share": round(inputs.inside_share * 100),
        "structures": inputs.structures,
    }
