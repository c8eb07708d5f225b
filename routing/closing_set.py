"""The closings an engine knows, as an immutable set: which count for whom at what time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import isfinite
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.errors import BadInputError
from geodata.network import Network

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ALWAYS: Final = (1 << 63) - 1


def instant_us(instant: datetime, *, where: str) -> int:
    """Return an instant as microseconds since 1970.

    Raises
    ------
    BadInputError
        `time-without-offset`.
    """
    if instant.tzinfo is None:
        raise BadInputError("time-without-offset", where, value=instant.isoformat())
    return (instant - _EPOCH) // _MICROSECOND


def _window_us(closing: Closing) -> tuple[int, int]:
    if closing.window is None:
        return -_ALWAYS, _ALWAYS
    start = instant_us(closing.window.start, where=closing.closure_id)
    end = closing.window.end
    return start, _ALWAYS if end is None else instant_us(end, where=closing.closure_id)


def check_closing(closing: Closing, network: Network) -> Closing:
    """Return the closing if it fits the network.

    Raises
    ------
    BadInputError
        `closing-road-unknown`, or `closing-part-reversed` where from_m > to_m or either is no number.
    """
    if not 0 <= closing.road < network.road_count:
        raise BadInputError("closing-road-unknown", closing.closure_id, road=closing.road)
    if not (isfinite(closing.from_m) and isfinite(closing.to_m) and closing.from_m <= closing.to_m):
        raise BadInputError(
            "closing-part-reversed", closing.closure_id, from_m=str(closing.from_m), to_m=str(closing.to_m)
        )
    return closing


@dataclass(frozen=True, eq=False)
class ClosingSet:
    """Closings in a fixed order; one closure may have several. Masks below are (c,) over that order."""

    closings: tuple[Closing, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of the closures."""
        return frozenset(closing.closure_id for closing in self.closings)

    @cached_property
    def window_us(self) -> NDArray[np.int64]:
        """Start and end of each window, (c, 2), microseconds since 1970."""
        return np.array([_window_us(closing) for closing in self.closings], dtype=np.int64).reshape(-1, 2)

    @cached_property
    def lets_holders_through(self) -> NDArray[np.bool_]:
        """Which closings are open for pass holders, (c,)."""
        return np.array([closing.lets_pass_holders_through for closing in self.closings], dtype=np.bool_)

    @cached_property
    def road(self) -> NDArray[np.int64]:
        """Road of each closing, (c,)."""
        return np.array([closing.road for closing in self.closings], dtype=np.int64)

    def concerning(self, holder: str) -> NDArray[np.bool_]:
        """Return which closings stop a "public" vehicle, or a "pass" holder."""
        if holder == "pass":
            return ~self.lets_holders_through
        return np.ones(len(self.closings), dtype=np.bool_)

    def in_force(self, from_us: int, until_us: int | None = None) -> NDArray[np.bool_]:
        """Return which closings are in force at an instant, or at some instant of from_us <= t < until_us."""
        start, end = self.window_us[:, 0], self.window_us[:, 1]
        last_us = from_us if until_us is None else until_us - 1
        return np.asarray((start <= last_us) & (from_us < end), dtype=np.bool_)

    def of_closures(self, ids: Iterable[str]) -> NDArray[np.bool_]:
        """Return which closings belong to these closures."""
        wanted = frozenset(ids)
        return np.array([closing.closure_id in wanted for closing in self.closings], dtype=np.bool_)

    def replacing(self, closings: Iterable[Closing]) -> ClosingSet:
        """Return the set with these closings in place of whatever their closures had closed before."""
        new = tuple(closings)
        renewed = {closing.closure_id for closing in new}
        kept = tuple(closing for closing in self.closings if closing.closure_id not in renewed)
        return ClosingSet(kept + new)

    def without(self, ids: Iterable[str]) -> ClosingSet:
        """Return the set without these closures.

        Raises
        ------
        BadInputError
            `closure-not-closed` for an id that closes nothing here.
        """
        lifted = frozenset(ids)
        for closure_id in sorted(lifted - self.ids):
            raise BadInputError("closure-not-closed", closure_id)
        return ClosingSet(tuple(closing for closing in self.closings if closing.closure_id not in lifted))
