"""The key that signs for a page: the county's own, of this moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from passes.keyring.key_register import has_keys, open_key_ring
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.tokens.keys import SigningKey


def signing_key(connection: sa.Connection, at: datetime) -> SigningKey:
    """Return the key that signs now.

    Raises
    ------
    SurroundingsError
        `no-signing-key`, or what is wrong with the key file.
    """
    return open_key_ring(connection, site().key_file, at=at).current(at)


def ready_keys(at: datetime) -> None:
    """Make the county's first key where nothing has needed one yet."""
    with reading() as connection:
        ready = has_keys(connection)
    if not ready:
        with writing() as connection:
            signing_key(connection, at)
