"""Routes that were asked for before on the same closings: thousands of trips share the ways between the same stops.

Remembered are answers to questions with `until`, which say what counts from the start. Such an answer holds for every
departure for which the same closings count, unless the vehicle might meet another closing on the roads of the route:
then the engine is asked. So what is remembered is what the engine would answer, and the very same object.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.snapping import RoadPoint
from routing.answering import answer_ask
from routing.ask import KEPT, Ask, check_points, check_turns, reckon
from routing.closing_set import instant_us
from routing.matrix import Grid, matrix_over
from routing.open_views import OpenViews
from routing.route import NoRoute, Route
from routing.settling import Counted, find_route

#: Answers and sums remembered at most; then it is begun anew.
MOST_KEPT: Final = 4_096
#: Networks with further closings that are kept ready.
MOST_TWINS: Final = 16
_NOTHING: Final = np.empty(0, dtype=np.int64)
_Key: TypeAlias = tuple[object, ...]
TwinT = TypeVar("TwinT")


@dataclass(frozen=True, slots=True)
class _Known:
    """An answer, and the closings on its roads that did not count and concern this holder."""

    answer: Route | NoRoute
    later: NDArray[np.int64]


def _spot(point: RoadPoint) -> tuple[int, float]:
    return point.road, point.offset_m


class RememberedRoutes:
    """What was asked of the open networks of one closing set; safe to share between threads."""

    def __init__(self, views: OpenViews) -> None:
        self._views = views
        window_us = views.closing_set.window_us
        self._starts: list[int] = np.sort(window_us[:, 0]).tolist()
        self._ends: list[int] = np.sort(window_us[:, 1]).tolist()
        self._numbers: dict[tuple[int, int], int] = {}
        self._sets: dict[bytes, int] = {}
        self._known: dict[_Key, _Known] = {}
        self._sums: dict[_Key, NDArray[np.float64]] = {}
        self._choices: dict[_Key, tuple[tuple[object, ...], object]] = {}
        self._twins: dict[object, object] = {}
        self._closings_on: dict[int, tuple[Route, tuple[Closing, ...]]] = {}

    def counting(self, depart_at: datetime, until: datetime) -> int:
        """Return a number for the closings in force at any time from departure until then: the same for the same."""
        return self._counting(instant_us(depart_at, where="depart_at"), instant_us(until, where="until"))

    def _counting(self, depart_us: int, until_us: int) -> int:
        ranks = bisect_right(self._starts, until_us - 1), bisect_right(self._ends, depart_us)
        number = self._numbers.get(ranks)
        if number is None:
            counted = np.packbits(self._views.closing_set.in_force(depart_us, until_us)).tobytes()
            number = self._numbers[ranks] = self._sets.setdefault(counted, len(self._sets))
        return number

    def _asker(self, ask: Ask | Grid) -> object:
        """Return for whom an answer holds: everybody of the same costs; where turns count, that vehicle alone."""
        return ask.vehicle if ask.turns == KEPT else id(self._views.costs.metric(ask.vehicle))

    def route(self, ask: Ask) -> Route | NoRoute:
        """Return what the engine answers.

        Raises
        ------
        BadInputError
            As `Engine.route`.
        """
        depart_us = instant_us(ask.depart_at, where="depart_at")
        until_us = depart_us if ask.until is None else instant_us(ask.until, where="until")
        if until_us <= depart_us:
            return self._answer(ask)
        key = self._key(ask, depart_us, until_us)
        known = self._known.get(key)
        if known is None:
            known = self._found(ask)
            if known is None:
                return self._answer(ask)
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            known = self._known.setdefault(key, known)
        return known.answer if self._holds(known, depart_us) else self._answer(ask)

    def _key(self, ask: Ask, depart_us: int, until_us: int) -> _Key:
        ends = (*_spot(ask.origin), *_spot(ask.destination))
        return (*ends, self._asker(ask), ask.holder, ask.turns, self._counting(depart_us, until_us))

    def lasts(self, ask: Ask) -> bool:
        """Tell whether what was answered is the answer for every departure for which the same closings count."""
        depart_us = instant_us(ask.depart_at, where="depart_at")
        until_us = depart_us if ask.until is None else instant_us(ask.until, where="until")
        known = self._known.get(self._key(ask, depart_us, until_us)) if until_us > depart_us else None
        return known is not None and not len(known.later)

    def _answer(self, ask: Ask) -> Route | NoRoute:
        check_turns([ask])
        check_points(self._views.costs.network, (ask.origin, ask.destination))
        return answer_ask(self._views, ask)

    def _found(self, ask: Ask) -> _Known | None:
        """Return the route past what counts from the start, or why there is none; None where that cannot be kept."""
        check_turns([ask])
        check_points(self._views.costs.network, (ask.origin, ask.destination))
        closing_set = self._views.closing_set
        reckoning = reckon(closing_set, depart_at=ask.depart_at, until=ask.until, holder=ask.holder)
        route = find_route(self._views, ask, counted=Counted(reckoning.counted, None))
        if route is None:
            return None if reckoning.choice.has_later else _Known(answer_ask(self._views, ask), _NOTHING)
        on_road = np.zeros(self._views.costs.network.road_count, dtype=np.bool_)
        on_road[route.arcs >> 1] = True
        return _Known(route, np.flatnonzero(reckoning.eligible & ~reckoning.counted & on_road[closing_set.road]))

    def _holds(self, known: _Known, depart_us: int) -> bool:
        """Tell whether no closing that did not count can be in force on the route while it is driven."""
        if not len(known.later) or isinstance(known.answer, NoRoute):
            return True
        window_us = self._views.closing_set.window_us[known.later]
        arrive_us = depart_us + round(known.answer.duration_s * 1_000_000)
        return not bool(((window_us[:, 0] <= arrive_us) & (depart_us < window_us[:, 1])).any())

    def seconds(self, grid: Grid) -> NDArray[np.float64]:
        """Return the (o, d) driving times that the engine's matrix has, infinity where there is no route.

        Raises
        ------
        BadInputError
            As `Engine.grid`.
        """
        if grid.until is None:
            return self._seconds(grid)
        counting = self.counting(grid.depart_at, grid.until)
        ends = (tuple(map(_spot, grid.origins)), tuple(map(_spot, grid.destinations)))
        key = (*ends, self._asker(grid), grid.holder, grid.turns, counting)
        seconds = self._sums.get(key)
        if seconds is None:
            if len(self._sums) >= MOST_KEPT:
                self._sums.clear()
            seconds = self._sums[key] = self._seconds(grid)
        return seconds

    def _seconds(self, grid: Grid) -> NDArray[np.float64]:
        check_turns([grid])
        check_points(self._views.costs.network, (*grid.origins, *grid.destinations))
        return np.asarray(matrix_over(self._views, grid).duration_s, dtype=np.float64)

    def chosen(self, among: tuple[object, Sequence[object]], asked: Grid, choose: Callable[[], TwinT]) -> TwinT:
        """Return what was chosen by driving times alone, for the same vehicles and the same closings: chosen once.

        Parameters
        ----------
        among
            How it is chosen, by value, and the things among which it is, known by their identity.
        asked
            Who drives when, until an instant that is given; its points do not count.
        """
        how, things = among
        counting = self.counting(asked.depart_at, asked.until or asked.depart_at)
        key = (how, *map(id, things), self._asker(asked), asked.holder, asked.turns, counting)
        known = self._choices.get(key)
        if known is None:
            if len(self._choices) >= MOST_KEPT:
                self._choices.clear()
            # Things that are held here are never others at the same addresses.
            known = self._choices[key] = tuple(things), choose()
        return known[1]  # type: ignore[return-value]  # chosen by the same function among the same things

    def closings_on(self, route: Route) -> tuple[Closing, ...]:
        """Return the closings of some part of a route's roads, whether they count or not."""
        known = self._closings_on.get(id(route))
        if known is None:
            if len(self._closings_on) >= MOST_KEPT:
                self._closings_on.clear()
            found = tuple(one for one in self._views.closing_set.closings if one.road in route.road_set)
            # Routes that are held here are never others at the same addresses.
            known = self._closings_on[id(route)] = route, found
        return known[1]

    def twin(self, changes: object, make: Callable[[], TwinT]) -> TwinT:
        """Return what a what-if of these changes is, made once; who asks for the same changes gets the same one."""
        known = self._twins.get(changes)
        if known is None:
            if len(self._twins) >= MOST_TWINS:
                self._twins.clear()
            known = self._twins.setdefault(changes, make())
        return known  # type: ignore[return-value]  # made by the same function for the same changes
