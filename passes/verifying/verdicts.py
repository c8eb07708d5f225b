"""What a check says of a pass: green, amber or red, with every reason; and what the regime's policy sets of it.

| reason | verdict | what it means |
|---|---|---|
| pass-valid | green | nothing speaks against it |
| list-current | green | how old the status list is: it is told with every verdict |
| token-unreadable, token-too-long, header-not-ours, algorithm-not-allowed, type-not-ours, claims-not-ours, \
lifetime-too-long, signature-not-canonical, signature-wrong | red | no pass of ours |
| closure-order | red | the code of a closure order, which hangs at a barrier, and no pass |
| loop-certificate | red | the code of a closed-loop certificate, which says how a trip went, and no pass |
| key-unknown | red, amber | the key list is younger than seven days; older, or of unknown age |
| key-withdrawn, key-retired | red | signed by a key that was withdrawn, or after its time |
| issuer-differs | red | signed by us in another's name |
| issuer-trusted | green | signed by another issuer that the root's list names |
| issuer-ended | amber | that other issuer is no longer trusted: its day is over |
| issuer-unknown | amber | it names an issuer that is not known here: its paper decides |
| clock-wrong | amber | the clock is behind a time that was signed already: it cannot tell valid from not yet valid |
| not-yet-valid, expired | red | nbf <= t < exp does not hold |
| drill | red | a drill's pass, not valid |
| withdrawn, suspended | red | the status list says so |
| replaced | amber | route changed: show or fetch the new pass; never a refusal |
| list-old, list-too-old, list-missing, list-without-pass | amber | staleness is never a refusal |
| list-older | amber | the list that came is older than one already seen, and is not held: no refusal either |
| plate-differs | red | the truck's plate is another one |
| off-route | amber | farther from the corridor than its tolerance |
| other-way | amber | it drives against its route, and the pass is for one way only |
| result-pending | amber | issued while a result was not known yet, as the policy allows; never a refusal |
| condition-ended-inside | amber, red | a crew condition lapsed on the way; red only where the policy says so |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Generic, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from geodata.policy import Policy
    from passes.tokens.claims import PassClaims

Level = Literal["green", "amber", "red"]
#: What a kind of token says.
Said = TypeVar("Said")
_SEVERITY: Final[Mapping[str, int]] = MappingProxyType({"green": 0, "amber": 1, "red": 2})


@dataclass(frozen=True, slots=True)
class Ground:
    """How a reason weighs: its verdict, the clause it rests on, and the next step."""

    level: Level
    clause: str
    next: str


#: Every reason there is.
GROUNDS: Final[Mapping[str, Ground]] = MappingProxyType(
    {
        "pass-valid": Ground("green", "X1", "let-pass"),
        "list-current": Ground("green", "policy", "let-pass"),
        "token-unreadable": Ground("red", "X1", "show-pass"),
        "token-too-long": Ground("red", "X1", "show-pass"),
        "header-not-ours": Ground("red", "X1", "call-duty-desk"),
        "algorithm-not-allowed": Ground("red", "X1", "call-duty-desk"),
        "type-not-ours": Ground("red", "X1", "show-pass"),
        "closure-order": Ground("red", "L11", "show-pass"),
        "loop-certificate": Ground("red", "X4", "show-pass"),
        "claims-not-ours": Ground("red", "X1", "call-duty-desk"),
        "lifetime-too-long": Ground("red", "X1", "call-duty-desk"),
        "signature-not-canonical": Ground("red", "X1", "call-duty-desk"),
        "signature-wrong": Ground("red", "X1", "call-duty-desk"),
        "key-unknown": Ground("red", "X1", "call-duty-desk"),
        "key-withdrawn": Ground("red", "X1", "call-duty-desk"),
        "key-retired": Ground("red", "X1", "call-duty-desk"),
        "issuer-differs": Ground("red", "X1", "call-duty-desk"),
        "issuer-trusted": Ground("green", "L7", "let-pass"),
        "issuer-ended": Ground("amber", "L7", "check-paper"),
        "issuer-unknown": Ground("amber", "L7", "see-paper"),
        "clock-wrong": Ground("amber", "policy", "set-clock"),
        "not-yet-valid": Ground("red", "X1", "wait-aside"),
        "expired": Ground("red", "X1", "renew-pass"),
        "drill": Ground("red", "P4", "show-pass"),
        "withdrawn": Ground("red", "X1", "call-duty-desk"),
        "suspended": Ground("red", "X1", "call-duty-desk"),
        "replaced": Ground("amber", "L5", "show-new-pass"),
        "list-old": Ground("amber", "policy", "record-and-recheck"),
        "list-too-old": Ground("amber", "policy", "phone-then-let-pass"),
        "list-older": Ground("amber", "policy", "phone-then-let-pass"),
        "list-missing": Ground("amber", "policy", "phone-then-let-pass"),
        "list-without-pass": Ground("amber", "policy", "phone-then-let-pass"),
        "plate-differs": Ground("red", "X1", "call-duty-desk"),
        "off-route": Ground("amber", "L5", "guide-back"),
        "other-way": Ground("amber", "L5", "ask-way"),
        "result-pending": Ground("amber", "L2", "record-and-recheck"),
        "condition-ended-inside": Ground("amber", "L2", "renew-condition-on-arrival"),
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against letting a truck pass; `facts` may hold instants."""

    code: str
    level: Level
    clause: str
    next: str
    facts: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


