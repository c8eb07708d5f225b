"""Which roads must never be closed: those that alone cut places off, pairs of them, and the worst detours (L9, L13).

Pairs are told as chains where the roads of a ring lie in a row, and one by one for the others: together they are all
pairs of whole roads that cut somebody off whom neither cuts off alone, one-way roads as they are.

Asked of the roads as they are at a moment, closings in force left out, for one vehicle. A place is cut off when it has
no way left to or from any hub or entry point; any of these can be left out of the question. People are those of
villages and township seats. What is cut off already is told apart: no road here answers for it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from geodata.closures.closing import Closing
from geodata.county import County
from geodata.errors import BadInputError
from geodata.places import Place
from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from passes.consequence.settlements import (
    CONCERNED,
    SETTLEMENTS,
    PlaceCutOff,
    RoadStates,
    place_cut_off,
    spots_of,
    ways_out,
)
from routing.criticality.chains import Chain, find_chains
from routing.criticality.detours import find_detours
from routing.criticality.further_pairs import find_further_pairs
from routing.criticality.single_roads import CriticalRoads, find_critical_roads
from routing.reaching import Way


@dataclass(frozen=True, slots=True)
class CriticalRoad:
    """A road whose closure alone cuts places off.

    Attributes
    ----------
    road
        Index in the network.
    places
        Whom, and which way they lose.
    on_it
        Ids of those that stand on the road itself.
    """

    road: int
    places: tuple[PlaceCutOff, ...]
    on_it: frozenset[str]

    @property
    def people(self) -> int:
        """People of the villages and seats among them."""
        return people_of(self.places)

    @property
    def has_behind(self) -> bool:
        """Tell whether somebody is cut off who does not stand on the road itself."""
        return any(one.id not in self.on_it for one in self.places)

    @property
    def way(self) -> str:
        """What is lost: "in", "out", or "both" where some lose the one and some the other, or both."""
        ways = {one.way for one in self.places}
        return next(iter(ways)) if len(ways) == 1 else "both"


@dataclass(frozen=True, slots=True)
class RoadChain:
    """Roads any two of which, of different groups, cut off together what lies between the groups."""

    groups: tuple[tuple[int, ...], ...]
    between: tuple[tuple[Place, ...], ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place between two groups."""
        return tuple(one for some in self.between for one in some)

    @property
    def people(self) -> int:
        """People of the villages and seats among them."""
        return round(sum(one.population or 0 for one in self.places if one.kind in SETTLEMENTS))


@dataclass(frozen=True, slots=True)
class FurtherPairs:
    """Roads that no chain tells: any of the one group with any of the other cuts the places off."""

    one: tuple[int, ...]
    other: tuple[int, ...]
    places: tuple[PlaceCutOff, ...]

    @property
    def people(self) -> int:
        """People of the villages and seats among them."""
        return people_of(self.places)


@dataclass(frozen=True, slots=True)
class WorstDetour:
    """The place that the closure of a road costs most time, with the minutes of its way to or from the nearest hub."""

    road: int
    place: Place
    way: Way
    before_min: float
    after_min: float

    @property
    def added_min(self) -> float:
        """Minutes more."""
        return self.after_min - self.before_min


def people_of(places: Collection[PlaceCutOff]) -> int:
    """Return the people of the villages and seats among places."""
    return round(sum(one.population or 0 for one in places if one.is_settlement))


