"""Closures and findings as JSON rows and as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geodata.closures.closure import Closure
from geodata.county import County
from geodata.findings import Finding
from geodata.windows import format_instant
from web.messages import finding_wording
from web.session import Session
from web.wording.closures import CHECKS, STATES

if TYPE_CHECKING:
    from passes.audit.audit import AuditResult


def closure_row(closure: Closure, county: County, *, at: datetime) -> dict[str, Any]:
    """Return a closure with its three states at an instant; a blockage that nobody registered has no approval.

    `paper_due` is by when a standing oral approval must have its document number, `unmatched` the roads that the
    network does not have; the states are those of the other roads.
    """
    from geodata.closures.states import approval_state, paper_due, physical_state, routing_state
    from geodata.closures.unmatched import matched_part, unmatched_roads

    unmatched = unmatched_roads(closure, county.network)
    roads = list(dict.fromkeys(span.road_id for span in closure.extent))
    closure = matched_part(closure, county.network)
    window = closure.window
    end = window.end if window else None
    policy_for, network = county.settings.policy_for, county.network
    due = paper_due(closure, policy_for, network, at)
    return {
        "id": closure.id,
        "version": closure.version,
        "approval": approval_state(closure, policy_for, network, at) or None,
        "physical": physical_state(closure, at),
        "routing": routing_state(closure, policy_for, network, at),
        "start": None if window is None else format_instant(window.start),
        "end": None if end is None else format_instant(end),
        "roads": roads,
        "paper_due": None if due is None else format_instant(due),
        "paper_overdue": due is not None and due <= at,
        "unmatched": list(unmatched),
    }


def closure_line(closure: Closure, row: Mapping[str, Any], session: Session) -> str:
    """Return a closure as one line, its times on the county's clock."""
    states = [STATES[row[key] or ""].text(session.lang, {}) for key in ("approval", "physical", "routing")]
    window = closure.window
    times = ""
    if window is not None:
        times = f"{_local(window.start, session)} → {_local(window.end, session) if window.end else '…'}  "
    roads = session.say("、", ", ").join(row["roads"])
    notes = ""
    if row["paper_due"]:
        due = _local(datetime.fromisoformat(row["paper_due"]), session)
        late = session.say("，已过期", ", overdue") if row["paper_overdue"] else ""
        notes = "  " + session.say(f"口头批准，文号须在 {due} 前补报{late}", f"oral; document number due {due}{late}")
    if row["unmatched"]:
        notes += "  " + session.say("有道路不在路网里", "some roads are not in the network")
    return f"{closure.id} v{closure.version}  {' · '.join(states)}  {times}{roads}{notes}"


def _local(instant: datetime, session: Session) -> str:
    return instant.astimezone(session.county.settings.timezone).strftime("%Y-%m-%d %H:%M")


def finding_text(findings: Iterable[Finding], session: Session) -> list[str]:
    """Return a line a finding: check, closure, what it says, what cures it."""
    words = dict(session.county.settings.policy.words)
    lines = []
    for finding in findings:
        facts = {**words, **finding.facts, "closure": finding.subject}
        wording = finding_wording(finding.code)
        short = CHECKS[finding.code].text(session.lang, facts)
        about = f" {finding.subject}" if finding.subject else ""
        said = f"{wording.text(session.lang, facts)} → {wording.remedy(session.lang, facts)}"
        lines.append(f"{finding.code} {short}{about}: {said}")
    return lines


def _surroundings(finding: Finding, session: Session) -> str:
    """Return where a finding is, whose, since when and what it hurts, as far as it says."""
    facts: Mapping[str, Any] = finding.facts
    parts = [str(facts.get("township") or "")]
    if facts.get("lonlat"):
        parts.append("{:.5f}, {:.5f}".format(*facts["lonlat"]))
    if facts.get("since"):
        since = _local(datetime.fromisoformat(facts["since"]), session)
        parts.append(session.say(f"自 {since}", f"since {since}"))
    if facts.get("places_behind"):
        names = session.say("、", ", ").join(one["name"] for one in facts["places_behind"])
        parts.append(session.say(f"无路可走：{names}", f"cut off: {names}"))
    if facts.get("passes_hit"):
        parts.append(session.say(f"涉及通行证 {facts['passes_hit']} 张", f"passes hit: {facts['passes_hit']}"))
    return " · ".join(one for one in parts if one)


def audit_json(audit: AuditResult) -> dict[str, Any]:
    """Return an audit as the contract writes it."""
    from passes.audit.audit import finding_row

    findings = [dict(finding_row(one)) for one in audit.findings]
    return {"ok": not findings, "checked": audit.checked, "findings": findings, "unmatched": list(audit.stale)}


def audit_text(audit: AuditResult, session: Session) -> str:
    """Return an audit as text."""
    count = len(audit.findings)
    head = session.say(
        f"共核查 {audit.checked} 条登记，发现 {count} 个问题", f"{audit.checked} records checked, {count} findings"
    )
    lines = [head]
    for finding, line in zip(audit.findings, finding_text(audit.findings, session), strict=True):
        lines += [line, f"    {_surroundings(finding, session)}"]
    if audit.stale:
        names = session.say("、", ", ").join(audit.stale)
        lines.append(
            session.say(
                f"另有 {len(audit.stale)} 条所在的道路不在本县路网里，无法核查，请重新登记：{names}",
                f"{len(audit.stale)} more lie on roads that the network does not have and could not be checked; "
                f"register them anew: {names}",
            )
        )
    return "\n".join(lines)
