"""Keep the issuer's keys in the store, private halves encrypted, and say which signs when.

A key is published at once and signs seven days later, so that every verifier has it by then; only the very first, and
one that replaces a compromised key, sign at once. A retired key verifies on; a withdrawn one makes its passes void.
Where the county has an offline root, a key is published by the list that the root has signed
(`passes.keyring.root_publishing`), and signs nothing before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant
from passes.applications.sealed_applications import is_anything_kept
from passes.key_encryption import decrypt_secret, encrypt_secret, make_key_file, read_key_file
from passes.keyring.root_register import CARRYING, find_root, published_list
from passes.tokens.keys import KeyRing, PublicKey, SigningKey, new_signing_key, signing_key_of
from passes.verifying.key_list import PUBLISHED_AHEAD, KeyList, with_root_list
from passes.verifying.verdicts import VerdictRules

SIGNING_KEYS: Final = sa.Table(
    "signing_keys",
    METADATA,
    sa.Column("kid", sa.String(64), primary_key=True),
    sa.Column("x", sa.LargeBinary(32), nullable=False),
    sa.Column("y", sa.LargeBinary(32), nullable=False),
    sa.Column("encrypted_secret", sa.LargeBinary(128), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("published_at", Instant, nullable=False),
    sa.Column("usable_from", Instant, nullable=False),
    sa.Column("retired_at", Instant),
    sa.Column("withdrawn_at", Instant),
)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as the register knows it, without its private half."""

    public: PublicKey
    created_at: datetime
    published_at: datetime
    usable_from: datetime
    retired_at: datetime | None = None
    withdrawn_at: datetime | None = None
    is_listed: bool = True

    def state(self, at: datetime) -> str:
        """Return "withdrawn", "waiting" (for the root), "retired", "signing" or "published" (not yet signing)."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if not self.is_listed:
            return "waiting"
        if self.retired_at is not None and self.retired_at <= at:
            return "retired"
        return "signing" if self.usable_from <= at else "published"


def list_keys(connection: sa.Connection) -> tuple[KeyRecord, ...]:
    """Return every key there ever was, oldest first."""
    listed = _listed(connection)
    rows = connection.execute(sa.select(SIGNING_KEYS).order_by(SIGNING_KEYS.c.usable_from, SIGNING_KEYS.c.kid))
    return tuple(
        KeyRecord(
            PublicKey(row.kid, bytes(row.x), bytes(row.y), row.usable_from, row.retired_at),
            created_at=row.created_at,
            published_at=row.published_at,
            usable_from=row.usable_from,
            retired_at=row.retired_at,
            withdrawn_at=row.withdrawn_at,
            is_listed=listed is None or row.kid in listed,
        )
        for row in rows
    )


def _listed(connection: sa.Connection) -> frozenset[str] | None:
    """Return the keys that the root's newest list holds; None: the county has no root, and none is asked for."""
    published = published_list(connection)
    return None if published is None else frozenset(published.found.keys)


def find_key(connection: sa.Connection, kid: str) -> KeyRecord:
    """Return one key.

    Raises
    ------
    BadInputError
        `signing-key-unknown`.
    """
    found = next((one for one in list_keys(connection) if one.public.kid == kid), None)
    if found is None:
        raise BadInputError("signing-key-unknown", kid, kid=kid)
    return found


def public_key_list(
    connection: sa.Connection, *, issuer: str, at: datetime, rules: VerdictRules | None = None
) -> KeyList:
    """Return the key list as it is now: what a verifier with this database trusts, and what `keys export` writes.

    A key that was withdrawn since the root signed its list is withdrawn here already: that needs nobody's signature.
    """
    records = list_keys(connection)
    keys: Mapping[str, PublicKey] = {one.public.kid: one.public for one in records if one.withdrawn_at is None}
    withdrawn = frozenset(one.public.kid for one in records if one.withdrawn_at is not None)
    plain = KeyList(MappingProxyType(keys), issuer, at, withdrawn, rules or VerdictRules())
    published = published_list(connection)
    if published is None:
        return plain
    return replace(with_root_list(plain, published.found, published.token), issued_at=at)


def add_key(connection: sa.Connection, key: SigningKey, encryption_key: bytes, *, at: datetime) -> None:
    """Keep a new key, published now; it signs from its `usable_from` on (None: now).

    Raises
    ------
    BadInputError
        `key-named-twice`: another key bears its name.
    """
    if connection.scalar(sa.select(SIGNING_KEYS.c.kid).where(SIGNING_KEYS.c.kid == key.kid)) is not None:
        raise BadInputError("key-named-twice", "keys", kid=key.kid)
    connection.execute(
        sa.insert(SIGNING_KEYS).values(
            kid=key.kid,
            x=key.public.x,
            y=key.public.y,
            encrypted_secret=encrypt_secret(key.to_bytes(), encryption_key, kid=key.kid),
            created_at=at,
            published_at=at,
            usable_from=key.public.usable_from or at,
        )
    )


