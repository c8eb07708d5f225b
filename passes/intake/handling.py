"""What may be done with an application: save it as a draft, file it, take it back, answer it, issue its pass.

States: draft -> applied -> (returned -> applied | refused | granted); the applicant may take an applied one back into a
draft. Every rule is asked when an application is filed, and once more in the transaction that issues its pass: a firm
removed from the whitelist meanwhile is refused at save (W8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geodata.errors import BadInputError
from geodata.places import Places
from geodata.store import CLOSURE_SET_VERSION, read_counter
from geodata.windows import parse_instant
from passes.applications.application import Application, read_application
from passes.applications.check import CheckedApplication, check_application
from passes.applications.office import Office, all_conditions
from passes.applications.sealed_applications import keep_document, open_application
from passes.editions.issuing import Issued, issue_pass
from passes.intake.intake_register import (
    APPLIED,
    DRAFT,
    GRANTED,
    REFUSED,
    RETURNED,
    IntakeRecord,
    Judgement,
    add_intake,
    change_intake,
    changed_error,
    find_intake,
    forget_unused,
    keep_judgement,
    next_intake_id,
    same_application,
)
from passes.keyring.key_register import open_encryption_key
from passes.reading.plates import normalise_plate
from passes.whitelist.firms import Firm

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Who is not on the whitelist (any more) files nothing: no correction by the applicant would cure it.
NEVER_FILED: Final = frozenset({"enterprise-not-listed", "enterprise-removed"})
#: An answer is read on a phone and printed: longer than a page it is no answer.
LONGEST_ANSWER: Final = 2000


@dataclass(frozen=True, slots=True)
class Act:
    """Whose hand acts, when, and the file of the key that opens what is sealed."""

    who: str
    at: datetime
    key_file: Path


@dataclass(frozen=True, slots=True)
class Filing:
    """What filing gave.

    Attributes
    ----------
    record
        None where it was not filed, for what `checked` found.
    again
        The very same application had been filed before; nothing new was made.
    """

    checked: CheckedApplication
    record: IntakeRecord | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Granting:
    """What issuing the pass of an application gave: `issued` is None where the pass had been issued before."""

    record: IntakeRecord
    issued: Issued | None

    @property
    def error(self) -> BadInputError | None:
        """Why its pass could not be signed."""
        return self.issued.error if self.issued else None

    @property
    def is_granted(self) -> bool:
        """Tell whether the application has its pass now."""
        return self.record.state == GRANTED


def end_label(end: Any, places: Places) -> str:
    """Return what an end of a trip is called in a list: a place's name, else as it is written."""
    written = end.get("place") or end.get("name") or "" if isinstance(end, Mapping) else end
    text = written if isinstance(written, str) else ""
    place = places.by_id.get(text)
    return (place.name if place else text)[:200]


def judgement_of(checked: CheckedApplication, office: Office, *, at: datetime) -> Judgement:
    """Return what is kept of a check: findings, notes, the moment, and the state of the closures."""
    return Judgement(checked.findings, checked.notes, at, read_counter(office.connection, CLOSURE_SET_VERSION))


def own_document(document: Mapping[str, Any], firm: Firm) -> dict[str, Any]:
    """Return an application as its firm's own: it speaks for no other, and the same content is the same one."""
    return {**{key: value for key, value in document.items() if key != "id"}, "enterprise": firm.name}


def _draft_columns(document: Mapping[str, Any], places: Places) -> dict[str, Any]:
    """Return what a list shows of a draft, as far as it is filled in."""
    vehicle, goods, crew = (document.get(key) for key in ("vehicle", "goods", "crew"))
    plate = vehicle.get("plate") if isinstance(vehicle, Mapping) else ""
    kind = goods.get("kind") if isinstance(goods, Mapping) else goods
    try:
        depart_at = parse_instant(str(document.get("depart_at")), where="depart_at")
    except BadInputError:
        depart_at = None
    return {
        "plate": normalise_plate(plate)[:16] if isinstance(plate, str) else "",
        "goods": kind[:200] if isinstance(kind, str) else "",
        "origin": end_label(document.get("origin"), places),
        "destination": end_label(document.get("destination"), places),
        "persons": len(crew) if isinstance(crew, list) else 0,
        "depart_at": depart_at,
    }


