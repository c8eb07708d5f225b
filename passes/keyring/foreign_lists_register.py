"""Keep the status lists of other issuers whose passes are taken here, so that their withdrawn passes are known too.

A list is taken only from the issuer's own keys that are trusted here, never one of the future, never an older one than
is held; and it is checked again whenever it is read, as its key may have been withdrawn since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant
from geodata.windows import format_instant
from passes.verifying.key_list import KeyList
from passes.verifying.status_list import StatusList, StatusLists, accept_newer, read_status_list

if TYPE_CHECKING:
    from passes.verifying.root_list import OtherIssuer

#: Longest URI of a list that is kept.
_LONGEST_URI: Final = 200
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
#: What a phone takes along of other issuers' lists, in characters: with its own keys and lists it stays below 32 kB.
MOST_CARRIED: Final = 15_000

FOREIGN_LISTS: Final = sa.Table(
    "foreign_lists",
    METADATA,
    sa.Column("issuer", sa.String(64), primary_key=True),
    sa.Column("uri", sa.String(_LONGEST_URI), primary_key=True),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("taken_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class HeldList:
    """A list of another issuer's as it is held.

    Attributes
    ----------
    token
        As it was signed, to be handed on.
    taken_at
        When it came, or came again.
    """

    issuer: str
    found: StatusList
    token: str
    taken_at: datetime


def _keys_of(other: OtherIssuer) -> KeyList:
    return KeyList(other.keys, other.issuer, None, other.withdrawn)


def take_foreign_list(
    connection: sa.Connection, other: OtherIssuer, text: str, *, at: datetime, where: str
) -> StatusList:
    """Keep a list of another issuer's in place of the one held of the same name.

    Raises
    ------
    BadInputError
        What `read_status_list` refuses; `status-list-from-the-future`; `status-list-older`.
    """
    found = read_status_list(text, _keys_of(other), where=where)
    if len(found.uri) > _LONGEST_URI:
        raise BadInputError("status-list-unreadable", where, fault="claims-not-ours")
    if found.issued_at > at + _CLOCKS_DIFFER:
        raise BadInputError("status-list-from-the-future", where, issued_at=format_instant(found.issued_at))
    same = (FOREIGN_LISTS.c.issuer == other.issuer) & (FOREIGN_LISTS.c.uri == found.uri)
    seen_at = connection.scalar(sa.select(FOREIGN_LISTS.c.issued_at).where(same))
    accept_newer(None if seen_at is None else StatusList(found.uri, seen_at, b""), found, where=where)
    connection.execute(sa.delete(FOREIGN_LISTS).where(same))
    row = {"issuer": other.issuer, "uri": found.uri, "token": text, "issued_at": found.issued_at, "taken_at": at}
    connection.execute(sa.insert(FOREIGN_LISTS).values(row))
    return found


def foreign_lists(connection: sa.Connection, others: Mapping[str, OtherIssuer]) -> tuple[HeldList, ...]:
    """Return what is held of these issuers, by issuer and name; a list whose key is no longer trusted is left out."""
    if not others:
        return ()
    rows = connection.execute(
        sa.select(FOREIGN_LISTS)
        .where(FOREIGN_LISTS.c.issuer.in_(sorted(others)))
        .order_by(FOREIGN_LISTS.c.issuer, FOREIGN_LISTS.c.uri)
    )
    held = []
    for row in rows:
        try:
            found = read_status_list(row.token, _keys_of(others[row.issuer]), where=row.issuer)
        except BadInputError:
            continue
        held.append(HeldList(row.issuer, found, row.token, row.taken_at))
    return tuple(held)


def foreign_statuses(connection: sa.Connection, others: Mapping[str, OtherIssuer]) -> Mapping[str, StatusLists]:
    """Return the statuses of these issuers' passes, by issuer; one of which no list is held is not in it."""
    by_issuer: dict[str, list[StatusList]] = {}
    for one in foreign_lists(connection, others):
        by_issuer.setdefault(one.issuer, []).append(one.found)
    return MappingProxyType({issuer: StatusLists(tuple(lists)) for issuer, lists in by_issuer.items()})


def carried_lists(held: tuple[HeldList, ...], *, most: int = MOST_CARRIED) -> Mapping[str, tuple[str, ...]]:
    """Return which lists a phone takes along, by issuer: as many issuers as fit, each with all of its lists or none."""
    by_issuer: dict[str, list[str]] = {}
    for one in held:
        by_issuer.setdefault(one.issuer, []).append(one.token)
    carried: dict[str, tuple[str, ...]] = {}
    for issuer, tokens in sorted(by_issuer.items(), key=lambda item: (sum(map(len, item[1])), item[0])):
        most -= sum(map(len, tokens))
        if most < 0:
            break
        carried[issuer] = tuple(tokens)
    return MappingProxyType(dict(sorted(carried.items())))
