"""The township's pages, gathered; every file of the room adds to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, abort, url_for

from geodata.closures.closure import Closure
from geodata.closures.filings_register import ORDERED, closure_of, list_filings
from geodata.tickets.board_register import BoardQuery, count_board
from web.closures.ticket_page import NO_SUBJECT
from web.shell.access import who

if TYPE_CHECKING:
    import sqlalchemy as sa

pages: Final = Blueprint("township", __name__, url_prefix="/township")


def finding_address(check: str, subject: str) -> str:
    """Return the address of one finding's page."""
    return url_for("township.finding", check=check, subject=subject or NO_SUBJECT)


def own_closure(connection: sa.Connection, closure_id: str) -> Closure:
    """Return a closure of the township's own; another's is as if it were not there."""
    unit = who().unit
    own = any(one.closure_id == closure_id and one.act != ORDERED for one in list_filings(connection, unit=unit))
    found = closure_of(connection, closure_id)
    if not own and found.requested_by != unit and not _answers_for(connection, closure_id):
        abort(404)
    return found


def _answers_for(connection: sa.Connection, closure_id: str) -> bool:
    """Tell whether the township has, or had, a ticket about it."""
    query = BoardQuery(state="any", subject=closure_id, unit=who().unit)
    return count_board(connection, {"own": query})["own"] > 0
