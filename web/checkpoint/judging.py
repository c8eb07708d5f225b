"""Judge a pass by the county's own register, and say the verdict as an instruction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from passes.editions.status_register import RegisterStatuses
from passes.keyring.foreign_lists_register import foreign_statuses
from passes.keyring.key_register import public_key_list
from passes.reissue.outgoing_register import GuardStatuses
from passes.verifying.trust import Trust
from passes.verifying.verdicts import Verdict, VerdictRules, verdict_rules_of
from passes.verifying.verify import Way, verify_pass
from web.site import site
from web.verdict_text import reason_json
from web.wording.verdicts import SIGNS, WORDS_EN

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.reading.positions import Point
    from passes.tokens.claims import PassClaims

_LEVELS: Final = ("green", "amber", "red")


@dataclass(frozen=True, slots=True)
class SaidReason:
    """One reason as it is shown."""

    code: str
    level: str
    clause: str
    text: str
    next: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict as a checkpoint sees it.

    Attributes
    ----------
    text
        What was judged: token, URL or digits.
    word, sign, instruction
        What to do, its sign, and the one thing to do first.
    reasons
        The gravest first.
    """

    text: str
    verdict: Verdict
    rules: VerdictRules
    word: str
    sign: str
    instruction: str
    reasons: tuple[SaidReason, ...]

    @property
    def level(self) -> str:
        """Green, amber or red."""
        return self.verdict.verdict

    @property
    def claims(self) -> PassClaims | None:
        """What the pass says, None where no key of ours vouches for it."""
        return self.verdict.claims

    @property
    def is_drill(self) -> bool:
        """Whether it is a drill's pass."""
        return any(one.code == "drill" for one in self.reasons)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the reasons."""
        return tuple(one.code for one in self.reasons)

    @property
    def issuer_name(self) -> str:
        """The issuing body as it is called here."""
        policy = site().county.settings.policy
        issuer = policy.authorities.get(policy.passes.issuer)
        return site().county.settings.name if issuer is None else issuer.name


def county_rules() -> VerdictRules:
    """Return what the county's policy sets of verdicts."""
    settings = site().county.settings
    return verdict_rules_of(settings.policy, timezone=settings.timezone.key)


def judge(
    connection: sa.Connection,
    text: str,
    *,
    plate: str = "",
    position: Point | None = None,
    way: Way | None = None,
    at: datetime | None = None,
) -> Judged:
    """Judge a text by the register: now, or as it was at an earlier time."""
    looks_back, at = at is not None, at or site().now()
    rules, lang = county_rules(), site().lang
    keys = public_key_list(connection, issuer=site().county.settings.area_code, at=at, rules=rules)
    register = RegisterStatuses(connection, at, looks_back)
    statuses = register if looks_back else GuardStatuses(register)
    trust = Trust(keys, statuses, others=foreign_statuses(connection, keys.others))
    verdict = verify_pass(text, trust, at=at, plate=plate or None, position=position, way=way)
    said = [reason_json(one, rules, lang, verdict=verdict) for one in verdict.reasons]
    reasons = tuple(
        SaidReason(one.code, one.level, words["clause"], words["text"], words["next"])
        for one, words in zip(verdict.reasons, said, strict=True)
    )
    word = rules.words[_LEVELS.index(verdict.verdict)] if lang == "zh" else WORDS_EN[verdict.verdict]
    return Judged(text, verdict, rules, word, SIGNS[verdict.verdict], reasons[0].next, reasons)
