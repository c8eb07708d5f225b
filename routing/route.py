"""A route as plain data: the parts of roads it runs over, its sums, its line on the map; or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD, Network
from geodata.snapping import LocalPlane


class RoadLeg(NamedTuple):
    """One road, or part of it, in one direction.

    Attributes
    ----------
    road
        Road index.
    direction
        FORWARD or BACKWARD of `geodata.network`.
    from_m, to_m
        Where the vehicle comes on and leaves, measured from the road's start along its digitised direction:
        from_m <= to_m on a forward leg, from_m >= to_m on a backward one.
    length_m
        To the centimetre.
    duration_s
        To the millisecond.
    """

    road: int
    direction: int
    from_m: float
    to_m: float
    length_m: float
    duration_s: float

    @property
    def arc(self) -> int:
        """Number of the road in this direction."""
        return 2 * self.road + self.direction


class LegMeasures(NamedTuple):
    """What the legs of a route measure, side by side; (l,) arrays in the order of travel.

    Attributes
    ----------
    from_m, to_m : (l,) float64
        As in `RoadLeg`.
    length_cm, duration_ms : (l,) int64
    """

    from_m: NDArray[np.float64]
    to_m: NDArray[np.float64]
    length_cm: NDArray[np.int64]
    duration_ms: NDArray[np.int64]


def measure_legs(legs: Sequence[RoadLeg]) -> LegMeasures:
    """Return what legs that are spelled out measure."""
    columns = np.array([leg[2:] for leg in legs], dtype=np.float64).reshape(-1, 4)
    whole = np.rint(columns[:, 2:] * (100, 1000)).astype(np.int64)
    return LegMeasures(columns[:, 0], columns[:, 1], whole[:, 0], whole[:, 1])


@dataclass(frozen=True)
class Route:
    """The least-time way between two points on roads.

    Attributes
    ----------
    legs
        At least one: a route from a point to itself is one leg of length zero.
    distance_m, duration_s
        Sums over the legs.
    """

    legs: tuple[RoadLeg, ...]
    distance_m: float
    duration_s: float

    @staticmethod
    def unfolding(
        unfold: Callable[[], tuple[RoadLeg, ...]],
        arcs: NDArray[np.int32],
        *,
        distance_m: float,
        duration_s: float,
        measure: Callable[[], LegMeasures] | None = None,
    ) -> Route:
        """Return a route whose legs are spelled out when first asked for: many are asked for roads and sums alone."""
        route = object.__new__(Route)
        known = route.__dict__  # one by one: that is sooner than all at once
        known["arcs"], known["distance_m"], known["duration_s"] = arcs, distance_m, duration_s
        known["_unfold"], known["_measure"] = unfold, measure
        return route

    @cached_property
    def arcs(self) -> NDArray[np.int32]:
        """Number of each leg's road in its direction, in the order of travel."""
        return np.array([leg.arc for leg in self.legs], dtype=np.int32)

    @cached_property
    def road_set(self) -> frozenset[int]:
        """Index of each road that it runs over."""
        return frozenset((self.arcs >> 1).tolist())

    @cached_property
    def measures(self) -> LegMeasures:
        """What its legs measure, side by side."""
        measure: Callable[[], LegMeasures] | None = self.__dict__.get("_measure")
        return measure_legs(self.legs) if measure is None else measure()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> tuple[RoadLeg, ...]:
            """Spell out the legs; only what is not there yet comes here."""
            unfold = self.__dict__.get("_unfold")
            if name != "legs" or unfold is None:
                raise AttributeError(name)
            legs = self.__dict__["legs"] = unfold()
            return legs

    def __getstate__(self) -> dict[str, object]:
        """Return what is copied or sent to another process: the legs spelled out."""
        return {"legs": self.legs, "distance_m": self.distance_m, "duration_s": self.duration_s}


@dataclass(frozen=True, slots=True)
class NoRoute:
    """Why there is no route.

    Attributes
    ----------
    code
        "unreachable": none even with every closure lifted. "no-route": closures cut it.
    blocking
        Ids of the smallest set of closures whose lifting gives a route, sorted; empty where unreachable.
    proven
        Whether no smaller set does it; False: the best set found in the effort allowed.
    """

    code: str
    blocking: tuple[str, ...] = ()
    proven: bool = True


def route_of(legs: Sequence[RoadLeg]) -> Route:
    """Sum up legs; whole centimetres and milliseconds are added, so that a long route gathers no rounding."""
    return Route(
        legs=tuple(legs),
        distance_m=sum(round(leg.length_m * 100) for leg in legs) / 100,
        duration_s=sum(round(leg.duration_s * 1000) for leg in legs) / 1000,
    )


def _joined(first: RoadLeg, second: RoadLeg) -> RoadLeg | None:
    """Return two legs as one where the second goes on where the first ends, along the same road."""
    if (first.road, first.direction, first.to_m) != (second.road, second.direction, second.from_m):
        return None
    return RoadLeg(
        first.road,
        first.direction,
        first.from_m,
        second.to_m,
        round(first.length_m + second.length_m, 2),
        round(first.duration_s + second.duration_s, 3),
    )


def chain_routes(routes: Sequence[Route]) -> Route:
    """Put routes end to end, as a journey over via points; the road of a via point is one leg where it is passed."""
    legs = [leg for route in routes for leg in route.legs]
    moving = [leg for leg in legs if leg.from_m != leg.to_m or leg.duration_s > 0]
    chained: list[RoadLeg] = []
    for leg in moving or legs[:1]:
        whole = _joined(chained[-1], leg) if chained else None
        if whole is None:
            chained.append(leg)
        else:
            chained[-1] = whole
    return route_of(chained)


def _cut(line: NDArray[np.float64], plane: LocalPlane, *, share_from: float, share_to: float) -> NDArray[np.float64]:
    """Return the part of a (p, 2) line between two shares of its length, share_from <= share_to."""
    steps = np.hypot(*np.diff(plane.to_metres(line), axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    whole = along[-1]
    if whole <= 0:
        return line[[0, -1]]
    wanted = np.array([share_from, share_to]) * whole
    ends = np.column_stack([np.interp(wanted, along, line[:, axis]) for axis in (0, 1)])
    between = line[(along > wanted[0]) & (along < wanted[1])]
    return np.vstack([ends[:1], between, ends[1:]])


def leg_line(leg: RoadLeg, network: Network, *, plane: LocalPlane) -> NDArray[np.float64]:
    """Return the (p, 2) line of a leg in the order of travel, both ends included."""
    line = network.line_of(leg.road)
    length_m = float(network.length_m[leg.road])
    lower, upper = sorted((leg.from_m, leg.to_m))
    if lower > 0 or upper < round(length_m, 2):
        shares = (lower / length_m, min(upper / length_m, 1.0)) if length_m > 0 else (0.0, 0.0)
        line = _cut(line, plane, share_from=shares[0], share_to=shares[1])
    return line[::-1] if leg.direction == BACKWARD else line


def route_geometry(route: Route, network: Network) -> list[tuple[float, float]]:
    """Return the route's line as (lon, lat), repeated points left out but at least two points."""
    plane = LocalPlane(network)
    points = np.vstack([leg_line(leg, network, plane=plane) for leg in route.legs])
    keep = np.concatenate([[True], (np.diff(points, axis=0) != 0).any(axis=1)])
    kept = points[keep] if keep.sum() > 1 else points[[0, -1]]
    return [(float(lon), float(lat)) for lon, lat in kept]