def application_columns(application: Application, places: Places) -> dict[str, Any]:
    """Return what a list shows of an application."""
    return {
        "plate": application.vehicle.plate,
        "goods": application.goods.kind,
        "origin": end_label(application.origin, places),
        "destination": end_label(application.destination, places),
        "persons": len(application.crew),
        "depart_at": application.depart_at,
    }


def _refuse_unless(record: IntakeRecord, *states: str, seen: int) -> None:
    """Refuse to act on an application that somebody else changed meanwhile, or whose state does not allow it."""
    if record.version != seen:
        raise changed_error(record)
    if record.state not in states:
        raise BadInputError("application-not-open", record.id, id=record.id, state=record.state)


def _keep(office: Office, act: Act, document: Mapping[str, Any], firm: Firm) -> str:
    key = open_encryption_key(office.connection, act.key_file)
    return keep_document(office.connection, document, key, firm=firm.id, at=act.at)


def _write(
    office: Office, act: Act, values: Mapping[str, Any], *, before: IntakeRecord | None, event: str
) -> IntakeRecord:
    """Add an application, or change the one that was there before."""
    connection = office.connection
    common = {**values, "changed_at": act.at, "changed_by": act.who}
    if before is None:
        record = IntakeRecord(id=next_intake_id(connection), version=1, **{"filed_at": None, **common})
        add_intake(connection, record, event)
        return record
    changed = change_intake(connection, replace(before, **common), event, seen=before.version)
    if before.application != changed.application:
        forget_unused(connection, before.application)
    return changed


def save_draft(
    document: Mapping[str, Any], office: Office, act: Act, *, firm: Firm, known: str = "", seen: int = 0
) -> IntakeRecord:
    """Save an application with whatever gaps it has; no rule is asked.

    Parameters
    ----------
    known
        Id of the draft or returned application that this replaces, "" for a new one.
    seen
        The version of it that was edited.

    Raises
    ------
    BadInputError
        `intake-unknown`, `application-changed`, `application-not-open`.
    """
    before = find_intake(office.connection, known, firm=firm.id) if known else None
    if before is not None:
        _refuse_unless(before, DRAFT, RETURNED, seen=seen)
    own = own_document(document, firm)
    values = {
        "state": before.state if before else DRAFT,
        "firm": firm.id,
        "enterprise": firm.name,
        "application": _keep(office, act, own, firm),
        **_draft_columns(own, office.trip_map.places),
    }
    return _write(office, act, values, before=before, event="saved")


@dataclass(frozen=True, slots=True)
class Wish:
    """How an application is to be filed.

    Attributes
    ----------
    known
        Id of the draft or returned application that it replaces, "" for a new one.
    seen
        The version of it that was edited.
    despite_findings
        File it also where a rule says no, for the officer to look at.
    """

    known: str = ""
    seen: int = 0
    despite_findings: bool = True


def refuse_applicant(office: Office, firm: Firm) -> None:
    """Refuse a firm's own application where the county lets none apply.

    Raises
    ------
    BadInputError
        `applicant-is-office`.
    """
    if office.policy.passes.applicant != "enterprise":
        raise BadInputError("applicant-is-office", "enterprise", enterprise=firm.name)


def file_application(
    document: Mapping[str, Any], office: Office, act: Act, *, firm: Firm, wish: Wish | None = None
) -> Filing:
    """File a firm's application after asking every rule; what the rules found is kept with it.

    The very same application again gives the one that was filed before.

    Raises
    ------
    BadInputError
        What is wrong with the application, with its path; as `check_application`; `intake-unknown`,
        `application-changed`, `application-not-open`; `applicant-is-office` where firms do not apply themselves.
    """
    wish = wish or Wish()
    refuse_applicant(office, firm)
    connection = office.connection
    before = find_intake(connection, wish.known, firm=firm.id) if wish.known else None
    if before is not None:
        _refuse_unless(before, DRAFT, RETURNED, seen=wish.seen)
    own = own_document(document, firm)
    application = read_application(own, where="", conditions=all_conditions(office.settings))
    checked = check_application(application, office, at=act.at)
    codes = {one.code for one in checked.findings}
    if codes & NEVER_FILED or (codes and not wish.despite_findings):
        return Filing(checked, None)
    known_by = _keep(office, act, own, firm)
    same = same_application(connection, known_by, (APPLIED, GRANTED))
    if same is not None:
        return Filing(checked, same, again=True)
    values = {
        "state": APPLIED,
        "firm": firm.id,
        "enterprise": firm.name,
        "application": known_by,
        "filed_at": act.at,
        "judgement": judgement_of(checked, office, at=act.at),
        **application_columns(application, office.trip_map.places),
    }
    return Filing(checked, _write(office, act, values, before=before, event="filed"))


