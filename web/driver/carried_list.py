"""The newest signed lists as codes that a driver's phone shows to a checkpoint without a network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from markupsafe import Markup

from passes.editions.status_register import list_uris, read_list
from passes.tokens.qr_image import MOST_LIST_VERSION, draw_qr
from passes.verifying.list_frames import list_frames
from passes.verifying.status_list import sign_status_list
from web.driver.blueprint import pages
from web.driver.door import enter
from web.shell.access import allow_all
from web.signing_key import signing_key
from web.site import reading, site


@dataclass(frozen=True, slots=True)
class _Carried:
    """The codes of every list, one after the other, and when they were signed; none where they would be too many."""

    codes: tuple[Markup, ...]
    at: datetime


def _carried() -> _Carried:
    at, public_url = site().now(), site().county.settings.public_url
    with reading() as connection:
        key = signing_key(connection, at)
        lists = [read_list(connection, uri, at=at) for uri in list_uris(connection)]
    frames = [frame for one in lists for frame in list_frames(sign_status_list(one, key), public_url)]
    drawn = (draw_qr(one, most=MOST_LIST_VERSION) for one in frames)
    return _Carried(tuple(Markup(one) for one in drawn), at)  # noqa: S704 - drawn by our own encoder


@pages.get("/d/<secret>/list")
@allow_all
def show_list(secret: str) -> str:
    """Show the codes of the newest lists; they stay in the page, so that they can be shown without a network."""
    enter(secret)
    return render_template("driver/list.html", secret=secret, carried=_carried())
