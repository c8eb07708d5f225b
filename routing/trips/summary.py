"""A trip as JSON-ready values, without its line: what the answer to an issued pass says of its stops and sections."""

from __future__ import annotations

from typing import Any

from geodata.windows import format_instant
from routing.trips.trip import AreaCrossing, CheckpointPassing, ConditionEnd, Section, Stop, Trip


def _condition(condition: ConditionEnd) -> dict[str, Any]:
    return {
        "subject": condition.subject,
        "condition": condition.condition,
        "ends_at": format_instant(condition.ends_at),
    }


def _stop(stop: Stop) -> dict[str, Any]:
    return {
        "kind": stop.kind.value,
        "place": stop.place_id,
        "name": stop.name,
        "lon": round(stop.lon, 6),
        "lat": round(stop.lat, 6),
        "arrive_at": format_instant(stop.arrive_at),
        "leave_at": format_instant(stop.leave_at),
        "because": [_condition(one) for one in stop.because],
        "outside": stop.outside,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "kind": section.kind.value,
        "way": section.way,
        "from_m": section.from_m,
        "to_m": section.to_m,
        "distance_m": round(section.to_m - section.from_m, 2),
        "duration_s": section.duration_s,
        "roads": list(section.roads),
    }


def _checkpoint(passing: CheckpointPassing) -> dict[str, Any]:
    return {
        "place": passing.place_id,
        "name": passing.name,
        "at": format_instant(passing.at),
        "along_m": passing.along_m,
    }


def _area(crossing: AreaCrossing) -> dict[str, Any]:
    return {
        "area": crossing.area_id,
        "name": crossing.name,
        "kind": crossing.kind,
        "how": crossing.how,
        "enter_at": format_instant(crossing.enter_at),
        "leave_at": format_instant(crossing.leave_at),
    }


def trip_head(trip: Trip) -> dict[str, Any]:
    """Return a trip without its line as JSON-ready values; times in UTC."""
    return {
        "distance_m": trip.distance_m,
        "duration_s": trip.duration_s,
        "depart_at": format_instant(trip.depart_at),
        "arrive_at": format_instant(trip.arrive_at),
        "end_at": format_instant(trip.end_at),
        "entry_point": trip.entry_point,
        "exit_point": trip.exit_point,
        "stops": [_stop(stop) for stop in trip.stops],
        "sections": [_section(section) for section in trip.sections],
        "checkpoints": [_checkpoint(passing) for passing in trip.checkpoints],
        "areas": [_area(crossing) for crossing in trip.areas],
    }