def take_back(connection: sa.Connection, intake_id: str, act: Act, *, firm: Firm, seen: int) -> IntakeRecord:
    """Take an applied application back into a draft, for the applicant to change.

    Raises
    ------
    BadInputError
        `intake-unknown`, `application-changed`, `application-not-open`.
    """
    record = find_intake(connection, intake_id, firm=firm.id)
    _refuse_unless(record, APPLIED, seen=seen)
    back = replace(record, state=DRAFT, changed_at=act.at, changed_by=act.who)
    return change_intake(connection, back, "taken_back", seen=seen)


@dataclass(frozen=True, slots=True)
class Answer:
    """An officer's no: `decision` is "returned" for correction or "refused", with its text and what it rests on."""

    decision: str
    text: str
    judgement: Judgement | None = None


def answer_application(
    connection: sa.Connection, intake_id: str, act: Act, *, answer: Answer, seen: int
) -> IntakeRecord:
    """Return an application for correction, or refuse it; the text says why and is read by the applicant.

    Raises
    ------
    BadInputError
        `answer-unknown`, `answer-without-text`, `answer-too-long`; `intake-unknown`, `application-changed`,
        `application-not-open`.
    """
    if answer.decision not in {RETURNED, REFUSED}:
        raise BadInputError("answer-unknown", "decision", value=answer.decision, choices=[RETURNED, REFUSED])
    text = answer.text.strip()
    if not text:
        raise BadInputError("answer-without-text", "text")
    if len(text) > LONGEST_ANSWER:
        raise BadInputError("answer-too-long", "text", longest=LONGEST_ANSWER, length=len(text))
    record = find_intake(connection, intake_id)
    _refuse_unless(record, APPLIED, seen=seen)
    answered = replace(
        record,
        state=answer.decision,
        judgement=answer.judgement or record.judgement,
        answer=text,
        answered_by=act.who,
        answered_at=act.at,
        changed_by=act.who,
        changed_at=act.at,
    )
    return change_intake(connection, answered, answer.decision, seen=seen)


def open_filed(connection: sa.Connection, record: IntakeRecord, key_file: Path) -> dict[str, Any]:
    """Return what an application says, opened; it names people."""
    return open_application(connection, record.application, open_encryption_key(connection, key_file))


def read_filed(office: Office, record: IntakeRecord, key_file: Path) -> Application:
    """Return a kept application, read and checked for form.

    Raises
    ------
    BadInputError
        What is wrong with it, such as a gap of a draft.
    """
    document = open_filed(office.connection, record, key_file)
    return read_application(document, where="", conditions=all_conditions(office.settings))


def issue_filed(
    office: Office, intake_id: str, act: Act, *, seen: int, checked: CheckedApplication | None = None
) -> Granting:
    """Issue the pass of an application, every rule asked again in this transaction.

    An application that has its pass is left alone: pressing the button twice makes one pass. Where a rule says no, the
    application stays applied and keeps what was found.

    Parameters
    ----------
    checked
        What the rules said of it at this very moment, in this transaction, where they were asked already.

    Raises
    ------
    BadInputError
        `intake-unknown`, `application-changed`, `application-not-open`, or as `issue_pass`.
    """
    record = find_intake(office.connection, intake_id)
    if record.state == GRANTED:
        return Granting(record, None)
    _refuse_unless(record, APPLIED, seen=seen)
    application = checked.application if checked else read_filed(office, record, act.key_file)
    issued = issue_pass(application, office, key_file=act.key_file, at=act.at, checked=checked)
    judgement = judgement_of(issued.checked, office, at=act.at)
    if issued.record is None:
        keep_judgement(office.connection, record, judgement)
        return Granting(replace(record, judgement=judgement), issued)
    granted = replace(
        record,
        state=GRANTED,
        pass_number=issued.record.number,
        judgement=judgement,
        changed_by=act.who,
        changed_at=act.at,
    )
    return Granting(change_intake(office.connection, granted, GRANTED, seen=seen), issued)
