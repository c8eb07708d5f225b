"""Show what a closure would do in three lines and the milder ways, before anybody sends or decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geodata.closures.closure import Closure
from passes.consequence.foresee import Consequence, foresee
from passes.consequence.settlements import BeforeAfter, PlaceCutOff
from web.closures.critical_here import critical_marks
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa


def foresee_here(connection: sa.Connection, closures: Sequence[Closure], at: datetime) -> Consequence:
    """Return what closures would do on this county's roads as they are."""
    found = site()
    return foresee(closures, connection=connection, county=found.county, engine=found.engine(connection), at=at)


def marked_sight(connection: sa.Connection, closures: Sequence[Closure], at: datetime) -> dict[str, Any]:
    """Return the consequence of closures as the record keeps it, with the critical roads that they touch."""
    found = foresee_here(connection, closures, at)
    return {**sight_of(found), "critical": critical_marks(connection, closures, at)}


def sight_of(found: Consequence) -> dict[str, Any]:
    """Return the consequence that was on the screen as the record keeps it: figures and places, no truck."""
    return {
        "people_cut_off": found.people_cut_off,
        "population_unknown": found.population_unknown,
        "places": [_place(one) for one in found.places_cut_off],
        "hospital": _before_after(found.hospital_minutes),
        "fire": _before_after(found.fire_minutes),
        "passes_hit": len(found.passes_hit),
        "passes_without_way": len(found.unroutable_passes),
        "added_median": _minutes(found.added_minutes.median),
        "added_worst": _minutes(found.added_minutes.worst),
        "channels": sum(not one.is_interrupted for one in found.channels),
        "channels_broken": [{"hub": one.name, "area": one.area_name} for one in found.channels_broken],
        "softer": [{"code": one.code, "facts": dict(one.facts)} for one in found.softer],
    }


def _place(place: PlaceCutOff) -> dict[str, Any]:
    people = round(place.population) if place.is_settlement and place.population is not None else None
    return {"name": place.name, "way": place.way, "people": people, "settled": place.is_settlement}


def _before_after(minutes: BeforeAfter) -> dict[str, Any]:
    return {
        "worst_before": _minutes(minutes.before.worst),
        "worst_after": _minutes(minutes.after.worst),
        "most_added": _minutes(minutes.most_added),
        "most_added_place": minutes.most_added_place,
        "without_before": minutes.before.without,
        "without_after": minutes.after.without,
    }


def _minutes(value: float | None) -> int | None:
    return None if value is None else round(value)


def is_harmless(sight: Mapping[str, Any]) -> bool:
    """Tell whether a consequence names nobody cut off, no hit pass, no broken channel and no critical road."""
    return not (sight.get("critical") or sight.get("places") or sight.get("passes_hit") or sight.get("channels_broken"))
