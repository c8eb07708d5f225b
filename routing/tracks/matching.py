"""Match a track to the roads that were driven: the likeliest sequence of roads under a hidden Markov model.

Newson and Krumm (Hidden Markov Map Matching Through Noise and Sparseness, ACM GIS 2009): each position may lie on any
road near it, the likelier the nearer; from one to the next the likelier, the less the way by road differs from the
straight line. Ways are those of the network without any closing, for a car: a truck that broke through a closure drove
on a closed road. Where no way fits the time, or positions are missing for long, the track is cut: of the gap nothing is
said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadIndex, RoadPoint
from geodata.vehicles import Vehicle
from routing.engine import Ask, Engine
from routing.route import RoadLeg, Route
from routing.tracks.track import Fix, Track

#: A position may be of a road that is no farther.
_REACH_M: Final = 60.0
_MOST_CANDIDATES: Final = 6
#: How far positions lie beside their road as a rule, and by how much ways and straight lines differ.
_SIGMA_M: Final = 12.0
_BETA_M: Final = 60.0
#: Positions farther apart than this leave a gap.
_LONGEST_GAP_M: Final = 3_000.0
_LONGEST_GAP: Final = timedelta(minutes=15)
_FASTEST_MPS: Final = 45.0
_SLACK_M: Final = 150.0
_NEVER: Final = np.inf
#: So many metres aside and back at a junction are the phone's, not the truck's.
_ASIDE_M: Final = 80.0


@dataclass(frozen=True, slots=True)
class Run:
    """A truck on one road, from where it came onto it to where it left it or the track ends.

    Attributes
    ----------
    legs
        What was driven there in order; more than one where it turned round.
    start_m
        Metres driven since the stretch's beginning.
    """

    road: int
    legs: tuple[RoadLeg, ...]
    start_m: float

    @property
    def from_m(self) -> float:
        """Where it came onto the road, along its digitised direction."""
        return self.legs[0].from_m

    @property
    def to_m(self) -> float:
        """Where it left it."""
        return self.legs[-1].to_m

    @property
    def length_m(self) -> float:
        """Metres driven on it."""
        return sum(one.length_m for one in self.legs)


@dataclass(frozen=True, eq=False)
class Stretch:
    """What was driven without a gap.

    Attributes
    ----------
    seen
        Metres from the beginning and time of every position.
    """

    runs: tuple[Run, ...]
    seen: tuple[tuple[float, datetime], ...]

    def instant_at(self, along_m: float) -> datetime:
        """Return when the truck was so many metres from the beginning, between the positions evenly."""
        start = self.seen[0][1]
        seconds = [(at - start).total_seconds() for _, at in self.seen]
        return start + timedelta(seconds=float(np.interp(along_m, [metres for metres, _ in self.seen], seconds)))


@dataclass(frozen=True, eq=False)
class Matcher:
    """What tracks are matched with.

    Attributes
    ----------
    engine
        Without any closing.
    """

    index: RoadIndex
    engine: Engine
    vehicle: Vehicle

    def match(self, track: Track) -> tuple[Stretch, ...]:
        """Return what was driven, without what cannot be told."""
        near = [self._candidates(one) for one in track.fixes]
        known = [number for number, some in enumerate(near) if some]
        stretches = []
        for chain in self._chains(track, near, known):
            if len(chain) > 1:
                stretches.append(self._stretch(track, chain))
        return tuple(one for one in stretches if one.runs)

    def _candidates(self, fix: Fix) -> list[RoadPoint]:
        roads = self.index.roads_near(fix.lon, fix.lat, within_m=_REACH_M)
        points = [self.index.point_on_road(road, fix.lon, fix.lat) for road in roads]
        return sorted(points, key=lambda one: one.distance_m)[:_MOST_CANDIDATES]

    def _chains(
        self, track: Track, near: Sequence[list[RoadPoint]], known: Sequence[int]
    ) -> Iterator[list[tuple[int, RoadPoint]]]:
        """Give runs of positions with the likeliest road point of each (Viterbi), cut where no way fits."""
        begun: list[int] = []
        cost: NDArray[np.float64] = np.zeros(0)
        back: list[NDArray[np.intp]] = []
        for number in known:
            here = np.array([(one.distance_m / _SIGMA_M) ** 2 / 2 for one in near[number]])
            steps = self._steps(track, (begun[-1], number), near) if begun else None
            if steps is None or not np.isfinite(steps + cost[:, None]).any():
                if begun:
                    yield _traced(begun, near, cost, back)
                begun, cost, back = [number], here, []
                continue
            total = steps + cost[:, None]
            back.append(total.argmin(axis=0))
            cost = total.min(axis=0) + here
            begun.append(number)
        if begun:
            yield _traced(begun, near, cost, back)

    def _steps(
        self, track: Track, pair: tuple[int, int], near: Sequence[list[RoadPoint]]
    ) -> NDArray[np.float64] | None:
        """Return what each step between two positions' candidates costs; None over a gap."""
        one, other = pair
        seconds = (track.fixes[other].at - track.fixes[one].at).total_seconds()
        straight_m = float(np.hypot(*(track.plane_m[other] - track.plane_m[one])))
        if straight_m > _LONGEST_GAP_M or seconds > _LONGEST_GAP.total_seconds():
            return None
        ways = self.engine.matrix(near[one], near[other], vehicle=self.vehicle, depart_at=track.fixes[one].at)
        costs = np.abs(ways.distance_m - straight_m) / _BETA_M
        return np.where(ways.distance_m <= _FASTEST_MPS * seconds + _SLACK_M, costs, _NEVER)

    def _stretch(self, track: Track, chain: Sequence[tuple[int, RoadPoint]]) -> Stretch:
        """Return the way along a chain of road points."""
        asks = [
            Ask(origin, goal, self.vehicle, track.fixes[number].at) for (number, origin), (_, goal) in pairwise(chain)
        ]
        legs: list[RoadLeg] = []
        seen = [(0.0, track.fixes[chain[0][0]].at)]
        along = 0.0
        for found, (number, _) in zip(self.engine.route_batch(asks), chain[1:], strict=True):
            driven = [one for one in found.legs if one.length_m > 0] if isinstance(found, Route) else []
            legs += driven
            along += sum(one.length_m for one in driven)
            seen.append((along, track.fixes[number].at))
        return Stretch(tuple(_runs(legs)), tuple(seen))


