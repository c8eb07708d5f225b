"""Lists of tickets: what an address asks for, one page of it, and one answer for all that are ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Optional

from geodata.errors import BadInputError
from geodata.tickets.board_register import GROUPS, BoardQuery, BoardRow, count_board, group_board, list_board
from passes.tickets.batch import Refused, Seen, handle_together
from passes.tickets.board import Listed, with_closures
from passes.tickets.handling import Done
from web.closures.photo_field import kept_photo
from web.closures.ticket_form import LONGEST_NOTE, StepForm
from web.closures.ticket_page import NO_SUBJECT
from web.shell.access import who
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Rows of one page of a list, and the most that are answered together.
PAGE_ROWS: Final = 50
MOST_TOGETHER: Final = 200
STATES: Final = ("found", "assigned", "resolved", "closed")
#: What a list can be narrowed to beside its state.
ONLY: Final[Mapping[str, LazyString]] = {
    "overdue": _l("Overdue"),
    "raised": _l("Brought before the next level"),
    "reopening": _l("Roads to reopen"),
    "placeless": _l("At no place on the map"),
    "back": _l("Came back after it was closed"),
}
GROUP_NAMES: Final[Mapping[str, LazyString]] = {
    "check": _l("Check"),
    "township": _l("Township"),
    "cause": _l("Cause of the closure"),
    "closure": _l("Closure"),
    "unit": _l("Responsible unit"),
}


class BatchForm(StepForm):
    """One answer for a group of tickets."""

    note = TextAreaField(_l("One answer for all of them"), [Optional(), Length(max=LONGEST_NOTE)])
    total = HiddenField()


@dataclass(frozen=True, slots=True)
class TicketList:
    """One page of a list.

    Attributes
    ----------
    wanted
        What the address asked for, by its names.
    total
        Rows of the whole list.
    groups
        (value, rows, townships) by what the list is grouped by.
    """

    query: BoardQuery
    wanted: dict[str, str]
    rows: tuple[Listed, ...]
    total: int
    page: int
    groups: tuple[tuple[str, int, int], ...]

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-self.total // PAGE_ROWS))

    def address(self, endpoint: str, **changes: str | int) -> str:
        """Return the address of the same list with something else asked for."""
        asked = {**self.wanted, **{name: str(value) for name, value in changes.items()}}
        values: dict[str, Any] = {name: value for name, value in asked.items() if value}
        return url_for(endpoint, **values)


@dataclass(frozen=True, slots=True)
class Batch:
    """A group that is answered together.

    Attributes
    ----------
    rows
        With how many steps each has now.
    ticked
        Keys that are ticked.
    refused
        What stands in the way, by key.
    grown
        Rows that came since the page was opened, below zero where some have gone.
    """

    rows: tuple[Listed, ...]
    total: int
    ticked: frozenset[tuple[str, str]]
    refused: Mapping[tuple[str, str], Refused]
    grown: int = 0


def query_asked(unit: str | None = None) -> tuple[BoardQuery, dict[str, str]]:
    """Return what the address asks for; only a unit's own where one is given."""
    names = ("state", "only", *GROUPS, "by")
    wanted = {name: said for name in names if (said := request.args.get(name, ""))}
    state, only = wanted.get("state", ""), wanted.get("only", "")
    if state not in STATES:
        wanted.pop("state", None)
        state = ""
    query = query_only(only, state)
    columns = {"township": "township", "cause": "cause", "unit": "unit", "closure": "subject"}
    given: dict[str, Any] = {
        column: "" if wanted[name] == NO_SUBJECT else wanted[name] for name, column in columns.items() if name in wanted
    }
    given["check"] = wanted.get("check", "")
    if unit is not None:
        given["unit"] = unit
    return replace(query, **given), wanted


def query_only(only: str, state: str = "") -> BoardQuery:
    """Return the query of one of `ONLY`, or of a state."""
    return BoardQuery(
        state=state,
        overdue_at=site().now() if only == "overdue" else None,
        least_level=int(only == "raised"),
        reopening=only == "reopening",
        placeless=only == "placeless",
        back=only == "back",
    )


def numbers_of(connection: sa.Connection, unit: str | None = None) -> dict[str, int]:
    """Return how many tickets are in each state and of each kind in `ONLY`."""
    queries = {state: BoardQuery(state=state, unit=unit) for state in STATES}
    queries |= {only: replace(query_only(only), unit=unit) for only in ONLY}
    return count_board(connection, queries)


def ticket_list(connection: sa.Connection, unit: str | None = None) -> TicketList:
    """Return the page of the list that the address asks for."""
    query, wanted = query_asked(unit)
    said = request.args.get("page", "1")
    page = max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else 1
    rows, total = list_board(connection, query, start=(page - 1) * PAGE_ROWS, most=PAGE_ROWS)
    by = wanted.get("by", "")
    groups = group_board(connection, query, by)[:PAGE_ROWS] if by in GROUPS else ()
    return TicketList(query, wanted, with_closures(connection, rows), total, page, groups)


def batch_of(connection: sa.Connection, query: BoardQuery, form: BatchForm, refused: Sequence[Refused] = ()) -> Batch:
    """Return the group that a query finds, all ticked when it is opened; what was refused is not ticked again."""
    rows, total = list_board(connection, query, most=MOST_TOGETHER)
    wrong = {(one.check, one.subject): one for one in refused}
    sent = request.form.getlist("tickets")
    ticked = {one[:2] for one in map(_seen, sent)} if request.method == "POST" else {one.key for one in rows}
    said = form.total.data or ""
    grown = total - int(said) if refused and said.isascii() and said.isdigit() else 0
    form.total.data = str(total)
    keys = frozenset((check, subject) for check, subject in ticked if (check, subject) not in wrong)
    return Batch(with_closures(connection, rows), total, keys, wrong, grown)


def seen_text(row: BoardRow) -> str:
    """Return what a tick stands for: the ticket, and how many steps it had on the screen."""
    return f"{row.check}|{row.steps}|{row.subject}"


def _seen(text: str) -> Seen:
    """Return a tick's ticket; one that is no tick of ours is a ticket that nobody saw."""
    check, _, rest = text.partition("|")
    count, _, subject = rest.partition("|")
    return check, subject, int(count) if count.isascii() and count.isdigit() and len(count) < 7 else -1


def answer_together(
    connection: sa.Connection, step: str, form: BatchForm, *, by_unit: str
) -> tuple[tuple[Refused, ...], int]:
    """Record one answer on every ticked ticket; return what stood in the way, and how many were ticked.

    Raises
    ------
    BadInputError
        `ticket-group-empty`, `ticket-group-too-large`.
    """
    seen = [_seen(one) for one in request.form.getlist("tickets")]
    if len(seen) > MOST_TOGETHER:
        raise BadInputError("ticket-group-too-large", "tickets", count=len(seen), most=MOST_TOGETHER)
    at = site().now()
    photo = kept_photo(connection, "photo", at=at)
    said = {"unit": form.unit.data or "", "note": form.note.data or "", "sight": form.sight.data or ""}
    done = Done(step, who().name, by_unit, at, photo=photo, **said)
    return handle_together(connection, site().county, seen, done), len(seen)
