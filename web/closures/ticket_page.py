"""What the page of one finding shows, to supervision and to the responsible unit alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import abort

from geodata.closures.closure import Observation
from geodata.closures.filings_register import Filing, record_sight
from geodata.tickets.register import read_ticket, take_step
from geodata.tickets.ticket import SENT, Step, Ticket
from passes.problems import Problem, list_problems
from web.closures.consequence import foresee_here, sight_of
from web.closures.photo_field import kept_photo
from web.closures.ticket_form import StepForm
from web.shell.access import who
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Stands for a finding about nothing in particular, such as a cut log.
NO_SUBJECT = "-"


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A finding with its ticket.

    Attributes
    ----------
    sight
        The places behind and the passes hit while the road is closed; None where it is about no road.
    missed
        Steps that others took since the form was opened.
    """

    problem: Problem | None
    ticket: Ticket
    sight: dict[str, Any] | None
    missed: tuple[Step, ...] = ()


def key_of(check: str, subject: str) -> tuple[str, str]:
    """Return check and subject as the record has them."""
    return check, "" if subject == NO_SUBJECT else subject


def ticket_page(connection: sa.Connection, check: str, subject: str, *, missed_from: int | None = None) -> TicketPage:
    """Return what is known of a finding now; one that is neither found nor on record is not there.

    Parameters
    ----------
    missed_from
        How many steps the form that was sent had seen.
    """
    at = site().now()
    problems = list_problems(connection, site().county, at=at)
    problem = next((one for one in problems if (one.check, one.subject) == (check, subject)), None)
    ticket = read_ticket(connection, check, subject)
    if problem is None and not ticket.steps:
        abort(404)
    sight = None
    if problem is not None and problem.closure is not None:
        sight = sight_of(foresee_here(connection, [problem.closure], at))
    missed = () if missed_from is None else ticket.steps[max(missed_from, 0) :]
    return TicketPage(problem, ticket, sight, missed)


def record_step(connection: sa.Connection, key: tuple[str, str], step: str, form: StepForm, *, by_unit: str) -> None:
    """Record a step with its photo; what was seen on site goes into the register of closures too.

    Raises
    ------
    BadInputError
        What `take_step` refuses.
    """
    at = site().now()
    check, subject = key
    ticket = read_ticket(connection, check, subject)
    photo = kept_photo(connection, "photo", at=at)
    sight = "" if step == SENT else form.sight.data or ""
    unit = (form.unit.data or "").strip() if step == SENT else ticket.unit
    due_at = _due(at) if step in {SENT, "returned"} else None
    done = Step(step, who().name, by_unit, unit, at, (form.note.data or "").strip(), photo, sight, due_at)
    take_step(connection, (check, subject, form.seen_count()), done)
    if sight and subject:
        source = "township" if who().role == "TW" else "inspection"
        act = "reopened" if who().role == "TW" else "verified"
        seen = Observation(at, sight, source, photo=photo)
        record_sight(connection, subject, seen, Filing(subject, 1, act, who().name, by_unit, at))


def _due(at: datetime) -> datetime:
    return at + timedelta(hours=site().county.settings.policy.answer_within_h)
