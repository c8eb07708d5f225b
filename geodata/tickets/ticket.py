"""A ticket (问题单): the steps by which a finding is handled, its state, its clock, and who may take which step.

found -> assigned to a unit -> resolved by that unit -> verified and closed by another. The clock opens a ticket where
an approval has ended, brings one that lasts too long before the next level, and hands one of a dissolved unit on;
nothing automatic closes one, and nobody closes their own (D7, D9, W10).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from geodata.errors import BadInputError

#: Steps of people in the words of the record.
SENT: Final = "sent"
RESOLVED: Final = "resolved"
RETURNED: Final = "returned"
CLOSED: Final = "closed"
#: Steps of the clock: a road to be reopened, a time that has run out, a unit that is no more.
REOPEN: Final = "reopen"
RAISED: Final = "raised"
MOVED: Final = "moved"
CLOCK_STEPS: Final = (REOPEN, RAISED, MOVED)
#: Stands for the account and the unit of a step that the clock took.
CLOCK: Final = ""
#: State after each step; without a step a finding is only found. The other steps of the clock leave the state.
STATES: Final = {SENT: "assigned", REOPEN: "assigned", RESOLVED: "resolved", RETURNED: "assigned", CLOSED: "closed"}
FOUND: Final = "found"
#: From which states each step may be taken.
_FROM: Final = {
    SENT: (FOUND, "assigned", "closed"),
    RESOLVED: ("assigned",),
    RETURNED: ("resolved",),
    CLOSED: ("resolved",),
    REOPEN: (FOUND, "closed"),
    RAISED: ("assigned", "resolved"),
    MOVED: ("assigned", "resolved"),
}
#: What a person saw on site: open, blocked, or that a hard barrier gave way to guards or a movable one.
SOFTENED: Final = "softened"
SIGHTS: Final = ("open", "blocked", SOFTENED, "")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ticket, as recorded.

    Attributes
    ----------
    step
        "sent", "resolved", "returned" or "closed"; of the clock "reopen", "raised" or "moved".
    account, by_unit
        Who took it, and for which unit; "" for the clock.
    unit
        The responsible unit from this step on.
    note, photo
        What was done or seen; of a raised one whom it was brought before.
    sight
        "open", "blocked" or "softened" as seen on site; "" where nobody looked.
    due_at
        By when the state that it leads to is to end; None for one that is closed.
    """

    step: str
    account: str
    by_unit: str
    unit: str
    at: datetime
    note: str = ""
    photo: str = ""
    sight: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """The steps of one finding: of a check about a subject, such as K1 about a closure.

    Attributes
    ----------
    steps
        Oldest first; their number is what two officers' forms are held against.
    position
        Of the newest step in the log, -1 where there is none.
    """

    check: str
    subject: str
    steps: tuple[Step, ...] = ()
    position: int = -1

    @property
    def state(self) -> str:
        """Return "found", "assigned", "resolved" or "closed"."""
        return next((STATES[one.step] for one in reversed(self.steps) if one.step in STATES), FOUND)

    @property
    def unit(self) -> str:
        """The responsible unit, "" before it is sent to one."""
        return self.steps[-1].unit if self.steps else ""

    @property
    def due_at(self) -> datetime | None:
        """By when the responsible unit is to answer, or supervision to verify."""
        return self.steps[-1].due_at if self.steps else None

    @property
    def level(self) -> int:
        """How often it was brought before the next level since a person last took a step, or it was opened."""
        count = 0
        for one in reversed(self.steps):
            if one.step in STATES:
                break
            count += one.step == RAISED
        return count

    @property
    def is_reopening(self) -> bool:
        """Tell whether it stands for a road to be reopened, from the clock's opening until it is closed."""
        opened = next((one.step for one in reversed(self.steps) if one.step in {REOPEN, SENT, CLOSED}), "")
        return opened == REOPEN

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether the time of its state has run out."""
        return self.state != "closed" and self.due_at is not None and self.due_at <= at


def check_step(ticket: Ticket, step: Step) -> None:
    """Refuse a step that this person, or the clock, may not take now.

    Raises
    ------
    BadInputError
        `ticket-step-unknown`, also where the clock would do a person's or a person the clock's;
        `ticket-step-out-of-turn` with the state; `ticket-without-unit`; `ticket-of-another-unit` where another than
        the responsible unit answers; `ticket-own-closing` where the responsible unit, or a person or unit that
        answered, would verify; `ticket-note-missing`; `ticket-still-blocked` where the road was seen blocked.
    """
    if step.step not in _FROM or step.sight not in SIGHTS or (step.account == CLOCK) != (step.step in CLOCK_STEPS):
        choices = [one for one in _FROM if one not in CLOCK_STEPS]
        raise BadInputError("ticket-step-unknown", "step", value=step.step, choices=choices)
    if ticket.state not in _FROM[step.step]:
        raise BadInputError("ticket-step-out-of-turn", "step", state=ticket.state)
    if not step.unit.strip():
        raise BadInputError("ticket-without-unit", "unit")
    if step.step == RESOLVED and step.by_unit != ticket.unit:
        raise BadInputError("ticket-of-another-unit", "step", unit=ticket.unit)
    if step.step in {RETURNED, CLOSED} and _is_own(ticket, step):
        raise BadInputError("ticket-own-closing", "step", unit=ticket.unit)
    if step.step in {RESOLVED, RETURNED, CLOSED} and not step.note.strip():
        raise BadInputError("ticket-note-missing", "note")
    if step.step == CLOSED and step.sight == "blocked":
        raise BadInputError("ticket-still-blocked", "sight")


def _is_own(ticket: Ticket, step: Step) -> bool:
    """Tell whether who verifies is, or acts for, the responsible unit or one that answered."""
    answered = [one for one in ticket.steps if one.step == RESOLVED]
    units, people = {ticket.unit, *(one.by_unit for one in answered)}, {one.account for one in answered}
    return step.by_unit in units or step.account in people
