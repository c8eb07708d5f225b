"""Say what a closure order is and what a check of it found: as JSON with every reason, and as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geodata.windows import format_instant
from web.wording.orders import NOT_OURS, REASONS, STEPS, UNTIL_FURTHER_NOTICE, WHY, WORDS
from web.wording.verdicts import SIGNS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from geodata.closures.closure import RoadSpan
    from passes.orders.check import OrderVerdict
    from passes.orders.claims import OrderClaims
    from passes.verifying.verdicts import Reason

_INSTANTS = ("ends_at", "starts_at", "due_at", "expires_at", "retired_at")


def _facts(facts: Mapping[str, object], lang: str, zone: ZoneInfo) -> dict[str, object]:
    """Return what a sentence names: times as they are shown, and what the register says otherwise."""
    shown = dict(facts)
    for name in _INSTANTS:
        value = shown.get(name)
        if isinstance(value, datetime):
            shown[name] = f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
        elif name in shown:
            shown[name] = UNTIL_FURTHER_NOTICE.text(lang, {})
    if "why" in shown:
        shown["why"] = WHY[str(shown["why"])].text(lang, {})
    return shown


def reason_said(reason: Reason, lang: str, zone: ZoneInfo) -> dict[str, str]:
    """Return a reason as {"code", "clause", "text", "next"}."""
    facts = _facts(reason.facts, lang, zone)
    return {
        "code": reason.code,
        "clause": reason.clause,
        "text": REASONS.get(reason.code, NOT_OURS).text(lang, facts),
        "next": STEPS[reason.next].text(lang, facts),
    }


def headline(verdict: OrderVerdict, lang: str) -> str:
    """Return the instruction in large type: the gravest reason's own where it has one."""
    gravest = WORDS.get(verdict.reasons[0].code) or WORDS[verdict.verdict]
    return gravest.text(lang, {})


def order_json(claims: OrderClaims) -> dict[str, Any]:
    """Return what an order says."""
    return {
        "closure": claims.closure_id,
        "version": claims.version,
        "edition": claims.edition,
        "jti": claims.jti,
        "issuer": claims.issuer,
        "issued_at": format_instant(claims.issued_at),
        "not_before": format_instant(claims.not_before),
        "ends_at": claims.ends_at and format_instant(claims.ends_at),
        "expires_at": format_instant(claims.expires_at),
        "roads": [road_json(one) for one in claims.roads],
        "road_count": claims.road_count,
        "length_m": claims.length_m,
        "barrier": claims.barrier,
        "cause": claims.cause,
        "pass_holders": "let_through" if claims.lets_holders_through else "stopped",
        "approvals": [
            {
                "authority": one.authority,
                "document_no": one.document_no or None,
                "decided_at": format_instant(one.decided_at),
                "form": one.form,
            }
            for one in claims.approvals
        ],
        "log": {"size": claims.log_size, "root": claims.log_root.hex()} if claims.log_size else None,
    }


def road_json(span: RoadSpan) -> dict[str, Any]:
    """Return one approved part."""
    return {"road_id": span.road_id, "direction": span.direction.value, "from_m": span.from_m, "to_m": span.to_m}


def order_verdict_json(verdict: OrderVerdict, lang: str, zone: ZoneInfo) -> dict[str, Any]:
    """Return a verdict as {"verdict", "reasons", "order"}; no order where no key of ours vouches for it."""
    return {
        "verdict": verdict.verdict,
        "reasons": [reason_said(one, lang, zone) for one in verdict.reasons],
        "order": None if verdict.claims is None else order_json(verdict.claims),
    }


def order_verdict_text(verdict: OrderVerdict, lang: str, zone: ZoneInfo) -> str:
    """Return a verdict as text: the instruction and the closure, then a line a reason."""
    about = "" if verdict.claims is None else f"  {verdict.claims.closure_id} v{verdict.claims.version}"
    lines = [f"{SIGNS[verdict.verdict]} {headline(verdict, lang)}{about}"]
    for one in verdict.reasons:
        said = reason_said(one, lang, zone)
        lines.append(f"- {said['text']} [{said['clause']}] → {said['next']}")
    return "\n".join(lines)


def order_text(claims: OrderClaims, lang: str, zone: ZoneInfo) -> list[str]:
    """Return what an order says as lines, its times on the county's clock."""
    start, end = (
        f"{one.astimezone(zone):%Y-%m-%d %H:%M}" if one else UNTIL_FURTHER_NOTICE.text(lang, {})
        for one in (claims.not_before, claims.ends_at)
    )
    roads = " ".join(f"{one.road_id}@{one.from_m:.0f}-{one.to_m:.0f}" for one in claims.roads)
    more = "" if claims.road_count == len(claims.roads) else f" (+{claims.road_count - len(claims.roads)})"
    numbers = " · ".join(f"{one.authority} {one.document_no or '-'}" for one in claims.approvals)
    name = f"{claims.closure_id} v{claims.version}.{claims.edition}"
    return [
        f"{name}  {start} → {end}  {claims.length_m} m  {claims.barrier}",
        f"{roads}{more}",
        numbers,
    ]
