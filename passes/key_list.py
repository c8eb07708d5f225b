"""The list of public keys that a verifier holds: a JWK set with its issuer, its age and the policy's verdict rules.

The file is what `keys export` writes: a JSON Web Key Set (RFC 7517) whose further members any other reader ignores.
`iss` says whose keys they are, `issued_at` how old the list is. In a plain key set both are absent: any issuer is
taken, and as the list may be too old to hold a key in use, an unknown key is amber. Keys are published seven days
before they sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError
from geodata.windows import format_instant, parse_instant
from passes.keys import PublicKey, read_jwk
from passes.verdicts import VerdictRules

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
    """

    keys: Mapping[str, PublicKey]
    issuer: str = ""
    issued_at: datetime | None = None
    withdrawn: frozenset[str] = frozenset()
    rules: VerdictRules = field(default_factory=VerdictRules)

    def holds_every_key_at(self, at: datetime) -> bool:
        """Tell whether no key can be in use that this list does not hold."""
        return self.issued_at is not None and at - self.issued_at < PUBLISHED_AHEAD


def write_key_list(key_list: KeyList) -> dict[str, Any]:
    """Return the key list as the document that `keys export` writes."""
    rules = key_list.rules
    document: dict[str, Any] = {"keys": [_write_key(key) for key in key_list.keys.values()]}
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
    return document


def _write_key(key: PublicKey) -> dict[str, str]:
    times = {"usable_from": key.usable_from, "retired_at": key.retired_at}
    return {**key.to_jwk(), **{name: format_instant(time) for name, time in times.items() if time is not None}}


def read_key_list(document: Any, *, where: str) -> KeyList:
    """Read a key set, plain or as `keys export` writes it.

    Raises
    ------
    BadInputError
        `key-list-unreadable`, `key-named-twice`, `time-*`, or what `read_jwk` refuses; one bad key refuses the list.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("keys"), list):
        raise BadInputError("key-list-unreadable", where)
    keys: dict[str, PublicKey] = {}
    for position, entry in enumerate(document["keys"]):
        key = _read_key(entry, where=f"{where}: keys[{position}]")
        if key.kid in keys:
            raise BadInputError("key-named-twice", f"{where}: keys[{position}]", kid=key.kid)
        keys[key.kid] = key
    return KeyList(
        MappingProxyType(keys),
        issuer=str(document.get("iss", "")),
        issued_at=_read_time(document, "issued_at", where),
        withdrawn=frozenset(_read_list(document, "withdrawn", str, where)),
        rules=_read_rules(document.get("verdict", {}), where=f"{where}: verdict"),
    )


def _read_key(entry: Any, *, where: str) -> PublicKey:
    key = read_jwk(entry, where=where)
    times = (_read_time(entry, name, where) for name in ("usable_from", "retired_at"))
    return PublicKey(key.kid, key.x, key.y, *times)


def _read_time(document: Mapping[str, Any], name: str, where: str) -> datetime | None:
    return parse_instant(document[name], where=f"{where}: {name}") if name in document else None


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