def read_key_ring(connection: sa.Connection, encryption_key: bytes) -> KeyRing:
    """Return every key that is not withdrawn, and published where there is a root, ready to sign.

    Raises
    ------
    SurroundingsError
        `key-file-wrong`.
    """
    rows = connection.execute(sa.select(SIGNING_KEYS).where(SIGNING_KEYS.c.withdrawn_at.is_(None)))
    listed = _listed(connection)
    return KeyRing(
        tuple(
            signing_key_of(
                decrypt_secret(bytes(row.encrypted_secret), encryption_key, kid=row.kid),
                usable_from=row.usable_from,
                retired_at=row.retired_at,
            )
            for row in rows
            if listed is None or row.kid in listed
        )
    )


def has_keys(connection: sa.Connection) -> bool:
    """Tell whether the issuer has ever had a key."""
    return connection.scalar(sa.select(SIGNING_KEYS.c.kid).limit(1)) is not None


def open_encryption_key(connection: sa.Connection, key_file: Path) -> bytes:
    """Return the key-encryption key; its file is made only while nothing depends on it yet.

    Raises
    ------
    SurroundingsError
        As `read_key_file`; `key-file-missing` also where keys or applications exist that a new file could never open.
    """
    depended_on = has_keys(connection) or is_anything_kept(connection)
    return read_key_file(key_file) if depended_on else make_key_file(key_file)


def open_key_ring(connection: sa.Connection, key_file: Path, *, at: datetime) -> KeyRing:
    """Return the key ring of the issuer; the first key is made on first need and signs at once.

    Raises
    ------
    SurroundingsError
        What is wrong with the key file.
    """
    encryption_key = open_encryption_key(connection, key_file)
    if not has_keys(connection):
        add_key(connection, new_signing_key(usable_from=at), encryption_key, at=at)
    return read_key_ring(connection, encryption_key)


def _usable_from(connection: sa.Connection, *, at: datetime, ahead: timedelta) -> datetime:
    """Return from when a new key signs: the very first at once, else when every verifier has it.

    Under a root there is a day more, in which the list is carried to it and back.
    """
    if not has_keys(connection):
        return at
    return at + ahead + (timedelta(0) if find_root(connection) is None else CARRYING)


def new_key(
    connection: sa.Connection, key_file: Path, *, at: datetime, ahead: timedelta = PUBLISHED_AHEAD
) -> SigningKey:
    """Make and publish a key that signs in seven days, the very first at once; no other key is retired."""
    encryption_key = open_encryption_key(connection, key_file)
    key = new_signing_key(usable_from=_usable_from(connection, at=at, ahead=ahead))
    add_key(connection, key, encryption_key, at=at)
    return key


def rotate_keys(
    connection: sa.Connection,
    key_file: Path,
    *,
    at: datetime,
    compromised: bool = False,
    ahead: timedelta = PUBLISHED_AHEAD,
) -> SigningKey:
    """Make a new key and retire the others when it begins to sign, in seven days.

    Parameters
    ----------
    connection, key_file
        The register, and the file of the key-encryption key.
    at
        Now.
    compromised
        The private keys are in other hands: the new key signs at once and the others are withdrawn; every pass that
        they signed is void and must be issued again.
    ahead
        How long before it signs the new key is published.
    """
    encryption_key = open_encryption_key(connection, key_file)
    key = new_signing_key(usable_from=at if compromised else _usable_from(connection, at=at, ahead=ahead))
    serving = sa.or_(SIGNING_KEYS.c.retired_at.is_(None), SIGNING_KEYS.c.retired_at > key.public.usable_from)
    connection.execute(sa.update(SIGNING_KEYS).where(serving).values(retired_at=key.public.usable_from))
    if compromised:
        connection.execute(sa.update(SIGNING_KEYS).where(SIGNING_KEYS.c.withdrawn_at.is_(None)).values(withdrawn_at=at))
    add_key(connection, key, encryption_key, at=at)
    return key


def withdraw_key(connection: sa.Connection, kid: str, key_file: Path, *, at: datetime) -> None:
    """Withdraw one key: from now on every pass that it signed is void, and another key signs.

    A key that is published already but would sign later signs at once: every verifier that has the list has it. Without
    one a new key is made, which signs at once, or as soon as the root has signed for it.

    Raises
    ------
    BadInputError
        `signing-key-unknown`.
    """
    find_key(connection, kid)
    encryption_key = open_encryption_key(connection, key_file)
    same = SIGNING_KEYS.c.kid == kid
    connection.execute(sa.update(SIGNING_KEYS).where(same).values(withdrawn_at=at, retired_at=at))
    states = {one.public.kid: one.state(at) for one in list_keys(connection)}
    if "signing" in states.values():
        return
    ready = next((kid for kid, state in states.items() if state == "published"), None)
    if ready is None:
        add_key(connection, new_signing_key(usable_from=at), encryption_key, at=at)
    else:
        connection.execute(sa.update(SIGNING_KEYS).where(SIGNING_KEYS.c.kid == ready).values(usable_from=at))
