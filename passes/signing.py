"""Sign tokens and check signatures: ES256 in its low-s form. The only file that imports jwt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from jwt.api_jws import PyJWS
from jwt.exceptions import InvalidTokenError

from passes.front_door import ALGORITHM, ORDER, ParsedToken, decode_base64url, encode_base64url
from passes.keys import PublicKey, SigningKey

_JWS: Final = PyJWS(algorithms=[ALGORITHM])


def write_json(document: Mapping[str, Any]) -> bytes:
    """Write JSON as it is signed: no spaces, Chinese as itself (a third of its escaped length)."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def sign_token(claims: Mapping[str, Any], key: SigningKey, *, typ: str) -> str:
    """Sign claims as a compact JWT with exactly the header members alg, kid, typ."""
    token = _JWS.encode(write_json(claims), key.private, ALGORITHM, {"kid": key.kid, "typ": typ})
    signed, _, signature = token.rpartition(".")
    return f"{signed}.{encode_base64url(_lower(decode_base64url(signature)))}"


def _lower(signature: bytes) -> bytes:
    """Return the one of the two valid signatures whose s is lower, so that nobody can make a second token of one."""
    second = int.from_bytes(signature[32:], "big")
    return signature[:32] + min(second, ORDER - second).to_bytes(32, "big")


def is_signed_by(token: ParsedToken, key: PublicKey) -> bool:
    """Tell whether the key signed the token; the algorithm is the key's, never the header's."""
    try:
        _JWS.decode_complete(token.text, key.point, algorithms=[ALGORITHM])
    except InvalidTokenError:
        return False
    return True