def make_reason(
    code: str, facts: Mapping[str, object] = MappingProxyType({}), *, level: Level | None = None, step: str = ""
) -> Reason:
    """Return a reason of `GROUNDS`; level and next step may differ where a policy sets them."""
    ground = GROUNDS[code]
    return Reason(code, level or ground.level, ground.clause, step or ground.next, facts)


@dataclass(frozen=True, slots=True)
class Weighed(Generic[Said]):
    """The answer to a question that somebody on the road asks, such as "may this truck pass?".

    Attributes
    ----------
    verdict
        The gravest level among the reasons.
    reasons
        Every reason, the gravest first.
    claims
        What the token says; None where no key of ours vouches for it.
    """

    verdict: Level
    reasons: tuple[Reason, ...]
    claims: Said | None = None


#: Of a pass.
Verdict: TypeAlias = "Weighed[PassClaims]"


def weigh(reasons: Iterable[Reason], claims: Said | None = None) -> Weighed[Said]:
    """Return the verdict of reasons."""
    ordered = tuple(sorted(reasons, key=lambda one: -_SEVERITY[one.level]))
    return Weighed(ordered[0].level, ordered, claims)


@dataclass(frozen=True, slots=True)
class VerdictRules:
    """What the county's policy sets of verdicts; it travels with the exported keys to whoever verifies offline.

    Attributes
    ----------
    fresh_h, usable_h
        Ages of the status list from which it is old, and too old.
    on_expiry_inside
        What a crew condition that lapsed on the way makes of the verdict.
    words, colours
        Of green, amber, red.
    terms
        The regime's own words, such as `test`.
    timezone
        In which times are shown.
    """

    fresh_h: float = 24
    usable_h: float = 72
    on_expiry_inside: Level = "amber"
    words: tuple[str, ...] = ("放行", "核对", "暂不放行")
    colours: tuple[str, ...] = ("#1a7f37", "#0b5fa5", "#b3261e")
    terms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    timezone: str = "Asia/Shanghai"


def verdict_rules_of(policy: Policy, *, timezone: str) -> VerdictRules:
    """Return what a policy sets of verdicts.

    A token carries one end a person, the earliest; so one crew condition that is red on expiry makes all of them red.
    """
    red = any(one.on_expiry_inside == "red" for one in policy.conditions if one.subject == "crew" and _lapses(one.kind))
    return VerdictRules(
        fresh_h=policy.verdict.staleness_h[0],
        usable_h=policy.verdict.staleness_h[-1],
        on_expiry_inside="red" if red else "amber",
        words=policy.verdict.words,
        colours=policy.verdict.colours,
        terms=policy.words,
        timezone=timezone,
    )


def _lapses(kind: str) -> bool:
    return kind in {"max_age", "valid_until"}
