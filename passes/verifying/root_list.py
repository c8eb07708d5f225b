"""The list that the offline root signs: the issuer's own keys, and the other issuers that are trusted here (L7).

`typ: btk+jwt`, claims iss, iat, num (rises with every list), keys (JWKs with usable_from and retired_at), withdrawn
(names of keys whose passes are void) and trusted: one object an issuer with iss, name, until, keys and withdrawn. The
root's private key is never on the server: whoever steals the server's keys cannot make a list that a verifier takes
which knows the root. A key is looked up within the issuer that a pass names, so two issuers may have keys of one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError
from geodata.windows import format_instant, parse_instant
from passes.errors import RefusedTokenError
from passes.tokens.claims import LATEST_SECOND
from passes.tokens.front_door import ParsedToken, TokenKind, parse_token
from passes.tokens.keys import PublicKey, SigningKey, read_jwk
from passes.tokens.signing import is_signed_by, sign_token

_LONGEST_LIST: Final = 2**18
_MOST_NUMBER: Final = 2**31
_MEMBERS: Final = frozenset({"iss", "iat", "num", "keys", "withdrawn", "trusted"})
_ISSUER_MEMBERS: Final = frozenset({"iss", "name", "until", "keys", "withdrawn"})


@dataclass(frozen=True, slots=True)
class OtherIssuer:
    """Another issuer whose passes are taken here, until a day.

    Attributes
    ----------
    issuer
        Its area code, as its passes name it.
    keys
        By name; a name says nothing outside this issuer.
    """

    issuer: str
    name: str
    until: datetime
    keys: Mapping[str, PublicKey]
    withdrawn: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RootList:
    """What the root vouches for.

    Attributes
    ----------
    number
        Of two lists, the one with the smaller number is the older one, and is refused where the other was seen.
    """

    issuer: str
    number: int
    issued_at: datetime
    keys: Mapping[str, PublicKey]
    withdrawn: frozenset[str] = frozenset()
    others: Mapping[str, OtherIssuer] = field(default_factory=lambda: MappingProxyType({}))


def _check_claims(claims: Mapping[str, Any]) -> None:
    wrong = (
        claims.keys() != _MEMBERS
        or not isinstance(claims["iss"], str)
        or not 0 < _whole(claims["iat"]) < LATEST_SECOND
        or not 0 < _whole(claims["num"]) < _MOST_NUMBER
        or not isinstance(claims["trusted"], list)
    )
    if wrong:
        raise RefusedTokenError("claims-not-ours", "claims")


def _whole(value: Any) -> int:
    return value if type(value) is int else 0


#: A signed list of keys.
ROOT_LIST: Final = TokenKind("btk+jwt", _check_claims, longest=_LONGEST_LIST)


def sign_root_list(found: RootList, root: SigningKey) -> str:
    """Sign a list of keys with the root's private key; that happens off the server."""
    return sign_token(root_list_claims(found), root, typ=ROOT_LIST.typ)


def root_list_claims(found: RootList) -> dict[str, Any]:
    """Return a list as the claims that are signed."""
    return {
        "iss": found.issuer,
        "iat": int(found.issued_at.timestamp()),
        "num": found.number,
        "keys": [write_key(key) for key in found.keys.values()],
        "withdrawn": sorted(found.withdrawn),
        "trusted": [_write_issuer(one) for one in found.others.values()],
    }


def _write_issuer(one: OtherIssuer) -> dict[str, Any]:
    keys = [write_key(key) for key in one.keys.values()]
    until = format_instant(one.until)
    return {"iss": one.issuer, "name": one.name, "until": until, "keys": keys, "withdrawn": sorted(one.withdrawn)}


def read_root_list(text: str, root: PublicKey | None, *, where: str) -> RootList:
    """Read a list of keys as strictly as a pass.

    Parameters
    ----------
    root
        The root that is known here; None: none is, and whatever vouches for the surroundings of the list must do.

    Raises
    ------
    BadInputError
        `root-list-unreadable`; `root-list-not-signed`: not by the root; or what is wrong with one of its keys, with the
        place: one bad key refuses the list.
    """
    try:
        token = parse_token(text, ROOT_LIST)
    except RefusedTokenError as error:
        raise BadInputError("root-list-unreadable", where, fault=error.code) from None
    if root is not None and not _is_by(token, root):
        raise BadInputError("root-list-not-signed", where, kid=token.kid, root=root.kid)
    return read_root_claims(token.claims, where=where)


