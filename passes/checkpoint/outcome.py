"""Record what a checkpoint did with a truck: let pass, guided, or not let pass for a listed reason with evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geodata.errors import BadInputError
from geodata.findings import Finding
from passes.checkpoint.refusal_reasons import refusal_reasons
from passes.checkpoint.refusal_text import meaning_of_refusal
from passes.checkpoint.scan_register import (
    BARRED,
    GUIDED,
    LET_PASS,
    NOT_LET_PASS,
    REFERRED,
    Scan,
    add_scan,
    find_scan,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.policy import Policy

LONGEST_NOTE: Final = 500
#: Codes of the findings that keep a refusal from being taken.
FORBIDDEN: Final = "refusal-reason-forbidden"
FOR_THE_FIRM: Final = "refusal-reason-for-the-firm"
#: What makes two outcomes under one key the same besides the plate: what was done where, and why.
_SAME: Final = ("checkpoint", "outcome", "reason", "note", "called", "photo")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an outcome.

    Attributes
    ----------
    scan
        As it is kept.
    finding
        Why the refusal was not taken: its reason is forbidden (L6), or the firm's to answer for (X7). The truck's
        outcome is still to be chosen.
    """

    scan: Scan
    finding: Finding | None = None


def record_outcome(connection: sa.Connection, scan: Scan, policy: Policy, *, at: datetime) -> Recorded:
    """Keep the outcome of a check.

    A refusal for a forbidden reason is not taken; that it was tried is kept, for those who look after L6. One whose
    text may mean such a reason is taken, and found by `refusal_rules` for a person to look at.

    Raises
    ------
    BadInputError
        `outcome-unknown`; `outcome-recorded-already`: under this key something else was kept; of a refusal
        `refusal-without-reason`, `refusal-reason-unknown`, `refusal-note-too-long`, and `refusal-without-photo` or
        `refusal-without-call` where the reason demands such evidence.
    """
    if scan.outcome in {LET_PASS, GUIDED}:
        kept = replace(scan, reason="", note="", called="")
        _keep(connection, kept, at)
        return Recorded(kept)
    if scan.outcome != NOT_LET_PASS:
        raise BadInputError("outcome-unknown", "outcome", value=scan.outcome)
    if len(scan.note) > LONGEST_NOTE:
        raise BadInputError("refusal-note-too-long", "note", most=LONGEST_NOTE)
    finding = _not_taken(scan, policy)
    if finding is not None:
        outcome = BARRED if finding.code == FORBIDDEN else REFERRED
        tried = replace(scan, key=scan.key[:34] + "-x", outcome=outcome)
        add_scan(connection, tried, at=at)
        return Recorded(tried, finding)
    _check_evidence(scan, policy)
    _keep(connection, scan, at)
    return Recorded(scan)


def _differs(plate: str, other: str) -> bool:
    """Tell of two plates; a pass whose key was withdrawn in between tells none any more."""
    return bool(plate and other) and plate != other


def _keep(connection: sa.Connection, scan: Scan, at: datetime) -> None:
    """Keep a scan once; what is sent again under its key must be the same, or somebody would believe it was kept."""
    known = find_scan(connection, scan.key)
    if known is None:
        add_scan(connection, scan, at=at)
    elif any(getattr(known, name) != getattr(scan, name) for name in _SAME) or _differs(known.plate, scan.plate):
        raise BadInputError("outcome-recorded-already", "")


def _not_taken(scan: Scan, policy: Policy) -> Finding | None:
    """Return the finding of a reason that may not be given, chosen or written (L6), or is no ground to refuse (X7)."""
    found = meaning_of_refusal(scan.reason, scan.note, policy)
    if found.reason is None or found.meaning not in {"forbidden", "for_the_firm"}:
        return None
    facts = {"reason": found.reason.text}
    if found.meaning == "for_the_firm":
        return Finding(FOR_THE_FIRM, "X7", scan.plate, facts)
    return Finding(FORBIDDEN, found.reason.source or "L6", scan.plate, facts)


def _check_evidence(scan: Scan, policy: Policy) -> None:
    reasons = {one.id: one for one in refusal_reasons(policy)}
    if not scan.reason:
        raise BadInputError("refusal-without-reason", "reason", choices=[one.text for one in reasons.values()])
    if scan.reason not in reasons:
        raise BadInputError("refusal-reason-unknown", "reason", choices=[one.text for one in reasons.values()])
    evidence = reasons[scan.reason].evidence
    if evidence == "photo" and not scan.photo:
        raise BadInputError("refusal-without-photo", "photo")
    if evidence == "call" and not scan.called.strip():
        raise BadInputError("refusal-without-call", "called")
