"""What a regime sets in county.toml: approval rules, conditions, area kinds, reason lists and the verdict table.

Code knows these five mechanisms; every name, number and list of one emergency is data (`profiles/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from geodata.policy_tables import CHOICES
from geodata.road_classes import RoadClass

#: Why a road may be closed: what an approval rule and a closure may name.
CAUSES: Final = CHOICES["approval_rule.cause"]
#: How far beyond its approved extent a closure may reach before it is found, metres.
DEFAULT_TOLERANCE_M: Final = 10.0
#: For so many days a refusal at a checkpoint stays among the findings (K9, K10).
DEFAULT_REFUSAL_DAYS: Final = 7.0
#: A signing key is published at least so many days before it signs; verifiers rely on it (`[pass] keys_ahead_days`).
LEAST_KEYS_AHEAD_DAYS: Final = 7.0
#: A trace names other passes of the same truck or persons of so many days back: nothing it leans on goes sooner.
TRACED_DAYS: Final = 14.0
#: Nothing about people is kept longer than ten years.
MOST_DAYS_KEPT: Final = 3_650.0


@dataclass(frozen=True, slots=True)
class Regime:
    """Which emergency regime the rules belong to; `state_words` name the normal state and that of the regime (P4)."""

    id: str
    name: str
    citation: str = ""
    edition: str = ""
    state_words: tuple[str, ...] = ()

    def state_word(self, *, in_force: bool) -> str:
        """Return what the present state is called, "" where the regime gives it no name."""
        return self.state_words[int(in_force)] if self.state_words else ""


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
    """Who issues passes to whom, for how long (X1, X3).

    Attributes
    ----------
    applicant
        Who applies: the "enterprise" itself, or the "office" for it.
    trips_per_pass
        "one_round_trip": there and, where asked, back; "one_way": never back on the same pass.
    auto_issue, sample_check_pct
        Clean applications have their pass at once, and of these passes such a share is drawn for an officer's check.
    """

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
    keys_ahead_days: float = LEAST_KEYS_AHEAD_DAYS


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
    """A reason for refusing or holding a truck: allowed, with its evidence, or forbidden (L6).

    Attributes
    ----------
    patterns
        Of a forbidden one: regular expressions; a text without its spaces and signs that holds one gives this reason.
    words, about
        Of a forbidden one: a text that sounds as if it held one of either may mean this reason.
    for_the_firm
        Of a forbidden one: a text that sounds as if it held one of these and of `about` means something else, which the
        firm must answer for and no checkpoint (X7).
    """

    id: str
    text: str
    patterns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    for_the_firm: tuple[str, ...] = ()
    source: str = ""
    evidence: str = "none"


@dataclass(frozen=True, slots=True)
class VerdictTable:
    """Words and colours of green, amber, red, and the ages at which a stored status list is called old."""

    words: tuple[str, ...] = ("放行", "核对", "暂不放行")
    colours: tuple[str, ...] = ("#1a7f37", "#0b5fa5", "#b3261e")
    staleness_h: tuple[int, ...] = (24, 72)


@dataclass(frozen=True, slots=True)
class Exempt:
    """Vehicles that never need a pass; closures must let them through."""

    vehicles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketPolicy:
    """How long each state of a ticket may last, and whom one that lasts longer is brought before (D7, W10).

    Attributes
    ----------
    send_within_h, answer_within_h, verify_within_h
        From the finding to the responsible unit, from there to its answer, from the answer to the verification.
    reopen_within_h
        From the end of an approval until the road is open again.
    barrier_within_h
        Until a registered barrier is asked for or removed.
    default_unit
        Authority that answers where there is no township, or it was dissolved; "" for the first of `escalate_to`.
    escalate_to
        Authorities, the next above the unit first.
    """

    send_within_h: float = 4
    answer_within_h: float = 24
    verify_within_h: float = 24
    reopen_within_h: float = 2
    barrier_within_h: float = 24
    default_unit: str = ""
    escalate_to: tuple[str, ...] = ()

    def hours_of(self, state: str) -> float | None:
        """Return how long a ticket may stay in a state; None for one that is closed."""
        return {"found": self.send_within_h, "assigned": self.answer_within_h, "resolved": self.verify_within_h}.get(
            state
        )


@dataclass(frozen=True, slots=True)
class TrackPolicy:
    """What is recorded of a trip, how long it is kept, and from when on a silence or a stop is told (L2, L5).

    Attributes
    ----------
    every_s
        A phone records its position so often; 15 to 60 seconds are usual.
    keep_days
        Positions are deleted so long after they came.
    longest_gap_min
        So long nothing need be heard of a truck.
    stop_after_min
        Standing longer away from the allowed points is shown.
    receipt_within_m
        So far from the receiving point a receipt is still believed.
    certificate_days
        So long a closed-loop certificate is good to show.
    """

    every_s: float = 30
    keep_days: float = 14
    longest_gap_min: float = 5
    stop_after_min: float = 15
    receipt_within_m: float = 500
    certificate_days: float = 30


@dataclass(frozen=True, slots=True)
class KeepingPolicy:
    """How many days what is kept of people stays after its end; positions have `[tracks] keep_days` (ours: L2, X10).

    What an open ticket or review, a case, or a pass that is still good leans on stays until that is over.

    Attributes
    ----------
    scans_days
        What checkpoints and trips leave: scans and refusals, counts of trucks, needed stops, receipts, tracks.
    photos_days
        Pictures; their digests stay, as the log names them.
    reports_days
        Who reported a blocked road and where that person stood; the sighting itself stays in the log.
    applications_days
        Applications that never became a pass, from their last change or departure, and files of applications.
    passes_days
        Passes with their application, link and messages, from the end of the last edition.
    case_days
        So long after a case was confirmed at a firm, or a pass was withdrawn, nothing of these passes goes.
    """

    scans_days: float = 30
    photos_days: float = 30
    reports_days: float = 90
    applications_days: float = 30
    passes_days: float = 60
    case_days: float = 90


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
    extent_tolerance_m: float = DEFAULT_TOLERANCE_M
    refusals_within_days: float = DEFAULT_REFUSAL_DAYS
    tickets: TicketPolicy = field(default_factory=TicketPolicy)
    tracks: TrackPolicy = field(default_factory=TrackPolicy)
    keeping: KeepingPolicy = field(default_factory=KeepingPolicy)
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def default_cause(self) -> str:
        """Cause of a closure that names none: that of the regime's first approval rule, "" where it has no rule.

        "" means that a closure must say its cause: no regime's cause is the program's own.
        """
        return self.approval_rules[0].cause if self.approval_rules else ""

    def approval_rule(self, cause: str, road_class: RoadClass) -> ApprovalRule | None:
        """Return the first rule that speaks of this cause on this class."""
        return next((rule for rule in self.approval_rules if rule.covers(cause, road_class)), None)

    @property
    def default_unit(self) -> str:
        """Authority that answers for what no township answers for; "" where the regime names none at all."""
        return next(
            (one for one in (self.tickets.default_unit, *self.tickets.escalate_to, *self.authorities) if one), ""
        )

    def authority(self, id_or_name: str) -> Authority | None:
        """Find an authority by id or name."""
        if id_or_name in self.authorities:
            return self.authorities[id_or_name]
        return next((one for one in self.authorities.values() if one.name == id_or_name), None)

    def is_on(self, check: str) -> bool:
        """Tell whether a check K1..K14 is switched on."""
        return self.checks.get(check, "on") == "on"
