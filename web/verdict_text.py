"""Say a verdict: as JSON with every reason, and as text whose first word is what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

from geodata.windows import format_instant
from web.wording.verdicts import FINDINGS, SIGNS, STEPS, USUAL_TERMS, WORDS_EN

if TYPE_CHECKING:
    from passes.tokens.claims import PassClaims
    from passes.verifying.verdicts import Reason, Verdict, VerdictRules

_LEVELS: Final = ("green", "amber", "red")


def _zone(name: str) -> tzinfo | None:
    """Return the zone in which times are shown; the machine's own where the key list names none that is known."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _facts(reason: Reason, rules: VerdictRules, lang: str) -> Mapping[str, object]:
    """Return what a sentence names: the regime's words and the reason's facts, times as they are shown."""
    shown = {
        name: f"{value.astimezone(_zone(rules.timezone)):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
        for name, value in reason.facts.items()
    }
    return {**USUAL_TERMS[lang], **(rules.terms if lang == "zh" else {}), **shown}


def reason_json(reason: Reason, rules: VerdictRules, lang: str, *, verdict: Verdict | None = None) -> dict[str, str]:
    """Return a reason as {"code", "clause", "text", "next"}; what does not decide the verdict gives way."""
    facts = _facts(reason, rules, lang)
    outweighed = verdict is not None and reason.level != verdict.verdict
    text, step = FINDINGS[reason.code], STEPS["follow-gravest" if outweighed else reason.next]
    return {
        "code": reason.code,
        "clause": reason.clause,
        "text": text.text(lang, facts),
        "next": step.text(lang, facts),
    }


def claims_json(claims: PassClaims) -> dict[str, Any]:
    """Return what a pass says."""
    return {
        "number": claims.number,
        "jti": claims.jti,
        "issuer": claims.issuer,
        "plate": claims.plate,
        "crew": [
            {
                "name": one.masked_name,
                "id_tail": one.id_tail,
                "condition_ends_at": one.condition_ends_at and format_instant(one.condition_ends_at),
            }
            for one in claims.crew
        ],
        "origin": claims.origin,
        "destination": claims.destination,
        "issued_at": format_instant(claims.issued_at),
        "not_before": format_instant(claims.not_before),
        "expires_at": format_instant(claims.expires_at),
        "corridor": [list(point) for point in claims.corridor],
        "tolerance_m": claims.tolerance_m,
        "terms": list(claims.terms),
        "rules": claims.rules,
        "drill": claims.drill,
    }


def verdict_json(verdict: Verdict, rules: VerdictRules, lang: str) -> dict[str, Any]:
    """Return a verdict as {"verdict", "reasons", "pass"}; no pass where no key of ours vouches for it."""
    return {
        "verdict": verdict.verdict,
        "reasons": [reason_json(reason, rules, lang, verdict=verdict) for reason in verdict.reasons],
        "pass": None if verdict.claims is None else claims_json(verdict.claims),
    }


def verdict_text(verdict: Verdict, rules: VerdictRules, lang: str) -> str:
    """Return a verdict as text: the instruction and the plate, then a line a reason."""
    word = rules.words[_LEVELS.index(verdict.verdict)] if lang == "zh" else WORDS_EN[verdict.verdict]
    plate = "" if verdict.claims is None else f"  {verdict.claims.plate}"
    lines = [f"{SIGNS[verdict.verdict]} {word}{plate}"]
    for reason in verdict.reasons:
        said = reason_json(reason, rules, lang, verdict=verdict)
        lines.append(f"- {said['text']} [{said['clause']}] → {said['next']}")
    return "\n".join(lines)
