"""`baotong closures rules`: what the checks find, for every road class, barrier, approval and policy switch."""

from __future__ import annotations

import click

from geodata.policy import CAUSES
from web.options import session_options
from web.session import Session


@click.command("rules", help="What the checks find of which closure, as a table. / 核查规则对照表。")
@click.option("--cause", type=click.Choice(CAUSES), help="Cause of the closure; the regime's own where none. / 原因。")
@session_options
def rules(session: Session, *, cause: str | None) -> None:
    """Print the truth table of K1 to K6 that the county's own rules make, under each policy switch."""
    from geodata.closures.truth_table import condensed, truth_table
    from web.answer import answer
    from web.wording.barriers import BARRIER_NAMES
    from web.wording.roads import CLASS_NAMES
    from web.wording.rules import APPROVALS, SWITCHES

    settings = session.county.settings
    wanted = cause or settings.policy.default_cause
    policy, lang = settings.policy_for(wanted), session.lang
    rows = truth_table(policy, wanted)
    said = [
        {
            "rule": one.rule,
            "class": one.road_class.value,
            "barrier": one.barrier,
            "approval": one.approval,
            "checks": list(one.checks),
        }
        for one in rows
    ]
    lines = []
    for block in condensed(rows):
        own = session.say("（本县适用）", " (applies here)") if block.rule == policy.hard_isolation.rule else ""
        comma, colon = session.say("、", ", "), session.say("：", ": ")
        lines.append(f"{SWITCHES[block.rule].text(lang, {})}{own}")
        lines.append("  " + comma.join(CLASS_NAMES[one.value].text(lang, {}) for one in block.classes))
        lines.append("  " + comma.join(BARRIER_NAMES[one].text(lang, {}) for one in block.barriers))
        for state, found in block.found.items():
            lines.append(f"    {APPROVALS[state].text(lang, {})}{colon}{' '.join(found) or '–'}")
    payload = {"ok": True, "cause": wanted, "rule": policy.hard_isolation.rule, "rows": said}
    answer(session, payload, "\n".join(lines))
