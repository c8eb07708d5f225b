"""Give a driver the pass by link: whoever holds the link sees what the pass itself shows, and no more (no account).

The link is a random secret of which only the hash is kept. It belongs to a pass number, so that it goes on showing the
newest edition. Acting on it (a report, a needed stop) is for the device that opened it first; another device must know
the last four characters of a crew member's ID number, and has few tries.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant

_SECRET_BYTES: Final = 18
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{24}")
#: So many wrong tries within the time, from all devices together.
MOST_TRIES: Final = 5
TRIES_WITHIN: Final = timedelta(hours=1)

DRIVER_LINKS: Final = sa.Table(
    "driver_links",
    METADATA,
    sa.Column("secret_hash", sa.String(64), primary_key=True),
    sa.Column("number", sa.String(12), nullable=False, index=True),
    sa.Column("made_by", sa.String(200), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("tries_since", Instant),
)
DRIVER_DEVICES: Final = sa.Table(
    "driver_devices",
    METADATA,
    sa.Column("secret_hash", sa.String(64), sa.ForeignKey("driver_links.secret_hash"), primary_key=True),
    sa.Column("device_hash", sa.String(64), primary_key=True),
    sa.Column("let_in_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class DriverLink:
    """A link that somebody opened.

    Attributes
    ----------
    secret_hash
        What it is known by.
    number
        The pass number it shows.
    """

    secret_hash: str
    number: str
    made_at: datetime


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_secret() -> str:
    """Return a new secret of 144 random bits, for a link or a device."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def make_link(connection: sa.Connection, number: str, *, by: str, at: datetime) -> str:
    """Make the link of a pass number and return its secret, which cannot be told again; older links end.

    Parameters
    ----------
    by
        Who made it, as signed in.
    """
    revoke_links(connection, number, at=at)
    secret = make_secret()
    values = {"number": number, "made_by": by, "made_at": at, "tries": 0}
    connection.execute(sa.insert(DRIVER_LINKS).values(secret_hash=_hash(secret), **values))
    return secret


def _told_secret(encryption_key: bytes, number: str, made_at: datetime) -> str:
    """Return the secret of a link that can be told again: it follows from the key, the number and its moment."""
    purpose = hmac.digest(encryption_key, b"baotong driver link", hashlib.sha256)
    made = f"{number} {made_at.astimezone(UTC).isoformat()}".encode()
    return base64.urlsafe_b64encode(hmac.digest(purpose, made, hashlib.sha256)[:_SECRET_BYTES]).decode()


def told_link(connection: sa.Connection, number: str, encryption_key: bytes, *, by: str, at: datetime) -> str:
    """Return the secret of the link that messages tell of a pass number; it is made where there is none.

    It can be told again, for who has the key-encryption key. A link that was made by hand stays open beside it, until
    the next one is made by hand.
    """
    live = (DRIVER_LINKS.c.number == number) & DRIVER_LINKS.c.revoked_at.is_(None)
    for row in connection.execute(sa.select(DRIVER_LINKS.c.secret_hash, DRIVER_LINKS.c.made_at).where(live)).all():
        secret = _told_secret(encryption_key, number, row.made_at)
        if hmac.compare_digest(row.secret_hash, _hash(secret)):
            return secret
    secret = _told_secret(encryption_key, number, at)
    values = {"number": number, "made_by": by, "made_at": at, "tries": 0}
    connection.execute(sa.insert(DRIVER_LINKS).values(secret_hash=_hash(secret), **values))
    return secret


def revoke_links(connection: sa.Connection, number: str, *, at: datetime) -> int:
    """End every link of a pass number; return how many there were."""
    open_ones = (DRIVER_LINKS.c.number == number) & DRIVER_LINKS.c.revoked_at.is_(None)
    return connection.execute(sa.update(DRIVER_LINKS).where(open_ones).values(revoked_at=at)).rowcount


def open_link(connection: sa.Connection, secret: str) -> DriverLink | None:
    """Return the link of a secret; None where it is unknown or has ended."""
    if not _SECRET.fullmatch(secret):
        return None
    known = (DRIVER_LINKS.c.secret_hash == _hash(secret)) & DRIVER_LINKS.c.revoked_at.is_(None)
    row = connection.execute(sa.select(DRIVER_LINKS).where(known)).first()
    return None if row is None else DriverLink(row.secret_hash, row.number, row.made_at)


def has_link(connection: sa.Connection, number: str) -> bool:
    """Tell whether a pass number has a link that still opens."""
    known = (DRIVER_LINKS.c.number == number) & DRIVER_LINKS.c.revoked_at.is_(None)
    return connection.scalar(sa.select(DRIVER_LINKS.c.number).where(known).limit(1)) is not None


def may_act(connection: sa.Connection, link: DriverLink, device: str) -> bool:
    """Tell whether a device may act on a link: it opened it first, or was let in later."""
    table = DRIVER_DEVICES.c
    own = (table.secret_hash == link.secret_hash) & (table.device_hash == _hash(device))
    return bool(device) and connection.scalar(sa.select(table.let_in_at).where(own)) is not None


def is_unused(connection: sa.Connection, link: DriverLink) -> bool:
    """Tell whether no device has opened a link yet."""
    table = DRIVER_DEVICES.c
    query = sa.select(table.let_in_at).where(table.secret_hash == link.secret_hash).limit(1)
    return connection.scalar(query) is None


def let_in_first(connection: sa.Connection, link: DriverLink, device: str, *, at: datetime) -> bool:
    """Let the first device in; return False where another one was before."""
    if not is_unused(connection, link):
        return False
    _let_in(connection, link, device, at)
    return True


def let_in_knowing(
    connection: sa.Connection, link: DriverLink, device: str, *, typed: str, id_tails: Iterable[str], at: datetime
) -> bool:
    """Let another device in that knows the last four of a crew member's ID number; count a wrong try.

    Raises
    ------
    BadInputError
        `link-locked`: too many wrong tries within the hour, from whatever device.
    """
    own = DRIVER_LINKS.c.secret_hash == link.secret_hash
    row = connection.execute(sa.select(DRIVER_LINKS.c.tries, DRIVER_LINKS.c.tries_since).where(own)).one()
    is_recent = row.tries_since is not None and at - row.tries_since < TRIES_WITHIN
    tries = row.tries if is_recent else 0
    if tries >= MOST_TRIES:
        raise BadInputError("link-locked", "tail", minutes=round(TRIES_WITHIN.total_seconds() / 60))
    plain = typed.strip().upper()
    if any(hmac.compare_digest(plain.encode(), tail.upper().encode()) for tail in id_tails if tail):
        if not may_act(connection, link, device):
            _let_in(connection, link, device, at)
        return True
    since = row.tries_since if is_recent else at
    connection.execute(sa.update(DRIVER_LINKS).where(own).values(tries=tries + 1, tries_since=since))
    return False


def _let_in(connection: sa.Connection, link: DriverLink, device: str, at: datetime) -> None:
    values = {"secret_hash": link.secret_hash, "device_hash": _hash(device), "let_in_at": at}
    connection.execute(sa.insert(DRIVER_DEVICES).values(values))


def passes_of_device(connection: sa.Connection, secret: str, device: str) -> tuple[str, ...]:
    """Return the pass number that a link shows, where this device may act on it; else nothing."""
    link = open_link(connection, secret)
    return (link.number,) if link is not None and may_act(connection, link, device) else ()
