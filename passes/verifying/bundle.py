"""The bundle that a verifier takes along: the key list with the policy's rules, and every status list, signed as one.

`typ: btb+jwt`, claims iss, iat, keys (the key list's document), lists (each status list as its own signed token, so
that one can also be handed on alone) and, where there are any, foreign (lists of other issuers by issuer, as they have
signed them; one that no trusted key of its issuer has signed is left out).

A verifier that knows the county's root takes a bundle whose key list the root has signed, and which one of those keys
has signed; so a new key needs nobody's word. One that knows no root takes a bundle only when a key that it holds has
signed it: the first one comes over the signed-in connection. One that is older than the one held, or brings an older
list of the root's, is refused: whoever sends it hides a withdrawal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError
from geodata.windows import format_instant
from passes.errors import RefusedTokenError
from passes.tokens.claims import LATEST_SECOND
from passes.tokens.front_door import TokenKind, parse_token
from passes.tokens.keys import PublicKey, SigningKey
from passes.tokens.signing import is_signed_by, sign_token
from passes.verifying.key_list import KeyList, read_key_list, write_key_list
from passes.verifying.status_list import StatusList, read_status_list, sign_status_list

_LONGEST_BUNDLE: Final = 2**22
_MEMBERS: Final = frozenset({"iss", "iat", "keys", "lists"})
_FOREIGN: Final = "foreign"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a verifier holds after reading a bundle.

    Attributes
    ----------
    issued_at
        To the second.
    foreign
        Status lists of other issuers, by issuer.
    """

    keys: KeyList
    lists: tuple[StatusList, ...]
    issued_at: datetime
    foreign: Mapping[str, tuple[StatusList, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class SeenBundle:
    """What a verifier remembers of the newest bundle it has taken.

    Attributes
    ----------
    number
        Of the root's list, 0 where it had none.
    lists
        When each status list was made, by its URI; of another issuer's by issuer and URI.
    """

    issued_at: datetime
    number: int = 0
    lists: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))


def _name_of(issuer: str, found: StatusList) -> str:
    return f"{issuer} {found.uri}"


def seen_of(bundle: Bundle) -> SeenBundle:
    """Return what is remembered of a bundle."""
    lists = {one.uri: one.issued_at for one in bundle.lists}
    foreign = {_name_of(issuer, one): one.issued_at for issuer, all_ in bundle.foreign.items() for one in all_}
    return SeenBundle(bundle.issued_at, bundle.keys.number, MappingProxyType(lists | foreign))


def _check_claims(claims: Mapping[str, Any]) -> None:
    wrong = (
        claims.keys() - {_FOREIGN} != _MEMBERS
        or not isinstance(claims["iss"], str)
        or type(claims["iat"]) is not int
        or not 0 < claims["iat"] < LATEST_SECOND
        or not isinstance(claims["keys"], dict)
        or not isinstance(claims["lists"], list)
        or not all(isinstance(one, str) for one in claims["lists"])
        or not _are_foreign(claims.get(_FOREIGN, {}))
    )
    if wrong:
        raise RefusedTokenError("claims-not-ours", "claims")


def _are_foreign(value: Any) -> bool:
    """Tell whether a value is lists of texts by name."""
    return isinstance(value, dict) and all(
        isinstance(tokens, list) and all(isinstance(one, str) for one in tokens) for tokens in value.values()
    )


#: A signed bundle.
BUNDLE: Final = TokenKind("btb+jwt", _check_claims, longest=_LONGEST_BUNDLE)


