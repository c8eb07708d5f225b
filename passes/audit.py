"""Audit the register at an instant: run every check that the regime switches on, over all closures and blockages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.closures.records import TABLES, record_leaves
from geodata.closures.register import RegisterRows, newest_closures, read_rows
from geodata.closures.rules import cases_of, findings_of
from geodata.county_settings import CountySettings
from geodata.findings import Finding
from geodata.ledger.register import read_ledger
from geodata.ledger.rules import CHECK, log_continues, log_is_whole, records_unaltered
from geodata.ledger.tree import Checkpoint
from geodata.network import Network

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class AuditResult:
    """How many closures and blockages were looked at, and what was found, ordered by check and closure."""

    checked: int
    findings: tuple[Finding, ...]


def run_audit(connection: sa.Connection, settings: CountySettings, network: Network, *, at: datetime) -> AuditResult:
    """Run K1 to K7 on every closure and blockage as they stood at an instant, and K14 on the stored records.

    Raises
    ------
    BadInputError
        `closure-road-unknown`: a closure lies on a road that the network does not have.
    """
    damaged: list[str] = []
    rows = read_rows(connection)
    closures = newest_closures(rows, damaged)
    findings = [one for case in cases_of(closures, settings, network, at) for one in findings_of(case)]
    if settings.policy.is_on(CHECK):
        findings.extend(_log_findings(connection, rows))
    return AuditResult(len(closures) + len(damaged), tuple(sorted(findings, key=_order)))


def _order(finding: Finding) -> tuple[int, str, str]:
    number = re.sub(r"\D", "", finding.code)
    return int(number or 0), finding.subject, str(finding.facts.get("road") or "")


def log_findings(
    connection: sa.Connection, checkpoint: Checkpoint | None = None, *, origin: str = "", where: str = ""
) -> tuple[Finding, ...]:
    """Run K14 on the log and the records it stands for, and against a checkpoint kept outside where one is given.

    Raises
    ------
    BadInputError
        `checkpoint-of-another-log`.
    """
    ledger = read_ledger(connection)
    cut = None if checkpoint is None else log_continues(ledger, checkpoint, origin=origin, where=where)
    found = [finding for finding in _log_findings(connection, read_rows(connection)) if finding.subject or cut is None]
    return tuple(found if cut is None else [cut, *found])


def _log_findings(connection: sa.Connection, rows: RegisterRows) -> Iterator[Finding]:
    ledger = read_ledger(connection)
    broken = log_is_whole(ledger)
    if broken is not None:
        yield broken
    yield from records_unaltered(ledger, record_leaves(rows), kinds=TABLES)


def finding_row(finding: Finding) -> Mapping[str, object]:
    """Return a finding as the contract writes it: check, closure, road and facts; null where there is none."""
    facts = {key: value for key, value in finding.facts.items() if key != "road"}
    return {
        "check": finding.code,
        "closure": finding.subject or None,
        "road": finding.facts.get("road"),
        "facts": facts,
    }
