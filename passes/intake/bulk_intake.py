"""File and issue very many applications at once: as one by one, with one statement a table for all of them.

A file of ten thousand rows and a morning's queue go through here, some hundred applications a transaction. What comes
of each is what `intake` would have given it alone; one that cannot be filed or judged is told and keeps no other back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from geodata.errors import BadInputError, BaotongError
from geodata.policy import Condition
from geodata.store import CLOSURE_SET_VERSION, read_counter
from passes.applications.application import Application, read_application
from passes.applications.check import CheckedApplication, check_applications
from passes.applications.office import Office, all_conditions
from passes.applications.sealed_applications import keep_documents, open_applications
from passes.editions.issuing import Issued, issue_passes
from passes.intake.handling import (
    NEVER_FILED,
    Act,
    Filing,
    Granting,
    application_columns,
    own_document,
    refuse_applicant,
)
from passes.intake.intake_register import (
    APPLIED,
    GRANTED,
    IntakeRecord,
    Judgement,
    add_intakes,
    change_intakes,
    find_intakes,
    keep_judgement,
    next_intake_ids,
    same_applications,
)
from passes.keyring.key_register import open_encryption_key
from passes.whitelist.firms import Firm

Filed = Filing | BaotongError


def file_many(
    documents: Sequence[Mapping[str, Any]],
    office: Office,
    act: Act,
    *,
    firm: Firm,
    read: Sequence[Application | None] = (),
) -> tuple[Filed, ...]:
    """File a firm's applications, whatever the rules find in them; of each that cannot be filed, why.

    The very same application again, also among these, gives the one that was filed before.

    Parameters
    ----------
    read
        The documents as they were read before, whatever enterprise they name; None for one that was not.

    Raises
    ------
    BadInputError
        `applicant-is-office` where firms do not apply themselves.
    SurroundingsError
        What is wrong with the key file.
    """
    refuse_applicant(office, firm)
    conditions = all_conditions(office.settings)
    own = [own_document(one, firm) for one in documents]
    results: list[Filed | Application] = [
        _read(one, conditions) if known is None else _own(known, one, firm)
        for one, known in zip(own, read or [None] * len(own), strict=True)
    ]
    asked = [(place, one) for place, one in enumerate(results) if isinstance(one, Application)]
    checks = check_applications([application for _, application in asked], office, at=act.at)
    fit: list[tuple[int, CheckedApplication]] = []
    for (place, _), checked in zip(asked, checks, strict=True):
        if isinstance(checked, BaotongError):
            results[place] = checked
        elif {finding.code for finding in checked.findings} & NEVER_FILED:
            results[place] = Filing(checked, None)
        else:
            fit.append((place, checked))
    filings = _file_checked([(own[place], checked) for place, checked in fit], office, act, firm=firm)
    for (place, _), filing in zip(fit, filings, strict=True):
        results[place] = filing
    return tuple(one for one in results if not isinstance(one, Application))


def _read(document: Mapping[str, Any], conditions: Sequence[Condition]) -> Application | BadInputError:
    """Read an application's document, or return what is wrong with it."""
    try:
        return read_application(document, where="", conditions=conditions)
    except BadInputError as error:
        return error


def _own(known: Application, document: Mapping[str, Any], firm: Firm) -> Application:
    """Return an application that was read before as a firm's own."""
    if known.document == document:
        return known
    return replace(known, enterprise=firm.name, document=MappingProxyType(document))


