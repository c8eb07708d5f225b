"""Plan the trips of hit passes anew and sign their next editions beforehand: the second step of re-issuing.

The question is the one that was asked when the pass was issued, on the roads as they are open now: same ends, stops,
vehicle and crew, same departure. Of a truck under way it is asked from where it was seen last, where that is one place
(`whereabouts`), and what it has driven stays part of its pass (`onward_edition`); else from its origin. Where it was
seen long ago it has driven on: its new way holds from there, as if it left there now, and row and driver are told so;
where there is no way from there, one is looked for from the origin. What comes of it is kept beside the pass and counts
nowhere until the switch.
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
from passes.applications.application import Application, read_application
from passes.applications.check import CheckedApplication, check_applications
from passes.applications.office import Office, all_conditions
from passes.applications.sealed_applications import open_applications
from passes.editions.bulk_editions import Unsigned, sign_editions
from passes.editions.pass_edition import Edition, unsigned_editions
from passes.editions.pass_register import (
    GRANTED,
    SUSPENDED,
    PassEvent,
    PassRecord,
    add_passes,
    read_passes,
    record_events,
)
from passes.editions.pass_register import PREPARED as NOT_IN_FORCE
from passes.editions.status_register import change_statuses
from passes.keyring.key_register import open_encryption_key, open_key_ring
from passes.reissue.onward_edition import Onward, goes_on_as_before, joined, onward_of, stands_on_closed_road
from passes.reissue.outgoing_register import ROUTE_CHANGES
from passes.reissue.prepared_register import drop_prepared
from passes.reissue.reissue_register import (
    LAST_SEEN,
    NO_ROUTE,
    ORIGIN,
    OVERTAKEN,
    PAST,
    POSITION,
    PREPARED,
    REFUSED,
    Reissue,
    change_reissues,
    closures_hitting,
    next_edition_numbers,
)
from passes.reissue.replacing import route_roads
from passes.tracks.driven_part import driven_part
from passes.tracks.whereabouts import where_on
from passes.tracks.whereabouts_register import sights_of
from passes.verifying.status_list import Status
from passes.ways.packed_route import PackedRoute

#: Event of an edition that came about because a closure cut the one before.
REROUTED: Final = "rerouted"
#: Event of the edition that is hit where there is no way left; its driver is told, as of a new route.
CUT: Final = "cut"
_NO_WAY: Final = ("no-route", "unreachable")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One pass that is to be planned anew: its application, or why it cannot be read; and what is left of its trip."""

    row: Reissue
    record: PassRecord
    application: Application | BaotongError
    onward: Onward | None = None


@dataclass(frozen=True, slots=True)
class _Planned:
    """What planning one pass anew gave: an edition to sign, or the state of its row and why."""

    row: Reissue
    record: PassRecord
    unsigned: Unsigned | None = None
    state: str = PREPARED
    findings: tuple[Finding, ...] = ()
    planned_from: str = ORIGIN


@collector_resting()
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
    given_up = [row.next_jti for row in rows if row.next_jti]
    change_statuses(office.connection, given_up, Status.WITHDRAWN, at=at)
    drop_prepared(office.connection, given_up)
    planned = _planned(office, rows, key_file=key_file, at=at)
    return _keep(office, planned, key_file=key_file, at=at)


def _planned(office: Office, rows: Sequence[Reissue], *, key_file: Path, at: datetime) -> list[_Planned]:
    connection = office.connection
    records = {one.jti: one for one in read_passes(connection, [row.jti for row in rows])}
    pairs = [(row, records[row.jti]) for row in rows]
    done = [_Planned(*pair, state=OVERTAKEN) for pair in pairs if _is_over(pair[1], at)]
    asked = _questions(office, [pair for pair in pairs if not _is_over(pair[1], at)], key_file=key_file, at=at)
    answers = _answers(office, asked, at=at)
    numbers = next_edition_numbers(connection, [one.row.number for one in asked])
    made = unsigned_editions(
        [
            (
                checked,
                Edition(one.row.number, one.record.application, numbers[one.row.number], REROUTED, _facts(one)),
            )
            for one, checked in answers
            if isinstance(checked, CheckedApplication)
        ],
        office,
        at=at,
    )
    editions = iter(made)
    for one, checked in answers:
        if isinstance(checked, BaotongError):
            finding = Finding(checked.code, "L5", facts=dict(checked.facts))
            done.append(_Planned(one.row, one.record, state=REFUSED, findings=(finding,)))
        else:
            done.append(_outcome(one, checked, next(editions), office, at=at))
    return done


def _is_over(record: PassRecord, at: datetime) -> bool:
    return record.state not in {GRANTED, SUSPENDED} or record.expires_at <= at


def _facts(asked: _Asked) -> dict[str, Any]:
    return {"replaces": asked.row.jti}


