"""What a regime sets in county.toml: approval rules, conditions, area kinds, reason lists and the verdict table.

Code knows these five mechanisms; every name, number and list of one emergency is data (`profiles/`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from importlib import resources
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar, get_args

from geodata.errors import BadInputError
from geodata.road_classes import RoadClass

Cause = Literal["epidemic", "animal", "flood", "fire", "hazmat", "collapse", "works", "accident", "event"]
CAUSES: Final = get_args(Cause)
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
    "words",
)
PROFILES: Final = ("fangcheng-2022", "animal-disease")


@dataclass(frozen=True, slots=True)
class Regime:
    """Which emergency regime the rules belong to."""

    id: str
    name: str
    citation: str = ""
    edition: str = ""
    state_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """A body that may decide."""

    id: str
    name: str
    level: str = "county"
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Who must decide a closure of this cause on these road classes (L9, L11); `all_of` is n-of-n."""

    cause: str
    classes: tuple[str, ...]
    authorities: tuple[str, ...]
    all_of: bool = False
    prior: str = "always"
    report_within_min: float = 60
    oral_ok: bool = False
    paper_within_h: float = 24
    max_days: float | None = None

    def covers(self, cause: str, road_class: RoadClass) -> bool:
        """Tell whether the rule speaks of this cause on this class."""
        return self.cause == cause and ("*" in self.classes or road_class.value in self.classes)


@dataclass(frozen=True, slots=True)
class HardIsolation:
    """Hard isolation of roads (L10): its classes, its barriers, and whether an approval cures it."""

    classes: tuple[str, ...] = ()
    rule: str = "not_regulated"
    barriers: tuple[str, ...] = (
        "earth_mound",
        "concrete_block",
        "trench",
        "wall",
        "container",
        "welded_gate",
        "felled_tree",
        "other_hard",
    )
    never_counts: tuple[str, ...] = ("height_bar", "width_posts")


@dataclass(frozen=True, slots=True)
class AreaKind:
    """What a kind of area demands of traffic in, out, inside and through (L3, L6)."""

    id: str
    name: str
    in_force_by: str = ""
    passes_required_for: str = "none"
    transit: str = "free"
    buffer_km: float = 0.0


@dataclass(frozen=True, slots=True)
class PassPolicy:
    """Who issues passes to whom, for how long (X1, X3)."""

    issuer: str = ""
    lead: str = ""
    links: tuple[str, ...] = ("own", "contracted", "one_off")
    applicant: str = "enterprise"
    one_off_vehicles: str = "yes"
    stops_on_confirmed_case: str = "review"
    trips_per_pass: str = "one_round_trip"  # noqa: S105 - no password
    max_hours: float = 72
    grace_min: float = 120
    auto_issue: bool = False
    sample_check_pct: float = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a pass depends on (L2, L4, X4)."""

    id: str
    subject: str
    kind: str
    name: str = ""
    clause: str = ""
    count_from: str = ""
    max_age_h: float | None = None
    applies_to: tuple[str, ...] = ()
    pending: str = "no"
    proof: str = "declared"
    on_expiry_inside: str = "amber"
    nearest: str = ""
    late: str = "refuse"
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for refusing or holding a truck: allowed, with its evidence, or forbidden (L6)."""

    id: str
    text: str
    patterns: tuple[str, ...] = ()
    source: str = ""
    evidence: str = "none"


@dataclass(frozen=True, slots=True)
class VerdictTable:
    """Words and colours of green, amber, red, and the ages at which a stored status list is called old."""

    words: tuple[str, ...] = ("放行", "核对", "暂不放行")
    colours: tuple[str, ...] = ("#1a7f37", "#0b5fa5", "#b3261e")
    staleness_h: tuple[float, ...] = (24, 72)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a regime sets."""

    regime: Regime
    authorities: Mapping[str, Authority]
    approval_rules: tuple[ApprovalRule, ...]
    hard_isolation: HardIsolation
    area_kinds: Mapping[str, AreaKind]
    passes: PassPolicy
    conditions: tuple[Condition, ...] = ()
    forbidden_reasons: tuple[Reason, ...] = ()
    refusal_reasons: tuple[Reason, ...] = ()
    verdict: VerdictTable = field(default_factory=VerdictTable)
    exempt_vehicles: tuple[str, ...] = ()
    checks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    extent_tolerance_m: float = 10.0
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def default_cause(self) -> str:
        """Cause of a closure that names none: the regime's own, that of its first approval rule."""
        return self.approval_rules[0].cause if self.approval_rules else "epidemic"

    def approval_rule(self, cause: str, road_class: RoadClass) -> ApprovalRule | None:
        """Return the first rule that speaks of this cause on this class."""
        return next((rule for rule in self.approval_rules if rule.covers(cause, road_class)), None)

    def authority(self, id_or_name: str) -> Authority | None:
        """Find an authority by id or name."""
        if id_or_name in self.authorities:
            return self.authorities[id_or_name]
        return next((one for one in self.authorities.values() if one.name == id_or_name), None)

    def is_on(self, check: str) -> bool:
        """Tell whether a check K1..K14 is switched on."""
        return self.checks.get(check, "on") == "on"


