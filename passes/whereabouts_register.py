"""Where trucks were seen last: at a checkpoint that let them pass, or where the driver asked for a stop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from passes.pass_register import PASSES
from passes.scan_register import CHECKPOINT_SCANS, LET_PASS
from passes.stop_register import NEEDED_STOPS

if TYPE_CHECKING:
    from collections.abc import Mapping

SCAN: Final = "scan"
STOP: Final = "stop"
_CHUNK: Final = 400
#: A stop told farther from the route than this says nothing about how far the truck is.
_NEAR_M: Final = 500.0


@dataclass(frozen=True, slots=True)
class Sight:
    """One sight of a truck: at a checkpoint (`SCAN`, its place id), or at a position (`STOP`)."""

    source: str
    at: datetime
    place: str = ""
    lonlat: tuple[float, float] | None = None


def last_sights(connection: sa.Connection, numbers: Sequence[str], *, until: datetime) -> dict[str, Sight]:
    """Return for each pass number where its truck was seen last; a number never seen is left out."""
    found: dict[str, Sight] = {}
    for start in range(0, len(numbers), _CHUNK):
        for number, sight in _sights(connection, numbers[start : start + _CHUNK], until):
            if number not in found or sight.at > found[number].at:
                found[number] = sight
    return found


def _sights(connection: sa.Connection, numbers: Sequence[str], until: datetime) -> Iterator[tuple[str, Sight]]:
    scans = CHECKPOINT_SCANS.c
    at_checkpoints = (
        sa.select(PASSES.c.number, scans.at, scans.checkpoint)
        .join(CHECKPOINT_SCANS, scans.jti == PASSES.c.jti)
        .where(PASSES.c.number.in_(numbers), scans.outcome == LET_PASS, scans.at <= until)
    )
    for row in connection.execute(at_checkpoints):
        yield row.number, Sight(SCAN, row.at, row.checkpoint)
    stops = NEEDED_STOPS.c
    told = sa.select(stops.number, stops.at, stops.lon, stops.lat).where(stops.number.in_(numbers), stops.at <= until)
    for stop in connection.execute(told.where(stops.lon.is_not(None), stops.lat.is_not(None))):
        yield stop.number, Sight(STOP, stop.at, lonlat=(stop.lon, stop.lat))


def along_route_m(route: Mapping[str, Any], sight: Sight) -> float | None:
    """Return how far along its route a truck was at least when it was seen; None where that cannot be told.

    A route that leads past a place twice counts as far as the passing planned nearest to the time of the sight.
    """
    if sight.lonlat is not None:
        return _along_line_m(route, sight.lonlat)
    passings = [one for one in route["checkpoints"] if one["place"] == sight.place]
    if not passings:
        return None
    nearest = min(passings, key=lambda one: abs((_instant(one["at"]) - sight.at).total_seconds()))
    return float(nearest["along_m"])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _along_line_m(route: Mapping[str, Any], lonlat: tuple[float, float]) -> float | None:
    """Return the first place of a route's line that is nearest to a position, in road metres from its start."""
    import numpy as np

    from routing.corridor_distance import METRES_PER_DEGREE

    line = np.array(route["geometry"])
    scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(lonlat[1])), 1.0])
    plane = (line - np.array(lonlat)) * scale
    gaps = np.hypot(*plane.T)
    nearest = int(np.argmin(gaps))
    if gaps[nearest] > _NEAR_M:
        return None
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(plane, axis=0).T))])
    share = walked[nearest] / walked[-1] if walked[-1] > 0 else 0.0
    return float(share * float(route["distance_m"]))