def _file_checked(
    checked: Sequence[tuple[Mapping[str, Any], CheckedApplication]], office: Office, act: Act, *, firm: Firm
) -> list[Filing]:
    """Keep applications that may be filed, in their order."""
    if not checked:
        return []
    connection = office.connection
    key = open_encryption_key(connection, act.key_file)
    known_by = keep_documents(connection, [one for one, _ in checked], key, firm=firm.id, at=act.at)
    before = same_applications(connection, known_by, (APPLIED, GRANTED))
    new = dict.fromkeys(one for one in known_by if one not in before)
    ids = dict(zip(new, next_intake_ids(connection, len(new)), strict=True))
    version = read_counter(connection, CLOSURE_SET_VERSION)
    filings, added = [], []
    for name, (_, one) in zip(known_by, checked, strict=True):
        if name in before:
            filings.append(Filing(one, before[name], again=True))
            continue
        before[name] = record = IntakeRecord(
            id=ids[name],
            version=1,
            state=APPLIED,
            firm=firm.id,
            enterprise=firm.name,
            application=name,
            filed_at=act.at,
            changed_at=act.at,
            changed_by=act.who,
            judgement=Judgement(one.findings, one.notes, act.at, version),
            **application_columns(one.application, office.trip_map.places),
        )
        added.append(record)
        filings.append(Filing(one, record))
    add_intakes(connection, added, "filed")
    return filings


def issue_many(
    asked: Sequence[tuple[IntakeRecord, CheckedApplication]], office: Office, act: Act
) -> tuple[Granting, ...]:
    """Issue the passes of applied applications, of which every rule was asked at this moment in this transaction.

    Where a rule says no, the application stays applied and keeps what was found; it stays as it was where the code of
    its pass would be too long.

    Raises
    ------
    BadInputError
        `application-not-open`, or as `issue_passes`: the caller's transaction must not be kept.
    """
    for record, _ in asked:
        if record.state != APPLIED:
            raise BadInputError("application-not-open", record.id, id=record.id, state=record.state)
    wanted = [(checked, record.application) for record, checked in asked]
    issued = issue_passes(wanted, office, key_file=act.key_file, at=act.at)
    version = read_counter(office.connection, CLOSURE_SET_VERSION)
    grantings = [_granting(record, one, act, version) for (record, _), one in zip(asked, issued, strict=True)]
    change_intakes(office.connection, [one.record for one in grantings if one.is_granted], GRANTED)
    for one in grantings:
        if not one.is_granted and not one.error:
            keep_judgement(office.connection, one.record, one.record.judgement)
    return tuple(grantings)


def issue_seen(chosen: Mapping[str, int], office: Office, act: Act) -> dict[str, Granting]:
    """Issue the passes of applications that an officer looked at, every rule asked again; by the application's id.

    Parameters
    ----------
    chosen
        The version of each that was looked at. One that is not applied any more in that version, that cannot be
        judged, or whose code would be too long, is left out of the answer and as it was: `issue_filed` says why.

    Raises
    ------
    BadInputError
        As `issue_many`.
    SurroundingsError
        What is wrong with the key file.
    """
    found = find_intakes(office.connection, chosen)
    waiting = [one for one in found if one.state == APPLIED and one.version == chosen[one.id]]
    if not waiting:
        return {}
    key = open_encryption_key(office.connection, act.key_file)
    documents = open_applications(office.connection, [one.application for one in waiting], key)
    conditions = all_conditions(office.settings)
    read = [(one, _read(documents[one.application], conditions)) for one in waiting]
    asked = [(one, application) for one, application in read if isinstance(application, Application)]
    checks = check_applications([application for _, application in asked], office, at=act.at)
    judged = [
        (one, checked)
        for (one, _), checked in zip(asked, checks, strict=True)
        if isinstance(checked, CheckedApplication)
    ]
    return {one.record.id: one for one in issue_many(judged, office, act) if not one.error}


def _granting(record: IntakeRecord, issued: Issued, act: Act, version: int) -> Granting:
    judgement = Judgement(issued.checked.findings, issued.checked.notes, act.at, version)
    if issued.record is None:
        return Granting(replace(record, judgement=judgement), issued)
    granted = replace(
        record,
        version=record.version + 1,
        state=GRANTED,
        pass_number=issued.record.number,
        judgement=judgement,
        changed_by=act.who,
        changed_at=act.at,
    )
    return Granting(granted, issued)