def _traced(
    begun: Sequence[int], near: Sequence[list[RoadPoint]], cost: NDArray[np.float64], back: Sequence[NDArray[np.intp]]
) -> list[tuple[int, RoadPoint]]:
    """Return the likeliest candidates, from the last one back."""
    choice = int(cost.argmin())
    chosen = [choice]
    for step in reversed(back):
        choice = int(step[choice])
        chosen.append(choice)
    return [(number, near[number][one]) for number, one in zip(begun, reversed(chosen), strict=True)]


def _runs(legs: Sequence[RoadLeg]) -> Iterator[Run]:
    """Join legs on one road that follow each other, without the steps aside that wrong positions make."""
    along, driven = 0.0, []
    for road, some in groupby(legs, key=lambda one: one.road):
        run = Run(road, tuple(some), along)
        along += run.length_m
        driven.append(run)
    kept = [one for number, one in enumerate(driven) if not _is_step_aside(one, number in {0, len(driven) - 1})]
    for _, parts in groupby(kept, key=lambda one: one.road):
        joined = list(parts)
        yield Run(joined[0].road, tuple(leg for one in joined for leg in one.legs), joined[0].start_m)


def _is_step_aside(run: Run, is_end: bool) -> bool:
    """Tell whether a run is only a position beside its road: onto another road and back, or a bit at an end."""
    if is_end and run.length_m <= _ASIDE_M / 2:
        return True
    return abs(run.to_m - run.from_m) < 1.0 and run.length_m <= _ASIDE_M
