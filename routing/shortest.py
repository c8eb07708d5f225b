"""Find the least-time route in the open network, first and last road in part."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD
from geodata.snapping import RoadPoint
from routing.hierarchy.held_weights import HeldWeights
from routing.hierarchy.pruning import EVERYWHERE
from routing.hierarchy.query import Edges
from routing.metric import FAR, LENGTH_BITS, LENGTH_MASK, SHUT, Metric, refuse_too_long
from routing.open_network import OpenNetwork
from routing.road_ends import Stretch
from routing.road_path import AS_IT_IS, CLOSED, Between, Ground, GroundTable, RoadPath
from routing.route import LegMeasures, RoadLeg, Route
from routing.search_room import room_table_of
from routing.way_round import way_round

#: Farther than any road is long.
_FAR_M: Final = 1e9
_NO_ARCS: Final = np.empty(0, dtype=np.int32)
#: What a question says of the roads at its ends where nothing is closed there.
_ON_OPEN_ROADS: Final = Between(0, 0, 0, 0)[4:]


def _part_of(metric: Metric, leg: RoadLeg, *, from_cm: int, to_cm: int) -> RoadLeg:
    """Return the part of a whole leg between two positions on its road."""
    if (from_cm / 100, to_cm / 100) == (leg.from_m, leg.to_m):
        return leg
    key = metric.part_key(leg.arc, length_cm=abs(to_cm - from_cm))
    return _leg(leg.arc, from_cm, to_cm, key)


def _leg(arc: int, from_cm: int, to_cm: int, key: int) -> RoadLeg:
    length_m, duration_s = (key & LENGTH_MASK) / 100, (key >> LENGTH_BITS) / 1000
    return RoadLeg(arc >> 1, arc & 1, from_cm / 100, to_cm / 100, length_m, duration_s)


def _legs(metric: Metric, path: RoadPath) -> tuple[RoadLeg, ...]:
    """Spell out a path, a hundred roads in no time."""
    arcs = path.arcs
    if len(arcs) == 1:
        return (_leg(int(arcs[0]), path.from_cm, path.to_cm, path.key),)
    roads, ways = arcs >> 1, arcs & 1
    length_cm = metric.length_cm[roads]
    is_back = ways == BACKWARD
    begin_m, end_m = np.where(is_back, length_cm, 0) / 100, np.where(is_back, 0, length_cm) / 100
    columns = (roads, ways, begin_m, end_m, length_cm / 100, metric.arc_duration_s[arcs])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    legs = list(map(tuple.__new__, repeat(RoadLeg), rows))  # as RoadLeg(*row), without a call each
    legs[0] = _part_of(metric, legs[0], from_cm=path.from_cm, to_cm=round(legs[0].to_m * 100))
    legs[-1] = _part_of(metric, legs[-1], from_cm=round(legs[-1].from_m * 100), to_cm=path.to_cm)
    return tuple(legs)


def _measures(metric: Metric, path: RoadPath) -> LegMeasures:
    """Return what the legs of a path measure, none of them spelled out."""
    arcs = path.arcs
    length_cm, duration_ms = metric.length_cm[arcs >> 1], metric.duration_ms.reshape(-1)[arcs]
    begin_cm = length_cm * (arcs & 1)
    end_cm = length_cm - begin_cm
    whole = begin_cm[0], end_cm[-1]
    begin_cm[0], end_cm[-1] = path.from_cm, path.to_cm
    if len(arcs) == 1:
        length_cm[0], duration_ms[0] = path.key & LENGTH_MASK, path.key >> LENGTH_BITS
    else:
        for place, is_whole in ((0, path.from_cm == whole[0]), (-1, path.to_cm == whole[1])):
            if not is_whole:
                part_cm = abs(int(end_cm[place] - begin_cm[place]))
                length_cm[place] = part_cm
                duration_ms[place] = metric.part_key(int(arcs[place]), length_cm=part_cm) >> LENGTH_BITS
    return LegMeasures(begin_cm / 100, end_cm / 100, length_cm, duration_ms)


def route_along(metric: Metric, path: RoadPath) -> Route:
    """Return a path as a route, its legs spelled out when they are asked for.

    Raises
    ------
    BadInputError
        `route-too-long` for one of more than 10,737 km.
    """
    if path.key >> LENGTH_BITS > metric.surely_fits_ms:
        refuse_too_long(int(_measures(metric, path).length_cm.sum()))
    distance_m, duration_s = (path.key & LENGTH_MASK) / 100, (path.key >> LENGTH_BITS) / 1000
    unfold, measure = partial(_legs, metric, path), partial(_measures, metric, path)
    return Route.unfolding(unfold, path.arcs, distance_m=distance_m, duration_s=duration_s, measure=measure)


def assemble(metric: Metric, path: NDArray[np.int32], *, ends: tuple[Stretch, Stretch]) -> Route:
    """Return the route over a path of whole arcs and its two ends; an end that does not move is left out."""
    first, last = ([one.arc] if one.from_cm != one.to_cm else [] for one in ends)
    arcs = np.array([*first, *path.tolist(), *last] or [ends[0].arc], dtype=np.int32)
    from_cm, to_cm = ends[0].from_cm, ends[1].to_cm
    if not first and len(path) + len(last):
        from_cm = int(metric.length_cm[arcs[0] >> 1]) * int(arcs[0] & 1)
    if not last:
        to_cm = int(metric.length_cm[arcs[-1] >> 1]) * int(1 - (arcs[-1] & 1)) if len(first) + len(path) else from_cm
    key = int(metric.key[path].sum()) + ends[0].key + ends[1].key
    return route_along(metric, RoadPath(key, key, arcs, from_cm, to_cm))


def _raised(view: OpenNetwork, dearer: NDArray[np.int64]) -> HeldWeights:
    cost = view.cost + view.cost // AS_IT_IS * (dearer - AS_IT_IS)
    return view.hierarchy.pool.hold_costs(np.where(view.cost == SHUT, SHUT, cost), near=view.held)


def _at_cm(point: RoadPoint) -> int:
    """Return where a point lies; the kernel keeps positions within their roads."""
    return round(min(max(point.offset_m, -1.0), _FAR_M) * 100)


def _question(view: OpenNetwork, origin: RoadPoint, destination: RoadPoint) -> tuple[int, ...]:
    """Return the question between two points, the numbers of `Between`."""
    closed = view.closed_parts
    if len(closed.arcs) and closed.is_on(origin.road, destination.road):
        return _between(view, origin, destination)
    return origin.road, _at_cm(origin), destination.road, _at_cm(destination), *_ON_OPEN_ROADS


def _between(
    view: OpenNetwork, origin: RoadPoint, destination: RoadPoint, dearer: NDArray[np.int64] | None = None
) -> Between:
    """Return the question between two points: closed parts stop it on the ends' own roads, or these are dearer."""
    closed = view.closed_parts
    if dearer is None and not (len(closed.arcs) and closed.is_on(origin.road, destination.road)):
        return Between(origin.road, _at_cm(origin), destination.road, _at_cm(destination))
    asked = Between(origin.road, view.offset_cm(origin), destination.road, view.offset_cm(destination))
    first, last, from_cm, to_cm = 2 * asked.from_road, 2 * asked.to_road, asked.from_cm, asked.to_cm
    out_end, in_end = (int(view.metric.length_cm[road]) for road in (asked.from_road, asked.to_road))
    parts = (
        (first, from_cm, out_end),
        (first + 1, from_cm, 0),
        (last, 0, to_cm),
        (last + 1, in_end, to_cm),
        (first + (from_cm > to_cm), from_cm, to_cm),
    )
    rates = (
        CLOSED if view.closures_between(arc, one_cm, other_cm) else AS_IT_IS if dearer is None else int(dearer[arc])
        for arc, one_cm, other_cm in parts
    )
    return Between(asked.from_road, from_cm, asked.to_road, to_cm, *rates)