@dataclass(frozen=True, eq=False)
class CriticalityQuestion:
    """The roads at one moment, and what must be reached; each answer is reckoned when first asked for.

    Attributes
    ----------
    closings
        In force at the moment.
    vehicle
        None: a car.
    without
        Ids of hubs and entry points that do not count as a way out.
    """

    county: County
    closings: tuple[Closing, ...]
    vehicle: Vehicle | None = None
    without: frozenset[str] = frozenset()

    @cached_property
    def _states(self) -> RoadStates:
        return RoadStates(self.county, self.closings, (), self.vehicle)

    @cached_property
    def ways_out(self) -> tuple[Place, ...]:
        """Hubs and entry points that count."""
        return tuple(one for one in ways_out(self.county.places) if one.id not in self.without)

    @cached_property
    def _spots(self) -> list[tuple[Place, RoadPoint]]:
        return spots_of(self.county.places.of_kind(*CONCERNED), self._states)

    @cached_property
    def _points(self) -> tuple[list[RoadPoint], list[RoadPoint]]:
        return [point for _, point in self._spots], [point for _, point in spots_of(self.ways_out, self._states)]

    @cached_property
    def _found(self) -> CriticalRoads:
        return find_critical_roads(self._states.before, *self._points)

    @cached_property
    def roads(self) -> tuple[CriticalRoad, ...]:
        """Every road whose closure alone cuts somebody off; first those with places behind them, most people first."""
        found = [self._road(road) for road in self._found.roads.tolist()]
        return tuple(sorted(found, key=lambda one: (not one.has_behind, -one.people, -len(one.places), one.road)))

    def _road(self, road: int) -> CriticalRoad:
        cut = self._found.cut_off_by(road)
        own = {self._spots[one.number][0].id for one in cut if self._found.own_road[one.number] == road}
        places = tuple(place_cut_off(self._spots[one.number][0], one.way) for one in cut)
        return CriticalRoad(road, places, frozenset(own))

    @cached_property
    def by_road(self) -> dict[int, CriticalRoad]:
        """Each critical road by its index: whether one is critical is one look."""
        return {one.road: one for one in self.roads}

    @cached_property
    def already(self) -> tuple[PlaceCutOff, ...]:
        """Places that are cut off whatever is closed."""
        return tuple(place_cut_off(self._spots[one.number][0], one.way) for one in self._found.already)

    @cached_property
    def chains(self) -> tuple[RoadChain, ...]:
        """Chains of roads with places between them; most people first."""
        names = [place for place, _ in self._spots]
        chains = [
            RoadChain(one.groups, tuple(tuple(names[number] for number in some) for some in one.between))
            for one in self._chains
        ]
        return tuple(sorted(chains, key=lambda one: (-one.people, -len(one.places), one.groups)))

    @cached_property
    def _chains(self) -> tuple[Chain, ...]:
        return find_chains(self._states.before, *self._points)

    @cached_property
    def further_pairs(self) -> tuple[FurtherPairs, ...]:
        """Every pair that the chains do not tell; most people first."""
        pairs = [
            FurtherPairs(
                one.one, one.other, tuple(place_cut_off(self._spots[cut.number][0], cut.way) for cut in one.cut_off)
            )
            for one in find_further_pairs(self._states.before, *self._points, chains=self._chains)
        ]
        return tuple(sorted(pairs, key=lambda one: (-one.people, -len(one.places), one.one, one.other)))

    @cached_property
    def detours(self) -> tuple[WorstDetour, ...]:
        """The worst detour of every road that cuts nobody off; the longest first."""
        return tuple(
            WorstDetour(one.road, self._spots[one.place][0], one.way, one.before_s / 60, one.after_s / 60)
            for one in find_detours(self._states.before, *self._points)
            if one.road not in self.by_road
        )


def ask_criticality(
    county: County,
    closings: Collection[Closing],
    *,
    at: datetime,
    vehicle: Vehicle | None = None,
    without: Collection[str] = (),
    lifted: Collection[str] = (),
) -> CriticalityQuestion:
    """Return the question about the roads of a moment.

    Parameters
    ----------
    closings
        Every closing of the register, in force or not.
    vehicle
        None: a car.
    lifted
        Ids of closures that do not count: those about whose roads one asks.

    Raises
    ------
    BadInputError
        `hub-unknown` for an id in `without` that is no way out of the county.
    """
    known = {one.id for one in ways_out(county.places)}
    for one in sorted(set(without) - known):
        raise BadInputError("hub-unknown", "without", id=one, choices=sorted(known))
    counted = tuple(
        one for one in closings if one.closure_id not in lifted and (one.window is None or one.window.holds(at))
    )
    return CriticalityQuestion(county, counted, vehicle, frozenset(without))
