"""Ask the engine for the stages of one trip: one vehicle, one holder, one window in which no closing is met."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from routing.engine import Ask, Engine, Grid
from routing.errors import NoRouteError
from routing.route import NoRoute, Route

ChoiceT = TypeVar("ChoiceT")


@dataclass(frozen=True, slots=True)
class TripRouter:
    """Routes stages of a trip, avoiding every closing whose window meets [depart_at, until); see `Ask.until`.

    Attributes
    ----------
    turns
        As in `Ask`, for routes and for driving times.
    """

    engine: Engine
    vehicle: Vehicle
    holder: str
    depart_at: datetime
    until: datetime | None
    turns: str = "ignored"

    def find(self, origin: RoadPoint, destination: RoadPoint) -> Route | NoRoute:
        """Return the route of one stage, or why there is none."""
        return self.engine.remembered.route(self._ask(origin, destination))

    def lasts(self, origin: RoadPoint, destination: RoadPoint) -> bool:
        """Tell whether the route of a stage is the same for every departure for which the same closings count."""
        return self.engine.remembered.lasts(self._ask(origin, destination))

    def _ask(self, origin: RoadPoint, destination: RoadPoint) -> Ask:
        return Ask(origin, destination, self.vehicle, self.depart_at, self.holder, self.until, self.turns)

    def route(self, origin: RoadPoint, destination: RoadPoint, *, names: tuple[str, str]) -> Route:
        """Return the route of one stage between the stops of these names.

        Raises
        ------
        NoRouteError
            With the closures that cut it.
        """
        route = self.find(origin, destination)
        if isinstance(route, NoRoute):
            raise NoRouteError(route, *names)
        return route

    def chosen(self, among: Sequence[object], choose: Callable[[], ChoiceT], *, how: object = "") -> ChoiceT:
        """Return what is chosen by driving times alone among things that others ask about too: looked for once.

        Parameters
        ----------
        among
            Known by their identity.
        how
            What else the choice hangs on, known by its value.
        """
        if self.until is None:
            return choose()
        asked = Grid((), (), self.vehicle, self.depart_at, self.holder, self.until, self.turns)
        return self.engine.remembered.chosen((how, among), asked, choose)

    def seconds(self, origins: Sequence[RoadPoint], destinations: Sequence[RoadPoint]) -> NDArray[np.float64]:
        """Return the (o, d) driving times, infinity where there is no route."""
        ends = tuple(origins), tuple(destinations)
        grid = Grid(*ends, self.vehicle, self.depart_at, self.holder, self.until, self.turns)
        return self.engine.remembered.seconds(grid)
