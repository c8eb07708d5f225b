"""Ask the offline root for a list, and publish what it has signed: a key signs only seven days after that.

1. `next_list`: the keys of the register, those withdrawn, the issuers to be trusted, and the next number.
2. The root signs it off the server (`passes.keyring.root_key`), and stamps the time.
3. `publish_list`: the list takes effect, if every key in it is the register's and a new one will not sign too early.

A key that no published list holds signs nothing, however old it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from geodata.errors import BadInputError
from geodata.windows import format_instant
from passes.keyring.key_acts import may_replace_root
from passes.keyring.key_register import list_keys
from passes.keyring.root_register import adopt_root, find_root, keep_list, published_list, trusted_issuers
from passes.keyring.root_succession import read_succession
from passes.verifying.key_list import PUBLISHED_AHEAD
from passes.verifying.root_list import RootList, read_root_list

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.policy import Policy
    from passes.tokens.keys import PublicKey


def next_list(connection: sa.Connection, *, issuer: str, at: datetime) -> RootList:
    """Return the list that the root is to sign next."""
    before = published_list(connection)
    records = list_keys(connection)
    withdrawn = {one.public.kid for one in records if one.withdrawn_at is not None}
    return RootList(
        issuer=issuer,
        number=1 if before is None else before.found.number + 1,
        issued_at=at,
        keys=MappingProxyType({one.public.kid: one.public for one in records if one.withdrawn_at is None}),
        withdrawn=frozenset(withdrawn),
        others=trusted_issuers(connection),
    )


@dataclass(frozen=True, slots=True)
class ComingRoot:
    """A root that comes with the list that it has signed.

    Attributes
    ----------
    succession
        What the root before has signed of it; "" where it is the county's first, or two people have confirmed it.
    """

    public: PublicKey
    succession: str = ""


def publish_list(
    connection: sa.Connection,
    token: str,
    *,
    issuer: str,
    at: datetime,
    root: ComingRoot | None = None,
    ahead: timedelta = PUBLISHED_AHEAD,
) -> RootList:
    """Publish a list that the root has signed; a root's first list comes with its public key.

    Raises
    ------
    BadInputError
        `root-unknown`: the county has no root yet and none is given; what `check_root`, `adopt_root` and
        `read_root_list` refuse;
        `root-list-of-another-county`, `key-list-older`, `root-list-from-the-future`, `root-list-unknown-key`,
        `root-list-lacks-withdrawn`; `key-list-late`: a new key would sign sooner than `ahead` after this moment.
    """
    where, before = "list", published_list(connection)
    known = find_root(connection)
    coming = None if root is None or _is_same(known, root.public) else root
    if coming is not None:
        check_root(connection, coming, issuer=issuer, at=at)
    signer = known if coming is None else coming.public
    if signer is None:
        raise BadInputError("root-unknown", "--root")
    found = read_root_list(token, signer, where=where)
    if found.issuer != issuer:
        raise BadInputError("root-list-of-another-county", where, issuer=found.issuer, expected=issuer)
    if before is not None and found.number <= before.found.number:
        raise BadInputError("key-list-older", where, found=found.number, seen=before.found.number)
    if found.issued_at > at + timedelta(minutes=5):
        raise BadInputError("root-list-from-the-future", where, issued_at=format_instant(found.issued_at))
    _check_keys(connection, found, where)
    _check_in_time(found, None if before is None else before.found, at=at, ahead=ahead)
    if coming is not None:
        adopt_root(connection, coming.public, at=at, succession=coming.succession)
    keep_list(connection, found, token, at=at)
    return found


def _is_same(known: PublicKey | None, root: PublicKey) -> bool:
    return known is not None and (known.x, known.y) == (root.x, root.y)


def check_root(connection: sa.Connection, coming: ComingRoot, *, issuer: str, at: datetime) -> None:
    """Refuse a root that is neither the county's first, nor signed for by the one before, nor confirmed by two people.

    Raises
    ------
    BadInputError
        `root-known`: the county has another root, which vouches for none, and nobody has confirmed this one;
        or what `read_succession` refuses.
    """
    known, root = find_root(connection), coming.public
    if known is None:
        return
    if coming.succession:
        named = read_succession(coming.succession, known, issuer=issuer, where="--succession")
        if not _is_same(named, root):
            raise BadInputError("succession-not-signed", "--succession", root=known.kid)
    elif not may_replace_root(connection, root, at=at):
        raise BadInputError("root-known", "--root", root=known.kid, found=root.kid)


def _check_keys(connection: sa.Connection, found: RootList, where: str) -> None:
    """Refuse a list with a key that is not the register's, or one that forgets that a key was withdrawn."""
    known = {one.public.kid: one for one in list_keys(connection)}
    for kid, key in found.keys.items():
        own = known.get(kid)
        if own is None or (own.public.x, own.public.y) != (key.x, key.y):
            raise BadInputError("root-list-unknown-key", where, kid=kid)
        if own.withdrawn_at is not None:
            raise BadInputError("root-list-lacks-withdrawn", where, kid=kid)


def _check_in_time(found: RootList, before: RootList | None, *, at: datetime, ahead: timedelta) -> None:
    """Refuse a new key that would sign before every verifier can have it, unless no other key could sign at all."""
    old = {} if before is None else {kid: key for kid, key in before.keys.items() if kid in found.keys}
    serving = [key for key in old.values() if key.usable_from is None or key.usable_from <= at]
    if before is None or not serving:
        return
    for kid, key in found.keys.items():
        if kid not in old and (key.usable_from is None or key.usable_from < at + ahead):
            usable = "" if key.usable_from is None else format_instant(key.usable_from)
            raise BadInputError("key-list-late", "list", kid=kid, usable_from=usable, days=ahead.days)


def ahead_of(policy: Policy) -> timedelta:
    """Return how long before it signs a key is published, as the policy says: seven days or more."""
    return timedelta(days=policy.passes.keys_ahead_days)
