"""A question for a route, and which closings count for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.network import Network
from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from geodata.windows import Window
from routing.closing_set import Choice, ClosingSet, instant_us

HOLDERS: Final = ("public", "pass")
#: Whether turn restrictions and U-turns are looked at; sweeps and plans ignore them.
KEPT: Final = "kept"
TURNS: Final = ("ignored", KEPT)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for a route.

    Attributes
    ----------
    depart_at
        With offset.
    holder
        "public", or "pass": closings that let pass holders through are open.
    until
        Avoid every closing in force at any time from departure until then, whether it would be met or not.
    turns
        "kept": no forbidden turn is taken, and U-turns at dead ends only. A turn with hours is forbidden if they hold
        when the vehicle takes it, on the clock of `depart_at` (give it in the county's time zone); with `until` at any
        hour. "ignored": the plain network.
    """

    origin: RoadPoint
    destination: RoadPoint
    vehicle: Vehicle
    depart_at: datetime
    holder: str = "public"
    until: datetime | None = None
    turns: str = "ignored"


class Reckoning(NamedTuple):
    """Closings of a set as one question sees them.

    Attributes
    ----------
    depart_us
        Microseconds since 1970.
    choice
        Which closings concern this holder, and which of them count from the start.
    """

    depart_us: int
    choice: Choice

    @property
    def eligible(self) -> NDArray[np.bool_]:
        """Closings that concern this holder at some time, (c,)."""
        return self.choice.eligible

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Closings that count from the start, (c,)."""
        return self.choice.counted

    def without(self, lifted: NDArray[np.bool_], closing_set: ClosingSet) -> Reckoning:
        """Return what is left where some closings are lifted."""
        choice = closing_set.choice_of(self.eligible & ~lifted, self.counted & ~lifted, self.depart_us)
        return Reckoning(self.depart_us, choice)


def reckon(closing_set: ClosingSet, *, depart_at: datetime, until: datetime | None, holder: str) -> Reckoning:
    """Return which closings count for a departure.

    Raises
    ------
    BadInputError
        `holder-unknown`, `time-without-offset`, or `window-reversed` where `until` is not after the departure.
    """
    if holder not in HOLDERS:
        raise BadInputError("holder-unknown", "holder", value=holder, known=list(HOLDERS))
    depart_us = instant_us(depart_at, where="depart_at")
    until_us = None if until is None else instant_us(until, where="until")
    if until is not None:
        Window(depart_at, until)
    return Reckoning(depart_us, closing_set.choice(holder, depart_us, until_us))


class SaysTurns(Protocol):
    """A question that says what it wants of turns."""

    @property
    def turns(self) -> str:
        """One of `TURNS`."""


def check_turns(asks: Iterable[SaysTurns]) -> None:
    """Refuse a question that says something else about turns.

    Raises
    ------
    BadInputError
        `turns-unknown`.
    """
    for ask in asks:
        if ask.turns not in TURNS:
            raise BadInputError("turns-unknown", "turns", value=ask.turns, known=list(TURNS))


def check_points(network: Network, points: Iterable[RoadPoint]) -> None:
    """Refuse a point that is on no road of the network.

    Raises
    ------
    BadInputError
        `road-point-unknown`.
    """
    count = network.road_count
    for point in points:
        if not (0 <= point.road < count and isfinite(point.offset_m)):
            raise BadInputError("road-point-unknown", "position", road=point.road, offset_m=str(point.offset_m))
