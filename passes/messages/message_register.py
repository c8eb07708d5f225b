"""Keep messages to drivers: what is to be told to whom by which outlet, how often it was tried, and what came of it.

A message waits until its outlet has taken it. Who sends takes it with a lease, so that two never send the same one; one
whose sender died is taken again, under the same key, by which the gateway knows it. What is not taken within the
policy's hours has failed, in sight of an officer, who telephones or has it sent again. Where the county has no outlet
at all, every message is one to be told by telephone. The phone number and the link are sealed, and forgotten as soon
as the message is over.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.message_settings import MessageSettings
from geodata.store import METADATA, Instant
from passes.key_encryption import decrypt_secret, encrypt_secret

WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
FAILED: Final = "failed"
BY_PHONE: Final = "by_phone"
TOLD: Final = "told"
OVERTAKEN: Final = "overtaken"
#: Somebody has yet to do something about it.
OPEN: Final = (WAITING, FAILED, BY_PHONE)
#: Longer than any attempt may take.
LEASE: Final = timedelta(minutes=3)

MESSAGES: Final = sa.Table(
    "messages",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("event", sa.Integer, nullable=False),
    sa.Column("recipient", sa.SmallInteger, nullable=False),
    sa.Column("outlet", sa.String(64), nullable=False),
    sa.Column("occasion", sa.String(16), nullable=False),
    sa.Column("number", sa.String(12), nullable=False, index=True),
    sa.Column("plate", sa.String(16), nullable=False),
    sa.Column("firm", sa.String(200), nullable=False),
    sa.Column("person", sa.String(20), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("problem", sa.String(100), nullable=False),
    sa.Column("next_at", Instant, nullable=False),
    sa.Column("give_up_at", Instant, nullable=False),
    sa.Column("pass_ends_at", Instant, nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("worker", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("done_by", sa.String(100), nullable=False),
    sa.UniqueConstraint("event", "recipient", "outlet"),
    sa.Index(None, "state", "next_at"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person by one outlet.

    Attributes
    ----------
    key
        By which a gateway knows a message that it is sent twice.
    event, recipient
        What happened, and the how-manieth person of the crew is told.
    outlet
        "" where it is told by telephone.
    person
        Masked name.
    problem
        Code of what went wrong at the last attempt, "" where nothing did.
    """

    id: int
    key: str
    event: int
    recipient: int
    outlet: str
    occasion: str
    number: str
    plate: str
    firm: str
    person: str
    sealed: bytes
    state: str
    attempts: int
    problem: str
    next_at: datetime
    give_up_at: datetime
    pass_ends_at: datetime
    lease_until: datetime | None
    worker: str
    created_at: datetime
    changed_at: datetime
    done_by: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a message reaches, and the link that it tells: both are sealed in the store. No phone is ""."""

    phone: str
    link: str


@dataclass(frozen=True, slots=True)
class Addressed:
    """What is to be kept of a new message.

    Attributes
    ----------
    about
        Values of the columns `event`, `recipient`, `outlet`, `occasion`, `number`, `plate`, `firm`, `person`,
        `pass_ends_at`.
    """

    about: Mapping[str, Any]
    contact: Contact


def _seal(contact: Contact, encryption_key: bytes, *, key: str) -> bytes:
    written = json.dumps([contact.phone, contact.link]).encode()
    return encrypt_secret(written, _sealing_key(encryption_key), kid=key)


def _sealing_key(encryption_key: bytes) -> bytes:
    return hmac.digest(encryption_key, b"baotong message", hashlib.sha256)


def open_contact(message: Message, encryption_key: bytes) -> Contact:
    """Return whom a message reaches; nobody where it is over and that was forgotten.

    Raises
    ------
    SurroundingsError
        `key-file-wrong`.
    """
    if not message.sealed:
        return Contact("", "")
    phone, link = json.loads(decrypt_secret(message.sealed, _sealing_key(encryption_key), kid=message.key))
    return Contact(phone, link)


def add_message(
    connection: sa.Connection, new: Addressed, encryption_key: bytes, *, settings: MessageSettings, at: datetime
) -> None:
    """Keep a new message; what the same person had yet to be told of the same pass is overtaken by it."""
    about = dict(new.about)
    _overtake(connection, about, at)
    key = secrets.token_hex(16)
    give_up_at = min(at + timedelta(hours=settings.give_up_after_h), about["pass_ends_at"])
    values = {
        **about,
        "key": key,
        "sealed": _seal(new.contact, encryption_key, key=key),
        "state": WAITING if about["outlet"] else BY_PHONE,
        "attempts": 0,
        "problem": "",
        "next_at": at,
        "give_up_at": give_up_at,
        "worker": "",
        "created_at": at,
        "changed_at": at,
        "done_by": "",
    }
    connection.execute(sa.insert(MESSAGES).values(**values))


def _overtake(connection: sa.Connection, about: Mapping[str, Any], at: datetime) -> None:
    """End what is older: a driver whose pass was withdrawn is not told afterwards that it was issued."""
    table = MESSAGES.c
    older = (table.number == about["number"]) & (table.recipient == about["recipient"])
    older &= (table.outlet == about["outlet"]) & (table.event < about["event"]) & table.state.in_(OPEN)
    _end(connection, older, OVERTAKEN, at=at)


def _end(connection: sa.Connection, which: sa.ColumnElement[bool], state: str, *, at: datetime, by: str = "") -> int:
    over = {"state": state, "sealed": b"", "lease_until": None, "changed_at": at, "done_by": by}
    return connection.execute(sa.update(MESSAGES).where(which).values(**over)).rowcount


def take_messages(
    connection: sa.Connection, worker: str, *, at: datetime, most: int, lease: timedelta = LEASE
) -> tuple[Message, ...]:
    """Take the messages that are due, the longest due first, within a writer's transaction; give up what is too late.

    Writers are alone (`geodata.store.transaction`), so two senders never take the same one.
    """
    table = MESSAGES.c
    free = (table.state == WAITING) & (table.lease_until.is_(None) | (table.lease_until <= at))
    late = {"state": FAILED, "lease_until": None, "changed_at": at}
    connection.execute(sa.update(MESSAGES).where(free, table.give_up_at <= at).values(**late))
    query = sa.select(table.id).where(free, table.next_at <= at).order_by(table.next_at, table.id).limit(most)
    ids = list(connection.scalars(query))
    taken = {"worker": worker, "lease_until": at + lease, "attempts": table.attempts + 1, "changed_at": at}
    connection.execute(sa.update(MESSAGES).where(table.id.in_(ids)).values(**taken))
    return _rows(connection, sa.select(MESSAGES).where(table.id.in_(ids)).order_by(table.next_at, table.id))


def is_anything_due(connection: sa.Connection, *, at: datetime) -> bool:
    """Tell whether any message is to be sent now, or has become too late."""
    table = MESSAGES.c
    free = (table.state == WAITING) & (table.lease_until.is_(None) | (table.lease_until <= at))
    due = free & ((table.next_at <= at) | (table.give_up_at <= at))
    return connection.scalar(sa.select(table.id).where(due).limit(1)) is not None


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Message, ...]:
    names = [one.name for one in fields(Message)]
    return tuple(
        Message(**{name: getattr(row, name) for name in names if name != "sealed"}, sealed=bytes(row.sealed))
        for row in connection.execute(query)
    )


def _held(message: Message) -> sa.ColumnElement[bool]:
    """Tell which row is still in the hands of who took it."""
    table = MESSAGES.c
    same = (table.id == message.id) & (table.state == WAITING)
    return same & (table.worker == message.worker) & (table.attempts == message.attempts)


def keep_delivered(connection: sa.Connection, message: Message, *, at: datetime) -> bool:
    """Write down that the outlet has taken a message; False where it is in other hands or overtaken meanwhile."""
    return _end(connection, _held(message), DELIVERED, at=at) == 1


def keep_problem(
    connection: sa.Connection, message: Message, problem: str, *, at: datetime, settings: MessageSettings
) -> None:
    """Write down that an attempt failed: it is tried again after a pause that grows, or has failed for good.

    Parameters
    ----------
    problem
        Its code, such as "timeout" or "status-500".
    """
    next_at = at + pause_after(message, settings)
    state = FAILED if next_at >= message.give_up_at else WAITING
    values = {"state": state, "problem": problem[:100], "next_at": next_at, "lease_until": None, "changed_at": at}
    connection.execute(sa.update(MESSAGES).where(_held(message)).values(**values))


def pause_after(message: Message, settings: MessageSettings) -> timedelta:
    """Return how long to wait after a message's latest attempt; spread by its key, so that not all come at once."""
    grown = settings.first_pause_s * 2.0 ** min(message.attempts - 1, 20)
    spread = 1 + int(message.key[:4], 16) / 0xFFFF / 4
    return timedelta(seconds=min(grown, settings.longest_pause_min * 60) * spread)


