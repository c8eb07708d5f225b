"""Villages, seats and firms on two states of the roads: who is cut off, how far the hospital and fire station are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.county import County
from geodata.errors import BadInputError
from geodata.places import Place, PlaceKind, Places
from geodata.snapping import RoadIndex, RoadPoint
from geodata.vehicles import Vehicle
from routing.ask import KEPT
from routing.closed_parts import arcs_closed_by
from routing.isolation import CutOff, CutWay, find_cut_off, reached_ways
from routing.local_detour import have_ways_round
from routing.metric import Metric, build_metric
from routing.open_network import OpenNetwork, close_arcs
from routing.reaching import Way, reach_nearest
from routing.turns.turn_matrix import reach_nearest_by_turns
from routing.turns.turn_search import turn_search_of

#: Where people live.
SETTLEMENTS: Final = (PlaceKind.VILLAGE, PlaceKind.TOWNSHIP_SEAT)
#: Who may be cut off.
CONCERNED: Final = (*SETTLEMENTS, PlaceKind.ENTERPRISE)
#: The way out of the county; where a county has neither, its hospitals and seats stand for it.
ANCHORS: Final = (PlaceKind.HUB, PlaceKind.ENTRY_POINT)
_ANCHORS_ELSE: Final = (PlaceKind.HOSPITAL, PlaceKind.TOWNSHIP_SEAT)


@dataclass(frozen=True, slots=True)
class PlaceCutOff:
    """A place without its last way in, out or both.

    Attributes
    ----------
    population
        None where nobody knows it.
    """

    id: str
    name: str
    kind: str
    township: str
    population: float | None
    way: CutWay
    lon: float
    lat: float

    @property
    def is_settlement(self) -> bool:
        """Tell whether people live there."""
        return self.kind in SETTLEMENTS


def place_cut_off(place: Place, way: CutWay) -> PlaceCutOff:
    """Return a place as one that loses a way."""
    return PlaceCutOff(
        id=place.id,
        name=place.name,
        kind=place.kind,
        township=place.township,
        population=place.population,
        way=way,
        lon=place.lon,
        lat=place.lat,
    )


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes of all settlements that have a way.

    Attributes
    ----------
    without
        How many settlements have none.
    worst_place
        Name of the one that takes longest, "" where none has a way.
    """

    median: float | None
    worst: float | None
    without: int
    worst_place: str = ""


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Minutes as the roads are and as they would be.

    Attributes
    ----------
    most_added
        Most minutes that a settlement with a way in both states loses.
    """

    before: Minutes
    after: Minutes
    most_added: float = 0.0
    most_added_place: str = ""


@dataclass(frozen=True)
class RoadStates:
    """The county's roads with the closings in force, and with some more, as a vehicle finds them; None: a car."""

    county: County
    now: tuple[Closing, ...]
    added: tuple[Closing, ...]
    vehicle: Vehicle | None = None

    @cached_property
    def metric(self) -> Metric:
        """What arcs cost the vehicle."""
        settings = self.county.settings
        vehicle = self.vehicle or settings.vehicles["car"]
        return build_metric(self.county.network, vehicle, speeds_kmh=settings.speeds_kmh)

    def _view(self, closings: Iterable[Closing]) -> OpenNetwork:
        return close_arcs(self.county.network, metric=self.metric, closings=closings)

    @cached_property
    def before(self) -> OpenNetwork:
        """The roads as they are."""
        return self._view(self.now)

    @cached_property
    def after(self) -> OpenNetwork:
        """The roads with the added closings."""
        return self._view((*self.now, *self.added))

    def with_more(self, closings: Iterable[Closing]) -> OpenNetwork:
        """Return the roads as they are with some closings more, whatever the added ones are."""
        return self._view((*self.now, *closings))

    def seconds(
        self, view: OpenNetwork, points: Sequence[RoadPoint], *, goals: Sequence[RoadPoint], way: Way
    ) -> NDArray[np.float64]:
        """Return how long it takes between each point and its nearest goal, (p,), as a route of this county does.

        Infinity where there is no way. Where the county's routes keep turns, turns with hours count as free.
        """
        settings = self.county.settings
        if settings.turns != KEPT:
            return reach_nearest(view, points, goals=goals, way=way).duration_s
        vehicle = self.vehicle or settings.vehicles["car"]
        turns = turn_search_of(view.network).open_turns(view, vehicle, frozenset())
        return reach_nearest_by_turns(view, turns, points, goals=goals, way=way).duration_s

    def after_without(self, roads: Collection[int]) -> OpenNetwork:
        """Return the roads with the added closings but those on some roads."""
        return self._view((*self.now, *(one for one in self.added if one.road not in roads)))


#: Where positions meet the roads that a vehicle may use: closures do not move them, so they are looked for once.
_SPOTS: Final[WeakKeyDictionary[RoadIndex, dict[bytes, dict[tuple[float, float], RoadPoint | None]]]] = (
    WeakKeyDictionary()
)


