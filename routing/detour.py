"""Find the way round a closed stretch: between the two ends of it, as traffic would have gone through."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from routing.engine import Ask, Engine
from routing.route import Route

#: More ends of a stretch than these are not looked at: an area's edge has no one way round.
MOST_ENDS: Final = 16
#: Less than this is no way through the stretch.
_LEAST_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Detour:
    """The way round a stretch.

    Attributes
    ----------
    route
        None: whoever went through it has no way round.
    through_s
        Seconds that the way through takes while the stretch is open.
    """

    route: Route | None
    through_s: float

    @property
    def added_s(self) -> float | None:
        """Seconds that the way round takes longer; None where there is none."""
        return None if self.route is None else max(0.0, self.route.duration_s - self.through_s)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Roads of one closure, while it is in force.

    Attributes
    ----------
    roads
        Indices.
    closure_id
        Whose closings they are: lifted for the way through.
    at
        A moment at which they are closed.
    """

    roads: Collection[int]
    closure_id: str
    at: datetime


def find_detour(engine: Engine, stretch: Stretch, vehicle: Vehicle) -> Detour | None:
    """Return the way round the longest way through a closed stretch; None where it is a dead end.

    Parameters
    ----------
    engine
        With the closings of the stretch, and every other one.
    stretch
        What is closed.
    vehicle
        Who drives, without a pass.

    Notes
    -----
    Ends are the junctions where a closed road meets an open one. A dead end has one, and no way round.
    """
    ends = _ends(engine, stretch.roads, vehicle)
    if len(ends) < 2:
        return None
    own = {one.closure_id for one in engine.closings} & {stretch.closure_id}
    before = _seconds(engine.snapshot(lifted=sorted(own)), ends, vehicle, stretch.at)
    after = _seconds(engine, ends, vehicle, stretch.at)
    start, goal = _chosen(before, after)
    found = engine.route(Ask(ends[start], ends[goal], vehicle, stretch.at))
    return Detour(found if isinstance(found, Route) else None, float(before[start, goal]))


def _chosen(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[int, int]:
    """Choose the pair of ends that is farthest apart while the stretch is open.

    First among those whose way leads through it and who have a way round: that tells most. Then among those without
    one, then among those whose best way leads elsewhere anyhow.
    """
    through = np.isfinite(before) & (after > before + _LEAST_S)
    for pairs in (through & np.isfinite(after), through, np.isfinite(before)):
        if pairs.any():
            return divmod(int(np.argmax(np.where(pairs, before, -1.0))), len(before))
    return 0, 1


def _ends(engine: Engine, closed: Collection[int], vehicle: Vehicle) -> list[RoadPoint]:
    """Return a point on an open road at each junction where the stretch meets one, by junction."""
    network = engine.network
    roads = np.array(sorted(closed), dtype=np.int64)
    touched = np.unique(network.ends[roads])
    beside = np.isin(network.ends, touched).any(axis=1) & engine.usable_roads(vehicle)
    beside[roads] = False
    points: dict[int, RoadPoint] = {}
    for road in map(int, np.flatnonzero(beside)):
        for side, junction in enumerate(map(int, network.ends[road])):
            if junction not in points and junction in touched:
                points[junction] = _point(network, road, side)
    return [points[one] for one in sorted(points)][:MOST_ENDS]


def _point(network: Network, road: int, side: int) -> RoadPoint:
    lon, lat = network.line_of(road)[-1 if side else 0]
    return RoadPoint(road, float(network.length_m[road]) if side else 0.0, 0.0, float(lon), float(lat))


def _seconds(engine: Engine, ends: Sequence[RoadPoint], vehicle: Vehicle, at: datetime) -> NDArray[np.float64]:
    found = engine.matrix(ends, ends, vehicle=vehicle, depart_at=at).duration_s
    return np.asarray(found, dtype=np.float64)