def find_message(connection: sa.Connection, message_id: int) -> Message:
    """Return a message.

    Raises
    ------
    BadInputError
        `message-unknown`.
    """
    found = _rows(connection, sa.select(MESSAGES).where(MESSAGES.c.id == message_id))
    if not found:
        raise BadInputError("message-unknown", str(message_id), id=message_id)
    return found[0]


def send_again(connection: sa.Connection, message_id: int, *, settings: MessageSettings, at: datetime) -> Message:
    """Have a message that failed, or that waits for its next attempt, sent at once.

    Raises
    ------
    BadInputError
        `message-unknown`; `message-not-open`: it is over, or there is no outlet for it.
    """
    message = find_message(connection, message_id)
    if message.state not in {WAITING, FAILED} or settings.outlet(message.outlet) is None:
        raise BadInputError("message-not-open", str(message_id), id=message_id, state=message.state)
    again = {"state": WAITING, "next_at": at, "changed_at": at, "attempts": 0}
    give_up_at = at + timedelta(hours=settings.give_up_after_h)
    free = MESSAGES.c.lease_until.is_(None) | (MESSAGES.c.lease_until <= at)
    same = (MESSAGES.c.id == message_id) & free
    connection.execute(sa.update(MESSAGES).where(same).values(**again, give_up_at=give_up_at))
    return find_message(connection, message_id)


