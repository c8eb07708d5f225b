"""Messages to drivers: what is to be told by telephone, what failed, what waits; press to send again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import flash, redirect, render_template, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from passes.messages.message_register import (
    BY_PHONE,
    FAILED,
    OPEN,
    WAITING,
    Contact,
    Message,
    count_messages,
    keep_told,
    list_messages,
    open_contact,
    send_again,
)
from web.driver.links import link_of
from web.outlet.letter import text_of
from web.shell.access import allow, who
from web.site import reading, site, writing
from web.transport.blueprint import pages

if TYPE_CHECKING:
    import sqlalchemy as sa

MOST_SHOWN: Final = 100
OCCASIONS: Final[Mapping[str, LazyString]] = {
    "issued": _l("Pass issued"),
    "renewed": _l("Pass renewed"),
    "replaced": _l("Route changed"),
    "signed_again": _l("Pass signed again"),
    "withdrawn": _l("Pass withdrawn"),
    "suspended": _l("Pass suspended"),
    "resumed": _l("Pass valid again"),
    "cut": _l("Road of the route closed"),
}
#: What went wrong at the last attempt, by its code; a status of the gateway is shown as it is.
PROBLEMS: Final[Mapping[str, LazyString]] = {
    "timeout": _l("The gateway did not answer in time"),
    "tls": _l("The gateway's certificate is not trusted"),
    "unreachable": _l("The gateway cannot be reached"),
    "redirected": _l("The gateway sent it elsewhere; that is not followed"),
    "not-accepted": _l("The gateway did not accept it"),
    "answer-unreadable": _l("The gateway's answer cannot be read"),
    "outlet-gone": _l("The outlet is no longer in the settings"),
    "outlet-secret-missing": _l("The outlet's secret file is missing"),
    "outlet-secret-too-open": _l("Others may read the outlet's secret file"),
    "outlet-secret-unreadable": _l("The outlet's secret file cannot be used"),
}


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message with what is sealed in it, as an officer tells it by telephone."""

    message: Message
    contact: Contact
    text: str

    @property
    def problem(self) -> str:
        """What went wrong at the last attempt."""
        code = self.message.problem
        if code.startswith("status-"):
            return str(_("The gateway answered %(status)s", status=code.removeprefix("status-")))
        return str(PROBLEMS.get(code, code))


def _shown(message: Message) -> ShownMessage:
    contact = open_contact(message, site().encryption_key)
    link = link_of(contact.link) if contact.link else ""
    return ShownMessage(message, contact, text_of(message, link, site().county.settings))


def _list(connection: sa.Connection, *states: str) -> list[ShownMessage]:
    return [_shown(one) for one in list_messages(connection, states, at=site().now(), most=MOST_SHOWN)]


@pages.get("/messages")
@allow("T")
def messages() -> str:
    """Show what waits to be told, and what could not be sent."""
    with reading() as connection:
        to_call, waiting = _list(connection, BY_PHONE, FAILED), _list(connection, WAITING)
        counts = count_messages(connection, at=site().now())
    return render_template(
        "transport/messages.html",
        to_call=to_call,
        waiting=waiting,
        counts=counts,
        left=sum(counts.get(one, 0) for one in OPEN) - len(to_call) - len(waiting),
        outlets=site().county.settings.messages.outlets,
        occasions=OCCASIONS,
    )


@pages.post("/messages/<int:message_id>/again")
@allow("T")
def send_message_again(message_id: int) -> Response:
    """Have a message sent at once."""
    settings = site().county.settings.messages
    with writing() as connection:
        message = send_again(connection, message_id, settings=settings, at=site().now())
    flash(_("The message for %(plate)s is sent again.", plate=message.plate), "good")
    return redirect(url_for("transport.messages"), 303)


@pages.post("/messages/<int:message_id>/told")
@allow("T")
def message_told(message_id: int) -> Response:
    """Write down that somebody has told it by telephone."""
    with writing() as connection:
        message = keep_told(connection, message_id, by=who().name, at=site().now())
    flash(_("It is on record: %(plate)s was told by telephone.", plate=message.plate), "good")
    return redirect(url_for("transport.messages"), 303)
