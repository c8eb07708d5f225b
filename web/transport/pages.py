"""The transport department's places: what waits this morning, every pass, the whitelist."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from web.shell.navigation import FOLLOW_UP, LISTS, Entry
from web.transport import (
    driver_messages,
    one_application,
    queue,
    reissues,
    reviews,
    sample_checks,
    special_passes,
    whitelist,
)
from web.transport.blueprint import pages

__all__ = [
    "NAVIGATION",
    "driver_messages",
    "one_application",
    "pages",
    "queue",
    "reissues",
    "reviews",
    "sample_checks",
    "special_passes",
    "whitelist",
]

NAVIGATION: Final = (
    Entry("transport.queue", _l("Applications"), _l("Issue all clean ones at once, answer the others"), order=10),
    Entry("transport.passes", _l("Passes"), _l("Find, renew, replace, withdraw and print passes"), order=11),
    Entry(
        "transport.reviews",
        _l("To review"),
        _l("Firms off the whitelist or with a case: their passes"),
        order=13,
        group=FOLLOW_UP,
    ),
    Entry(
        "transport.checks",
        _l("Spot checks"),
        _l("A share of the passes issued automatically"),
        order=15,
        group=FOLLOW_UP,
    ),
    Entry(
        "transport.reissues",
        _l("Hit by closures"),
        _l("Passes that a closure cuts: planned again, past it, or without a way"),
        order=12,
        group=FOLLOW_UP,
    ),
    Entry(
        "transport.messages",
        _l("Messages to drivers"),
        _l("Tell by telephone what could not be sent"),
        order=14,
        group=FOLLOW_UP,
    ),
    Entry(
        "transport.whitelist",
        _l("Whitelist"),
        _l("Firms and their vehicles; import a list"),
        order=44,
        group=LISTS,
    ),
)
