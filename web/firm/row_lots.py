"""The rows of a file in lots, each prepared ahead of the transaction that keeps it, here or in a second process.

The second process has a few lots before it at any time; when this one needs a lot that nobody has begun, it does the
next itself. Lots are given out in the order of the rows, whoever prepared them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geodata.errors import BaotongError
from passes.intake.handling import own_document
from passes.intake.preparing import HOLDS_FOR, Ground, Prepared, own_application
from passes.intake.sent_rows import ReceivedRows, Receiver
from web.firm.side_frames import Answer, Asked

if TYPE_CHECKING:
    from passes.intake.file import ApplicationRow
    from passes.whitelist.firms import Firm
    from web.firm.side_preparer import SidePreparer

#: Lots that the second process has before it: it never waits for the next.
_AT_ONCE: Final = 3
#: Lots that may be ready before they are kept: what is prepared grows old.
_AHEAD: Final = 40
#: So long an answer is waited for; it takes some hundredths of a second.
PATIENCE_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class Found:
    """What was prepared of a lot's rows, what it rests on, and of which moment."""

    ground: Ground
    at: datetime
    rows: ReceivedRows | Sequence[Prepared | BaotongError]


@dataclass(eq=False)
class Lot:
    """Some rows that follow each other, their number among all lots, and what was prepared of them.

    Attributes
    ----------
    asked_at
        Moment as of which the second process was asked.
    """

    number: int
    rows: Sequence[ApplicationRow]
    found: Found | None = None
    asked_at: datetime | None = None

    @property
    def is_prepared(self) -> bool:
        """Tell whether its rows were prepared."""
        return self.found is not None

    def prepared(self, firm: Firm, ground: Ground, *, at: datetime) -> Mapping[int, Prepared | BaotongError]:
        """Return what still holds of what was prepared, by the number of the row."""
        found = self.found
        if found is None or found.ground != ground or not found.at <= at < found.at + HOLDS_FOR:
            return {}
        rows: Sequence[Prepared | BaotongError | None]
        if isinstance(found.rows, ReceivedRows):
            own = [
                own_application(one.application, own_document(one.document, firm), firm)
                for one in self.rows
                if one.application is not None
            ]
            rows = found.rows.prepared(own, firm) if len(own) == len(self.rows) else []
        else:
            rows = found.rows
        return {row.number: one for row, one in zip(self.rows, rows, strict=False) if one is not None}


class RowLots:
    """The lots of a file.

    Parameters
    ----------
    rows
        All rows that are not kept yet.
    lot_rows
        How many make a lot.
    prepare
        Prepares rows in this process, and says on what ground.
    clock
        Tells the moment.
    """

    def __init__(
        self,
        rows: Sequence[ApplicationRow],
        lot_rows: int,
        prepare: Callable[[Sequence[ApplicationRow]], Found],
        clock: Callable[[], datetime],
    ) -> None:
        parts = (rows[start : start + lot_rows] for start in range(0, len(rows), lot_rows))
        self._lots = [Lot(number, part) for number, part in enumerate(parts)]
        self._next = 0
        self._free = deque(self._lots)
        self._asked: deque[Lot] = deque()
        self._prepare = prepare
        self._clock = clock
        self._side: SidePreparer | None = None
        self._firm: Firm | None = None
        self._receiver = Receiver()
        self._change = threading.Condition()

    def share_with(self, side: SidePreparer, firm: Firm) -> None:
        """Have lots of a firm prepared by a second process as well."""
        self._side, self._firm = side, firm
        side.listen(self._hear)

    def take(self, count: int) -> list[Lot]:
        """Return the next lots, so many rows or a lot more, all prepared; none when everything was taken."""
        taken: list[Lot] = []
        while sum(len(one.rows) for one in taken) < count and self._next < len(self._lots):
            lot = self._lots[self._next]
            self._make_ready(lot)
            taken.append(lot)
            with self._change:
                self._next += 1
                self._feed()
        return taken

    def _make_ready(self, lot: Lot) -> None:
        """Prepare lots until this one is."""
        began = time.monotonic()
        while True:
            with self._change:
                if lot.is_prepared:
                    return
                mine = self._free.popleft() if self._free else None
                if mine is None and not self._change.wait(0.2):
                    self._lose_patience(began)
            if mine is not None:
                mine.found = self._prepare(mine.rows)

    def _lose_patience(self, began: float) -> None:
        if self._side is not None and time.monotonic() - began > PATIENCE_S:
            self._side.give_up()
            self._take_back()

    def _take_back(self) -> None:
        """Free the lots that the second process has before it: it is lost."""
        self._free.extendleft(reversed(self._asked))
        self._asked.clear()

    def _hear(self, answer: Answer | None) -> None:
        """Take an answer of the second process, or notice that it is ready or lost."""
        side = self._side
        with self._change:
            if answer is not None and self._asked:
                self._take_answer(answer)
            if side is not None and side.is_lost:
                self._take_back()
            self._feed()
            self._change.notify_all()

    def _take_answer(self, answer: Answer) -> None:
        """Give an answer to the lot that it is about; where one is missing, none that follows can be read."""
        lot = self._asked[0]
        if answer.number == lot.number and lot.asked_at is not None:
            self._asked.popleft()
            lot.found = Found(answer.ground, lot.asked_at, self._receiver.rows(answer.rows))
        elif self._side is not None:
            self._side.give_up()

    def _feed(self) -> None:
        """Ask the second process for the next lots, as many as it may have before it."""
        side, firm = self._side, self._firm
        if side is None or firm is None or not side.is_ready or side.is_lost:
            return
        while self._free and len(self._asked) < _AT_ONCE:
            if self._free[0].number >= self._next + _AHEAD:
                return
            lot = self._free.popleft()
            lot.asked_at = self._clock()
            self._asked.append(lot)
            own = [own_document(one.document, firm) for one in lot.rows]
            side.ask(Asked(lot.number, own, lot.asked_at))
