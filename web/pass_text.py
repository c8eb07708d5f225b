"""Say passes, checks and findings: as JSON, and as text with times in the county's zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.windows import format_instant, parse_instant
from web.answer import finding_json, finding_lines
from web.session import Session
from web.wording.passes import BECAUSE, EVENTS, STATES, VALUES

if TYPE_CHECKING:
    from passes.applications.check import CheckedApplication
    from passes.editions.pass_register import PassEvent, PassRecord


def local_time(session: Session, instant: datetime) -> str:
    """Return an instant as the county's clocks show it; at the very end of all time as it is."""
    with suppress(OverflowError):
        instant = instant.astimezone(session.county.settings.timezone)
    return f"{instant:%Y-%m-%d %H:%M}"


def _shown_value(session: Session, key: str, value: object) -> object:
    if isinstance(value, list | tuple):
        return session.say("、", ", ").join(str(_shown_value(session, key, one)) for one in value) or "-"
    if isinstance(value, str) and value in VALUES:
        return session.say(*VALUES[value])
    if isinstance(value, str) and (key == "time" or key.endswith(("_at", "_until"))):
        try:
            return local_time(session, parse_instant(value, where=key))
        except BadInputError:
            return value
    return value


def shown_finding(session: Session, finding: Finding) -> Finding:
    """Return a finding whose facts read as people say them; a condition's name is Chinese, its id serves in English."""
    shown = {key: _shown_value(session, key, value) for key, value in finding.facts.items()}
    if session.lang == "en" and "condition" in shown:
        shown["name"] = shown["condition"]
    return replace(finding, facts=shown)


def findings_json(session: Session, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings with their sentences; the facts stay as they are."""
    words = session.county.settings.policy.words
    return [{**finding_json(shown_finding(session, one), session, words), "facts": dict(one.facts)} for one in findings]


def findings_text(session: Session, findings: Iterable[Finding]) -> str:
    """Return findings as text, a line each."""
    words = session.county.settings.policy.words
    return finding_lines([shown_finding(session, one) for one in findings], session, words)


def refusal(session: Session, checked: CheckedApplication) -> tuple[dict[str, Any], str]:
    """Return the answer to a refused application, as JSON and as text."""
    payload = {
        "ok": False,
        "findings": findings_json(session, checked.findings),
        "notes": findings_json(session, checked.notes),
    }
    head = session.say("不予核发，原因如下：", "No pass can be issued:")
    return payload, f"{head}\n{findings_text(session, checked.findings)}{notes_text(session, checked.notes)}"


def notes_text(session: Session, notes: Iterable[Finding]) -> str:
    """Return notes as text under a heading, "" where there are none."""
    lines = findings_text(session, notes)
    return f"\n{session.say('另请留意：', 'Please note:')}\n{lines}" if lines else ""


def pass_json(record: PassRecord, at: datetime) -> dict[str, Any]:
    """Return a pass as the answer to issuing gives it."""
    return {
        "number": record.number,
        "edition": record.edition,
        "jti": record.jti,
        "token": record.token,
        "url": record.url,
        "state": record.state_at(at),
        "enterprise": record.enterprise,
        "plate": record.plate,
        "goods": record.goods,
        "crew": [dict(one) for one in record.crew],
        "depart_at": format_instant(record.depart_at),
        "not_before": format_instant(record.not_before),
        "expires_at": format_instant(record.expires_at),
        "expires_because": record.expires_because,
        "issued_at": format_instant(record.issued_at),
        "rules": record.rules,
        "route": dict(record.route),
    }


def event_json(event: PassEvent) -> dict[str, Any]:
    """Return what happened to a pass."""
    return {
        "jti": event.jti,
        "at": format_instant(event.at),
        "event": event.event,
        "reason": event.reason,
        "facts": dict(event.facts),
    }


def _stops_text(session: Session, route: Mapping[str, Any]) -> list[str]:
    lines = []
    for stop in route["stops"]:
        arrive_at = local_time(session, parse_instant(stop["arrive_at"], where="stops"))
        names = session.say("、", ", ").join(one["subject"] for one in stop["because"])
        lines.append(f"  {arrive_at}  {stop['name']}" + (f" ({names})" if names else ""))
    return lines


def pass_text(session: Session, record: PassRecord, at: datetime) -> str:
    """Return a pass as text."""
    start, end = local_time(session, record.not_before), local_time(session, record.expires_at)
    crew = session.say("、", ", ").join(f"{one['name']}({one['id_tail']})" for one in record.crew)
    because = session.say(*BECAUSE[record.expires_because])
    km = float(record.route["distance_m"]) / 1000
    lines = [
        session.say(f"特殊通行证 {record.number}", f"Special pass {record.number}")
        + f"  {session.say(*STATES[record.state_at(at)])}",
        session.say(
            f"企业 {record.enterprise}  车牌 {record.plate}", f"Firm {record.enterprise}  plate {record.plate}"
        ),
        session.say(f"司乘人员 {crew}", f"Crew {crew}"),
        session.say(f"有效期 {start} 至 {end}（{because}）", f"Valid {start} to {end} ({because})"),
        session.say(f"指定路线 {km:.1f} 公里", f"Route {km:.1f} km"),
        *_stops_text(session, record.route),
        session.say("通行码 ", "Code ") + record.url,
    ]
    return "\n".join(lines)


def pass_line(session: Session, record: PassRecord, at: datetime) -> str:
    """Return a pass as one line of a list."""
    start, end = local_time(session, record.not_before), local_time(session, record.expires_at)
    state = session.say(*STATES[record.state_at(at)])
    return f"{record.number}  {state}  {record.plate}  {record.enterprise}  {start} - {end}"


def event_line(session: Session, event: PassEvent) -> str:
    """Return what happened to a pass as one line."""
    by = event.facts.get("by", "")
    about = " · ".join(one for one in (event.reason, "" if by == "-" else by) if one)
    return f"  {local_time(session, event.at)}  {session.say(*EVENTS[event.event])}  {about}".rstrip()
