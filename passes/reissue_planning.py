"""Plan the trips of hit passes anew and sign their next editions beforehand: the second step of re-issuing.

The question is the one that was asked when the pass was issued, on the roads as they are open now: same ends, stops,
vehicle and crew, same departure. What comes of it is kept packed beside the pass and counts nowhere until the switch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from geodata.collector import collector_resting
from geodata.errors import BaotongError
from geodata.findings import Finding
from passes.application_check import CheckedApplication, check_application
from passes.applications import read_application
from passes.bulk_editions import Unsigned, sign_editions
from passes.key_register import open_encryption_key, open_key_ring
from passes.office import Office, all_conditions
from passes.pass_edition import Edition, unsigned_editions
from passes.pass_register import GRANTED, SUSPENDED, PassEvent, PassRecord, read_passes, record_events
from passes.prepared_edition import pack_edition
from passes.reissue_register import (
    NO_ROUTE,
    OVERTAKEN,
    PAST,
    PREPARED,
    REFUSED,
    Reissue,
    change_reissues,
    closures_hitting,
    next_edition_numbers,
)
from passes.replacing import route_roads
from passes.sealed_applications import open_application
from passes.status_list import Status
from passes.status_register import change_statuses

#: Event of an edition that came about because a closure cut the one before.
REROUTED: Final = "rerouted"
#: Events of the edition that is hit: its driver is told that the route changes, or that there is no way left.
ROUTE_CHANGES: Final = "route_changes"
CUT: Final = "cut"
_NO_WAY: Final = ("no-route", "unreachable")


@dataclass(frozen=True, slots=True)
class _Planned:
    """What planning one pass anew gave: an edition to sign, or the state of its row and why."""

    row: Reissue
    record: PassRecord
    unsigned: Unsigned | None = None
    state: str = PREPARED
    findings: tuple[Finding, ...] = ()


def prepare_reissues(office: Office, rows: Sequence[Reissue], *, key_file: Path, at: datetime) -> tuple[Reissue, ...]:
    """Plan and sign the next editions of rows that were found, in the caller's transaction.

    Parameters
    ----------
    rows
        In state `FOUND`, as the register has them; some hundred a transaction.

    Raises
    ------
    BadInputError
        `reissue-changed`: somebody else was faster.
    SurroundingsError
        What is wrong with the key file, or `no-signing-key`.
    """
    connection = office.connection
    records = {one.jti: one for one in read_passes(connection, [row.jti for row in rows])}
    numbers = next_edition_numbers(connection, [row.number for row in rows])
    encryption_key = open_encryption_key(connection, key_file)
    given_up = [row.next_jti for row in rows if row.next_jti]
    change_statuses(connection, given_up, Status.WITHDRAWN, at=at)
    planned = []
    with collector_resting():
        for row in rows:
            record = records[row.jti]
            edition = Edition(row.number, record.application, numbers[row.number], REROUTED, {"replaces": row.jti})
            planned.append(_plan(row, record, office, edition, encryption_key=encryption_key, at=at))
    return _keep(office, planned, key_file=key_file, at=at)


def _plan(
    row: Reissue, record: PassRecord, office: Office, edition: Edition, *, encryption_key: bytes, at: datetime
) -> _Planned:
    if record.state not in {GRANTED, SUSPENDED} or record.expires_at <= at:
        return _Planned(row, record, state=OVERTAKEN)
    try:
        checked = _asked_again(record, office, encryption_key)
    except BaotongError as error:
        return _Planned(row, record, state=REFUSED, findings=(Finding(error.code, "L5", facts=dict(error.facts)),))
    if checked.findings:
        no_way = any(one.code in _NO_WAY for one in checked.findings)
        return _Planned(row, record, state=NO_ROUTE if no_way else REFUSED, findings=checked.findings)
    (unsigned,) = unsigned_editions([(checked, edition)], office, at=at)
    if unsigned is None or unsigned.record.expires_at <= at:
        return _Planned(row, record, state=OVERTAKEN)
    if _says_the_same(unsigned.record, record):
        return _Planned(row, record, state=PAST)
    return _Planned(row, record, unsigned)


def _asked_again(record: PassRecord, office: Office, encryption_key: bytes) -> CheckedApplication:
    """Ask every rule as it was asked when the edition was issued, on the roads of this moment."""
    document = open_application(office.connection, record.application, encryption_key)
    application = read_application(document, where="", conditions=all_conditions(office.settings))
    then = min(record.issued_at, record.depart_at)
    return check_application(replace(application, depart_at=record.depart_at), office, at=then)


def _says_the_same(new: PassRecord, old: PassRecord) -> bool:
    return route_roads(new.route) == route_roads(old.route) and new.expires_at == old.expires_at


def _keep(office: Office, planned: Sequence[_Planned], *, key_file: Path, at: datetime) -> tuple[Reissue, ...]:
    """Sign what has a way, and write every row and what its driver is told."""
    connection = office.connection
    signing = [one.unsigned for one in planned if one.unsigned is not None]
    signed: Iterator[PassRecord] = iter(())
    if signing:
        key = open_key_ring(connection, key_file, at=at).current(at)
        signed = iter(sign_editions(connection, signing, key=key, public_url=office.settings.public_url, at=at))
    changed: list[tuple[Reissue, bytes | None]] = []
    events = []
    for one in planned:
        row = replace(one.row, state=one.state, changed_at=at, findings=tuple(_written(each) for each in one.findings))
        packed = None
        if one.unsigned is not None:
            record = next(signed)
            packed = pack_edition(record, one.unsigned.stages)
            added_s = float(record.route["duration_s"]) - float(one.record.route["duration_s"])
            row = replace(
                row, next_edition=record.edition, next_jti=record.jti, added_min=round(added_s / 60, 1), told_at=at
            )
        else:
            row = replace(row, next_jti="", added_min=None)
        changed.append((row, packed))
        events += _events(connection, row, at=at)
    change_reissues(connection, changed)
    record_events(connection, events)
    return tuple(replace(row, version=row.version + 1) for row, _ in changed)


def _written(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "clause": finding.clause, "subject": finding.subject, "facts": dict(finding.facts)}


def _events(connection: Any, row: Reissue, *, at: datetime) -> list[PassEvent]:
    event = {PREPARED: ROUTE_CHANGES, NO_ROUTE: CUT, REFUSED: CUT}.get(row.state)
    if event is None:
        return []
    closures = list(closures_hitting(connection, row.jti))
    return [PassEvent(row.jti, at, event, "", {"closures": closures, "next": row.next_jti})]
