"""Keep private keys encrypted at rest: AES-256-GCM under a key-encryption key that lives in a file of its own.

The file belongs to the program's user alone (0600) and is neither in the database nor in the county folder: a copied
county or a stolen backup signs nothing.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from geodata.errors import SurroundingsError
from passes.errors import RefusedTokenError
from passes.tokens.front_door import decode_base64url, encode_base64url

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077


def make_key_file(path: Path) -> bytes:
    """Make a key-encryption key and its file, readable by this user alone; one that exists is read instead.

    Raises
    ------
    SurroundingsError
        `key-file-unwritable`, or as `read_key_file`.
    """
    key = secrets.token_bytes(_KEY_BYTES)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except OSError as error:
        if path.exists():
            return read_key_file(path)
        raise SurroundingsError("key-file-unwritable", str(path), reason=error.strerror or str(error)) from error
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(encode_base64url(key) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise SurroundingsError("key-file-unwritable", str(path), reason=error.strerror or str(error)) from error
    return key


def read_key_file(path: Path) -> bytes:
    """Read the key-encryption key.

    Raises
    ------
    SurroundingsError
        `key-file-missing`; `key-file-too-open`: others may read or write it; `key-file-unreadable`: no such key in it.
    """
    try:
        with path.open(encoding="ascii") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(_KEY_BYTES * 2)
    except FileNotFoundError:
        raise SurroundingsError("key-file-missing", str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SurroundingsError("key-file-unreadable", str(path), reason=type(error).__name__) from None
    if os.name == "posix" and mode & _OTHERS:
        raise SurroundingsError("key-file-too-open", str(path), mode=f"{mode:04o}")
    try:
        key = decode_base64url(text.strip())
    except RefusedTokenError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise SurroundingsError("key-file-unreadable", str(path), reason="content")
    return key


def encrypt_secret(secret: bytes, key: bytes, *, kid: str) -> bytes:
    """Encrypt a private key; it opens again only under its own kid."""
    return encrypt_secrets([(secret, kid)], key)[0]


def encrypt_secrets(named: Sequence[tuple[bytes, str]], key: bytes) -> list[bytes]:
    """Encrypt very many secrets under one key; each opens again only under its own kid."""
    cipher = AESGCM(key)
    nonces = [secrets.token_bytes(_NONCE_BYTES) for _ in named]
    return [
        nonce + cipher.encrypt(nonce, secret, kid.encode()) for nonce, (secret, kid) in zip(nonces, named, strict=True)
    ]


def decrypt_secret(encrypted: bytes, key: bytes, *, kid: str) -> bytes:
    """Decrypt a private key.

    Raises
    ------
    SurroundingsError
        `key-file-wrong`: another key encrypted it, or it was changed.
    """
    try:
        return AESGCM(key).decrypt(encrypted[:_NONCE_BYTES], encrypted[_NONCE_BYTES:], kid.encode())
    except (InvalidTag, ValueError):
        raise SurroundingsError("key-file-wrong", kid) from None