def keep_told(connection: sa.Connection, message_id: int, *, by: str, at: datetime) -> Message:
    """Write down that somebody has told it by telephone.

    Raises
    ------
    BadInputError
        `message-unknown`, `message-not-open`.
    """
    message = find_message(connection, message_id)
    open_one = (MESSAGES.c.id == message_id) & MESSAGES.c.state.in_(OPEN)
    if not _end(connection, open_one, TOLD, at=at, by=by):
        raise BadInputError("message-not-open", str(message_id), id=message_id, state=message.state)
    return find_message(connection, message_id)


def list_messages(
    connection: sa.Connection, states: Iterable[str], *, at: datetime, number: str = "", most: int = 200
) -> tuple[Message, ...]:
    """Return messages in these states whose pass has not ended, the oldest first; those of one number where named."""
    query = sa.select(MESSAGES).where(MESSAGES.c.state.in_(tuple(states)), MESSAGES.c.pass_ends_at > at)
    query = query.where(MESSAGES.c.number == number) if number else query
    return _rows(connection, query.order_by(MESSAGES.c.id).limit(most))


def count_messages(connection: sa.Connection, *, at: datetime) -> Mapping[str, int]:
    """Return how many messages whose pass has not ended are in each state."""
    query = (
        sa.select(MESSAGES.c.state, sa.func.count().label("n"))
        .where(MESSAGES.c.pass_ends_at > at)
        .group_by(MESSAGES.c.state)
    )
    return {row.state: row.n for row in connection.execute(query)}
