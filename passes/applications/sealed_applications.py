"""Keep applications sealed: names, identity and phone numbers of the crew stay encrypted at rest.

An application is known by a keyed hash of what it says, so that sending it twice is noticed; a plain hash would give
an identity number away to whoever tries all of them. Sealing and hashing use keys derived from the key-encryption key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant, insert_rows
from passes.applications.application import Application
from passes.key_encryption import decrypt_secret, encrypt_secret, encrypt_secrets

#: Applications asked for in one query.
_CHUNK: Final = 500
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

APPLICATIONS: Final = sa.Table(
    "applications",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("firm", sa.String(200), nullable=False, index=True),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)


def _derived(encryption_key: bytes, purpose: str) -> bytes:
    return hmac.digest(encryption_key, f"baotong application {purpose}".encode(), hashlib.sha256)


def _written(document: Mapping[str, Any]) -> bytes:
    return _WRITTEN(dict(document)).encode()


def keep_application(
    connection: sa.Connection, application: Application, encryption_key: bytes, *, firm: str, at: datetime
) -> str:
    """Keep an application and return what it is known by: the same one again gives the same answer.

    Raises
    ------
    BadInputError
        `application-id-reused`: the firm gave this id to another application before.
    """
    document, own_id = application.document, application.id
    return keep_document(connection, document, encryption_key, firm=firm, own_id=own_id, at=at)


def keep_documents(
    connection: sa.Connection,
    documents: Sequence[Mapping[str, Any]],
    encryption_key: bytes,
    *,
    firm: str,
    at: datetime,
) -> tuple[str, ...]:
    """Keep very many applications of a firm that bear no id of its own; return what each is known by, in order."""
    hashing, sealing = (_derived(encryption_key, purpose) for purpose in ("hash", "seal"))
    known_by, rows = [], {}
    for document in documents:
        written = _written(document)
        content = hmac.digest(hashing, written, hashlib.sha256).hex()
        name = _name_of(firm, content, hashing)
        known_by.append(name)
        rows[name] = content, written
    kept = _kept(connection, list(rows))
    new = [(name, *one) for name, one in rows.items() if name not in kept]
    sealed = encrypt_secrets([(written, name) for name, _, written in new], sealing)
    insert_rows(
        connection,
        APPLICATIONS,
        [(name, content, firm, at, one) for (name, content, _), one in zip(new, sealed, strict=True)],
    )
    return tuple(known_by)


def _kept(connection: sa.Connection, names: Sequence[str]) -> set[str]:
    parts = (names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK))
    query = sa.select(APPLICATIONS.c.id)
    return {name for part in parts for name in connection.scalars(query.where(APPLICATIONS.c.id.in_(part)))}


def _name_of(firm: str, own_id: str, key: bytes) -> str:
    """Return what an application is known by: the firm's own id of it, else its content."""
    return hmac.digest(key, json.dumps([firm, own_id], ensure_ascii=False).encode(), hashlib.sha256).hex()


def keep_document(
    connection: sa.Connection,
    document: Mapping[str, Any],
    encryption_key: bytes,
    *,
    firm: str,
    at: datetime,
    own_id: str = "",
) -> str:
    """Keep what may become an application, such as a draft with gaps; otherwise as `keep_application`."""
    key = _derived(encryption_key, "hash")
    content = hmac.digest(key, _written(document), hashlib.sha256).hex()
    known_by = _name_of(firm, own_id or content, key)
    before = connection.scalar(sa.select(APPLICATIONS.c.content).where(APPLICATIONS.c.id == known_by))
    if before is not None and before != content:
        raise BadInputError("application-id-reused", "id", id=own_id)
    if before is None:
        sealed = encrypt_secret(_written(document), _derived(encryption_key, "seal"), kid=known_by)
        values = {"content": content, "firm": firm, "received_at": at, "sealed": sealed}
        connection.execute(sa.insert(APPLICATIONS).values(id=known_by, **values))
    return known_by


def open_application(connection: sa.Connection, known_by: str, encryption_key: bytes) -> dict[str, Any]:
    """Return a kept application as it came.

    Raises
    ------
    BadInputError
        `application-unknown`.
    SurroundingsError
        `key-file-wrong`.
    """
    found = open_applications(connection, [known_by], encryption_key)
    if not found:
        raise BadInputError("application-unknown", "application", id=known_by)
    return found[known_by]


def open_applications(
    connection: sa.Connection, known_by: Collection[str], encryption_key: bytes
) -> dict[str, dict[str, Any]]:
    """Return kept applications as they came, by what each is known by; one that is not kept is left out.

    Raises
    ------
    SurroundingsError
        `key-file-wrong`.
    """
    wanted, key = sorted(set(known_by)), _derived(encryption_key, "seal")
    query = sa.select(APPLICATIONS.c.id, APPLICATIONS.c.sealed)
    parts = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    rows = (row for part in parts for row in connection.execute(query.where(APPLICATIONS.c.id.in_(part))))
    return {row.id: json.loads(decrypt_secret(bytes(row.sealed), key, kid=row.id)) for row in rows}


def is_anything_kept(connection: sa.Connection) -> bool:
    """Tell whether any application is kept, which only the key-encryption key of its day opens."""
    return connection.scalar(sa.select(APPLICATIONS.c.id).limit(1)) is not None