_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "approval_rule.cause": CAUSES,
    "approval_rule.prior": ("always", "danger_first"),
    "hard_isolation.rule": ("forbidden", "approvable", "not_regulated"),
    "area_kind.passes_required_for": ("in_out", "inside", "none"),
    "area_kind.transit": ("free", "pass", "no"),
    "condition.subject": ("crew", "vehicle", "goods", "driver"),
    "condition.kind": ("max_age", "valid_until", "flag", "absent"),
    "condition.pending": ("no", "with_older", "yes"),
    "condition.proof": ("declared", "seen", "imported"),
    "condition.on_expiry_inside": ("amber", "red"),
    "condition.late": ("refuse", "follow_up"),
    "pass.one_off_vehicles": ("no", "firm_guarantees", "yes"),
    "pass.stops_on_confirmed_case": ("no", "review", "yes"),
}
_NUMBERS: Final = frozenset(
    {
        "report_within_min",
        "paper_within_h",
        "max_days",
        "buffer_km",
        "max_hours",
        "grace_min",
        "sample_check_pct",
        "max_age_h",
    }
)
T = TypeVar("T")
_FLAGS: Final = frozenset({"all_of", "oral_ok", "auto_issue"})


def _checked(table: str, key: str, value: Any, where: str) -> Any:
    """Return one setting as its field wants it, or name the fault."""
    place = f"{where}: {table}.{key}"
    choices = _CHOICES.get(f"{table}.{key}")
    if choices is not None and value not in choices:
        raise BadInputError("policy-value-unknown", place, value=value, choices=list(choices))
    if key in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise BadInputError("policy-value-not-a-number", place, value=value)
        return float(value)
    if key in _FLAGS and not isinstance(value, bool):
        raise BadInputError("policy-value-not-a-flag", place, value=value)
    return tuple(value) if isinstance(value, list) else value


def _record(kind: type[T], table: str, values: Mapping[str, Any], *, where: str, **given: str) -> T:
    """Make one record of a table, refusing keys that no rule reads and lists where a word is meant."""
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]  # T is one of the dataclasses above
    merged = {**values, **given}
    for key, value in merged.items():
        if key not in known:
            raise BadInputError("policy-key-unknown", f"{where}: {table}.{key}", known=sorted(known))
        if ("tuple" in str(known[key].type)) != isinstance(value, list):
            raise BadInputError("policy-value-wrong-kind", f"{where}: {table}.{key}", value=value)
    missing = [k for k, f in known.items() if f.default is MISSING and f.default_factory is MISSING and k not in merged]
    if missing:
        raise BadInputError("policy-key-missing", f"{where}: {table}.{missing[0]}", table=table)
    return kind(**{key: _checked(table, key, value, where) for key, value in merged.items()})


def _named(kind: type[T], table: str, document: Mapping[str, Any], where: str) -> Mapping[str, T]:
    return MappingProxyType(
        {key: _record(kind, table, values, where=where, id=key) for key, values in document.get(table, {}).items()}
    )


def _listed(kind: type[T], table: str, document: Mapping[str, Any], where: str) -> tuple[T, ...]:
    return tuple(_record(kind, table, values, where=where) for values in document.get(table, []))


def _known_authorities(policy: Policy, where: str) -> Policy:
    """Refuse a rule that leans on an authority that county.toml does not describe."""
    named = [(f"approval_rule[{n}]", a) for n, rule in enumerate(policy.approval_rules) for a in rule.authorities]
    named += [(f"pass.{key}", value) for key in ("issuer", "lead") if (value := getattr(policy.passes, key))]
    for place, authority in named:
        if authority not in policy.authorities:
            raise BadInputError("policy-authority-unknown", f"{where}: {place}", authority=authority)
    return policy


def read_policy(document: Mapping[str, Any], *, where: str) -> Policy:
    """Read a regime's tables out of a parsed county.toml or profile.

    Raises
    ------
    BadInputError
        `policy-key-unknown`, `policy-key-missing`, `policy-value-*` or `policy-authority-unknown`, with the key.
    """
    checks = dict(document.get("checks", {}))
    tolerance = float(checks.pop("extent_tolerance_m", 10.0))
    bad = next((key for key, value in checks.items() if value not in {"on", "off"}), None)
    if bad is not None:
        raise BadInputError("policy-value-unknown", f"{where}: checks.{bad}", value=checks[bad], choices=["on", "off"])
    policy = Policy(
        regime=_record(Regime, "regime", document.get("regime", {}), where=where),
        authorities=_named(Authority, "authority", document, where),
        approval_rules=_listed(ApprovalRule, "approval_rule", document, where),
        hard_isolation=_record(HardIsolation, "hard_isolation", document.get("hard_isolation", {}), where=where),
        area_kinds=_named(AreaKind, "area_kind", document, where),
        passes=_record(PassPolicy, "pass", document.get("pass", {}), where=where),
        conditions=_listed(Condition, "condition", document, where),
        forbidden_reasons=_listed(Reason, "forbidden_reason", document, where),
        refusal_reasons=_listed(Reason, "refusal_reason", document, where),
        verdict=_record(VerdictTable, "verdict", document.get("verdict", {}), where=where),
        exempt_vehicles=tuple(document.get("exempt", {}).get("vehicles", ())),
        checks=MappingProxyType(checks),
        extent_tolerance_m=tolerance,
        words=MappingProxyType(dict(document.get("words", {}))),
    )
    return _known_authorities(policy, where)


def profile_text(profile: str) -> str:
    """Return the TOML text of a shipped profile, one of `PROFILES`."""
    if profile not in PROFILES:
        raise BadInputError("profile-unknown", profile, choices=list(PROFILES))
    return resources.files("geodata").joinpath("profiles", f"{profile}.toml").read_text(encoding="utf-8")


def load_profile(profile: str) -> Policy:
    """Read a shipped profile, one of `PROFILES`."""
    return read_policy(tomllib.loads(profile_text(profile)), where=f"{profile}.toml")
