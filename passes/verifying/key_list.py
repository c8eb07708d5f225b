"""The list of public keys that a verifier holds: a JWK set with its issuer, its age and the policy's verdict rules.

The file is what `keys export` writes: a JSON Web Key Set (RFC 7517) whose further members any other reader ignores.
`iss` says whose keys they are, `issued_at` how old the list is. In a plain key set both are absent: any issuer is
taken, and as the list may be too old to hold a key in use, an unknown key is amber. Keys are published seven days
before they sign. `root_list` is the list that the offline root has signed (`passes.verifying.root_list`): where it is
there, its keys count and not the plain ones, which are for other readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError
from geodata.policy_tables import is_number
from geodata.windows import format_instant
from passes.tokens.keys import PublicKey
from passes.verifying.root_list import (
    OtherIssuer,
    RootList,
    read_keys,
    read_names,
    read_root_list,
    read_time,
    write_key,
)
from passes.verifying.verdicts import VerdictRules

#: Keys are published so long before they sign.
PUBLISHED_AHEAD: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KeyList:
    """Keys by name.

    Attributes
    ----------
    issuer
        Whose they are; "" where the file does not say.
    issued_at
        When the list was made; None: unknown.
    withdrawn
        Names of keys that sign no more and whose passes are void.
    number
        Of the list that the root has signed; 0: none has been.
    others
        Issuers besides this one whose passes are taken, by area code.
    root_list
        The root's list as it was signed, to be handed on; "" where there is none.
    """

    keys: Mapping[str, PublicKey]
    issuer: str = ""
    issued_at: datetime | None = None
    withdrawn: frozenset[str] = frozenset()
    rules: VerdictRules = field(default_factory=VerdictRules)
    number: int = 0
    others: Mapping[str, OtherIssuer] = field(default_factory=lambda: MappingProxyType({}))
    root_list: str = field(default="", repr=False)

    def signer(self, kid: str, signed_at: datetime) -> PublicKey | None:
        """Return the key that may have signed a list at a time; None: unknown, withdrawn, or retired by then."""
        key = None if kid in self.withdrawn else self.keys.get(kid)
        return None if key is None or (key.retired_at is not None and signed_at >= key.retired_at) else key

    def holds_every_key_at(self, at: datetime) -> bool:
        """Tell whether no key can be in use that this list does not hold."""
        return self.issued_at is not None and at - self.issued_at < PUBLISHED_AHEAD


def write_key_list(key_list: KeyList) -> dict[str, Any]:
    """Return the key list as the document that `keys export` writes."""
    rules = key_list.rules
    document: dict[str, Any] = {"keys": [write_key(key) for key in key_list.keys.values()]}
    document["iss"] = key_list.issuer
    if key_list.issued_at is not None:
        document["issued_at"] = format_instant(key_list.issued_at)
    document["withdrawn"] = sorted(key_list.withdrawn)
    document["verdict"] = {
        "words": list(rules.words),
        "colours": list(rules.colours),
        "staleness_h": [rules.fresh_h, rules.usable_h],
        "on_expiry_inside": rules.on_expiry_inside,
        "terms": dict(rules.terms),
        "timezone": rules.timezone,
    }
    return {**document, "root_list": key_list.root_list} if key_list.root_list else document


def read_key_list(document: Any, *, where: str, root: PublicKey | None = None) -> KeyList:
    """Read a key set, plain or as `keys export` writes it.

    Parameters
    ----------
    root
        The root that is known here: only a list that it has signed is taken. None: none is known.

    Raises
    ------
    BadInputError
        `key-list-unreadable`, `key-named-twice`, `time-*`, or what `read_jwk` refuses; one bad key refuses the list.
        `key-list-without-root`, or what `read_root_list` refuses.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("keys"), list):
        raise BadInputError("key-list-unreadable", where)
    plain = KeyList(
        read_keys(document["keys"], where=where),
        issuer=_read_issuer(document, where),
        issued_at=read_time(document, "issued_at", where),
        withdrawn=read_names(document.get("withdrawn", []), where=f"{where}: withdrawn"),
        rules=_read_rules(document.get("verdict", {}), where=f"{where}: verdict"),
    )
    signed = document.get("root_list", "")
    if not isinstance(signed, str) or not signed:
        if root is not None:
            raise BadInputError("key-list-without-root", where, root=root.kid)
        return plain
    rooted = with_root_list(plain, read_root_list(signed, root, where=f"{where}: root_list"), signed)
    return replace(rooted, keys=_held_by_both(rooted.keys, plain.keys))


def _held_by_both(signed: Mapping[str, PublicKey], beside: Mapping[str, PublicKey]) -> Mapping[str, PublicKey]:
    """Return the keys of the root's list that stand beside it too: taking one away, or changing it, is seen.

    Other readers of a key set know only what stands beside the root's list; both must mean the same keys.
    """
    points = {kid: (key.x, key.y) for kid, key in beside.items()}
    return MappingProxyType({kid: key for kid, key in signed.items() if points.get(kid) == (key.x, key.y)})


def with_root_list(plain: KeyList, found: RootList, signed: str) -> KeyList:
    """Return a key list with what its root has signed; a key that either of them withdraws is withdrawn."""
    withdrawn = plain.withdrawn | found.withdrawn
    return replace(
        plain,
        keys=MappingProxyType({kid: key for kid, key in found.keys.items() if kid not in withdrawn}),
        issuer=found.issuer,
        issued_at=found.issued_at,
        withdrawn=withdrawn,
        number=found.number,
        others=found.others,
        root_list=signed,
    )


def _read_issuer(document: Mapping[str, Any], where: str) -> str:
    issuer = document.get("iss", "")
    if not isinstance(issuer, str):
        raise BadInputError("key-list-unreadable", f"{where}: iss")
    return issuer


def _read_list(document: Mapping[str, Any], name: str, kind: type | tuple[type, ...], where: str) -> tuple[Any, ...]:
    values = document.get(name, [])
    if not isinstance(values, list) or not all(isinstance(one, kind) for one in values):
        raise BadInputError("key-list-unreadable", f"{where}: {name}")
    return tuple(values)


def _read_rules(document: Any, *, where: str) -> VerdictRules:
    usual = VerdictRules()
    if not isinstance(document, Mapping):
        raise BadInputError("key-list-unreadable", where)
    terms, timezone = document.get("terms", {}), document.get("timezone", usual.timezone)
    ages = _read_list(document, "staleness_h", (int, float), where) or (usual.fresh_h, usual.usable_h)
    if not all(is_number(one) for one in ages):
        raise BadInputError("key-list-unreadable", f"{where}: staleness_h")
    expiry = document.get("on_expiry_inside", usual.on_expiry_inside)
    if expiry not in ("amber", "red") or not isinstance(terms, Mapping) or not isinstance(timezone, str):
        raise BadInputError("key-list-unreadable", where)
    return VerdictRules(
        fresh_h=ages[0],
        usable_h=ages[-1],
        on_expiry_inside=expiry,
        words=_three(_read_list(document, "words", str, where), usual.words),
        colours=_three(_read_list(document, "colours", str, where), usual.colours),
        terms=MappingProxyType({str(name): str(word) for name, word in terms.items()}),
        timezone=timezone,
    )


def _three(values: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
    return values if len(values) == 3 else usual
