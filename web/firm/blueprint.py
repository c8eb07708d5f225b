"""The firm's pages, gathered; every file of the room adds to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from geodata.errors import BadInputError
from passes.intake.handling import Act
from passes.whitelist.firms import Firm
from passes.whitelist.register import find_firm
from web.shell.access import who
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

pages = Blueprint("firm", __name__, url_prefix="/firm")


def own_firm(connection: sa.Connection) -> Firm:
    """Return the firm that the person who asks acts for; nobody sees another's.

    Raises
    ------
    BadInputError
        `account-firm-unknown`: the whitelist has no firm of the account's unit.
    """
    firm = find_firm(connection, who().unit) if who().unit else None
    if firm is None:
        raise BadInputError("account-firm-unknown", who().name, unit=who().unit or "-")
    return firm


def act() -> Act:
    """Return whose hand acts in this request."""
    return Act(who().name, site().now(), site().key_file)
