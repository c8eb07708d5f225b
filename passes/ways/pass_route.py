"""The route of a pass as it is answered and kept: stops and sections, its roads, and when it is on each of them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import timedelta
from functools import partial
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from geodata.network import Network
from geodata.policy import PassPolicy
from passes.applications.eligibility import LEAD
from passes.applications.pass_window import PassWindow
from passes.tokens.drawn_line import DrawnLine
from passes.ways.driven_way import DrivenRoads, DrivenWay, Stage, to_us, way_of_text
from passes.ways.packed_route import PackedRoute, pack_json
from passes.ways.shared_head import SharedHead, shared_head
from passes.ways.way_text import WayTexts
from routing.corridor import corridor_line
from routing.route import Route
from routing.trips.summary import trip_head
from routing.trips.trip import Trip

#: Ways remembered for one network: a county has some hundred between its entries and its firms.
_MOST_KEPT: Final = 4_000
_MICROSECOND: Final = timedelta(microseconds=1)


V = TypeVar("V")


class _Kept(Generic[V]):
    """What was made for things, found again by the very same objects; the one longest unused is forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        # Things that are held here are never others at the same addresses.
        self._known: OrderedDict[tuple[Hashable, ...], tuple[tuple[object, ...], V]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, things: tuple[object, ...], make: Callable[[], V], *, how: tuple[Hashable, ...] = ()) -> V:
        """Return what was made for things, or make it; `how` tells apart what is made of the same ones."""
        key = (*map(id, things), *how)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known[1]
        made = make()
        with self._lock:
            self._known[key] = things, made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return made


class _Memory:
    """What is known of the routes of one network: their ways, and the lines and heads of whole trips."""

    def __init__(self) -> None:
        self.texts = WayTexts()
        self.ways: _Kept[DrivenWay] = _Kept(_MOST_KEPT)
        self.lines: _Kept[DrawnLine] = _Kept(_MOST_KEPT)
        self.heads: _Kept[SharedHead] = _Kept(_MOST_KEPT)


_MEMORIES: Final[WeakKeyDictionary[Network, _Memory]] = WeakKeyDictionary()


def _memory_of(network: Network) -> _Memory:
    known = _MEMORIES.get(network)
    return _MEMORIES.setdefault(network, _Memory()) if known is None else known


def _way_of(route: Route, network: Network) -> DrivenWay:
    """Make the way of a route: its roads with the time on each, as an answer lists them, and its line."""
    times = np.cumsum(np.concatenate([[0], route.measures.duration_ms * 1000])).tolist()
    road_ids = network.road_id[route.arcs >> 1].tolist()
    roads = DrivenRoads(tuple(road_ids), tuple((route.arcs & 1).tolist()), tuple(times[:-1]), tuple(times[1:]))
    return way_of_text(roads, _memory_of(network).texts.text_of(route, network).encode())


def ways_of(trip: Trip, network: Network) -> tuple[DrivenWay, ...]:
    """Return the ways of a trip, one from each stop to the next."""
    known = _memory_of(network).ways
    return tuple(known.of((route,), partial(_way_of, route, network)) for route in trip.routes)


def corridor_of_pass(trip: Trip, network: Network) -> DrawnLine:
    """Return what draws the corridor of a trip; the same for every trip over the very same routes."""
    return _memory_of(network).lines.of(trip.routes, lambda: DrawnLine(corridor_line(trip, network)))


def pass_route(trip: Trip, network: Network) -> PackedRoute:
    """Return a trip with its roads as JSON-ready values, roads as the answer to `route` lists them."""
    ways = ways_of(trip, network)
    packed, names = tuple(one.packed for one in ways), tuple(one.name for one in ways)
    if any(one.because or not one.place_id for one in trip.stops):
        # A person, masked, with the end of their condition, or somebody's own words for a position, such as a home:
        # that goes with the pass, when its days are over.
        return PackedRoute(pack_json(trip_head(trip)), packed, names)
    head = _head_of(trip, network)
    own = head.of_departure(trip.depart_at, [one.outside for one in trip.stops])
    return PackedRoute(own, packed, names, head)


def _head_of(trip: Trip, network: Network) -> SharedHead:
    """Return the head of a trip; the same for every trip over the very same sections with the same times between."""
    start = trip.depart_at
    stops = ((one.kind, one.place_id, one.arrive_at - start, one.leave_at - start) for one in trip.stops)
    areas = ((one.area_id, one.how, one.enter_at - start, one.leave_at - start) for one in trip.areas)
    passed = ((one.place_id, one.at - start) for one in trip.checkpoints)
    how = (*stops, *areas, *passed, trip.arrive_at - start, trip.end_at - start)
    return _memory_of(network).heads.of((trip.sections,), lambda: shared_head(trip_head(trip)), how=how)


def stages_of(trip: Trip, network: Network, *, window: PassWindow, policy: PassPolicy) -> tuple[Stage, ...]:
    """Return the stages of a trip with their times: what the index road -> pass keeps of it."""
    lead_us, late_us = LEAD // _MICROSECOND, timedelta(minutes=policy.grace_min) // _MICROSECOND
    bounds = to_us(window.not_before), to_us(window.expires_at)
    stages = []
    first_leg = 0
    for stop, way in zip(trip.stops[:-1], ways_of(trip, network), strict=True):
        begin_us = to_us(stop.leave_at)
        stages.append(Stage(way, first_leg, begin_us - lead_us, begin_us + late_us, *bounds))
        first_leg += len(way.road_ids)
    return tuple(stages)
