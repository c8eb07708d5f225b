"""Take in the result that was not known when a pass was issued (L2: sampled, gone at once, traced).

Where it is the accepted one, the pass goes on in a next edition that says "pending" no more. Where it is not, the pass
is withdrawn (`passes.editions.withdrawal`) and traced (`passes.tracks.tracing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from geodata.errors import BadInputError
from passes.applications.application import read_application
from passes.applications.conditions import ACCEPTED, PENDING
from passes.applications.office import Office, all_conditions
from passes.applications.sealed_applications import open_application
from passes.editions.issuing import Issued
from passes.editions.pass_register import PassRecord, find_pass
from passes.keyring.key_register import open_encryption_key
from passes.reissue.renewal import renew_pass


def is_waiting_for_result(record: PassRecord) -> bool:
    """Tell whether somebody's result was not known when a pass was issued."""
    return any(one.get("pending") for one in record.crew)


def accept_result(number: str, office: Office, *, key_file: Path, at: datetime) -> Issued:
    """Make the next edition of a pass whose pending results came out as accepted; every rule is asked again.

    Raises
    ------
    BadInputError
        `result-not-pending`: no result is waited for; else as `renew_pass`.
    """
    record = find_pass(office.connection, number)
    if not is_waiting_for_result(record):
        raise BadInputError("result-not-pending", record.number, number=record.number)
    document = open_application(office.connection, record.application, open_encryption_key(office.connection, key_file))
    known = {**document, "crew": [_with_result(one) for one in document["crew"]]}
    application = read_application(known, where="", conditions=all_conditions(office.settings))
    return renew_pass(number, office, key_file=key_file, at=at, application=application)


def _with_result(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stated of a person with every pending result known, also under a condition's own id."""
    return {
        key: ACCEPTED
        if (key, value) == ("result", PENDING)
        else _with_result(value)
        if isinstance(value, Mapping)
        else value
        for key, value in stated.items()
    }
