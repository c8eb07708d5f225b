"""The closure-aware engine: least-time routes and matrices on one network, with closings that come and go.

**Which closings count.** With `until`: every closing whose window overlaps depart_at <= t < until. Without: those in
force while the vehicle is on that road, found by driving routes in time (`routing.settling`, which says where the
answer is exact and where it is a bound).

**Threads.** Everything about closings is one immutable value, read once a question and swapped whole, so questions
may be asked while another thread applies or lifts.

Searches run in a customizable contraction hierarchy (`routing.hierarchy`), one a network.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.network import Network
from geodata.road_classes import RoadClass
from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from routing.alternatives import dissimilar_routes
from routing.answering import answer_ask, answer_asks
from routing.ask import TURNS, Ask, check_points, check_turns
from routing.closing_check import check_closings
from routing.closing_set import ClosingSet
from routing.matrix import Grid, Matrix, matrix_over
from routing.open_views import ArcCosts, OpenViews
from routing.plain_answer import plain_route
from routing.remembered_routes import RememberedRoutes
from routing.route import NoRoute, Route

__all__ = ["Ask", "Engine", "Grid", "Matrix", "NoRoute", "Route"]


class Engine:
    """Routes on one network; one a process, or one a what-if.

    Parameters
    ----------
    speeds_kmh
        Speed on a road without a signed limit, for every class.
    closings
        A closure may have several; a hypothetical one is just another element.

    Raises
    ------
    BadInputError
        `closing-road-unknown` or `closing-part-reversed`, with the closure's id.
    """

    def __init__(
        self, network: Network, *, speeds_kmh: Mapping[RoadClass, float], closings: Iterable[Closing] = ()
    ) -> None:
        checked = check_closings(closings, network)
        self._views = OpenViews(ArcCosts(network, speeds_kmh), checked)
        self._change = threading.Lock()

    @property
    def network(self) -> Network:
        """The network without any closing."""
        return self._views.costs.network

    @property
    def closings(self) -> tuple[Closing, ...]:
        """Every closing, in force or not."""
        return self._views.closing_set.closings

    @property
    def closing_set(self) -> ClosingSet:
        """Every closing, side by side."""
        return self._views.closing_set

    @property
    def remembered(self) -> RememberedRoutes:
        """What was asked before on the closings of this moment."""
        return self._views.once(RememberedRoutes)

    def usable_roads(self, vehicle: Vehicle) -> NDArray[np.bool_]:
        """Return the (m,) mask of roads the vehicle may use in some direction; closings do not count here."""
        return self._views.costs.metric(vehicle).usable_roads

    def make_ready(self, vehicle: Vehicle) -> None:
        """Have everything ready for many questions of a vehicle; else its first ones take longer."""
        costs = self._views.costs
        costs.hierarchy.pool.ready(costs.metric(vehicle))

    def apply(self, closings: Iterable[Closing]) -> None:
        """Add closings; what a closure of theirs closed before is replaced, so applying twice is applying once.

        Raises
        ------
        BadInputError
            `closing-road-unknown` or `closing-part-reversed`; nothing was changed.
        """
        checked = check_closings(closings, self.network)
        with self._change:
            self._views = self._views.moved_on(self._views.closing_set.replacing(checked))

    def lift(self, closure_id: str) -> None:
        """Take away exactly what one closure closed; other closures of the same road stay.

        Raises
        ------
        BadInputError
            `closure-not-closed`.
        """
        with self._change:
            self._views = self._views.moved_on(self._views.closing_set.without([closure_id]))

    def snapshot(self, *, closings: Iterable[Closing] = (), lifted: Iterable[str] = ()) -> Engine:
        """Return an engine for a what-if: some closures lifted, then some closings applied. This one never changes.

        Raises
        ------
        BadInputError
            As `apply` and `lift`.
        """
        checked, ids = check_closings(closings, self.network), tuple(lifted)
        twin = object.__new__(Engine)
        views = self._views
        # The same closings leave the same networks open: a twin goes on with those that are ready.
        is_same = not checked.closings and not ids
        closing_set = views.closing_set.without(ids).replacing(checked)
        twin._views = views if is_same else views.with_closings(closing_set)
        twin._change = threading.Lock()
        return twin

    def route(self, ask: Ask) -> Route | NoRoute:
        """Return the least-time route, ties by length, or why there is none.

        Raises
        ------
        BadInputError
            `time-without-offset`, `window-reversed` (until not after depart_at), `holder-unknown`,
            `turns-unknown`, `road-point-unknown`, `vehicle-access-unknown` or `vehicle-speed-not-positive`.
        """
        views = self._views
        if ask.turns not in TURNS:
            check_turns([ask])
        route = plain_route(views, ask)
        if route is not None:
            return route
        check_points(self.network, (ask.origin, ask.destination))
        return answer_ask(views, ask)

    def route_batch(self, asks: Sequence[Ask]) -> list[Route | NoRoute]:
        """Answer many questions in their order, all on the closings of this moment."""
        views = self._views
        check_turns(asks)
        check_points(self.network, (point for ask in asks for point in (ask.origin, ask.destination)))
        return answer_asks(views, asks)

    def alternatives(self, ask: Ask, count: int) -> list[Route]:
        """Return up to so many routes that differ from each other, the least-time one first; none if there is none.

        Raises
        ------
        BadInputError
            As `route`.
        """
        check_turns([ask])
        check_points(self.network, (ask.origin, ask.destination))
        return dissimilar_routes(self._views, ask, count)

    def matrix(
        self,
        origins: Sequence[RoadPoint],
        destinations: Sequence[RoadPoint],
        *,
        vehicle: Vehicle,
        depart_at: datetime,
        holder: str = "public",
        until: datetime | None = None,
    ) -> Matrix:
        """Return duration and distance of the route between every pair, as `route` would find it; infinity: none.

        Raises
        ------
        BadInputError
            As `route`.
        """
        return self.grid(Grid(tuple(origins), tuple(destinations), vehicle, depart_at, holder, until))

    def grid(self, grid: Grid) -> Matrix:
        """Return a matrix as `matrix` does, also one that keeps the turns.

        Raises
        ------
        BadInputError
            As `route`.
        """
        check_turns([grid])
        check_points(self.network, (*grid.origins, *grid.destinations))
        return matrix_over(self._views, grid)
