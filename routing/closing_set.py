"""The closings an engine knows, as an immutable set: which count for whom at what time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import compress
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import BadInputError
from geodata.windows import Window

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ALWAYS: Final = (1 << 63) - 1
#: Which travel is closed: 1 forward, 2 backward, 3 both.
BOTH_WAYS: Final = 3
_BOTH, _FORWARD, _BACKWARD = Direction.BOTH, Direction.FORWARD, Direction.BACKWARD
#: Choices kept with a set.
CHOICES_KEPT: Final = 64
#: Up to so many closings are looked at one by one: for so few that is sooner than arrays are made.
FEW: Final = 24


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


class _Row(NamedTuple):
    """When one closing closes, and whom it lets through."""

    start_us: int
    end_us: int
    lets_holders_through: bool


def _row(closing: Closing) -> _Row:
    start_us, end_us, window = -_ALWAYS, _ALWAYS, closing.window
    if window is not None:
        start_us = instant_us(window.start, where=closing.closure_id)
        if window.end is not None:
            end_us = instant_us(window.end, where=closing.closure_id)
    return _Row(start_us, end_us, closing.lets_pass_holders_through)


class Columns(NamedTuple):
    """What c closings say, side by side.

    Attributes
    ----------
    road : (c,) int64
    closes : (c, 2) bool
        Whether forward and backward travel is closed.
    window_us : (c, 2) int64
        Start and end of each window, microseconds since 1970.
    lets_holders_through : (c,) bool
        Which are open for pass holders.
    part_m : (c, 2) float64
        Where on its road each begins and ends.
    """

    road: NDArray[np.int64]
    closes: NDArray[np.bool_]
    window_us: NDArray[np.int64]
    lets_holders_through: NDArray[np.bool_]
    part_m: NDArray[np.float64]

    def of(self, some: NDArray[np.bool_]) -> Columns:
        """Return the rows of a (c,) mask."""
        return Columns._make(column[some] for column in self)

    def followed_by(self, other: Columns) -> Columns:
        """Return these rows and then those of others."""
        if not len(self.road) or not len(other.road):
            return self if len(self.road) else other
        both = [np.concatenate(columns) for columns in zip(self, other, strict=True)]
        return Columns._make(both)


def _windows_us(ids: tuple[str, ...], windows: tuple[Window | None, ...]) -> NDArray[np.int64]:
    windows_us = np.empty((len(ids), 2), dtype=np.int64)
    windows_us[:] = -_ALWAYS, _ALWAYS
    if windows.count(None) < len(windows):
        for number, window in enumerate(windows):
            if window is not None:
                windows_us[number, 0] = instant_us(window.start, where=ids[number])
                if window.end is not None:
                    windows_us[number, 1] = instant_us(window.end, where=ids[number])
    return windows_us


def _closes(ways: tuple[Direction, ...]) -> NDArray[np.bool_]:
    """Return whether forward and backward travel is closed, (c, 2); directions are told apart without their hashes."""
    closes = np.ones((len(ways), 2), dtype=np.bool_)
    if ways.count(_BOTH) < len(ways):
        closes[:, 0] = [way is not _BACKWARD for way in ways]
        closes[:, 1] = [way is not _FORWARD for way in ways]
    return closes


def _columns(closings: tuple[Closing, ...]) -> Columns:
    if not closings:
        nothing = np.empty((0, 2), dtype=np.int64)
        is_nothing = nothing.astype(np.bool_)
        return Columns(nothing[:, 0], is_nothing, nothing, is_nothing[:, 0], nothing.astype(np.float64))
    count = len(closings)
    ids, roads, ways, from_m, to_m, windows, through = zip(*closings, strict=True)
    part_m = np.empty((count, 2))
    part_m[:, 0] = np.fromiter(from_m, np.float64, count)
    part_m[:, 1] = np.fromiter(to_m, np.float64, count)
    lets_through = np.array(through, dtype=np.bool_) if True in through else np.zeros(count, dtype=np.bool_)
    return Columns(np.fromiter(roads, np.int64, count), _closes(ways), _windows_us(ids, windows), lets_through, part_m)


@dataclass(frozen=True, eq=False)
class Choice:
    """Which closings of a set concern somebody who departs in some stretch of time; masks are (c,) over the set.

    Attributes
    ----------
    eligible
        Those that concern this holder at some time.
    counted
        Those that count from the start: in force at departure, or at some time until the end that was asked for.
    has_later
        Whether others may come to concern this holder under way.
    first_end_us
        When the first of those counted ends.
    since_us, before_us
        All departures in this stretch of time have the same choice.
    """

    eligible: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    has_later: bool
    first_end_us: int
    since_us: int
    before_us: int


class ClosingSet:
    """Closings in a fixed order, never changed; one closure may have several. Masks below are (c,) over that order."""

    def __init__(self, closings: tuple[Closing, ...]) -> None:
        self.closings = closings

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of the closures."""
        return frozenset(map(itemgetter(0), self.closings))

    @cached_property
    def columns(self) -> Columns:
        """What the closings say, side by side."""
        return _columns(self.closings)

    @cached_property
    def all_count(self) -> Choice | None:
        """The choice for everybody at any time where the closings are few and stop everybody always; else None."""
        count = len(self.closings)
        if count > FEW:
            return None
        for closing in self.closings:
            if closing.window is not None or closing.lets_pass_holders_through:
                return None
        return ALL_COUNT[count]

    @property
    def window_us(self) -> NDArray[np.int64]:
        """Start and end of each window, (c, 2), microseconds since 1970."""
        return self.columns.window_us

    @property
    def road(self) -> NDArray[np.int64]:
        """Road of each closing, (c,)."""
        return self.columns.road

    def concerning(self, holder: str) -> NDArray[np.bool_]:
        """Return which closings stop a "public" vehicle, or a "pass" holder."""
        if holder == "pass":
            return ~self.columns.lets_holders_through
        return np.ones(len(self.closings), dtype=np.bool_)

    def in_force(self, from_us: int, until_us: int | None = None) -> NDArray[np.bool_]:
        """Return which closings are in force at an instant, or at some instant of from_us <= t < until_us."""
        start, end = self.window_us[:, 0], self.window_us[:, 1]
        last_us = from_us if until_us is None else until_us - 1
        return np.asarray((start <= last_us) & (from_us < end), dtype=np.bool_)

    @cached_property
    def _choices(self) -> dict[tuple[str, int | None], Choice]:
        return {}

    def choice(self, holder: str, from_us: int, until_us: int | None = None) -> Choice:
        """Return which closings count for a departure; kept, since many depart between two changes."""
        if self.all_count is not None:
            return self.all_count
        known = self._choices.get((holder, until_us))
        if known is None or not known.since_us <= from_us < known.before_us:
            if len(self.closings) <= FEW:
                known = _choice_of_few(tuple(map(_row, self.closings)), holder, from_us, until_us)
            else:
                eligible = self.concerning(holder)
                known = self.choice_of(eligible, eligible & self.in_force(from_us, until_us), from_us)
            if len(self._choices) >= CHOICES_KEPT:
                self._choices.clear()
            self._choices[holder, until_us] = known
        return known

    def choice_of(self, eligible: NDArray[np.bool_], counted: NDArray[np.bool_], from_us: int) -> Choice:
        """Return a choice of closings with what follows from it for a departure."""
        edges, ends = self.window_us, self.window_us[:, 1]
        is_past = edges <= from_us
        return Choice(
            eligible,
            counted,
            has_later=bool((eligible & ~counted & ~is_past[:, 1]).any()),
            first_end_us=int(ends[counted].min(initial=_ALWAYS)),
            since_us=int(edges[is_past].max(initial=-_ALWAYS)),
            before_us=int(edges[~is_past].min(initial=_ALWAYS)),
        )

    def of_closures(self, ids: Iterable[str]) -> NDArray[np.bool_]:
        """Return which closings belong to these closures."""
        wanted = frozenset(ids)
        return np.array([closing.closure_id in wanted for closing in self.closings], dtype=np.bool_)

    def replacing(self, closings: Iterable[Closing] | ClosingSet) -> ClosingSet:
        """Return the set with these closings in place of whatever their closures had closed before."""
        new = closings if isinstance(closings, ClosingSet) else ClosingSet(tuple(closings))
        kept = self._without(new.ids & self.ids) if self.closings else self
        if not kept.closings:
            return new
        both = ClosingSet(kept.closings + new.closings)
        both.__dict__["ids"] = kept.ids | new.ids
        if len(both.closings) > FEW:
            both.__dict__["columns"] = kept.columns.followed_by(new.columns)
        return both

    def _without(self, ids: frozenset[str]) -> ClosingSet:
        """Return the set without these closures, all of which are here."""
        if not ids:
            return self
        if len(ids) == len(self.ids):
            return NOTHING_CLOSED
        stays = np.array([closing.closure_id not in ids for closing in self.closings], dtype=np.bool_)
        kept = ClosingSet(tuple(compress(self.closings, stays.tolist())))
        kept.__dict__["ids"] = self.ids - ids
        if len(kept.closings) > FEW:
            kept.__dict__["columns"] = self.columns.of(stays)
        return kept

    def without(self, ids: Iterable[str]) -> ClosingSet:
        """Return the set without these closures.

        Raises
        ------
        BadInputError
            `closure-not-closed` for an id that closes nothing here.
        """
        lifted = frozenset(ids)
        if not lifted <= self.ids:
            raise BadInputError("closure-not-closed", min(lifted - self.ids))
        return self._without(lifted)