def _ground(view: OpenNetwork, given: HeldWeights) -> GroundTable:
    """Return what searches of this thread on some weights run on."""
    hierarchy, roads, walks, grounds = view.hierarchy, view.metric.road_costs, given.walks, given.grounds
    is_everywhere, desk = walks is EVERYWHERE, hierarchy.desk
    ground: GroundTable | None = grounds.get(is_everywhere)
    if ground is None or ground.desk is not desk or ground.roads is not roads or ground.up is not walks[0]:
        edges = Edges(*walks, given.weights.weight)
        ground = grounds[is_everywhere] = GroundTable(Ground(hierarchy.stairs, edges, given.weights.way, desk, roads))
    return ground


def shortest_route(view: OpenNetwork, origin: RoadPoint, destination: RoadPoint) -> Route | None:
    """Return the route of least duration, ties by length; None where there is none."""
    question, weights = _question(view, origin, destination), view.weights
    while True:
        held = weights.to_search()
        known = held.shut
        ground, beware, effort = _ground(view, held), weights.to_beware(known), weights.effort_left
        row, arcs = ground.find(question, beware)
        met = row[5]
        if met and effort > 0:
            row_round, arcs_round = ground.ask_again(
                way_round, beware, effort, room_table_of(view.hierarchy, view.metric, ground.up)
            )
            weights.effort_left = effort - row_round[5]
            if row_round[5] <= effort:
                row, arcs, met = row_round, arcs_round, 0
        del held, ground  # so that its weights can be changed in place
        cost, key, from_cm, to_cm, _, _ = row
        if not met:
            return None if cost >= FAR else route_along(view.metric, RoadPath(cost, key, arcs, from_cm, to_cm))
        weights.shut_met(known, arcs)


def dearer_route(
    view: OpenNetwork, origin: RoadPoint, destination: RoadPoint, *, dearer: NDArray[np.int64]
) -> Route | None:
    """Return a route as `shortest_route` does where some arcs are dearer, to look for alternatives.

    Parameters
    ----------
    dearer : (2m,) int64
        By arc, in percent: how dear the search holds it, AS_IT_IS or more.
    """
    question = _between(view, origin, destination, dearer)
    held = _raised(view, dearer)  # held until the search is over
    (cost, key, from_cm, to_cm, _, _), arcs = _ground(view, held).find(question, _NO_ARCS)
    return None if cost >= FAR else route_along(view.metric, RoadPath(cost, key, arcs, from_cm, to_cm))


def shortest_routes(view: OpenNetwork, pairs: Sequence[tuple[RoadPoint, RoadPoint]]) -> list[Route | None]:
    """Return the routes of many pairs of points, as `shortest_route` does, in one call of the kernel.

    Where a way on the weights at hand meets a closed road, that pair is asked anew by itself.
    """
    if not pairs:
        return []
    asked, weights = np.array([_between(view, *pair) for pair in pairs], dtype=np.int64), view.weights
    held = weights.to_search()
    rows, arcs = _ground(view, held).find_all(asked, weights.to_beware(held.shut))
    del held
    ends = rows[:, 4].tolist()
    routes: list[Route | None] = []
    for pair, row, begin, end in zip(pairs, rows.tolist(), [0, *ends[:-1]], ends, strict=True):
        cost, key, from_cm, to_cm, _, met = row
        if met:
            routes.append(shortest_route(view, *pair))
        elif cost >= FAR:
            routes.append(None)
        else:
            path = RoadPath(cost, key, arcs[begin:end], from_cm, to_cm)
            routes.append(route_along(view.metric, path))
    return routes
