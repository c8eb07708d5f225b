"""The checks K9 and K10: trucks held for the forbidden reason, and trucks refused although their pass is good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.findings import Finding
from geodata.windows import format_instant
from passes.checkpoint.refusal_reasons import refusal_reasons
from passes.checkpoint.refusal_text import meaning_of_refusal
from passes.checkpoint.scan_register import BARRED, NOT_LET_PASS, Scan

if TYPE_CHECKING:
    from geodata.places import Places
    from geodata.policy import Policy

#: Verdicts of a pass that a truck may go on with.
_GOOD: Final = frozenset({"green", "amber"})


def no_forbidden_reason(scan: Scan, policy: Policy, places: Places) -> Finding | None:
    """K9 (L6): a truck was held, or should have been, for the reason that the plan forbids; with a pass or without.

    A refusal that the page did not take is one too: somebody tried. So is one whose text may mean that reason: a person
    looks at it.
    """
    if scan.outcome not in {BARRED, NOT_LET_PASS}:
        return None
    found = meaning_of_refusal(scan.reason, scan.note, policy)
    reason = found.reason
    if reason is None or found.meaning == "for_the_firm":
        return None
    how = "to_review" if found.meaning == "review" else "tried" if scan.outcome == BARRED else "refused"
    facts = {**_facts(scan, places), "reason": reason.text, "note": scan.note, "how": how}
    return Finding("K9", reason.source or "L6", scan.key, {**facts, "cure": "let-pass-and-instruct"})


def is_to_be_looked_at(scan: Scan, policy: Policy) -> bool:
    """Tell whether somebody must look at a refusal: K9, K10, or a reason that was not taken."""
    if scan.outcome != NOT_LET_PASS or scan.verdict in _GOOD:
        return True
    return meaning_of_refusal(scan.reason, scan.note, policy).reason is not None


def valid_pass_is_honoured(scan: Scan, policy: Policy, places: Places) -> Finding | None:
    """K10 (ours): a truck was not let pass although its pass said green or amber.

    The person at the barrier may have had a good reason; somebody looks at each.
    """
    if scan.outcome != NOT_LET_PASS or scan.verdict not in _GOOD:
        return None
    reason = next((one.text for one in refusal_reasons(policy) if one.id == scan.reason), scan.reason)
    facts = {**_facts(scan, places), "pass": scan.number, "verdict": scan.verdict, "reason": reason}
    return Finding("K10", "", scan.key, {**facts, "cure": "ask-checkpoint"})


def _facts(scan: Scan, places: Places) -> dict[str, object]:
    post = places.by_id.get(scan.checkpoint)
    facts: dict[str, object] = {"road": None, "checkpoint": scan.checkpoint, "plate": scan.plate}
    facts |= {"checkpoint_name": scan.checkpoint, "township": "", "since": format_instant(scan.at)}
    if post is not None:
        facts |= {"checkpoint_name": post.name, "township": post.township, "lonlat": [post.lon, post.lat]}
    return facts
