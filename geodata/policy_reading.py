"""Read what a regime sets out of county.toml or a shipped profile, refusing every slip that would switch a rule off."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from importlib import resources
from types import MappingProxyType
from typing import Any, Final, TypeVar

from geodata.errors import BadInputError
from geodata.policy import (
    DEFAULT_REFUSAL_DAYS,
    DEFAULT_TOLERANCE_M,
    LEAST_KEYS_AHEAD_DAYS,
    MOST_DAYS_KEPT,
    TRACED_DAYS,
    ApprovalRule,
    AreaKind,
    Authority,
    Condition,
    Exempt,
    HardIsolation,
    KeepingPolicy,
    PassPolicy,
    Policy,
    Reason,
    Regime,
    TicketPolicy,
    TrackPolicy,
    VerdictTable,
)
from geodata.policy_tables import (
    is_number,
    read_listed,
    read_named,
    read_record,
    refuse_unknown_keys,
    refuse_unknown_words,
    table_of,
    wrong_kind,
)

T = TypeVar("T")

#: Top-level tables of county.toml that belong to the regime.
REGIME_TABLES: Final = (
    "regime",
    "authority",
    "approval_rule",
    "hard_isolation",
    "area_kind",
    "pass",
    "condition",
    "forbidden_reason",
    "refusal_reason",
    "verdict",
    "exempt",
    "checks",
    "tickets",
    "tracks",
    "keeping",
    "words",
)
PROFILES: Final = ("fangcheng-2022", "animal-disease")
#: The checks that [checks] may switch off.
CHECKS: Final = tuple(f"K{number}" for number in range(1, 15))
#: Thresholds that stand among the switches of [checks], with their defaults.
_THRESHOLDS: Final = {"extent_tolerance_m": DEFAULT_TOLERANCE_M, "refusals_within_days": DEFAULT_REFUSAL_DAYS}


def _refuse_unknown_references(policy: Policy, where: str) -> None:
    """Refuse a rule that leans on an authority or a kind of area that county.toml does not describe."""
    named = [(f"approval_rule[{n}]", a) for n, rule in enumerate(policy.approval_rules) for a in rule.authorities]
    named += [(f"pass.{key}", value) for key in ("issuer", "lead") if (value := getattr(policy.passes, key))]
    named += [("tickets.escalate_to", one) for one in policy.tickets.escalate_to]
    named += [("tickets.default_unit", policy.tickets.default_unit)] if policy.tickets.default_unit else []
    named += [(f"area_kind.{one.id}", one.in_force_by) for one in policy.area_kinds.values() if one.in_force_by]
    for place, authority in named:
        if authority not in policy.authorities:
            raise BadInputError("policy-authority-unknown", f"{where}: {place}", authority=authority)
    for number, condition in enumerate(policy.conditions):
        place = f"{where}: condition[{number}]"
        refuse_unknown_words(condition.applies_to, tuple(policy.area_kinds), f"{place}.applies_to")
        if condition.kind == "max_age" and condition.max_age_h is None:
            raise BadInputError("policy-key-missing", f"{place}.max_age_h", table="condition")


def _refuse_early_keys(policy: Policy, where: str) -> None:
    """Refuse to publish keys later than verifiers count on."""
    value = policy.passes.keys_ahead_days
    if value < LEAST_KEYS_AHEAD_DAYS:
        place = f"{where}: pass.keys_ahead_days"
        raise BadInputError("policy-value-too-small", place, value=value, least=LEAST_KEYS_AHEAD_DAYS)


def _least_days(tracks: TrackPolicy, thresholds: Mapping[str, float]) -> dict[str, float]:
    """Return how long each kind must be kept at least: for a trace, a finding, and while a certificate can be shown."""
    least = dict.fromkeys((one.name for one in fields(KeepingPolicy)), TRACED_DAYS)
    least["scans_days"] = least["photos_days"] = max(TRACED_DAYS, thresholds["refusals_within_days"])
    least["passes_days"] = max(TRACED_DAYS, tracks.certificate_days)
    return least


def _read_keeping(
    document: Mapping[str, Any], tracks: TrackPolicy, thresholds: Mapping[str, float], *, where: str
) -> KeepingPolicy:
    """Read [keeping]; what it does not say is kept as long as it must be.

    Refused is to delete sooner what the program still leans on, and to keep anything about people for good.
    """
    said = table_of(document, "keeping", where=where)
    kept = read_record(KeepingPolicy, "keeping", said, place=f"{where}: keeping")
    least = _least_days(tracks, thresholds)
    kept = replace(kept, **{key: max(getattr(kept, key), days) for key, days in least.items() if key not in said})
    days = {f"keeping.{key}": (float(getattr(kept, key)), days) for key, days in least.items()}
    for key, (value, smallest) in {**days, "tracks.keep_days": (tracks.keep_days, 0.0)}.items():
        if value > MOST_DAYS_KEPT:
            raise BadInputError("policy-value-too-large", f"{where}: {key}", value=value, most=MOST_DAYS_KEPT)
        if value < smallest:
            raise BadInputError("policy-value-too-small", f"{where}: {key}", value=value, least=smallest)
    return kept


def _refuse_bad_patterns(policy: Policy, where: str) -> None:
    for number, reason in enumerate(policy.forbidden_reasons):
        for pattern in reason.patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                place = f"{where}: forbidden_reason[{number}].patterns"
                raise BadInputError("policy-pattern-wrong", place, value=pattern, reason=str(error)) from None


def _read_checks(document: Mapping[str, Any], where: str) -> tuple[Mapping[str, str], dict[str, float]]:
    """Return the switches of [checks] and the thresholds that stand among them."""
    checks = dict(table_of(document, "checks", where=where))
    thresholds = {key: checks.pop(key, default) for key, default in _THRESHOLDS.items()}
    for key, value in thresholds.items():
        if not is_number(value):
            raise BadInputError("policy-value-not-a-number", f"{where}: checks.{key}", value=str(value))
    refuse_unknown_keys(checks, (*CHECKS, *_THRESHOLDS), f"{where}: checks")
    for key, value in checks.items():
        if not isinstance(value, str):
            raise wrong_kind(f"{where}: checks.{key}", value, '"off"')
        refuse_unknown_words((value,), ("on", "off"), f"{where}: checks.{key}")
    return MappingProxyType(checks), {key: float(value) for key, value in thresholds.items()}


def _read_words(document: Mapping[str, Any], where: str) -> Mapping[str, str]:
    words = dict(table_of(document, "words", where=where))
    for key, value in words.items():
        if not isinstance(value, str):
            raise wrong_kind(f"{where}: words.{key}", value, '"…"')
    return MappingProxyType(words)


def read_policy(document: Mapping[str, Any], *, where: str) -> Policy:
    """Read a regime's tables out of a parsed county.toml or profile.

    A slip of the pen must not switch a rule off: a key, road class, barrier, link, kind of area or authority that
    nothing else knows is refused.

    Raises
    ------
    BadInputError
        `policy-key-unknown`, `policy-key-missing`, `policy-value-*`, `policy-list-empty`, `policy-pattern-wrong` or
        `policy-authority-unknown`, with the key.
    """
    checks, thresholds = _read_checks(document, where)

    def one(kind: type[T], table: str) -> T:
        return read_record(kind, table, table_of(document, table, where=where), place=f"{where}: {table}")

    tracks = one(TrackPolicy, "tracks")
    policy = Policy(
        regime=one(Regime, "regime"),
        authorities=read_named(Authority, "authority", document, where=where),
        approval_rules=read_listed(ApprovalRule, "approval_rule", document, where=where),
        hard_isolation=one(HardIsolation, "hard_isolation"),
        area_kinds=read_named(AreaKind, "area_kind", document, where=where),
        passes=one(PassPolicy, "pass"),
        conditions=read_listed(Condition, "condition", document, where=where),
        forbidden_reasons=read_listed(Reason, "forbidden_reason", document, where=where),
        refusal_reasons=read_listed(Reason, "refusal_reason", document, where=where),
        verdict=one(VerdictTable, "verdict"),
        exempt_vehicles=one(Exempt, "exempt").vehicles,
        checks=checks,
        **thresholds,
        tickets=one(TicketPolicy, "tickets"),
        tracks=tracks,
        keeping=_read_keeping(document, tracks, thresholds, where=where),
        words=_read_words(document, where),
    )
    _refuse_unknown_references(policy, where)
    _refuse_bad_patterns(policy, where)
    _refuse_early_keys(policy, where)
    return policy


def profile_text(profile: str) -> str:
    """Return the TOML text of a shipped profile, one of `PROFILES`."""
    if profile not in PROFILES:
        raise BadInputError("profile-unknown", profile, choices=list(PROFILES))
    return resources.files("geodata").joinpath("profiles", f"{profile}.toml").read_text(encoding="utf-8")


def load_profile(profile: str) -> Policy:
    """Read a shipped profile, one of `PROFILES`."""
    return read_policy(tomllib.loads(profile_text(profile)), where=f"{profile}.toml")
