"""The strict front door: what a text must be before any key looks at it.

JWT libraries accept far more than we ever sign. Refused here, in this order, each with its reason's code:

1. `token-too-long`: over 4 KB (a status list has its own bound).
2. `token-unreadable`: not three parts, padded or impure base64url, no UTF-8, no JSON object, a byte-order mark, a
   fraction or an over-long number, half a character, a member named twice, or deeper nesting than anything of ours has.
3. `algorithm-not-allowed`: anything but ES256 (none, HS256 with the public key, RS256 under one of our key names).
4. `header-not-ours`: members other than exactly alg, kid, typ (jku, jwk, x5c, crit ...), or a strange kid.
5. `type-not-ours`: another `typ`: a status list or a closure order is no pass.
6. `claims-not-ours`, `lifetime-too-long`: the claim schema of that `typ`.
7. `signature-not-canonical`: not 64 bytes, a number outside the curve's order, or the high one of the two valid s.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from passes.errors import RefusedTokenError

ALGORITHM: Final = "ES256"
LONGEST_TOKEN: Final = 4096
#: Order of the curve P-256 (FIPS 186-5); of s and order - s only the lower one is ours.
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGNATURE_BYTES: Final = 64
KID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HEADER: Final = frozenset({"alg", "kid", "typ"})
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+")
_MEMBER: Final = re.compile(r"[A-Za-z0-9_-]{0,20}")
_LONGEST_NUMBER: Final = 16
#: Objects and lists within each other; without a bound of its own the answer would depend on the Python that reads.
_DEEPEST: Final = 16


@dataclass(frozen=True, slots=True)
class TokenKind:
    """A kind of token: its `typ`, what its claims must be, and how long it may be.

    Attributes
    ----------
    typ
        Value of the header member.
    check_claims
        Raises `RefusedTokenError` with `claims-not-ours` or `lifetime-too-long`.
    longest
        In characters.
    """

    typ: str
    check_claims: Callable[[Mapping[str, Any]], None]
    longest: int = LONGEST_TOKEN


@dataclass(frozen=True, slots=True)
class ParsedToken:
    """A token that passed the front door; nobody has checked its signature yet."""

    text: str
    kid: str
    claims: Mapping[str, Any]
    signature: bytes


def encode_base64url(data: bytes) -> str:
    """Write base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """Read base64url in its only form: no padding, no foreign character, no left-over bits.

    Raises
    ------
    RefusedTokenError
        `token-unreadable`.
    """
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise RefusedTokenError("token-unreadable", "token", fault="base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode_base64url(data) != text:
        raise RefusedTokenError("token-unreadable", "token", fault="base64url")
    return data


def _unique_members(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a member is named twice")
    return found


def _whole_number(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("a number is too long")
    return int(text)


def _refuse_number(text: str) -> None:
    raise ValueError(f"{text} is no whole number")


def _refuse_half_characters(found: Any) -> None:
    """Refuse half of a pair of surrogates, which an escape can write: no page, file or terminal could tell of it."""
    json.dumps(found, ensure_ascii=False).encode("utf-8")


def shown_member(name: str) -> str:
    """Return the name of a member as people may see it: whoever made the token has chosen it."""
    return name if _MEMBER.fullmatch(name) else "?"


def _is_flat(value: Any, levels: int) -> bool:
    """Tell whether nothing lies deeper than so many levels."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels >= 0 and all(_is_flat(one, levels - 1) for one in inside)


def read_object(data: bytes) -> dict[str, Any]:
    """Read one JSON object strictly: unique members, whole numbers and characters, no byte-order mark, no deep nesting.

    Raises
    ------
    RefusedTokenError
        `token-unreadable`.
    """
    try:
        text = data.decode("utf-8")
        found = json.loads(
            text,
            object_pairs_hook=_unique_members,
            parse_int=_whole_number,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
        if "\\" in text:
            _refuse_half_characters(found)
    except (ValueError, RecursionError):
        raise RefusedTokenError("token-unreadable", "token", fault="json") from None
    if not isinstance(found, dict) or not _is_flat(found, _DEEPEST):
        raise RefusedTokenError("token-unreadable", "token", fault="json")
    return found


def _kid_of(header: Mapping[str, Any], kind: TokenKind) -> str:
    """Return the key id of a header that has exactly our three members."""
    if header.get("alg") != ALGORITHM:
        raise RefusedTokenError("algorithm-not-allowed", "header", algorithm=str(header.get("alg"))[:20])
    kid = header.get("kid")
    if header.keys() != _HEADER or not isinstance(kid, str) or not KID.fullmatch(kid):
        raise RefusedTokenError("header-not-ours", "header", members=sorted(header)[:10])
    if header["typ"] != kind.typ:
        raise RefusedTokenError("type-not-ours", "header", expected=kind.typ, typ=str(header["typ"])[:20])
    return kid


def _read_signature(text: str) -> bytes:
    signature = decode_base64url(text)
    first, second = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if len(signature) != SIGNATURE_BYTES or not 0 < first < ORDER or not 0 < second <= ORDER // 2:
        raise RefusedTokenError("signature-not-canonical", "signature")
    return signature


def parse_token(text: str, kind: TokenKind) -> ParsedToken:
    """Let a text through the front door, or say why not.

    Raises
    ------
    RefusedTokenError
        With the first fault in the order of this file's list.
    """
    if len(text) > kind.longest:
        raise RefusedTokenError("token-too-long", "token", longest=kind.longest)
    parts = text.split(".")
    if len(parts) != 3:
        raise RefusedTokenError("token-unreadable", "token", fault="parts")
    kid = _kid_of(read_object(decode_base64url(parts[0])), kind)
    claims = read_object(decode_base64url(parts[1]))
    kind.check_claims(claims)
    return ParsedToken(text, kid, claims, _read_signature(parts[2]))
