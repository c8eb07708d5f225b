"""Keep tickets: every step is a record of the log, so that who closed what cannot be altered unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.ledger.register import Leaf, append_records, table_leaves
from geodata.store import METADATA, Instant
from geodata.tickets.board_register import note_steps
from geodata.tickets.ticket import Step, Ticket, check_step

TICKET_STEPS: Final = sa.Table(
    "ticket_steps",
    METADATA,
    sa.Column("subject", sa.String(100), primary_key=True),
    sa.Column("check_id", sa.String(16), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("account", sa.String(100), nullable=False),
    sa.Column("by_unit", sa.String(200), nullable=False),
    sa.Column("unit", sa.String(200), nullable=False),
    sa.Column("taken_at", Instant, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("photo", sa.Text, nullable=False),
    sa.Column("sight", sa.String(16), nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("position", sa.BigInteger, nullable=False, unique=True),
)
KIND: Final = "ticket-step"


def read_ticket(connection: sa.Connection, check: str, subject: str) -> Ticket:
    """Return one ticket; without steps where nobody has handled the finding."""
    columns = TICKET_STEPS.c
    query = sa.select(TICKET_STEPS).where(columns.subject == subject, columns.check_id == check)
    rows = list(connection.execute(query.order_by(columns.number)).mappings())
    return Ticket(check, subject, tuple(_step(dict(row)) for row in rows), rows[-1]["position"] if rows else -1)


def list_tickets(connection: sa.Connection) -> tuple[Ticket, ...]:
    """Return every ticket that has a step, ordered by check and subject."""
    columns = TICKET_STEPS.c
    found: dict[tuple[str, str], Ticket] = {}
    for row in connection.execute(sa.select(TICKET_STEPS).order_by(columns.number)).mappings():
        key = (row["check_id"], row["subject"])
        ticket = found.get(key, Ticket(*key))
        found[key] = replace(ticket, steps=(*ticket.steps, _step(dict(row))), position=row["position"])
    return tuple(found[key] for key in sorted(found))


def take_step(connection: sa.Connection, seen: tuple[str, str, int], step: Step) -> Ticket:
    """Record a step of the ticket that somebody saw.

    Parameters
    ----------
    connection
        A writer's transaction.
    seen
        Check, subject, and how many steps the ticket had on the screen.
    step
        What is done now.

    Raises
    ------
    BadInputError
        `ticket-changed` where somebody took a step since, or what `check_step` refuses.
    """
    check, subject, count = seen
    ticket = read_ticket(connection, check, subject)
    check_unchanged(ticket, count)
    check_step(ticket, step)
    row = _row(ticket, step)
    positions = append_records(connection, KIND, TICKET_STEPS, [row], at=step.at)
    taken = replace(ticket, steps=(*ticket.steps, step), position=positions[0])
    note_steps(connection, taken)
    return taken


def check_unchanged(ticket: Ticket, count: int) -> None:
    """Refuse to act on a ticket that has another number of steps than were on the screen.

    Raises
    ------
    BadInputError
        `ticket-changed`.
    """
    if len(ticket.steps) != count:
        facts = {"check": ticket.check, "seen": count, "newest": len(ticket.steps)}
        raise BadInputError("ticket-changed", ticket.subject, **facts)


def ticket_leaves(connection: sa.Connection) -> list[Leaf]:
    """Return the leaf that every stored step would have now (K14)."""
    return table_leaves(connection, KIND, TICKET_STEPS)


def _row(ticket: Ticket, step: Step) -> dict[str, str | int | datetime | None]:
    return {
        "subject": ticket.subject,
        "check_id": ticket.check,
        "number": len(ticket.steps),
        "step": step.step,
        "account": step.account,
        "by_unit": step.by_unit,
        "unit": step.unit,
        "taken_at": step.at,
        "note": step.note,
        "photo": step.photo,
        "sight": step.sight,
        "due_at": step.due_at,
    }


def _step(row: Mapping[str, Any]) -> Step:
    return Step(
        step=row["step"],
        account=row["account"],
        by_unit=row["by_unit"],
        unit=row["unit"],
        at=row["taken_at"],
        note=row["note"],
        photo=row["photo"],
        sight=row["sight"],
        due_at=row["due_at"],
    )
