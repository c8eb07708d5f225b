"""The pages of supervision, gathered; every file of the room adds to them."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, url_for

from web.closures.ticket_page import NO_SUBJECT
from web.closures.words import SUPERVISION
from web.shell.access import who

pages: Final = Blueprint("supervision", __name__, url_prefix="/supervision")


def finding_address(check: str, subject: str) -> str:
    """Return the address of one finding's page."""
    return url_for("supervision.finding", check=check, subject=subject or NO_SUBJECT)


def own_unit() -> str:
    """Return the unit that the person who asks acts for."""
    return who().unit or SUPERVISION
