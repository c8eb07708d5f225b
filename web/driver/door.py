"""Open a pass by its link: who holds the link sees the pass, and the device that opened it first may act on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import request
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from passes.editions.pass_register import SUSPENDED, WITHDRAWN, PassRecord, find_pass
from passes.messages.link_register import DriverLink, is_unused, let_in_first, make_secret, may_act, open_link
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

DEVICE_COOKIE: Final = "baotong-device"
_SHOWN_COOKIE: Final = "baotong-edition"
#: A link still tells how its pass ended for so long.
OUTLIVES_PASS: Final = timedelta(days=30)
_DEVICE_DAYS: Final = timedelta(days=90)
_LONGEST_DEVICE: Final = 64


@dataclass(frozen=True, slots=True)
class Opened:
    """A pass opened by its link.

    Attributes
    ----------
    record
        The newest edition.
    device
        What this browser is known by; also of one that was not known before.
    may_act
        It may report and ask for a stop, as long as the pass is not void.
    """

    link: DriverLink
    record: PassRecord
    device: str
    may_act: bool

    @property
    def is_void(self) -> bool:
        """Whether the pass was withdrawn or suspended: nobody acts on it any more."""
        return self.record.state in {WITHDRAWN, SUSPENDED}


def find_opened(connection: sa.Connection, secret: str) -> Opened:
    """Return the pass of a link.

    Raises
    ------
    BadInputError
        `link-unknown`: there is no such link, or it has ended.
    """
    link = open_link(connection, secret)
    if link is None:
        raise BadInputError("link-unknown", "")
    record = find_pass(connection, link.number)
    if site().now() >= record.expires_at + OUTLIVES_PASS:
        raise BadInputError("link-unknown", "")
    device = request.cookies.get(DEVICE_COOKIE, "")[:_LONGEST_DEVICE]
    return Opened(link, record, device or make_secret(), may_act(connection, link, device))


def enter(secret: str) -> Opened:
    """Open a link; the first device to do so is let in.

    Raises
    ------
    BadInputError
        `link-unknown`.
    """
    with reading() as connection:
        opened = find_opened(connection, secret)
        may_be_first = is_unused(connection, opened.link)
    if opened.may_act or not may_be_first:
        return opened
    with writing() as connection:
        is_first = let_in_first(connection, opened.link, opened.device, at=site().now())
    return Opened(opened.link, opened.record, opened.device, is_first)


def remember_device(response: Response, opened: Opened) -> Response:
    """Give the browser the name that it is known by."""
    if request.cookies.get(DEVICE_COOKIE) != opened.device:
        age = int(_DEVICE_DAYS.total_seconds())
        response.set_cookie(
            DEVICE_COOKIE, opened.device, max_age=age, path="/d/", httponly=True, samesite="Lax", secure=site().secure
        )
    return response


def edition_seen(opened: Opened) -> int:
    """Return the edition that this browser was shown last, 0 where none."""
    number, _dash, edition = request.cookies.get(_SHOWN_COOKIE, "").partition("-")
    return int(edition) if number == opened.record.number and edition.isdecimal() else 0


def with_edition(response: Response, opened: Opened) -> Response:
    """Let the browser remember which edition it was shown, and its own name."""
    seen = f"{opened.record.number}-{opened.record.edition}"
    age = int(_DEVICE_DAYS.total_seconds())
    response.set_cookie(
        _SHOWN_COOKIE, seen, max_age=age, path="/d/", httponly=True, samesite="Lax", secure=site().secure
    )
    return remember_device(response, opened)
