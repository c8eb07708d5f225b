"""The bundle that a verifier takes along: the key list with the policy's rules, and every status list, signed as one.

`typ: btb+jwt`, claims iss, iat, keys (the key list's document) and lists (each status list as its own signed token, so
that one can also be handed on alone). A verifier takes a bundle only when a key that it holds has signed it: the
first one comes over the signed-in connection. One that is older than the one held is refused: whoever sends it hides a
withdrawal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from geodata.errors import BadInputError
from geodata.windows import format_instant
from passes.claims import LATEST_SECOND
from passes.errors import RefusedTokenError
from passes.front_door import TokenKind, parse_token
from passes.key_list import KeyList, read_key_list, write_key_list
from passes.keys import SigningKey
from passes.signing import is_signed_by, sign_token
from passes.status_list import StatusList, read_status_list, sign_status_list

_LONGEST_BUNDLE: Final = 2**22
_MEMBERS: Final = frozenset({"iss", "iat", "keys", "lists"})


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a verifier holds after reading a bundle.

    Attributes
    ----------
    issued_at
        To the second.
    """

    keys: KeyList
    lists: tuple[StatusList, ...]
    issued_at: datetime


def _check_claims(claims: Mapping[str, Any]) -> None:
    wrong = (
        claims.keys() != _MEMBERS
        or not isinstance(claims["iss"], str)
        or type(claims["iat"]) is not int
        or not 0 < claims["iat"] < LATEST_SECOND
        or not isinstance(claims["keys"], dict)
        or not isinstance(claims["lists"], list)
        or not all(isinstance(one, str) for one in claims["lists"])
    )
    if wrong:
        raise RefusedTokenError("claims-not-ours", "claims")


#: A signed bundle.
BUNDLE: Final = TokenKind("btb+jwt", _check_claims, longest=_LONGEST_BUNDLE)


def sign_bundle(key_list: KeyList, lists: Iterable[StatusList], key: SigningKey, *, at: datetime) -> str:
    """Sign keys and status lists as one bundle."""
    claims = {
        "iss": key_list.issuer,
        "iat": int(at.timestamp()),
        "keys": write_key_list(key_list),
        "lists": [sign_status_list(one, key) for one in lists],
    }
    return sign_token(claims, key, typ=BUNDLE.typ)


def read_bundle(text: str, held: KeyList | None, *, where: str) -> Bundle:
    """Read a bundle, as strictly as a pass.

    Parameters
    ----------
    held
        The keys that are trusted already; None: this is the first bundle, and it vouches for itself.

    Raises
    ------
    BadInputError
        `bundle-unreadable`, or `bundle-not-signed`: by no key that is held, or wrongly.
    """
    try:
        token = parse_token(text, BUNDLE)
        keys = read_key_list(token.claims["keys"], where=f"{where}: keys")
    except RefusedTokenError as error:
        raise BadInputError("bundle-unreadable", where, fault=error.code) from None
    trusted = keys if held is None else held
    key = None if token.kid in trusted.withdrawn else trusted.keys.get(token.kid)
    if key is None or not is_signed_by(token, key):
        raise BadInputError("bundle-not-signed", where, kid=token.kid)
    lists = tuple(read_status_list(one, keys, where=f"{where}: lists") for one in token.claims["lists"])
    return Bundle(keys, lists, datetime.fromtimestamp(token.claims["iat"], UTC))


def accept_newer_bundle(held: Bundle | None, found: Bundle, *, where: str) -> Bundle:
    """Return the bundle found, unless it, or a status list in it, is older than what is held.

    Raises
    ------
    BadInputError
        `bundle-older`.
    """
    if held is None:
        return found
    seen = {one.uri: one.issued_at for one in held.lists}
    is_older = found.issued_at < held.issued_at or any(
        one.issued_at < seen.get(one.uri, one.issued_at) for one in found.lists
    )
    if is_older:
        times = {"found": format_instant(found.issued_at), "seen": format_instant(held.issued_at)}
        raise BadInputError("bundle-older", where, **times)
    return found
