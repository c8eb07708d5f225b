"""Status lists: two bits a pass, packed, signed, and refused when older than one already seen.

After the IETF's Token Status List (draft-ietf-oauth-status-list): `typ: statuslist+jwt`, claims sub (the list's URI),
iat, ttl and status_list {bits, lst}; `lst` is zlib over bytes whose lowest bits come first. Two bits tell valid (0),
withdrawn (1, the draft's INVALID), suspended (2) and replaced (3, ours: never a refusal).
There is no exp: an old list makes a verdict amber, it never refuses a truck.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

from geodata.errors import BadInputError
from geodata.windows import format_instant
from passes.errors import RefusedTokenError
from passes.tokens.claims import LATEST_SECOND
from passes.tokens.front_door import TokenKind, decode_base64url, encode_base64url, parse_token
from passes.tokens.keys import SigningKey
from passes.tokens.signing import is_signed_by, sign_token
from passes.verifying.key_list import KeyList

BITS: Final = 2
_A_BYTE: Final = 8 // BITS
_MASK: Final = 2**BITS - 1
_LONGEST_LIST: Final = 2**22
_MOST_BYTES: Final = 2**22
_TTL_S: Final = 3_600


class Status(IntEnum):
    """What the issuer says of a pass."""

    VALID = 0
    WITHDRAWN = 1
    SUSPENDED = 2
    REPLACED = 3


@dataclass(frozen=True, slots=True)
class StatusList:
    """One list as it was at a time.

    Attributes
    ----------
    uri
        Its name; a pass's slot says which list it is in.
    issued_at
        To the second.
    packed
        Four passes a byte, the first in the lowest bits.
    """

    uri: str
    issued_at: datetime
    packed: bytes = field(repr=False)

    def find(self, uri: str, index: int) -> Status | None:
        """Return the status of a slot; None where this list does not hold it."""
        place, shift = divmod(index, _A_BYTE)
        if uri != self.uri or not 0 <= place < len(self.packed):
            return None
        return Status(self.packed[place] >> shift * BITS & _MASK)


@dataclass(frozen=True, slots=True)
class StatusLists:
    """Several lists as one: as old as the oldest of them."""

    lists: tuple[StatusList, ...]

    @property
    def issued_at(self) -> datetime:
        """When they were true."""
        return min(one.issued_at for one in self.lists)

    def find(self, uri: str, index: int) -> Status | None:
        """Return the status of a slot; None where no list holds it."""
        return next((one.find(uri, index) for one in self.lists if one.uri == uri), None)


def make_status_list(uri: str, statuses: Iterable[tuple[int, Status]], *, size: int, at: datetime) -> StatusList:
    """Pack the statuses of a list of so many slots; a slot that is not named is valid."""
    packed = bytearray(-(-size // _A_BYTE))
    for index, status in statuses:
        place, shift = divmod(index, _A_BYTE)
        packed[place] = packed[place] & ~(_MASK << shift * BITS) | status << shift * BITS
    return StatusList(uri, at.astimezone(UTC).replace(microsecond=0), bytes(packed))


def _check_claims(claims: Mapping[str, Any]) -> None:
    """Refuse claims that are not exactly those of a status list of ours."""
    content = claims.get("status_list")
    wrong = (
        not {"sub", "iat", "status_list"} <= claims.keys() <= {"sub", "iat", "ttl", "status_list"}
        or not isinstance(claims["sub"], str)
        or type(claims["iat"]) is not int
        or not 0 < claims["iat"] < LATEST_SECOND
        or not isinstance(content, dict)
        or content.keys() != {"bits", "lst"}
        or content["bits"] != BITS
        or not isinstance(content["lst"], str)
    )
    if wrong:
        raise RefusedTokenError("claims-not-ours", "claims")


#: A signed status list.
STATUS_LIST: Final = TokenKind("statuslist+jwt", _check_claims, longest=_LONGEST_LIST)


def sign_status_list(status_list: StatusList, key: SigningKey) -> str:
    """Sign a status list."""
    claims = {
        "sub": status_list.uri,
        "iat": int(status_list.issued_at.timestamp()),
        "ttl": _TTL_S,
        "status_list": {"bits": BITS, "lst": encode_base64url(zlib.compress(status_list.packed, 9))},
    }
    return sign_token(claims, key, typ=STATUS_LIST.typ)


def _inflate(data: bytes, where: str) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(data, _MOST_BYTES + 1)
    except zlib.error:
        raise BadInputError("status-list-unreadable", where, fault="zlib") from None
    if len(plain) > _MOST_BYTES or not unpacker.eof or unpacker.unused_data:
        raise BadInputError("status-list-unreadable", where, fault="zlib")
    return plain


def read_status_list(text: str, key_list: KeyList, *, where: str) -> StatusList:
    """Read a signed status list, as strictly as a pass.

    Raises
    ------
    BadInputError
        `status-list-unreadable`, or `status-list-not-signed`: by no key that may sign at its time, or wrongly.
    """
    try:
        token = parse_token(text, STATUS_LIST)
        packed = decode_base64url(token.claims["status_list"]["lst"])
    except RefusedTokenError as error:
        raise BadInputError("status-list-unreadable", where, fault=error.code) from None
    issued_at = datetime.fromtimestamp(token.claims["iat"], UTC)
    key = key_list.signer(token.kid, issued_at)
    if key is None or not is_signed_by(token, key):
        raise BadInputError("status-list-not-signed", where, kid=token.kid)
    return StatusList(token.claims["sub"], issued_at, _inflate(packed, where))


def accept_newer(seen: StatusList | None, found: StatusList, *, where: str) -> StatusList:
    """Return the list found, unless it is older than one already seen: whoever sends it hides a withdrawal.

    Raises
    ------
    BadInputError
        `status-list-older`.
    """
    if seen is not None and seen.uri == found.uri and found.issued_at < seen.issued_at:
        times = {"found": format_instant(found.issued_at), "seen": format_instant(seen.issued_at)}
        raise BadInputError("status-list-older", where, **times)
    return found
