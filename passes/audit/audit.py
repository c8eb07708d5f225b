"""Audit the register at an instant: run every check that the regime switches on, over all closures and blockages.

This is the inspection (督导检查) that L8 asks for; it watches over L9 to L11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geodata.closures import filings_register
from geodata.closures.asking import is_only_asked
from geodata.closures.closure import Closure
from geodata.closures.records import TABLES, record_leaves
from geodata.closures.register import RegisterRows, newest_closures, rows_as_found
from geodata.closures.rules import Case, cases_of, findings_of
from geodata.closures.unmatched import unmatched_ids
from geodata.collector import collector_resting
from geodata.county import County
from geodata.findings import Finding
from geodata.ledger.damaged_register import DAMAGE
from geodata.ledger.register import read_ledger
from geodata.ledger.rules import CHECK, log_continues, log_is_whole, record_is_readable, records_unaltered
from geodata.ledger.tree import Checkpoint
from geodata.tickets import register as ticket_register
from passes.audit.county_rules import CountyCase, county_findings
from passes.audit.finding_facts import placed
from passes.audit.kept_checkpoints import checkpoint_folder, kept_findings
from passes.keeping import deletions_register
from passes.keyring import key_act_register
from passes.keyring.key_register import list_keys
from passes.orders.log_checkpoint import log_origin
from passes.verifying.key_list import KeyList

if TYPE_CHECKING:
    import sqlalchemy as sa

    from routing.engine import Engine

#: Kinds of records that the log vouches for.
KINDS: Final = frozenset(
    {*TABLES, filings_register.KIND, ticket_register.KIND, key_act_register.KIND, deletions_register.KIND}
)


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit found.

    Attributes
    ----------
    checked
        How many closures and blockages were looked at.
    findings
        Ordered by check and closure.
    stale
        Ids of closures and blockages that lie on a road which the network does not have: they could not be judged.
    closures
        Newest versions of those that can be read.
    """

    checked: int
    findings: tuple[Finding, ...]
    stale: tuple[str, ...] = ()
    closures: tuple[Closure, ...] = field(default=(), compare=False, repr=False)


@collector_resting()
def run_audit(
    connection: sa.Connection, county: County, *, at: datetime, ready_engine: Callable[[], Engine] | None = None
) -> AuditResult:
    """Run every check that the regime switches on as things stood at an instant (L8).

    K1 to K7 look at every closure and blockage, K14 at the stored records, the others at the county. A request that
    nobody has approved in its window, and of which nobody has seen anything, stands on paper only: it is no closure in
    force, whatever start it asks for. Nothing that somebody did to the records stops the audit: it is K14, and all
    others are judged.

    Parameters
    ----------
    ready_engine
        Returns the roads with every closing of the register, for the checks that look for a way; made here on first
        need where none is given.
    """
    rows = rows_as_found(connection)
    damaged: list[str] = []
    closures = newest_closures(rows, damaged)
    tampered = _record_findings(connection, county, rows, damaged)
    altered = {finding.subject for finding in tampered}
    stale = unmatched_ids(closures, county.network)
    findings: list[Finding] = []
    standing = _standing(connection, closures, county, at)
    for case in cases_of(standing, county.settings, county.network, at):
        if case.closure.id not in stale:
            findings.extend(_judged(case, is_altered=case.closure.id in altered))
    findings.extend(county_findings(CountyCase(connection, county, at, standing, ready_engine)))
    if county.settings.policy.is_on(CHECK):
        findings.extend(tampered)
    ordered = tuple(sorted(placed(findings, closures, county), key=_order))
    return AuditResult(len(closures) + len(damaged) - len(stale), ordered, stale, closures)


def _standing(
    connection: sa.Connection, closures: Iterable[Closure], county: County, at: datetime
) -> tuple[Closure, ...]:
    """Return the closures without those that are only asked for."""
    requested = filings_register.requested_ids(connection)
    return tuple(
        one
        for one in closures
        if one.id not in requested or not is_only_asked(one, county.settings, county.network, at=at)
    )


def _judged(case: Case, *, is_altered: bool) -> list[Finding]:
    """Return what is found about a case; one that somebody altered into nonsense is K14's alone."""
    try:
        return list(findings_of(case))
    except DAMAGE:
        if is_altered:
            return []
        raise


def _order(finding: Finding) -> tuple[int, str, str]:
    number = re.sub(r"\D", "", finding.code)
    return int(number or 0), finding.subject, str(finding.facts.get("road") or "")


def log_findings(
    connection: sa.Connection, county: County, checkpoint: Checkpoint | None = None, *, where: str = ""
) -> tuple[Finding, ...]:
    """Run K14 on the log and the records it stands for, against the checkpoints kept in files and one given.

    Raises
    ------
    BadInputError
        `checkpoint-of-another-log`.
    """
    origin = log_origin(county.settings)
    cut = None if checkpoint is None else log_continues(read_ledger(connection), checkpoint, origin=origin, where=where)
    rows = rows_as_found(connection)
    damaged: list[str] = []
    newest_closures(rows, damaged)
    found = [one for one in _record_findings(connection, county, rows, damaged) if one.subject or cut is None]
    return tuple(found if cut is None else [cut, *found])


def _record_findings(
    connection: sa.Connection, county: County, rows: RegisterRows, damaged: Collection[str]
) -> list[Finding]:
    """Return what K14 finds in the log, in the records, and of closures that cannot be read; one a subject."""
    ledger = read_ledger(connection)
    broken = log_is_whole(ledger)
    found = [] if broken is None else [broken]
    kept = [
        *record_leaves(rows),
        *filings_register.filing_leaves(connection),
        *ticket_register.ticket_leaves(connection),
        *key_act_register.key_step_leaves(connection),
        *deletions_register.deletion_leaves(connection),
    ]
    found.extend(records_unaltered(ledger, kept, kinds=KINDS))
    keys = KeyList({one.public.kid: one.public for one in list_keys(connection)})
    outside = kept_findings(ledger, county, keys, folder=checkpoint_folder(county, connection))
    more = [*outside, *(record_is_readable(subject) for subject in damaged)]
    told = {finding.subject for finding in found}
    return [*found, *(one for one in more if one.subject not in told)]


def finding_row(finding: Finding) -> Mapping[str, object]:
    """Return a finding as the contract writes it: check, closure, road and facts; null where there is none."""
    facts = {key: value for key, value in finding.facts.items() if key != "road"}
    return {
        "check": finding.code,
        "closure": finding.subject or None,
        "road": finding.facts.get("road"),
        "facts": facts,
    }
