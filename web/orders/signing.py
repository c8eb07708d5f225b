"""Sign the order of a closure in this county's name, at a press of a button or with the decision itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.closures.closure import Closure
from geodata.errors import BadInputError
from passes.orders.ordering import Orderer, issue_order, ordered_part
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa


def orderer() -> Orderer:
    """Return the county that signs, with its keys."""
    county = site().county
    return Orderer(county.settings, county.network, site().key_file)


def can_be_ordered(closure: Closure) -> bool:
    """Tell whether an order can be signed for a closure now; its page says why where it cannot."""
    county = site().county
    try:
        ordered_part(closure, county.settings, county.network, at=site().now())
    except BadInputError:
        return False
    return True


def sign_where_approved(connection: sa.Connection, closure_id: str, *, by: tuple[str, str], at: datetime) -> None:
    """Sign the order of a closure that has just been decided about, where it is approved now; else nothing.

    Another body may have to decide too, or it was refused; the page of the order says what is missing.
    """
    with suppress(BadInputError):
        issue_order(connection, closure_id, orderer(), by=by, at=at)
