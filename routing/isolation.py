"""Which places a set of closings cuts off from every goal, and in which direction: exact, one-way roads respected.

A place is cut off "in" if nothing gets there from any goal, "out" if nobody gets from there to any goal, "both" if
neither. What was cut off before is told apart: no closure answers for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from routing.open_network import OpenNetwork
from routing.reaching import WAYS, Way, reach_nearest

CutWay = Literal["in", "out", "both"]
_NAME: Final[Mapping[tuple[bool, bool], CutWay]] = {(True, True): "both", (True, False): "in", (False, True): "out"}


@dataclass(frozen=True, slots=True)
class CutOff:
    """One point that lost its way.

    Attributes
    ----------
    number
        Its place in the list of points asked about.
    way
        What is lost: "in", "out" or "both".
    """

    number: int
    way: CutWay


@dataclass(frozen=True, slots=True)
class Isolation:
    """What the closings cut off, and what had been cut off without them; in the order of the points."""

    cut_off: tuple[CutOff, ...]
    already: tuple[CutOff, ...]


def _named(lost: Mapping[Way, NDArray[np.bool_]]) -> tuple[CutOff, ...]:
    pairs = zip(lost["in"], lost["out"], strict=True)
    return tuple(CutOff(number, _NAME[bool(i), bool(o)]) for number, (i, o) in enumerate(pairs) if i or o)


def reached_ways(
    view: OpenNetwork, points: Sequence[RoadPoint], goals: Sequence[RoadPoint]
) -> Mapping[Way, NDArray[np.bool_]]:
    """Return which points have a way from and to some goal."""
    return {way: reach_nearest(view, points, goals=goals, way=way).is_reached for way in WAYS}


def find_cut_off(
    points: Sequence[RoadPoint],
    goals: Sequence[RoadPoint],
    *,
    before: OpenNetwork,
    after: OpenNetwork,
    had: Mapping[Way, NDArray[np.bool_]] | None = None,
) -> Isolation:
    """Compare two states of one network: who had a way from or to some goal and has none now.

    Parameters
    ----------
    points
        Where places meet the road.
    goals
        Hubs, hospitals or entry points, whichever the question is about; without any, everybody is cut off already.
    before, after
        The network without and with the closings in question, for the same vehicle.
    had
        What `reached_ways` says of the network before, where it is known.
    """
    had = reached_ways(before, points, goals) if had is None else had
    has = reached_ways(after, points, goals)
    return Isolation(_named({way: had[way] & ~has[way] for way in WAYS}), _named({way: ~had[way] for way in WAYS}))
