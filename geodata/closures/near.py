"""Find the closure or blockage that a sighting on a road belongs to, so that twelve reports of one mound are one case.

A sighting belongs to a registered closure that is in force at its time and lies within reach: what stands there may be
another barrier than was registered (L10). Else it belongs to a blockage within reach that was last seen blocked within
a day of it. Else it is a new case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import shapely

from geodata.closures.closure import Closure, Direction, RoadSpan
from geodata.closures.rules import is_in_force
from geodata.closures.sightings import BLOCKED, last_word
from geodata.network import Network
from geodata.polylines import Polyline
from geodata.snapping import RoadIndex, RoadPoint

#: Sightings so near to each other in metres and in time are of one barrier.
REACH_M: Final = 100.0
REACH_TIME: Final = timedelta(hours=24)
#: A barrier seen at a point stands on so many metres of the road to either side.
HALF_BARRIER_M: Final = 10.0


def barrier_span(point: RoadPoint, network: Network) -> RoadSpan:
    """Return the part of a road that a barrier seen at a point takes, in both directions."""
    whole_m = float(network.length_m[point.road])
    start_m, end_m = round(point.offset_m - HALF_BARRIER_M, 2), round(point.offset_m + HALF_BARRIER_M, 2)
    return RoadSpan(str(network.road_id[point.road]), Direction.BOTH, max(0.0, start_m), min(whole_m, end_m))


def case_of_sighting(
    closures: Iterable[Closure], index: RoadIndex, point: RoadPoint, *, at: datetime
) -> Closure | None:
    """Return the closure or blockage that a sighting at a point belongs to; None where it is a new case.

    Of several the registered one comes first, then the one on the same road, then the nearest.
    """
    found = sorted(_within_reach(closures, index, point, at), key=lambda one: one[:3])
    return found[0][3] if found else None


def _within_reach(
    closures: Iterable[Closure], index: RoadIndex, point: RoadPoint, at: datetime
) -> Iterator[tuple[bool, bool, float, Closure]]:
    """Give every closure that may be meant, with how well it fits."""
    near = {str(index.network.road_id[road]) for road in index.roads_near(point.lon, point.lat, within_m=REACH_M)}
    own = str(index.network.road_id[point.road])
    spot = shapely.points(index.plane.to_metres(np.array([point.lon, point.lat])))
    for closure in closures:
        spans = [span for span in closure.extent if span.road_id in near]
        if not spans or not _is_of_its_time(closure, at):
            continue
        gap = min(float(shapely.distance(_shape(span, index), spot)) for span in spans)
        if gap <= REACH_M:
            yield closure.is_blockage_only, all(span.road_id != own for span in spans), gap, closure


def _is_of_its_time(closure: Closure, at: datetime) -> bool:
    if not closure.is_blockage_only:
        return is_in_force(closure, at)
    word = last_word(closure.observations, at + REACH_TIME)
    return word is not None and word.state == BLOCKED and abs(at - word.at) <= REACH_TIME


def _shape(span: RoadSpan, index: RoadIndex) -> shapely.LineString:
    """Return a part of a road on the index's plane."""
    road = index.network.road_index[span.road_id]
    line = Polyline(shapely.get_coordinates(index.lines[road]))
    scale = line.length_m / float(index.network.length_m[road])
    return line.part(span.from_m * scale, span.to_m * scale).shape