def spots_of(places: Iterable[Place], states: RoadStates) -> list[tuple[Place, RoadPoint]]:
    """Return the places with where they meet the road; one far from any road is left out: no closure concerns it."""
    usable = np.asarray(states.metric.usable.any(axis=1))
    index = states.county.road_index
    kept = _SPOTS.setdefault(index, {}).setdefault(np.packbits(usable).tobytes(), {})
    found = []
    for place in places:
        where = (place.lon, place.lat)
        if where not in kept:
            kept[where] = _spot(place, index, usable)
        spot = kept[where]
        if spot is not None:
            found.append((place, spot))
    return found


def _spot(place: Place, index: RoadIndex, usable: NDArray[np.bool_]) -> RoadPoint | None:
    try:
        return index.snap(place.lon, place.lat, usable=usable, where=place.id)
    except BadInputError:
        return None


def ways_out(places: Places) -> tuple[Place, ...]:
    """Return what must be reached: hubs and entry points, of a county without either hospitals and seats."""
    return places.of_kind(*ANCHORS) or places.of_kind(*_ANCHORS_ELSE)


@dataclass(frozen=True)
class Settlements:
    """Places that may be cut off, and their ways out, on two states of the roads."""

    states: RoadStates
    spots: tuple[tuple[Place, RoadPoint], ...]
    anchors: tuple[RoadPoint, ...]

    @classmethod
    def of(cls, states: RoadStates, *, beyond: shapely.Geometry | None = None) -> Settlements:
        """Gather a county's settlements and firms; with a polygon only ways out beyond it count."""
        places = states.county.places
        anchors = ways_out(places)
        if beyond is not None:
            anchors = tuple(one for one in anchors if not shapely.intersects_xy(beyond, one.lon, one.lat))
        goals = tuple(point for _, point in spots_of(anchors, states))
        return cls(states, tuple(spots_of(places.of_kind(*CONCERNED), states)), goals)

    @property
    def _points(self) -> list[RoadPoint]:
        return [point for _, point in self.spots]

    def cut_off(self, *, leaving_open: Collection[int] = ()) -> tuple[tuple[PlaceCutOff, ...], tuple[PlaceCutOff, ...]]:
        """Return the places that the added closings cut off, and those that had been cut off before.

        Parameters
        ----------
        leaving_open
            Roads on which the added closings do not count.
        """
        after = self.states.after_without(leaving_open) if leaving_open else self.states.after
        before = self.states.before
        found = find_cut_off(self._points, self.anchors, before=before, after=after, had=self._had)
        return tuple(map(self._named, found.cut_off)), tuple(map(self._named, found.already))

    @cached_property
    def _had(self) -> Mapping[Way, NDArray[np.bool_]]:
        return reached_ways(self.states.before, self._points, self.anchors)

    @cached_property
    def _own_roads(self) -> frozenset[int]:
        """Roads that a place or a way out lies on."""
        return frozenset(point.road for point in (*self._points, *self.anchors))

    def cut_off_by(self, closings: Sequence[Closing]) -> tuple[PlaceCutOff, ...]:
        """Return the places that some closings alone cut off; the added ones do not count."""
        arcs = arcs_closed_by(closings)
        if self._own_roads.isdisjoint(one.road for one in closings) and have_ways_round(self.states.before, arcs):
            return ()
        after = self.states.with_more(closings)
        found = find_cut_off(self._points, self.anchors, before=self.states.before, after=after, had=self._had)
        return tuple(map(self._named, found.cut_off))

    def _named(self, cut: CutOff) -> PlaceCutOff:
        return place_cut_off(self.spots[cut.number][0], cut.way)

    def minutes(self, kind: PlaceKind, *, way: Way) -> BeforeAfter:
        """Return the minutes between settlements and the nearest place of a kind, before and after."""
        settled = [(place, point) for place, point in self.spots if place.kind in SETTLEMENTS]
        goals = [point for _, point in spots_of(self.states.county.places.of_kind(kind), self.states)]
        points = [point for _, point in settled]
        names = [place.name for place, _ in settled]
        before, after = (
            self.states.seconds(view, points, goals=goals, way=way) / 60
            for view in (self.states.before, self.states.after)
        )
        both = np.isfinite(before) & np.isfinite(after)
        added = np.subtract(after, before, out=np.zeros(len(points)), where=both)
        most = int(np.argmax(added)) if points else -1
        most_added = float(added[most]) if most >= 0 else 0.0
        return BeforeAfter(
            _minutes(before, names), _minutes(after, names), most_added, names[most] if most_added > 0 else ""
        )


def _minutes(minutes: NDArray[np.float64], names: list[str]) -> Minutes:
    has = np.isfinite(minutes)
    if not has.any():
        return Minutes(None, None, len(names))
    worst = int(np.argmax(np.where(has, minutes, -1.0)))
    return Minutes(float(np.median(minutes[has])), float(minutes[worst]), int((~has).sum()), names[worst])
