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
from passes.keys import PublicKey
from passes.root_list import OtherIssuer, RootList, read_keys, read_root_list, write_key

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOTS: Final = sa.Table(
    "roots",
    METADATA,
    sa.Column("kid", sa.String(64), primary_key=True),
    sa.Column("x", sa.LargeBinary(32), nullable=False),
    sa.Column("y", sa.LargeBinary(32), nullable=False),
    sa.Column("adopted_at", Instant, nullable=False),
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


def adopt_root(connection: sa.Connection, root: PublicKey, *, at: datetime) -> None:
    """Make a root the county's; the same again is fine.

    Raises
    ------
    BadInputError
        `root-known`: the county has another one, which every verifier has been told of.
    """
    before = find_root(connection)
    if before is not None and (before.x, before.y) == (root.x, root.y):
        return
    if before is not None:
        raise BadInputError("root-known", "--root", root=before.kid, found=root.kid)
    connection.execute(sa.insert(ROOTS).values(kid=root.kid, x=root.x, y=root.y, adopted_at=at))


def keep_list(connection: sa.Connection, found: RootList, token: str, *, at: datetime) -> None:
    """Publish a list that was checked."""
    connection.execute(sa.insert(ROOT_LISTS).values(number=found.number, token=token, published_at=at))


def trust_issuer(connection: sa.Connection, one: OtherIssuer, *, at: datetime) -> None:
    """Put another issuer on the next list, in place of what was there of it."""
    drop_issuer(connection, one.issuer)
    values = {
        "issuer": one.issuer,
        "name": one.name,
        "until": one.until,
        "keys": [write_key(key) for key in one.keys.values()],
        "withdrawn": sorted(one.withdrawn),
        "added_at": at,
    }
    connection.execute(sa.insert(TRUSTED_ISSUERS).values(**values))


def drop_issuer(connection: sa.Connection, issuer: str) -> bool:
    """Leave an issuer off the next list; return whether it was on it."""
    return connection.execute(sa.delete(TRUSTED_ISSUERS).where(TRUSTED_ISSUERS.c.issuer == issuer)).rowcount == 1


def trusted_issuers(connection: sa.Connection) -> Mapping[str, OtherIssuer]:
    """Return the issuers that the next list will name."""
    rows = connection.execute(sa.select(TRUSTED_ISSUERS).order_by(TRUSTED_ISSUERS.c.issuer))
    return MappingProxyType({row.issuer: _issuer(row) for row in rows})


def _issuer(row: sa.Row[Any]) -> OtherIssuer:
    keys = read_keys(row.keys, where=f"trusted_issuers: {row.issuer}")
    return OtherIssuer(row.issuer, row.name, row.until, keys, frozenset(row.withdrawn))


def request_text(claims: Mapping[str, Any], *, at: datetime) -> str:
    """Return what is carried to the root, as a person can read it."""
    return json.dumps({"asked_at": format_instant(at), **claims}, ensure_ascii=False, indent=1) + "\n"
