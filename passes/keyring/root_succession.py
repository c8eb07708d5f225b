"""Hand the county's root on to the next one: the old root signs who comes after it, so that phones need nobody's word.

`typ: btr+jwt`, claims iss, iat and new (the next root's public key as a JWK). A phone that knows the old root takes the
new one by it, through any number of such steps. Where the old root is lost or stolen nobody can or may sign that: then
two people confirm the new root's fingerprint, and every guard is told to compare it by telephone before he takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from geodata.errors import BadInputError
from passes.errors import RefusedTokenError
from passes.tokens.claims import LATEST_SECOND
from passes.tokens.front_door import TokenKind, decode_base64url, parse_token
from passes.tokens.keys import PublicKey, SigningKey, read_jwk, thumbprint
from passes.tokens.signing import is_signed_by, sign_token

_MEMBERS: Final = frozenset({"iss", "iat", "new"})
_LONGEST: Final = 4_096
_GROUP: Final = 4
#: Hexadecimal digits that people compare: 128 bits.
_FINGERPRINT_DIGITS: Final = 32


def fingerprint(root: PublicKey) -> str:
    """Return what people compare of a root: the beginning of its thumbprint (RFC 7638) in groups of four digits."""
    digits = decode_base64url(thumbprint(root.x, root.y)).hex()[:_FINGERPRINT_DIGITS]
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def _check_claims(claims: Mapping[str, Any]) -> None:
    wrong = (
        claims.keys() != _MEMBERS
        or not isinstance(claims["iss"], str)
        or type(claims["iat"]) is not int
        or not 0 < claims["iat"] < LATEST_SECOND
        or not isinstance(claims["new"], dict)
    )
    if wrong:
        raise RefusedTokenError("claims-not-ours", "claims")


#: What the old root signs of the new one.
SUCCESSION: Final = TokenKind("btr+jwt", _check_claims, longest=_LONGEST)


def sign_succession(issuer: str, old: SigningKey, new: PublicKey, *, at: datetime) -> str:
    """Sign with the old root who comes after it; that happens off the server."""
    return sign_token({"iss": issuer, "iat": int(at.timestamp()), "new": new.to_jwk()}, old, typ=SUCCESSION.typ)


def read_succession(text: str, old: PublicKey, *, issuer: str, where: str) -> PublicKey:
    """Return the root that an old one names as the next.

    Raises
    ------
    BadInputError
        `succession-unreadable`; `succession-not-signed`: not by this root, or for another county; or what is wrong with
        the next root's key.
    """
    try:
        token = parse_token(text, SUCCESSION)
    except RefusedTokenError as error:
        raise BadInputError("succession-unreadable", where, fault=error.code) from None
    if token.kid != old.kid or token.claims["iss"] != issuer or not is_signed_by(token, old):
        raise BadInputError("succession-not-signed", where, root=old.kid)
    return read_jwk(token.claims["new"], where=f"{where}: new")