def _questions(
    office: Office, pairs: Sequence[tuple[Reissue, PassRecord]], *, key_file: Path, at: datetime
) -> list[_Asked]:
    """Return what is asked of each pass: its own application, and what is left of its trip where that is sure."""
    connection = office.connection
    sights = sights_of(connection, [row.number for row, _ in pairs], until=at)
    encryption_key = open_encryption_key(connection, key_file)
    documents = open_applications(connection, [record.application for _, record in pairs], encryption_key)
    conditions = all_conditions(office.settings)
    found = []
    for row, record in pairs:
        try:
            application = read_application(documents[record.application], where="", conditions=conditions)
        except BaotongError as error:
            found.append(_Asked(row, record, error))
            continue
        where = where_on(record.route, sights[row.number]) if row.number in sights else None
        driven = driven_part(record, where) if where is not None and where.is_one_place else None
        onward = None if driven is None else onward_of(application, driven, at=at)
        found.append(_Asked(row, record, application, onward=onward))
    return found


def _answers(
    office: Office, asked: Sequence[_Asked], *, at: datetime
) -> list[tuple[_Asked, CheckedApplication | BaotongError]]:
    """Ask every rule as it was asked when the edition was issued, on the roads of this moment.

    A trip that cannot be asked from where its truck is, such as on a road that its vehicle may not use, is asked from
    its origin; so is one that is refused from where its truck was long ago.
    """
    answers = list(zip(asked, _checked(office, asked), strict=True))
    unasked = [number for number, (one, checked) in enumerate(answers) if _must_ask_whole(one, checked, at=at)]
    whole = [replace(answers[number][0], onward=None) for number in unasked]
    for number, one, checked in zip(unasked, whole, _checked(office, whole), strict=True):
        answers[number] = one, checked
    return answers


def _must_ask_whole(asked: _Asked, checked: CheckedApplication | BaotongError, *, at: datetime) -> bool:
    if asked.onward is None:
        return False
    if isinstance(checked, BaotongError):
        return True
    return bool(checked.findings) and not asked.onward.driven.where.is_sure(at)


def _checked(office: Office, asked: Sequence[_Asked]) -> list[CheckedApplication | BaotongError]:
    """Return what the rules say of each, or why it cannot be asked."""
    applications = [_application_of(one) for one in asked]
    readable = [
        (one, each.record) for one, each in zip(applications, asked, strict=True) if isinstance(one, Application)
    ]
    moments = [min(record.issued_at, record.depart_at) for _, record in readable]
    checked = iter(check_applications([one for one, _ in readable], office, at=moments))
    return [one if isinstance(one, BaotongError) else next(checked) for one in applications]


def _application_of(asked: _Asked) -> Application | BaotongError:
    """Return what is asked: what is left of the trip, or the whole of it at its own departure."""
    if isinstance(asked.application, BaotongError):
        return asked.application
    whole = replace(asked.application, depart_at=asked.record.depart_at)
    return whole if asked.onward is None else asked.onward.application


def _outcome(
    asked: _Asked, checked: CheckedApplication, unsigned: Unsigned | None, office: Office, *, at: datetime
) -> _Planned:
    """Return what became of one pass."""
    row, record, onward = asked.row, asked.record, asked.onward
    if checked.findings:
        closed = None if onward is None else stands_on_closed_road(onward.driven, office, at=at)
        no_way = any(one.code in _NO_WAY for one in checked.findings)
        findings = (closed,) if closed is not None and no_way else checked.findings
        return _Planned(row, record, state=NO_ROUTE if no_way else REFUSED, findings=findings)
    if unsigned is None or unsigned.record.expires_at <= at:
        return _Planned(row, record, state=OVERTAKEN)
    if onward is None:
        is_same = _says_the_same(unsigned.record, record)
        return _Planned(row, record, state=PAST) if is_same else _Planned(row, record, unsigned)
    if goes_on_as_before(unsigned.record, onward.driven):
        return _Planned(row, record, state=PAST)
    whole = joined(unsigned, record, onward, office.trip_map.network)
    planned_from = POSITION if onward.driven.where.is_sure(at) else LAST_SEEN
    return _Planned(row, record, whole, planned_from=planned_from)


def _says_the_same(new: PassRecord, old: PassRecord) -> bool:
    return new.expires_at == old.expires_at and route_roads(new.route) == route_roads(old.route)


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
    added_s = _duration_s(new) - _duration_s(planned.record)
    named = replace(row, next_edition=new.edition, next_jti=new.jti, told_at=at, planned_from=planned.planned_from)
    return replace(named, added_min=round(added_s / 60, 1))


def _duration_s(record: PassRecord) -> float:
    return record.route.duration_s if isinstance(record.route, PackedRoute) else float(record.route["duration_s"])


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
