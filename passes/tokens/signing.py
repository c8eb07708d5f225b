"""Sign tokens and check signatures: ES256 in its low-s form. The only file that imports jwt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.api_jws import PyJWS
from jwt.exceptions import InvalidTokenError

from passes.tokens.front_door import ALGORITHM, ORDER, ParsedToken, encode_base64url
from passes.tokens.keys import PublicKey, SigningKey

_JWS: Final = PyJWS(algorithms=[ALGORITHM])
_ES256: Final = ec.ECDSA(SHA256())
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def write_json(document: Mapping[str, Any]) -> bytes:
    """Write JSON as it is signed: no spaces, Chinese as itself (a third of its escaped length)."""
    return _WRITTEN(document).encode()


def sign_token(claims: Mapping[str, Any], key: SigningKey, *, typ: str) -> str:
    """Sign claims as a compact JWT with exactly the header members alg, kid, typ."""
    signed = f"{encode_base64url(header_of(key.kid, typ))}.{encode_base64url(write_json(claims))}"
    return f"{signed}.{encode_base64url(sign_bytes(signed.encode(), key))}"


def header_of(kid: str, typ: str) -> bytes:
    """Return the header of a token as it is signed."""
    return write_json({"alg": ALGORITHM, "kid": kid, "typ": typ})


def sign_bytes(signed: bytes, key: SigningKey) -> bytes:
    """Sign bytes by ES256 (RFC 7518, 3.4): r and s, 32 bytes each.

    Of the two valid signatures it is the one whose s is lower, so that nobody can make a second token of one.
    """
    first, second = decode_dss_signature(key.private.sign(signed, _ES256))
    return first.to_bytes(32, "big") + min(second, ORDER - second).to_bytes(32, "big")


def is_signed_by(token: ParsedToken, key: PublicKey) -> bool:
    """Tell whether the key signed the token; the algorithm is the key's, never the header's."""
    try:
        _JWS.decode_complete(token.text, key.point, algorithms=[ALGORITHM])
    except InvalidTokenError:
        return False
    return True
