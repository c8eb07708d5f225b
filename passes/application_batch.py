"""File the applications of a large file part by part, and issue what is clean: each row once, whatever breaks off.

The file waits sealed, as it names people. Its form is checked whole before the first row is filed; from then on a row
that cannot be filed, such as one with an unknown place, is named and the others go on.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from geodata.errors import BadInputError, RowErrors
from passes.application_file import ApplicationRow, placed_faults
from passes.auto_issue import issue_by_policy
from passes.intake import Act, file_application
from passes.intake_register import GRANTED
from passes.key_encryption import decrypt_secret, encrypt_secret
from passes.office import Office
from passes.whitelist import Firm

#: Rows filed in one transaction: others wait for it.
ROWS_AT_ONCE: Final = 50
#: Faults that are told; of more only the number.
MOST_FAULTS: Final = 500


def seal_file(data: bytes, encryption_key: bytes, *, batch_id: str) -> str:
    """Seal a file for the time that it waits; it opens again only as the same batch."""
    return base64.b64encode(encrypt_secret(data, encryption_key, kid=f"batch {batch_id}")).decode("ascii")


def open_file(sealed: str, encryption_key: bytes, *, batch_id: str) -> bytes:
    """Return a sealed file.

    Raises
    ------
    SurroundingsError
        `key-file-wrong`.
    """
    return decrypt_secret(base64.b64decode(sealed), encryption_key, kid=f"batch {batch_id}")


@dataclass(frozen=True, slots=True)
class PartDone:
    """What came of some rows.

    Attributes
    ----------
    filed, issued, waiting, again
        Applications sent; passes issued by policy; those that an officer looks at; those that had been sent before.
    faults
        Rows that could not be filed, each fault with `row` and `column`.
    """

    filed: int
    issued: int
    waiting: int
    again: int
    faults: tuple[Mapping[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as a job keeps it."""
        numbers = {name: getattr(self, name) for name in ("filed", "issued", "waiting", "again")}
        return {**numbers, "faults": [dict(one) for one in self.faults]}


def written_fault(fault: BadInputError) -> dict[str, Any]:
    """Return a fault as a job keeps it."""
    return {"code": fault.code, "where": fault.where, "facts": dict(fault.facts)}


def file_part(rows: Sequence[ApplicationRow], office: Office, act: Act, *, firm: Firm, name: str) -> PartDone:
    """File some rows in the caller's transaction and issue what is clean where the policy says so."""
    counts = {"filed": 0, "issued": 0, "waiting": 0, "again": 0}
    faults: list[Mapping[str, Any]] = []
    for row in rows:
        try:
            filing = file_application(row.document, office, act, firm=firm)
        except BadInputError as error:
            inner = error.rows if isinstance(error, RowErrors) else (error,)
            faults += [written_fault(one) for one in placed_faults(inner, row, name)]
            continue
        if filing.record is None:
            finding = filing.checked.findings[0]
            facts = {**finding.facts, "row": row.number, "column": ""}
            faults.append({"code": finding.code, "where": f"{name}: row {row.number}", "facts": facts, "finding": True})
            continue
        granting = issue_by_policy(filing, office, act)
        is_issued = granting is not None and granting.record.state == GRANTED
        counts["filed"] += 1
        counts["again"] += filing.again
        counts["issued"] += is_issued
        counts["waiting"] += not filing.again and not is_issued
    return PartDone(**counts, faults=tuple(faults))


def sum_of(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what came of a whole file."""
    faults = [one for part in parts for one in part["faults"]]
    numbers = {name: sum(int(part[name]) for part in parts) for name in ("filed", "issued", "waiting", "again")}
    return {**numbers, "faults": faults[:MOST_FAULTS], "fault_count": len(faults)}
