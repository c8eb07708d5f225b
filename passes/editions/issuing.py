"""Issue a pass: check the application once more in the transaction that keeps the pass, sign, then keep it.

A firm removed from the whitelist while a form was open is refused when it is saved (W8). What is signed is kept in the
same transaction, so that no pass is ever out of the register's sight.

The same application again gives the pass that it was given before, as long as that one is good and the application
still meets the rules: sending twice never makes two passes. "The same" is the same `id` of the same firm or, where no
id is given, the same content; an id that comes with other content is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from geodata.errors import BadInputError
from passes.applications.application import Application
from passes.applications.check import CheckedApplication, check_application
from passes.applications.office import Office
from passes.applications.sealed_applications import keep_application
from passes.editions.pass_edition import Edition, make_edition, make_editions
from passes.editions.pass_numbers import next_pass_number, next_pass_numbers
from passes.editions.pass_register import PassRecord, open_pass_of, open_passes_of
from passes.keyring.key_register import has_keys, open_encryption_key, open_key_ring

__all__ = ["Issued", "Office", "check_application", "issue_pass"]


@dataclass(frozen=True, slots=True)
class Issued:
    """What issuing gave: the pass, or None with the findings of the check.

    Attributes
    ----------
    again
        The application had been given this pass before; nothing new was made.
    error
        Why nothing could be signed, whatever the check found: the code would be too long.
    """

    checked: CheckedApplication
    record: PassRecord | None
    again: bool = False
    error: BadInputError | None = None


def issue_passes(
    wanted: Sequence[tuple[CheckedApplication, str]], office: Office, *, key_file: Path, at: datetime
) -> tuple[Issued, ...]:
    """Issue the passes of very many applications that are kept already; otherwise as `issue_pass`.

    Parameters
    ----------
    wanted
        What the rules said of each at this very moment, in this transaction, and what it is known by.

    Raises
    ------
    BadInputError
        `pass-numbers-used-up`: the caller's transaction must not be kept.
    SurroundingsError
        What is wrong with the key file, or `no-signing-key`.
    """
    clean = [one for one in wanted if not one[0].findings and one[0].firm is not None]
    if not clean:
        return tuple(Issued(checked, None) for checked, _ in wanted)
    connection = office.connection
    first_key = not has_keys(connection)
    key = open_key_ring(connection, key_file, at=at).current(at)
    before = open_passes_of(connection, [known_by for _, known_by in clean], at=at)
    new: dict[str, CheckedApplication] = {}
    for checked, known_by in clean:
        if known_by not in before:
            new.setdefault(known_by, checked)
    numbers = next_pass_numbers(connection, office.settings.area_code, len(new))
    editions = [
        (checked, Edition(number, known_by, facts={"first_key": key.kid} if first_key and not place else {}))
        for place, ((known_by, checked), number) in enumerate(zip(new.items(), numbers, strict=True))
    ]
    made = make_editions(editions, office, key=key, at=at)
    fresh: dict[str, PassRecord] = {}
    failed: dict[str, BadInputError] = {}
    for (_, edition), one in zip(editions, made, strict=True):
        if isinstance(one, BadInputError):
            failed[edition.application] = one
        elif one is not None:
            fresh[edition.application] = one
    issued = []
    for checked, known_by in wanted:
        is_clean = not checked.findings and checked.firm is not None
        record = fresh.pop(known_by, None) if is_clean else None
        if record is not None:
            before[known_by] = record
        known = before.get(known_by) if is_clean else None
        error = failed.get(known_by) if is_clean else None
        issued.append(Issued(checked, known, again=record is None and known is not None, error=error))
    return tuple(issued)


def issue_pass(
    application: Application,
    office: Office,
    *,
    key_file: Path,
    at: datetime,
    checked: CheckedApplication | None = None,
) -> Issued:
    """Issue the pass of an application that meets every rule at this moment (X1, L3-L5).

    The office's very first key is made on the first issue and published at once: nobody can hold an older list. The
    pass's event says so.

    Parameters
    ----------
    checked
        What the rules said of it at this very moment, in this transaction, where they were asked already.

    Raises
    ------
    BadInputError
        As `check_application`; `application-id-reused`; `pass-numbers-used-up`; `pass-code-too-long`.
    SurroundingsError
        What is wrong with the key file, or `no-signing-key`.
    """
    checked = checked or check_application(application, office, at=at)
    if checked.findings or checked.firm is None:
        return Issued(checked, None)
    first_key = not has_keys(office.connection)
    key = open_key_ring(office.connection, key_file, at=at).current(at)
    encryption_key = open_encryption_key(office.connection, key_file)
    known_by = keep_application(office.connection, application, encryption_key, firm=checked.firm.id, at=at)
    before = open_pass_of(office.connection, known_by, at=at)
    if before is not None:
        return Issued(checked, before, again=True)
    number = next_pass_number(office.connection, office.settings.area_code)
    edition = Edition(number, known_by, facts={"first_key": key.kid} if first_key else {})
    return Issued(checked, make_edition(checked, office, edition, key=key, at=at))
