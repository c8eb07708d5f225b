"""What time alone does to tickets: a road to be reopened, a time that has run out, a unit that is no more.

Each of these is done once, however often the clock is run and in however many processes. It opens, raises and hands
on; it never answers or closes a ticket.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from geodata.closures.approval import approval_of, by_time
from geodata.closures.asking import is_to_be_reopened
from geodata.closures.closure import Closure
from geodata.closures.register import list_closures
from geodata.closures.unmatched import matched_part
from geodata.county import County
from geodata.tickets.board_register import BoardQuery, BoardRow, list_board, raise_found, units_on_board
from geodata.tickets.register import read_ticket, take_step
from geodata.tickets.ticket import CLOCK, FOUND, MOVED, RAISED, REOPEN, Step, Ticket
from passes.tickets.units import known_units, responsible_unit, township_of

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class ClockRun:
    """How many tickets were opened, handed on and raised."""

    opened: int = 0
    moved: int = 0
    raised: int = 0


def roads_to_reopen(closures: Iterable[Closure], county: County, *, at: datetime) -> tuple[str, ...]:
    """Return the ids of closures whose approval has ended or was withdrawn, and that nobody has seen open since."""
    return tuple(one.id for one in closures if _is_to_be_reopened(one, county, at))


def _is_to_be_reopened(closure: Closure, county: County, at: datetime) -> bool:
    if not closure.decisions or closure.window is None:
        return False
    known = matched_part(closure, county.network)
    return bool(known.extent) and is_to_be_reopened(known, county.settings, county.network, at=at)


def run_clock(connection: sa.Connection, county: County, reopen: Sequence[str], *, at: datetime) -> ClockRun:
    """Do what time has brought about by an instant, in a writer's transaction.

    Parameters
    ----------
    reopen
        From `roads_to_reopen`, of the same moment; each is looked at again.
    """
    units = known_units(connection, county)
    closures = [one for one in list_closures(connection, reopen) if _is_to_be_reopened(one, county, at)]
    opened = sum(_open_reopening(connection, county, one, units, at) for one in closures)
    return ClockRun(opened, _move_on(connection, county, units, at), _raise_late(connection, county, at))


def _open_reopening(
    connection: sa.Connection, county: County, closure: Closure, units: Collection[str], at: datetime
) -> bool:
    """Open the ticket of a road that is to be reopened (K5), unless it is open already."""
    known = matched_part(closure, county.network)
    ticket = read_ticket(connection, "K5", closure.id)
    if ticket.state in {"assigned", "resolved"} or not _ended_since(ticket, known, county, at):
        return False
    due_at = at + timedelta(hours=county.settings.policy.tickets.reopen_within_h)
    unit = responsible_unit(known, township_of(known, county), county, units)
    step = Step(REOPEN, CLOCK, CLOCK, unit or closure.requested_by, at, due_at=due_at)
    if not step.unit:
        return False
    take_step(connection, (ticket.check, ticket.subject, len(ticket.steps)), step)
    return True


def _ended_since(ticket: Ticket, closure: Closure, county: County, at: datetime) -> bool:
    """Tell whether the approval ended after the ticket was closed, where it was."""
    if not ticket.steps:
        return True
    approval = approval_of(closure, county.settings.policy_for(closure.cause), county.network)
    taken_back = [one.decided_at for one in by_time(closure.decisions) if one.decision == "withdrawn"]
    ends = [one for one in (approval.lapsed_at(at), *taken_back) if one is not None and one <= at]
    return bool(ends) and max(ends) > ticket.steps[-1].at


def _move_on(connection: sa.Connection, county: County, units: Collection[str], at: datetime) -> int:
    """Hand tickets of units that the county does not have any more to its default unit."""
    default = county.settings.policy.default_unit
    if not default:
        return 0
    gone = [one for one in units_on_board(connection) if one not in units and one != default]
    rows = [row for unit in gone for row in list_board(connection, BoardQuery(unit=unit))[0] if row.state != FOUND]
    for row in rows:
        step = Step(MOVED, CLOCK, CLOCK, default, at, note=row.unit, due_at=_due(county, row, at))
        take_step(connection, (row.check, row.subject, row.steps), step)
    return len(rows)


def _raise_late(connection: sa.Connection, county: County, at: datetime) -> int:
    """Bring what has lasted too long before the next level, until there is none above (W10)."""
    tickets = county.settings.policy.tickets
    levels = tickets.escalate_to
    late = [row for row in list_board(connection, BoardQuery(overdue_at=at))[0] if row.level < len(levels)]
    late = [row for row in late if row.state != FOUND]
    for row in late:
        step = Step(RAISED, CLOCK, CLOCK, row.unit, at, note=levels[row.level], due_at=_due(county, row, at))
        take_step(connection, (row.check, row.subject, row.steps), step)
    due_at = at + timedelta(hours=tickets.send_within_h)
    return len(late) + raise_found(connection, at=at, due_at=due_at, most=len(levels))


def _due(county: County, row: BoardRow, at: datetime) -> datetime:
    tickets = county.settings.policy.tickets
    hours = tickets.reopen_within_h if row.is_reopening and row.state == "assigned" else tickets.hours_of(row.state)
    return at + timedelta(hours=hours or 0)
