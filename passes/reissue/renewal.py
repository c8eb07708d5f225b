"""Renew a pass: every rule is asked again, and the next edition replaces the one before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from geodata.errors import BadInputError
from passes.applications.application import Application, read_application
from passes.applications.check import check_application
from passes.applications.office import Office, all_conditions
from passes.applications.sealed_applications import keep_application, open_application
from passes.editions.bulk_editions import replace_editions
from passes.editions.issuing import Issued
from passes.editions.pass_edition import Edition, make_edition
from passes.editions.pass_register import GRANTED, PassRecord, find_pass, refuse_unless
from passes.keyring.key_register import open_encryption_key, open_key_ring
from passes.reissue.reissue_register import next_edition_numbers


@dataclass(frozen=True, slots=True)
class NextEdition:
    """Why the next edition of a pass is made.

    Attributes
    ----------
    event
        "renewed" or "replanned": what the history says of the new edition.
    application
        An updated application; None for the one that the pass rests on.
    reason
        What the history gives as the reason.
    """

    event: str
    application: Application | None = None
    reason: str = ""


def _same_pass(record: PassRecord, application: Application, firm: str) -> None:
    """Refuse to renew a pass for another firm or vehicle: that is another pass."""
    for key, before, now in (("enterprise", record.firm, firm), ("plate", record.plate, application.vehicle.plate)):
        if before != now:
            raise BadInputError("renewal-differs", key, number=record.number, before=before, now=now)


def renew_pass(
    number: str, office: Office, *, key_file: Path, at: datetime, application: Application | None = None
) -> Issued:
    """Make the next edition of a pass with a new route and window; the one before becomes replaced, not withdrawn.

    Every rule is asked again at this moment, of the application that the pass rests on or of an updated one, such as
    one with a newer sample (L4). A departure that is over begins now.

    Raises
    ------
    BadInputError
        `pass-unknown`, `pass-not-open`, `renewal-differs`, or as `issue_pass`.
    """
    return make_next_edition(number, office, NextEdition("renewed", application), key_file=key_file, at=at)


def make_next_edition(number: str, office: Office, wanted: NextEdition, *, key_file: Path, at: datetime) -> Issued:
    """Make the next edition of a pass, every rule asked again, and mark the one before as replaced.

    Raises
    ------
    BadInputError
        As `renew_pass`.
    """
    record = find_pass(office.connection, number)
    refuse_unless(record, GRANTED)
    encryption_key = open_encryption_key(office.connection, key_file)
    known = wanted.application
    if known is None:
        document = open_application(office.connection, record.application, encryption_key)
        known = read_application(document, where="", conditions=all_conditions(office.settings))
    checked = check_application(replace(known, depart_at=max(known.depart_at, at)), office, at=at)
    if checked.firm is None or checked.findings:
        return Issued(checked, None)
    _same_pass(record, known, checked.firm.id)
    known_by = keep_application(office.connection, replace(known, id=""), encryption_key, firm=checked.firm.id, at=at)
    key = open_key_ring(office.connection, key_file, at=at).current(at)
    facts = {"replaces": record.jti, **({"reason": wanted.reason} if wanted.reason else {})}
    next_one = next_edition_numbers(office.connection, [record.number])[record.number]
    edition = Edition(record.number, known_by, next_one, wanted.event, facts)
    made = make_edition(checked, office, edition, key=key, at=at)
    if made is not None:
        replace_editions(office.connection, [(record, made.jti)], at=at, reason=wanted.reason)
    return Issued(checked, made)
