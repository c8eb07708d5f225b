"""Take a person's step on a ticket: held against what the register says, and what was seen on site goes into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from geodata.closures.closure import Closure, Observation
from geodata.closures.filings_register import REOPENED, Filing, record_sight
from geodata.closures.rules import cases_of, findings_of
from geodata.closures.states import approval_state
from geodata.county import County
from geodata.errors import BadInputError
from geodata.tickets.board_register import BoardQuery, BoardRow, list_board
from geodata.tickets.evidence import OnRecord, check_evidence
from geodata.tickets.register import check_unchanged, read_ticket, take_step
from geodata.tickets.ticket import CLOSED, RESOLVED, RETURNED, SENT, SOFTENED, STATES, Step, Ticket, check_step
from passes.tickets.board import readable_closures
from passes.tickets.units import known_units

if TYPE_CHECKING:
    import sqlalchemy as sa

#: What somebody filed who saw a road that is not open, and who verified an answer.
SEEN: Final = "seen"
VERIFIED: Final = "verified"
#: What guards leave behind where a hard barrier gave way.
_SOFT_BARRIER: Final = "staffed"


@dataclass(frozen=True, slots=True)
class Done:
    """What a person does about a ticket.

    Attributes
    ----------
    step
        "sent", "resolved", "returned" or "closed".
    account, by_unit
        Who, and for which unit.
    unit
        Of "sent": the responsible unit; it stays what it was for the others.
    """

    step: str
    account: str
    by_unit: str
    at: datetime
    unit: str = ""
    note: str = ""
    photo: str = ""
    sight: str = ""


def handle(connection: sa.Connection, county: County, seen: tuple[str, str, int], done: Done) -> Ticket:
    """Record a step of the ticket that somebody saw, and what they saw on site.

    Parameters
    ----------
    connection
        A writer's transaction.
    seen
        Check, subject, and how many steps the ticket had on the screen.

    Raises
    ------
    BadInputError
        `ticket-changed`, `ticket-unit-unknown`, or what `check_step` and `check_evidence` refuse.
    """
    step = check_handling(connection, county, seen, done)
    taken = take_step(connection, seen, step)
    closure = _closure(connection, taken.subject)
    if step.sight and closure is not None:
        _record_sight(connection, closure, step)
    return taken


def check_handling(connection: sa.Connection, county: County, seen: tuple[str, str, int], done: Done) -> Step:
    """Return the step that `handle` would record, and record nothing.

    Raises
    ------
    BadInputError
        As `handle`.
    """
    check, subject, count = seen
    ticket = read_ticket(connection, check, subject)
    check_unchanged(ticket, count)
    step = _step(ticket, done, county)
    if step.step == SENT and step.unit and step.unit not in known_units(connection, county):
        raise BadInputError("ticket-unit-unknown", "unit", unit=step.unit)
    check_step(ticket, step)
    check_evidence(ticket, step, _on_record(_closure(connection, subject), county, done.at))
    return step


def _closure(connection: sa.Connection, subject: str) -> Closure | None:
    return readable_closures(connection, [subject]).get(subject) if subject else None


def _step(ticket: Ticket, done: Done, county: County) -> Step:
    """Return the step with its unit, and with the time that the state it leads to may last."""
    sends = done.step == SENT
    hours = county.settings.policy.tickets.hours_of(STATES.get(done.step, ""))
    return Step(
        done.step,
        done.account,
        done.by_unit,
        done.unit.strip() if sends else ticket.unit,
        done.at,
        done.note.strip(),
        done.photo,
        "" if sends else done.sight,
        None if hours is None else done.at + timedelta(hours=hours),
    )


def _on_record(closure: Closure | None, county: County, at: datetime) -> OnRecord:
    if closure is None:
        return OnRecord()
    state = approval_state(closure, county.settings.policy_for, county.network, at)
    in_time = closure.window is not None and closure.window.holds(at)
    return OnRecord(in_time and state in {"approved", "partly_approved"}, closure.observations)


def _record_sight(connection: sa.Connection, closure: Closure, step: Step) -> None:
    source = "township" if step.step == RESOLVED else "inspection"
    act = VERIFIED if step.step in {CLOSED, RETURNED} else REOPENED if step.sight == "open" else SEEN
    state, barrier = ("blocked", _SOFT_BARRIER) if step.sight == SOFTENED else (step.sight, "")
    sight = Observation(step.at, state, source, barrier, step.photo)
    record_sight(connection, closure.id, sight, Filing(closure.id, 1, act, step.account, step.by_unit, step.at))


def open_own_tickets(connection: sa.Connection, county: County, closure: Closure, filing: Filing) -> tuple[Ticket, ...]:
    """Open a ticket for each finding about a barrier that a township registered, with its time to answer (主动登记).

    Parameters
    ----------
    filing
        Who registered it, and until when it is to be asked for or removed.
    """
    (case,) = cases_of([closure], county.settings, county.network, filing.filed_at)
    step = Step(SENT, filing.account, filing.unit, filing.unit, filing.filed_at, due_at=filing.due_at)
    findings = [one for one in findings_of(case) if not read_ticket(connection, one.code, one.subject).steps]
    return tuple(take_step(connection, (one.code, one.subject, 0), step) for one in findings)


def reopen_road(connection: sa.Connection, county: County, closure_id: str, done: Done) -> tuple[Ticket, ...]:
    """Record with a photo that a road is open again, and answer the unit's own tickets about it.

    Raises
    ------
    BadInputError
        `closure-unknown`; `reopening-photo-missing`: that it is open is shown, not only said.
    """
    if not done.photo:
        raise BadInputError("reopening-photo-missing", "photo")
    seen = Observation(done.at, "open", "township", photo=done.photo)
    filing = Filing(closure_id, 1, REOPENED, done.account, done.by_unit, done.at)
    record_sight(connection, closure_id, seen, filing)
    answered = replace(done, step=RESOLVED, sight="open")
    return tuple(
        take_step(connection, (row.check, row.subject, row.steps), _step(_ticket(connection, row), answered, county))
        for row in _own(connection, closure_id, done.by_unit)
    )


def _own(connection: sa.Connection, closure_id: str, unit: str) -> Iterable[BoardRow]:
    return list_board(connection, BoardQuery(state="assigned", subject=closure_id, unit=unit))[0]


def _ticket(connection: sa.Connection, row: BoardRow) -> Ticket:
    return read_ticket(connection, *row.key)