def _is_by(token: ParsedToken, root: PublicKey) -> bool:
    return token.kid == root.kid and is_signed_by(token, root)


def read_root_claims(claims: Mapping[str, Any], *, where: str) -> RootList:
    """Read the claims of a list, signed already or about to be.

    Raises
    ------
    BadInputError
        As `read_root_list`.
    """
    try:
        _check_claims(claims)
    except RefusedTokenError as error:
        raise BadInputError("root-list-unreadable", where, fault=error.code) from None
    others: dict[str, OtherIssuer] = {}
    for position, entry in enumerate(claims["trusted"]):
        place = f"{where}: trusted[{position}]"
        one = _read_issuer(entry, where=place)
        if one.issuer in others or one.issuer == claims["iss"]:
            raise BadInputError("issuer-named-twice", place, issuer=one.issuer)
        others[one.issuer] = one
    return RootList(
        issuer=claims["iss"],
        number=claims["num"],
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        keys=read_keys(claims["keys"], where=where),
        withdrawn=read_names(claims["withdrawn"], where=f"{where}: withdrawn"),
        others=MappingProxyType(others),
    )


def _read_issuer(entry: Any, *, where: str) -> OtherIssuer:
    if not isinstance(entry, Mapping) or entry.keys() != _ISSUER_MEMBERS:
        raise BadInputError("root-list-unreadable", where, fault="claims-not-ours")
    issuer, name = entry["iss"], entry["name"]
    if not isinstance(issuer, str) or not issuer or not isinstance(name, str):
        raise BadInputError("root-list-unreadable", f"{where}: iss", fault="claims-not-ours")
    return OtherIssuer(
        issuer=issuer,
        name=name,
        until=parse_instant(entry["until"], where=f"{where}: until"),
        keys=read_keys(entry["keys"], where=where),
        withdrawn=read_names(entry["withdrawn"], where=f"{where}: withdrawn"),
    )


def read_names(values: Any, *, where: str) -> frozenset[str]:
    """Read names of keys.

    Raises
    ------
    BadInputError
        `key-list-unreadable`.
    """
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise BadInputError("key-list-unreadable", where)
    return frozenset(values)


def read_keys(entries: Any, *, where: str) -> Mapping[str, PublicKey]:
    """Read the keys of one issuer by name.

    Raises
    ------
    BadInputError
        `key-list-unreadable`, `key-named-twice`, `time-*`, or what `read_jwk` refuses; one bad key refuses all.
    """
    if not isinstance(entries, list):
        raise BadInputError("key-list-unreadable", where)
    keys: dict[str, PublicKey] = {}
    for position, entry in enumerate(entries):
        place = f"{where}: keys[{position}]"
        key = _read_key(entry, where=place)
        if key.kid in keys:
            raise BadInputError("key-named-twice", place, kid=key.kid)
        keys[key.kid] = key
    return MappingProxyType(keys)


def _read_key(entry: Any, *, where: str) -> PublicKey:
    key = read_jwk(entry, where=where)
    times = (read_time(entry, name, where) for name in ("usable_from", "retired_at"))
    return PublicKey(key.kid, key.x, key.y, *times)


def read_time(document: Mapping[str, Any], name: str, where: str) -> datetime | None:
    """Read a time where the document has it.

    Raises
    ------
    BadInputError
        `time-*`.
    """
    return parse_instant(document[name], where=f"{where}: {name}") if name in document else None


def write_key(key: PublicKey) -> dict[str, str]:
    """Return a key as a JWK with the time in which it signs."""
    times = {"usable_from": key.usable_from, "retired_at": key.retired_at}
    return {**key.to_jwk(), **{name: format_instant(time) for name, time in times.items() if time is not None}}


def named(keys: Iterable[PublicKey]) -> Mapping[str, PublicKey]:
    """Return keys by name."""
    return MappingProxyType({one.kid: one for one in keys})