def _all_count(count: int) -> Choice:
    every = np.ones(count, dtype=np.bool_)
    every.flags.writeable = False
    return Choice(every, every, has_later=False, first_end_us=_ALWAYS, since_us=-_ALWAYS, before_us=_ALWAYS)


#: The choice of so many closings that stop everybody at any time.
ALL_COUNT: Final = tuple(map(_all_count, range(FEW + 1)))
#: Every road is open.
NOTHING_CLOSED: Final = ClosingSet(())


def _choice_of_few(rows: tuple[_Row, ...], holder: str, from_us: int, until_us: int | None) -> Choice:
    """Return the choice for a departure, closing by closing."""
    last_us = from_us if until_us is None else until_us - 1
    is_holder = holder == "pass"
    eligible, counted = bytearray(len(rows)), bytearray(len(rows))
    has_later, first_end_us, since_us, before_us = False, _ALWAYS, -_ALWAYS, _ALWAYS
    for number, (start_us, end_us, lets_through) in enumerate(rows):
        concerns = not (is_holder and lets_through)
        eligible[number] = concerns
        if concerns and start_us <= last_us and from_us < end_us:
            counted[number] = True
            first_end_us = min(first_end_us, end_us)
        elif concerns and from_us < end_us:
            has_later = True
        for edge_us in (start_us, end_us):
            if since_us < edge_us <= from_us:
                since_us = edge_us
            elif from_us < edge_us < before_us:
                before_us = edge_us
    masks = np.frombuffer(bytes(eligible + counted), dtype=np.bool_)
    return Choice(masks[: len(rows)], masks[len(rows) :], has_later, first_end_us, since_us, before_us)
