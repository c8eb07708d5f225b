"""Where the key-encryption key lies: the file of BAOTONG_KEY_FILE, else one in the user's own settings folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.errors import BadInputError
from web.session import Session

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from passes.tokens.keys import KeyRing

KEY_FILE_SETTING: Final = "BAOTONG_KEY_FILE"
_USUAL_NAME: Final = "key-encryption-key"


def key_file_of(session: Session) -> Path:
    """Return the key file's place.

    Raises
    ------
    BadInputError
        `key-file-in-county-folder`: whoever copies the county would copy the key with it.
    """
    named = os.environ.get(KEY_FILE_SETTING)
    path = Path(named).expanduser() if named else _usual_key_file()
    if path.resolve().is_relative_to(session.county.folder.resolve()):
        raise BadInputError("key-file-in-county-folder", str(path), setting=KEY_FILE_SETTING)
    return path


def _usual_key_file() -> Path:
    from platformdirs import user_config_path

    return user_config_path("baotong", appauthor=False) / _USUAL_NAME


def open_keys(session: Session, connection: sa.Connection, *, at: datetime) -> KeyRing:
    """Return the issuer's key ring; file and first key are made on first need."""
    from passes.keyring.key_register import open_key_ring

    return open_key_ring(connection, key_file_of(session), at=at)
