"""Tell a closure's history: every version, decision and observation in the order of the log.

The position of the newest record says which state somebody saw: whoever acts on an older one is told what came since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.closures import records
from geodata.closures.closure import Closure, Decision, Observation
from geodata.closures.records import Row
from geodata.closures.register import read_rows

#: Tables whose records make a closure what it is, by their kind in the log.
_TABLES: Final = records.TABLES


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One record of a closure.

    Attributes
    ----------
    position
        In the log.
    kind
        "closure-version", "closure-decision" or "closure-observation".
    version
        The version that it is, or is about; 0 for an observation.
    """

    position: int
    kind: str
    recorded_at: datetime
    version: int
    item: Closure | Decision | Observation


def last_position(connection: sa.Connection, closure_id: str) -> int:
    """Return the log's position of a closure's newest record, -1 where there is none."""
    newest = [
        connection.scalar(sa.select(sa.func.max(table.c.position)).where(table.c.closure_id == closure_id))
        for table in _TABLES.values()
    ]
    return max((one for one in newest if one is not None), default=-1)


def history_of(connection: sa.Connection, closure_id: str, *, since: int = -1) -> tuple[HistoryEntry, ...]:
    """Return what was recorded about a closure, in the log's order; only what came after a position where given.

    A decision that a newer version carries on is told once, with the version it was made about.
    """
    found: list[HistoryEntry] = []
    told: set[tuple[Decision, int]] = set()
    rows = [(kind, row) for kind, some in read_rows(connection, [closure_id]).items() for row in some]
    for kind, one in sorted(rows, key=lambda pair: int(pair[1]["position"])):
        entry = _entry(kind, one)
        if isinstance(entry.item, Decision):
            if (entry.item, entry.version) in told:
                continue
            told.add((entry.item, entry.version))
        if entry.position > since:
            found.append(entry)
    return tuple(found)


def _entry(kind: str, row: Row) -> HistoryEntry:
    item: Closure | Decision | Observation
    if kind == "closure-version":
        item, version = records.closure_of(row), row["version"]
    elif kind == "closure-decision":
        item, version = records.decision_of(row), row["about_version"]
    else:
        item, version = records.observation_of(row), 0
    return HistoryEntry(row["position"], kind, row["recorded_at"], version, item)
