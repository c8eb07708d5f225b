"""The offline root: made, kept and used off the server, in a file that its passphrase encrypts.

The file is JSON: the public key as a JWK, and the secret number under AES-256-GCM with a key that scrypt makes of the
passphrase (RFC 7914, N = 2^17, r = 8, p = 1: some tenths of a second and 128 MB a guess). `baotong keys root new` and
`sign` need neither a county folder nor a database, so they run on a machine that has never been on a network.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from geodata.errors import BadInputError
from passes.errors import RefusedTokenError
from passes.tokens.front_door import decode_base64url, encode_base64url
from passes.tokens.keys import PublicKey, SigningKey, new_signing_key, read_jwk, signing_key_of
from passes.verifying.root_list import RootList, read_root_claims, sign_root_list

SHORTEST_PASSPHRASE: Final = 12
_COST: Final = 2**17
_BLOCK: Final = 8
_NONCE_BYTES: Final = 12
_SALT_BYTES: Final = 16
_CLAIMS: Final = ("iss", "iat", "num", "keys", "withdrawn", "trusted")


def make_root(*, at: datetime) -> SigningKey:
    """Make a root from the system's randomness."""
    return new_signing_key(usable_from=at)


def lock_root(root: SigningKey, passphrase: str) -> dict[str, Any]:
    """Return the root's file, encrypted.

    Raises
    ------
    BadInputError
        `passphrase-too-short`.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BadInputError("passphrase-too-short", "passphrase", least=SHORTEST_PASSPHRASE)
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    box = AESGCM(_key_of(passphrase, salt)).encrypt(nonce, root.to_bytes(), root.kid.encode())
    return {
        "baotong_root": 1,
        "public": root.public.to_jwk(),
        "salt": encode_base64url(salt),
        "nonce": encode_base64url(nonce),
        "secret": encode_base64url(box),
    }


def _key_of(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=1).derive(passphrase.encode())


def open_root(document: Any, passphrase: str, *, where: str) -> SigningKey:
    """Open the root's file.

    Raises
    ------
    BadInputError
        `root-file-unreadable`, or `passphrase-wrong`: it does not open this file, or the file was changed.
    """
    public = public_root(document, where=where)
    try:
        salt, nonce, box = (decode_base64url(str(document[name])) for name in ("salt", "nonce", "secret"))
        secret = AESGCM(_key_of(passphrase, salt)).decrypt(nonce, box, public.kid.encode())
    except InvalidTag:
        raise BadInputError("passphrase-wrong", where, root=public.kid) from None
    except (KeyError, ValueError, RefusedTokenError):
        raise BadInputError("root-file-unreadable", where) from None
    root = signing_key_of(secret)
    if (root.public.x, root.public.y) != (public.x, public.y):
        raise BadInputError("root-file-unreadable", where)
    return root


def public_root(document: Any, *, where: str) -> PublicKey:
    """Return the public key of a root's file, or of the file with nothing else in it that is handed on.

    Raises
    ------
    BadInputError
        `root-file-unreadable`, or what `read_jwk` refuses.
    """
    if not isinstance(document, Mapping):
        raise BadInputError("root-file-unreadable", where)
    found = document.get("public", document)
    if not isinstance(found, Mapping) or "kty" not in found:
        raise BadInputError("root-file-unreadable", where)
    return read_jwk(found, where=where)


def read_request(document: Any, *, where: str, at: datetime) -> RootList:
    """Read what the server asks the root to sign; the time is that of the signing.

    Raises
    ------
    BadInputError
        `root-list-unreadable`, or what is wrong with one of its keys.
    """
    if not isinstance(document, Mapping):
        raise BadInputError("root-list-unreadable", where, fault="json")
    claims = {name: document[name] for name in _CLAIMS if name in document}
    return read_root_claims({**claims, "iat": int(at.timestamp())}, where=where)


def sign_request(found: RootList, root: SigningKey) -> str:
    """Sign a request as the county's next list."""
    return sign_root_list(found, root)


def read_json_text(text: str, *, where: str) -> Any:
    """Read JSON that was carried here.

    Raises
    ------
    BadInputError
        `root-file-unreadable`.
    """
    try:
        return json.loads(text)
    except ValueError:
        raise BadInputError("root-file-unreadable", where) from None
