"""Make the messages of what happened to passes: each event becomes its messages once, in order, and none is left out.

The events are written in the transaction of the act itself, so that nothing is told that did not happen, and nothing
that happened is forgotten, however it was done: on a page, by command, or for thousands of passes at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.message_settings import MessageSettings
from geodata.store import read_counter, set_counter
from passes.applications.application import DRIVER, ROLES
from passes.applications.sealed_applications import open_application
from passes.editions.pass_register import PASS_EVENTS, PASSES, REPLACED
from passes.messages.link_register import told_link
from passes.messages.message_register import Addressed, Contact, add_message
from passes.reading.phone_numbers import normalise_phone
from passes.reissue.outgoing_register import ROUTE_CHANGES
from passes.reissue.signing_again import SIGNED_AGAIN
from passes.tokens.masking import mask_name

#: The last event that has become its messages.
TOLD_EVENT: Final = "told_event"
#: Event of a pass -> what its driver is told about.
OCCASION_OF: Final[Mapping[str, str]] = {
    "issued": "issued",
    "renewed": "renewed",
    "replanned": "replaced",
    SIGNED_AGAIN: SIGNED_AGAIN,
    ROUTE_CHANGES: "replaced",
    "withdrawn": "withdrawn",
    "suspended": "suspended",
    "resumed": "resumed",
    "cut": "cut",
}
_PASS_COLUMNS: Final = ("number", "plate", "firm", "application", "expires_at", "state")
#: Who made the link, where no person did.
_BY: Final = "messages"


@dataclass(frozen=True, slots=True)
class _Told:
    """A person who is told: number in the list, masked name, phone; no phone is ""."""

    recipient: int
    person: str
    phone: str


def tell_events(
    connection: sa.Connection, settings: MessageSettings, encryption_key: bytes, *, at: datetime, most: int = 200
) -> int:
    """Turn the next events into messages, within a writer's transaction; return how many events were looked at."""
    query = (
        sa.select(PASS_EVENTS.c.id, PASS_EVENTS.c.event, *(PASSES.c[name] for name in _PASS_COLUMNS))
        .join(PASSES, PASSES.c.jti == PASS_EVENTS.c.jti)
        .where(PASS_EVENTS.c.id > read_counter(connection, TOLD_EVENT))
        .order_by(PASS_EVENTS.c.id)
        .limit(most)
    )
    rows = connection.execute(query).all()
    for row in rows:
        occasion = OCCASION_OF.get(row.event, "")
        # A new route is told although it is in force already: its driver still holds the old code.
        if occasion and row.expires_at > at and (row.state != REPLACED or row.event == ROUTE_CHANGES):
            _tell(connection, row, occasion, settings, encryption_key, at)
    if rows:
        set_counter(connection, TOLD_EVENT, rows[-1].id)
    return len(rows)


def is_anything_new(connection: sa.Connection) -> bool:
    """Tell whether something happened to a pass that has not become its messages yet."""
    newest = connection.scalar(sa.select(sa.func.max(PASS_EVENTS.c.id)))
    return int(newest or 0) > read_counter(connection, TOLD_EVENT)


def _tell(
    connection: sa.Connection,
    row: sa.Row[Any],
    occasion: str,
    settings: MessageSettings,
    encryption_key: bytes,
    at: datetime,
) -> None:
    outlets = [one.id for one in settings.outlets if one.tells(occasion)] if settings.outlets else [""]
    if not outlets:
        return
    link = told_link(connection, row.number, encryption_key, by=_BY, at=at)
    document = open_application(connection, row.application, encryption_key)
    about = {
        "event": row.id,
        "occasion": occasion,
        "number": row.number,
        "plate": row.plate,
        "firm": row.firm,
        "pass_ends_at": row.expires_at,
    }
    for told in _whom(document):
        # Nobody can be sent anything without a number: that is for the telephone, through the firm.
        for outlet in outlets if told.phone else [""]:
            who = {"recipient": told.recipient, "person": told.person, "outlet": outlet}
            contact = Contact(told.phone, link)
            add_message(connection, Addressed({**about, **who}, contact), encryption_key, settings=settings, at=at)


def _whom(document: Mapping[str, Any]) -> tuple[_Told, ...]:
    """Return who is told: every driver with a phone, else the first of the crew with one, else the first of all."""
    crew = tuple(_persons(document))
    drivers = tuple(one for one, is_driver in crew if is_driver and one.phone)
    if drivers:
        by_phone = {one.phone: one for one in reversed(drivers)}
        return tuple(sorted(by_phone.values(), key=lambda one: one.recipient))
    everybody = [one for one, _ in crew]
    return tuple([one for one in everybody if one.phone][:1] or everybody[:1])


def _persons(document: Mapping[str, Any]) -> Iterator[tuple[_Told, bool]]:
    """Yield each of the crew, and whether it is a driver."""
    for number, one in enumerate(document["crew"]):
        role = ROLES.get(str(one.get("role", "")), "")
        yield _Told(number, mask_name(str(one["name"])), normalise_phone(str(one.get("phone") or ""))), role == DRIVER
