"""Record what a checkpoint did with a truck: let pass, guided, or not let pass for a listed reason with evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geodata.errors import BadInputError
from geodata.findings import Finding
from passes.refusal_reasons import forbidden_reason_in, refusal_reasons
from passes.scan_register import BARRED, GUIDED, LET_PASS, NOT_LET_PASS, Scan, add_scan

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.policy import Policy

LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an outcome.

    Attributes
    ----------
    scan
        As it is kept.
    finding
        The forbidden reason that was tried (L6); the truck's outcome is still to be chosen.
    """

    scan: Scan
    finding: Finding | None = None


def record_outcome(connection: sa.Connection, scan: Scan, policy: Policy, *, at: datetime) -> Recorded:
    """Keep the outcome of a check.

    A refusal for a forbidden reason is not taken; that it was tried is kept, for those who look after L6.

    Raises
    ------
    BadInputError
        `outcome-unknown`; of a refusal `refusal-without-reason`, `refusal-reason-unknown`, `refusal-note-too-long`, and
        `refusal-without-photo` or `refusal-without-call` where the reason demands such evidence.
    """
    if scan.outcome in {LET_PASS, GUIDED}:
        kept = replace(scan, reason="", note="", called="")
        add_scan(connection, kept, at=at)
        return Recorded(kept)
    if scan.outcome != NOT_LET_PASS:
        raise BadInputError("outcome-unknown", "outcome", value=scan.outcome)
    if len(scan.note) > LONGEST_NOTE:
        raise BadInputError("refusal-note-too-long", "note", most=LONGEST_NOTE)
    finding = _forbidden(scan, policy)
    if finding is not None:
        tried = replace(scan, key=scan.key[:34] + "-x", outcome=BARRED)
        add_scan(connection, tried, at=at)
        return Recorded(tried, finding)
    _check_evidence(scan, policy)
    add_scan(connection, scan, at=at)
    return Recorded(scan)


def _forbidden(scan: Scan, policy: Policy) -> Finding | None:
    """Return the finding of a reason that may not be given, chosen or written (L6)."""
    chosen = next((one for one in policy.forbidden_reasons if one.id == scan.reason), None)
    reason = chosen or forbidden_reason_in(scan.note, policy)
    if reason is None:
        return None
    return Finding("refusal-reason-forbidden", reason.source or "L6", scan.plate, {"reason": reason.text})


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
