"""A hypothetical state of the roads beside the real one: closures as if in force, and the area they were drawn for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from geodata.areas import Area
from geodata.closures.closing import Closing
from geodata.closures.closure import Closure
from geodata.closures.states import hypothetical_closings
from geodata.closures.unmatched import matched_part
from geodata.county import County
from geodata.windows import Window
from passes.consequence.settlements import RoadStates
from routing.engine import Engine

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Told the share of the work done, 0 to 1; may raise to stop it.
Progress = Callable[[float], None]


def _tell_nobody(_share: float) -> None:
    pass


@dataclass(frozen=True)
class WhatIf:
    """Closures that are only supposed.

    Attributes
    ----------
    connection
        For the register of passes.
    engine
        With every closing of the register; what the same ids close already counts as open.
    at
        Now.
    area
        Drawn for the what-if, None where only closures are asked about: hubs inside it count as in an area in force,
        and what lies inside it is no way out.
    progress
        Told how far the work is; may raise to stop it.
    """

    closures: tuple[Closure, ...]
    connection: sa.Connection
    county: County
    engine: Engine
    at: datetime
    area: Area | None = None
    progress: Progress = _tell_nobody

    @cached_property
    def window(self) -> Window:
        """The time that all closures span, from now on."""
        windows = [one.window for one in self.closures if one.window is not None]
        start = max([self.at, *([min(one.start for one in windows)] if windows else [])])
        ends = [one.end for one in windows if one.end is not None]
        if not ends or len(ends) < len(windows):
            return Window(start)
        return Window(start, max([*ends, start + timedelta(microseconds=1)]))

    @cached_property
    def closings(self) -> tuple[Closing, ...]:
        """What the closures close, on roads that the network has."""
        network = self.engine.network
        return hypothetical_closings((matched_part(one, network) for one in self.closures), network)

    @cached_property
    def now(self) -> Engine:
        """The roads as they are, without what these very closures close already."""
        ids = {one.id for one in self.closures} & {one.closure_id for one in self.engine.closings}
        return self.engine.snapshot(lifted=sorted(ids))

    @cached_property
    def then(self) -> Engine:
        """The roads with the closures."""
        return self.now.snapshot(closings=self.closings)

    @cached_property
    def states(self) -> RoadStates:
        """The roads before and after, for everybody without a pass, at the moment the first closure begins."""
        start = self.window.start
        now = tuple(one for one in self.now.closings if one.window is None or one.window.holds(start))
        return RoadStates(self.county, now, self.closings)
