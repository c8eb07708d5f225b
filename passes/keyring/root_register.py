"""Keep the public half of the county's offline root, the lists that it has signed, and the issuers the next one trusts.

The root's private key is never here. What is published takes effect at once; a list with a number that is not newer, of
another county, or with a key that is not this register's, is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant
from geodata.windows import format_instant
from passes.tokens.keys import PublicKey
from passes.verifying.root_list import OtherIssuer, RootList, read_keys, read_root_list, write_key

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOTS: Final = sa.Table(
    "roots",
    METADATA,
    sa.Column("kid", sa.String(64), primary_key=True),
    sa.Column("x", sa.LargeBinary(32), nullable=False),
    sa.Column("y", sa.LargeBinary(32), nullable=False),
    sa.Column("adopted_at", Instant, nullable=False),
    sa.Column("succession", sa.Text),
)
ROOT_LISTS: Final = sa.Table(
    "root_lists",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("published_at", Instant, nullable=False),
)
TRUSTED_ISSUERS: Final = sa.Table(
    "trusted_issuers",
    METADATA,
    sa.Column("issuer", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("keys", sa.JSON, nullable=False),
    sa.Column("withdrawn", sa.JSON, nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("address", sa.String(300)),
)
#: Made known to the register so long before the key list is carried to the root and back.
CARRYING: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PublishedList:
    """The newest list that the root has signed."""

    found: RootList
    token: str
    published_at: datetime


def find_root(connection: sa.Connection) -> PublicKey | None:
    """Return the public key of the county's root, None where it has none."""
    row = connection.execute(sa.select(ROOTS).order_by(ROOTS.c.adopted_at.desc()).limit(1)).first()
    return None if row is None else PublicKey(row.kid, bytes(row.x), bytes(row.y))


def published_list(connection: sa.Connection) -> PublishedList | None:
    """Return the newest list that was published, None before the first; it is checked again."""
    row = connection.execute(sa.select(ROOT_LISTS).order_by(ROOT_LISTS.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    found = read_root_list(row.token, find_root(connection), where="root_lists")
    return PublishedList(found, row.token, row.published_at)


def adopt_root(connection: sa.Connection, root: PublicKey, *, at: datetime, succession: str = "") -> None:
    """Make a root the county's, in place of the one before; whoever calls has seen to it that it may be.

    Parameters
    ----------
    succession
        What the root before has signed of it; "" where it is the first, or two people have confirmed it.

    Raises
    ------
    BadInputError
        `root-had-before`: a root that was given up never comes back.
    """
    if connection.scalar(sa.select(ROOTS.c.kid).where(ROOTS.c.kid == root.kid)) is not None:
        raise BadInputError("root-had-before", "--root", root=root.kid)
    row = {"kid": root.kid, "x": root.x, "y": root.y, "adopted_at": at, "succession": succession or None}
    connection.execute(sa.insert(ROOTS).values(row))


def successions(connection: sa.Connection) -> tuple[str, ...]:
    """Return what each root has signed of the one after it, the oldest first."""
    signed = sa.select(ROOTS.c.succession).where(ROOTS.c.succession.is_not(None)).order_by(ROOTS.c.adopted_at)
    return tuple(connection.scalars(signed))


def keep_list(connection: sa.Connection, found: RootList, token: str, *, at: datetime) -> None:
    """Publish a list that was checked."""
    connection.execute(sa.insert(ROOT_LISTS).values(number=found.number, token=token, published_at=at))


def trust_issuer(connection: sa.Connection, one: OtherIssuer, *, at: datetime, address: str = "") -> None:
    """Put another issuer on the next list, in place of what was there of it.

    Parameters
    ----------
    address
        Where its status lists are published, "" where they are only carried here.
    """
    drop_issuer(connection, one.issuer)
    values = {
        "issuer": one.issuer,
        "name": one.name,
        "until": one.until,
        "keys": [write_key(key) for key in one.keys.values()],
        "withdrawn": sorted(one.withdrawn),
        "added_at": at,
        "address": address or None,
    }
    connection.execute(sa.insert(TRUSTED_ISSUERS).values(**values))


def drop_issuer(connection: sa.Connection, issuer: str) -> bool:
    """Leave an issuer off the next list; return whether it was on it."""
    return connection.execute(sa.delete(TRUSTED_ISSUERS).where(TRUSTED_ISSUERS.c.issuer == issuer)).rowcount == 1


def trusted_issuers(connection: sa.Connection) -> Mapping[str, OtherIssuer]:
    """Return the issuers that the next list will name."""
    rows = connection.execute(sa.select(TRUSTED_ISSUERS).order_by(TRUSTED_ISSUERS.c.issuer))
    return MappingProxyType({row.issuer: _issuer(row) for row in rows})


def issuer_addresses(connection: sa.Connection) -> Mapping[str, str]:
    """Return where other issuers publish their status lists, by issuer; those without an address are left out."""
    table = TRUSTED_ISSUERS.c
    rows = connection.execute(sa.select(table.issuer, table.address).where(table.address.is_not(None)))
    return MappingProxyType({row.issuer: row.address for row in rows})


def _issuer(row: sa.Row[Any]) -> OtherIssuer:
    keys = read_keys(row.keys, where=f"trusted_issuers: {row.issuer}")
    return OtherIssuer(row.issuer, row.name, row.until, keys, frozenset(row.withdrawn))


def request_text(claims: Mapping[str, Any], *, at: datetime) -> str:
    """Return what is carried to the root, as a person can read it."""
    return json.dumps({"asked_at": format_instant(at), **claims}, ensure_ascii=False, indent=1) + "\n"
