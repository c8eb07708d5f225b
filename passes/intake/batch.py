"""File the applications of a large file part by part, and issue what is clean: each row once, whatever breaks off.

The file waits sealed, as it names people. Its form is checked whole before the first row is filed; from then on a row
that cannot be filed, such as one with an unknown place, is named and the others go on.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from geodata.collector import collector_resting
from geodata.errors import BadInputError, BaotongError, RowErrors
from passes.applications.office import Office
from passes.intake.auto_issue import issue_all_by_policy
from passes.intake.bulk_intake import file_many
from passes.intake.file import placed_faults
from passes.intake.handling import Act, Filing
from passes.intake.row_reading import ApplicationRow
from passes.key_encryption import decrypt_secret, encrypt_secret
from passes.whitelist.firms import Firm

#: Rows filed in the first transaction, and in any at most: others wait for it.
ROWS_AT_FIRST: Final = 50
ROWS_AT_MOST: Final = 500
#: How long a transaction is to take, in seconds; the next one takes more rows or fewer.
_WANTED_S: Final = 0.6
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
    rows
        How many were looked at.
    filed, issued, waiting, again
        Applications sent; passes issued by policy; those that an officer looks at; those that had been sent before.
    faults
        Rows that could not be filed, or for which no pass could be signed, each fault with `row` and `column`.
    """

    rows: int
    filed: int
    issued: int
    waiting: int
    again: int
    faults: tuple[Mapping[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as a job keeps it."""
        numbers = {name: getattr(self, name) for name in ("rows", "filed", "issued", "waiting", "again")}
        return {**numbers, "faults": [dict(one) for one in self.faults]}


def written_fault(fault: BadInputError) -> dict[str, Any]:
    """Return a fault as a job keeps it."""
    return {"code": fault.code, "where": fault.where, "facts": dict(fault.facts)}


def next_size(size: int, took_s: float) -> int:
    """Return how many rows the next part takes, given what the one before took."""
    wanted = size * _WANTED_S / max(took_s, 0.001)
    return max(1, min(ROWS_AT_MOST, 2 * size, round(wanted)))


@collector_resting()
def file_part(rows: Sequence[ApplicationRow], office: Office, act: Act, *, firm: Firm, name: str) -> PartDone:
    """File some rows in the caller's transaction and issue what is clean where the policy says so."""
    documents, read = [row.document for row in rows], [row.application for row in rows]
    filed = file_many(documents, office, act, firm=firm, read=read)
    grantings = issue_all_by_policy([one for one in filed if isinstance(one, Filing)], office, act)
    counts = {"filed": 0, "issued": 0, "waiting": 0, "again": 0}
    faults: list[Mapping[str, Any]] = []
    for row, filing in zip(rows, filed, strict=True):
        if isinstance(filing, BaotongError):
            faults += _told(filing, row, name)
            continue
        if filing.record is None:
            finding = filing.checked.findings[0]
            facts = {**finding.facts, "row": row.number, "column": ""}
            faults.append({"code": finding.code, "where": f"{name}: row {row.number}", "facts": facts, "finding": True})
            continue
        granting = None if filing.again else grantings.get(filing.record.id)
        is_issued = granting is not None and granting.is_granted
        if granting is not None and granting.error:
            faults += _told(granting.error, row, name)
        counts["filed"] += 1
        counts["again"] += filing.again
        counts["issued"] += is_issued
        counts["waiting"] += not filing.again and not is_issued
    return PartDone(len(rows), **counts, faults=tuple(faults))


def _told(error: BaotongError, row: ApplicationRow, name: str) -> list[Mapping[str, Any]]:
    """Return the faults of a row that cannot be filed.

    Raises
    ------
    BaotongError
        The error itself where it lies not with the row.
    """
    if not isinstance(error, BadInputError):
        raise error
    inner = error.rows if isinstance(error, RowErrors) else (error,)
    return [written_fault(one) for one in placed_faults(inner, row, name)]


def sum_of(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what came of a whole file."""
    faults = [one for part in parts for one in part["faults"]]
    numbers = {name: sum(int(part[name]) for part in parts) for name in ("filed", "issued", "waiting", "again")}
    return {**numbers, "faults": faults[:MOST_FAULTS], "fault_count": len(faults)}
