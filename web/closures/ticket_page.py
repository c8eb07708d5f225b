"""What the page of one finding shows, to supervision, headquarters and the responsible unit alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from flask import abort

from geodata.closures.asking import is_to_be_reopened
from geodata.closures.closure import Closure
from geodata.closures.unmatched import matched_part
from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.places import PlaceKind
from geodata.road_lengths import distances_m
from geodata.tickets.board_register import BoardRow, find_row
from geodata.tickets.register import read_ticket
from geodata.tickets.ticket import Step, Ticket
from passes.audit.problems import list_problems
from passes.tickets.board import problem_row, with_closures
from passes.tickets.handling import Done, handle
from passes.tickets.units import known_units, responsible_unit
from web.closures.consequence import marked_sight
from web.closures.photo_field import kept_photo
from web.closures.ticket_form import StepForm
from web.shell.access import who
from web.shell.form_errors import put_error
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Stands for a finding about nothing in particular, such as a cut log.
NO_SUBJECT = "-"


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A finding with its ticket.

    Attributes
    ----------
    row
        As on the board.
    closure
        What it is about, None where it is about none that can be read.
    sight
        The places behind and the passes hit while the road is closed; None where it is about no road.
    to_reopen
        The approval has ended or was withdrawn, and nobody has seen the road open.
    missed
        Steps that others took since the form was opened.
    """

    row: BoardRow
    finding: Finding | None
    closure: Closure | None
    ticket: Ticket
    sight: dict[str, Any] | None
    to_reopen: bool = False
    missed: tuple[Step, ...] = ()

    @property
    def state(self) -> str:
        """The ticket's state; "found" for one that comes back."""
        return self.row.state


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
    at, county = site().now(), site().county
    row = find_row(connection, check, subject) or _row_found_now(connection, check, subject)
    if row is None:
        abort(404)
    (listed,) = with_closures(connection, [row])
    ticket, closure = read_ticket(connection, check, subject), listed.closure
    known = None if closure is None else matched_part(closure, county.network)
    sight = None
    if known is not None and known.extent:
        sight = marked_sight(connection, [known], at)
    return TicketPage(
        row,
        listed.finding,
        closure,
        ticket,
        sight,
        to_reopen=known is not None and is_to_be_reopened(known, county.settings, county.network, at=at),
        missed=() if missed_from is None else ticket.steps[max(missed_from, 0) :],
    )


def _row_found_now(connection: sa.Connection, check: str, subject: str) -> BoardRow | None:
    """Return what the checks say this moment of something that the board does not have yet."""
    at, county = site().now(), site().county
    problems = list_problems(connection, county, at=at)
    found = next((one for one in problems if (one.check, one.subject) == (check, subject)), None)
    return None if found is None else problem_row(found, county, at)


def take_posted(
    key: tuple[str, str], form: StepForm, step: str, *, by_unit: str, own: Callable[[sa.Connection], None] | None = None
) -> int | None:
    """Record the step that a form sent; None where it is recorded, else the status that its page comes back with.

    Parameters
    ----------
    own
        Refuses a ticket that is not the person's to see.
    """
    try:
        with writing() as connection:
            if own is not None:
                own(connection)
            record_step(connection, key, step, form, by_unit=by_unit)
    except BadInputError as error:
        put_error(form, error)
        return 409 if error.code == "ticket-changed" else 422
    return None


def page_with_units(key: tuple[str, str], form: StepForm, status: int) -> TicketPage:
    """Return what a page shows of a finding, and offer the units that it may be sent to, the responsible one first."""
    county = site().county
    with reading() as connection:
        page = ticket_page(connection, *key, missed_from=form.seen_count() if status == 409 else None)
        units = known_units(connection, county)
        chosen = page.ticket.unit or responsible_unit(page.closure, page.row.township, county, units)
        form.offer_units(connection, chosen)
    form.count.data = str(len(page.ticket.steps))
    return page


def nearest_checkpoint(row: BoardRow) -> tuple[str, float] | None:
    """Return the checkpoint nearest to a finding as the crow flies, and how many metres away; None where none is."""
    posts = site().county.places.of_kind(PlaceKind.CHECKPOINT)
    if row.lon is None or row.lat is None or not posts:
        return None
    far = distances_m(row.lon, row.lat, np.array([(one.lon, one.lat) for one in posts]))
    nearest = int(far.argmin())
    return posts[nearest].name, float(far[nearest])


def record_step(connection: sa.Connection, key: tuple[str, str], step: str, form: StepForm, *, by_unit: str) -> None:
    """Record a step with its photo; what was seen on site goes into the register of closures too.

    Raises
    ------
    BadInputError
        What `handle` refuses.
    """
    at = site().now()
    photo = kept_photo(connection, "photo", at=at)
    said = {"unit": form.unit.data or "", "note": form.note.data or "", "sight": form.sight.data or ""}
    done = Done(step, who().name, by_unit, at, photo=photo, **said)
    handle(connection, site().county, (*key, form.seen_count()), done)
