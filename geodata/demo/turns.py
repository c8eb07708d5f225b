"""Forbid some left turns in the demo county's towns, as relations on the network."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.demo.plane import Points, lengths_of, to_plane
from geodata.network import Network, TurnRestriction
from geodata.road_classes import ROAD_CLASSES, RoadClass

#: So many turns at most are forbidden.
MOST_TURNS: Final = 24
_MAIN: Final = tuple(ROAD_CLASSES.index(one) for one in (RoadClass.NATIONAL, RoadClass.PROVINCIAL))
_STREET: Final = ROAD_CLASSES.index(RoadClass.STREET)


def _leaving(network: Network, junction: int, roads: NDArray[np.int64]) -> Points:
    """Return for each road the unit vector in which it leaves the junction."""
    vectors = []
    for road in roads:
        line = to_plane(network.line_of(int(road)))
        line = line if network.ends[road, 0] == junction else line[::-1]
        vectors.append(line[1] - line[0])
    away = np.stack(vectors)
    return away / lengths_of(away)[:, None]


def _left_turn(network: Network, junction: int, roads: NDArray[np.int64]) -> TurnRestriction | None:
    """Return the ban on turning left from the first main road into a street, where there is such a turn."""
    away = _leaving(network, junction, roads)
    classes = network.road_class[roads]
    open_there = network.access[roads, (network.ends[roads, 0] != junction).astype(np.int64)] > 0
    for origin in np.flatnonzero(np.isin(classes, _MAIN)):
        ahead = -away[origin]
        left = ahead[0] * away[:, 1] - ahead[1] * away[:, 0]
        best = int(np.argmax(np.where((classes == _STREET) & open_there, left, -1.0)))
        if left[best] > 0.8:
            return TurnRestriction("no_left_turn", (int(roads[origin]),), (), (int(roads[best]),), junction)
    return None


def restrict_turns(network: Network) -> Network:
    """Return the network with no left turn from main roads into streets at some four-armed junctions."""
    ends = network.ends.astype(np.int64)
    degree = np.bincount(ends.reshape(-1), minlength=network.junction_count)
    main = np.zeros(network.junction_count, dtype=np.bool_)
    main[ends[np.isin(network.road_class, _MAIN)].reshape(-1)] = True
    street = np.zeros(network.junction_count, dtype=np.bool_)
    street[ends[network.road_class == _STREET].reshape(-1)] = True
    bans: list[TurnRestriction] = []
    for junction in np.flatnonzero((degree == 4) & main & street)[::3].tolist():
        roads = np.flatnonzero((ends == junction).any(axis=1) & (ends[:, 0] != ends[:, 1]))
        ban = _left_turn(network, junction, roads) if len(roads) == 4 else None
        if ban is not None and len(bans) < MOST_TURNS:
            bans.append(ban)
    return replace(network, turn_restrictions=tuple(bans))
