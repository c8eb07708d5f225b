"""A ticket (问题单): the steps by which a finding is handled, its state, and who may take which step.

found -> assigned to a unit -> resolved by that unit -> verified and closed by another. Nothing automatic closes one,
and nobody closes their own (D9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from geodata.errors import BadInputError

#: Steps in the words of the record.
SENT: Final = "sent"
RESOLVED: Final = "resolved"
RETURNED: Final = "returned"
CLOSED: Final = "closed"
#: State after each step; without a step a finding is only found.
STATES: Final = {SENT: "assigned", RESOLVED: "resolved", RETURNED: "assigned", CLOSED: "closed"}
FOUND: Final = "found"
#: From which states each step may be taken.
_FROM: Final = {
    SENT: (FOUND, "assigned", "closed"),
    RESOLVED: ("assigned",),
    RETURNED: ("resolved",),
    CLOSED: ("resolved",),
}
#: What a person saw on site.
SIGHTS: Final = ("open", "blocked", "")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ticket, as recorded.

    Attributes
    ----------
    step
        "sent", "resolved", "returned" or "closed".
    account, by_unit
        Who took it, and for which unit.
    unit
        The responsible unit from this step on.
    note, photo
        What was done or seen.
    sight
        "open" or "blocked" as seen on site; "" where nobody looked.
    due_at
        By when the responsible unit is to answer; None after its answer.
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
        return STATES[self.steps[-1].step] if self.steps else FOUND

    @property
    def unit(self) -> str:
        """The responsible unit, "" before it is sent to one."""
        return self.steps[-1].unit if self.steps else ""

    @property
    def due_at(self) -> datetime | None:
        """By when the responsible unit is to answer."""
        return self.steps[-1].due_at if self.steps else None

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether the responsible unit has let its time pass."""
        return self.state == "assigned" and self.due_at is not None and self.due_at <= at


def check_step(ticket: Ticket, step: Step) -> None:
    """Refuse a step that this person may not take now.

    Raises
    ------
    BadInputError
        `ticket-step-unknown`, `ticket-step-out-of-turn` with the state; `ticket-without-unit`; `ticket-of-another-unit`
        where another than the responsible unit answers; `ticket-own-closing` where the responsible unit, or whoever
        answered for it, would verify; `ticket-note-missing`; `ticket-still-blocked` where the road was seen blocked.
    """
    if step.step not in _FROM or step.sight not in SIGHTS:
        raise BadInputError("ticket-step-unknown", "step", value=step.step, choices=list(_FROM))
    if ticket.state not in _FROM[step.step]:
        raise BadInputError("ticket-step-out-of-turn", "step", state=ticket.state)
    if not step.unit.strip():
        raise BadInputError("ticket-without-unit", "unit")
    if step.step == RESOLVED and step.by_unit != ticket.unit:
        raise BadInputError("ticket-of-another-unit", "step", unit=ticket.unit)
    if step.step in {RETURNED, CLOSED} and (step.by_unit == ticket.unit or step.account in _answered_by(ticket)):
        raise BadInputError("ticket-own-closing", "step", unit=ticket.unit)
    if step.step != SENT and not step.note.strip():
        raise BadInputError("ticket-note-missing", "note")
    if step.step == CLOSED and step.sight == "blocked":
        raise BadInputError("ticket-still-blocked", "sight")


def _answered_by(ticket: Ticket) -> set[str]:
    return {one.account for one in ticket.steps if one.step == RESOLVED}
