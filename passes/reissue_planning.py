"""Plan the trips of hit passes anew and sign their next editions beforehand: the second step of re-issuing.

The question is the one that was asked when the pass was issued, on the roads as they are open now: same ends, stops,
vehicle and crew, same departure. What comes of it is kept beside the pass and counts nowhere until the switch.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from passes.outgoing_register import ROUTE_CHANGES
from passes.pass_edition import Edition, unsigned_editions
from passes.pass_register import GRANTED, SUSPENDED, PassEvent, PassRecord, add_passes, read_passes, record_events
from passes.pass_register import PREPARED as NOT_IN_FORCE
from passes.prepared_register import drop_prepared
from passes.reissue_register import (
    NO_ROUTE,
    ORIGIN,
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
#: Event of the edition that is hit where there is no way left; its driver is told, as of a new route.
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
    planned_from: str = ORIGIN


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
    drop_prepared(connection, given_up)
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
    signed: Sequence[PassRecord] = ()
    if signing:
        key = open_key_ring(connection, key_file, at=at).current(at)
        signed = sign_editions(connection, signing, key=key, public_url=office.settings.public_url, at=at)
    kept = [(replace(new, state=NOT_IN_FORCE), one.stages) for new, one in zip(signed, signing, strict=True)]
    add_passes(connection, kept)
    new_of = {one.row.jti: new for one, new in zip((one for one in planned if one.unsigned), signed, strict=True)}
    changed = [_changed(one, new_of.get(one.row.jti), at=at) for one in planned]
    change_reissues(connection, changed)
    record_events(connection, _events(connection, changed, at=at))
    return tuple(replace(row, version=row.version + 1) for row in changed)


def _changed(planned: _Planned, new: PassRecord | None, *, at: datetime) -> Reissue:
    """Return the row of a pass that was planned anew."""
    findings = tuple(_written(one) for one in planned.findings)
    row = replace(planned.row, state=planned.state, changed_at=at, findings=findings)
    if new is None:
        return replace(row, next_jti="", added_min=None, planned_from="")
    added_s = float(new.route["duration_s"]) - float(planned.record.route["duration_s"])
    named = replace(row, next_edition=new.edition, next_jti=new.jti, told_at=at, planned_from=planned.planned_from)
    return replace(named, added_min=round(added_s / 60, 1))


def _written(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "clause": finding.clause, "subject": finding.subject, "facts": dict(finding.facts)}


def _events(connection: Any, rows: Sequence[Reissue], *, at: datetime) -> list[PassEvent]:
    """Return what the drivers are told."""
    told = {PREPARED: ROUTE_CHANGES, NO_ROUTE: CUT, REFUSED: CUT}
    telling = [row for row in rows if row.state in told]
    closures = closures_hitting(connection, [row.jti for row in telling])
    return [
        PassEvent(row.jti, at, told[row.state], "", {"closures": list(closures[row.jti]), "next": row.next_jti})
        for row in telling
    ]