def sign_bundle(
    key_list: KeyList,
    lists: Iterable[StatusList],
    key: SigningKey,
    *,
    at: datetime,
    foreign: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> str:
    """Sign keys and status lists as one bundle; those of other issuers are handed on as they were signed."""
    claims: dict[str, Any] = {
        "iss": key_list.issuer,
        "iat": int(at.timestamp()),
        "keys": write_key_list(key_list),
        "lists": [sign_status_list(one, key) for one in lists],
    }
    if foreign:
        claims[_FOREIGN] = {issuer: list(tokens) for issuer, tokens in foreign.items()}
    return sign_token(claims, key, typ=BUNDLE.typ)


def read_bundle(text: str, held: KeyList | None, *, where: str, root: PublicKey | None = None) -> Bundle:
    """Read a bundle, as strictly as a pass.

    Parameters
    ----------
    held
        The keys that are trusted already; None: this is the first bundle, and it vouches for itself.
    root
        The county's root, where it is known: it vouches for the keys of the bundle, and those held do not matter.

    Raises
    ------
    BadInputError
        `bundle-unreadable`; `bundle-not-signed`: by no key that is trusted, or wrongly; `key-list-older`; or what
        `read_key_list` refuses.
    """
    try:
        token = parse_token(text, BUNDLE)
        keys = read_key_list(token.claims["keys"], where=f"{where}: keys", root=root)
    except RefusedTokenError as error:
        raise BadInputError("bundle-unreadable", where, fault=error.code) from None
    issued_at = datetime.fromtimestamp(token.claims["iat"], UTC)
    if held is not None:
        refuse_older_list(keys, seen=held.number, where=where)
    trusted = keys if held is None or root is not None else held
    withdrawn = keys.withdrawn | (frozenset() if held is None else held.withdrawn)
    key = None if token.kid in withdrawn else trusted.signer(token.kid, issued_at)
    if key is None or not is_signed_by(token, key):
        raise BadInputError("bundle-not-signed", where, kid=token.kid)
    # The root's list stands until the next one: that this is still the newest is what the bundle's signer says.
    keys = replace(keys, issued_at=issued_at) if keys.root_list else keys
    lists = tuple(read_status_list(one, keys, where=f"{where}: lists") for one in token.claims["lists"])
    return Bundle(keys, lists, issued_at, _read_foreign(token.claims.get(_FOREIGN, {}), keys, where=where))


def _read_foreign(
    tokens: Mapping[str, Iterable[str]], keys: KeyList, *, where: str
) -> Mapping[str, tuple[StatusList, ...]]:
    """Read lists of other issuers; what cannot be read, or no trusted key of its issuer has signed, is left out."""
    found: dict[str, list[StatusList]] = {}
    for issuer, one in ((issuer, one) for issuer, all_ in tokens.items() for one in all_):
        other = keys.others.get(issuer)
        if other is None:
            continue
        try:
            held = read_status_list(one, KeyList(other.keys, issuer, None, other.withdrawn), where=where)
        except BadInputError:
            continue
        found.setdefault(issuer, []).append(held)
    return MappingProxyType({issuer: tuple(lists) for issuer, lists in found.items()})


def refuse_older_list(keys: KeyList, *, seen: int, where: str) -> None:
    """Refuse a key list whose number of the root's is smaller than one already seen.

    Raises
    ------
    BadInputError
        `key-list-older`.
    """
    if keys.number < seen:
        raise BadInputError("key-list-older", where, found=keys.number, seen=seen)


def accept_newer_bundle(seen: SeenBundle | None, found: Bundle, *, where: str) -> Bundle:
    """Return the bundle found, unless it, or a list of its own issuer in it, is older than what was seen.

    Of another issuer an older list is left out: what somebody else does must not keep the county's own withdrawals off.

    Raises
    ------
    BadInputError
        `bundle-older`, `key-list-older`.
    """
    if seen is None:
        return found
    refuse_older_list(found.keys, seen=seen.number, where=where)
    is_older = found.issued_at < seen.issued_at or any(
        one.issued_at < seen.lists.get(one.uri, one.issued_at) for one in found.lists
    )
    if is_older:
        times = {"found": format_instant(found.issued_at), "seen": format_instant(seen.issued_at)}
        raise BadInputError("bundle-older", where, **times)
    return replace(found, foreign=_newer_foreign(seen, found))


def _newer_foreign(seen: SeenBundle, found: Bundle) -> Mapping[str, tuple[StatusList, ...]]:
    def newest(issuer: str, lists: Iterable[StatusList]) -> tuple[StatusList, ...]:
        times = seen.lists
        return tuple(one for one in lists if one.issued_at >= times.get(_name_of(issuer, one), one.issued_at))

    kept = {issuer: newest(issuer, lists) for issuer, lists in found.foreign.items()}
    return MappingProxyType({issuer: lists for issuer, lists in kept.items() if lists})
