"""The register of closures: import them as versions, bind decisions to the exact version, list the newest.

History is only added to. A change of what is set up makes a new version; a decision or observation once recorded is
never rewritten, and one that a later file leaves out stays. A decision is about exactly one version: listed again
under a changed set-up it is recorded for the new version too, and where it said "as set up" it goes on meaning the
set-up that it was made about (L11: nothing grows under an approval).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from geodata.closures import records
from geodata.closures.closure import Closure, Decision
from geodata.closures.records import Row, StoredClosure, StoredDecision
from geodata.closures.road_spans import same_extent
from geodata.errors import SurroundingsError
from geodata.ledger.damaged_register import DAMAGE, text_kept_readable, text_of, values_as_found
from geodata.ledger.register import Leaf, append_leaves, hash_of, next_positions
from geodata.store import CLOSURE_SET_VERSION, raise_counter, read_counter

#: Rows by the kind that their records have in the log.
RegisterRows: TypeAlias = dict[str, list[Row]]
#: Ids asked for in one query.
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did: closures by kind of change, and how many observations were added."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    observations: int = 0


def closure_set_version(connection: sa.Connection) -> int:
    """Return the number that rises with every change of closures or observations."""
    return read_counter(connection, CLOSURE_SET_VERSION)


def list_closures(connection: sa.Connection, ids: Sequence[str] | None = None) -> tuple[Closure, ...]:
    """Return the newest version of every closure and blockage, ordered by id; only some where ids are given.

    Raises
    ------
    SurroundingsError
        `closure-record-damaged` where somebody made a row unreadable.
    """
    damaged: list[str] = []
    closures = newest_closures(read_rows(connection, ids), damaged)
    if damaged:
        raise SurroundingsError("closure-record-damaged", damaged[0], id=damaged[0])
    return closures


def ids_with_tracks(connection: sa.Connection) -> tuple[str, ...]:
    """Return the ids of closures and blockages through which a track led, in order."""
    seen = records.CLOSURE_OBSERVATIONS.c
    query = sa.select(seen.closure_id).where(seen.source == "track", seen.state == "open").distinct()
    return tuple(sorted(text_of(one) for one in connection.scalars(query)))


def newest_closures(rows: RegisterRows, damaged: list[str]) -> tuple[Closure, ...]:
    """Return the newest version of every closure and blockage, ordered by id.

    Parameters
    ----------
    rows
        The register's rows.
    damaged
        Takes the ids of closures whose rows somebody made unreadable; they are left out.
    """
    return tuple(stored.closure for stored in stored_closures(rows, damaged).values())


def read_rows(connection: sa.Connection, ids: Sequence[str] | None = None) -> RegisterRows:
    """Return the rows of every table by the kind that their records have in the log, in order.

    Raises
    ------
    SurroundingsError
        `closure-record-damaged` where somebody made a time unreadable.
    """
    return {kind: _rows(connection, table, ids) for kind, table in records.TABLES.items()}


def rows_as_found(connection: sa.Connection) -> RegisterRows:
    """Return all rows as `read_rows`, with whatever somebody put in place of a value (K14)."""
    found = {}
    with text_kept_readable(connection):
        for kind, table in records.TABLES.items():
            found[kind] = [_row(table, values) for values in values_as_found(connection, _query(table))]
    return found


def _query(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).order_by(*(table.c[name] for name in ("version", "number") if name in table.c))


def _rows(connection: sa.Connection, table: sa.Table, ids: Sequence[str] | None) -> list[Row]:
    query = _query(table)
    parts = [query] if ids is None else [query.where(table.c.closure_id.in_(part)) for part in _chunks(ids)]
    try:
        return [_row(table, values) for part in parts for values in connection.execute(part)]
    except DAMAGE as fault:
        raise SurroundingsError("closure-record-damaged", table.name, id=table.name) from fault


def _row(table: sa.Table, values: Iterable[object]) -> Row:
    """Return a row as a plain dict: ten thousand of them are looked into many times over."""
    row = dict(zip(table.c.keys(), values, strict=True))
    row["closure_id"] = text_of(row["closure_id"])
    return row


def _chunks(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


def stored_closures(rows: RegisterRows, damaged: list[str]) -> dict[str, StoredClosure]:
    """Return the newest version of every closure and blockage with its decisions as recorded, by id in order.

    Parameters
    ----------
    rows
        The register's rows.
    damaged
        Takes the ids of closures whose rows somebody made unreadable; they are left out.
    """
    versions, decisions, observations = (_by_closure(rows[kind]) for kind in records.TABLES)
    found = {}
    # Sorted here, so that the order of ids does not depend on the database's collation.
    for closure_id in sorted(versions):
        own = (versions[closure_id], decisions.get(closure_id, []), observations.get(closure_id, []))
        try:
            found[closure_id] = _newest(*own)
        except (*DAMAGE, KeyError):
            damaged.append(closure_id)
    return found


def _by_closure(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["closure_id"], []).append(row)
    return found


def _newest(versions: list[Row], decisions: list[Row], observations: list[Row]) -> StoredClosure:
    closure = records.closure_of(versions[-1])
    by_version = {row["version"]: row for row in versions}
    history: dict[StoredDecision, None] = {}
    made: dict[tuple[int, int], StoredDecision] = {}
    own = []
    for row in decisions:
        stated, about = records.decision_of(row), row["about_version"]
        earlier = by_version.get(about)
        is_own = about == closure.version or earlier is None
        stored = StoredDecision(stated, about, stated if is_own else _bound(stated, earlier))
        made[row["version"], row["number"]] = stored
        before = made.get((row["version"] - 1, row["number"]))
        if before is not None and about == row["version"] and _is_restated(stated, before.stated):
            history.pop(before, None)
        history[stored] = None
        if row["version"] == closure.version:
            own.append(stored)
    if own or observations:
        seen = tuple(records.observation_of(row) for row in observations)
        closure = replace(closure, decisions=tuple(one.bound for one in own), observations=seen)
    return StoredClosure(closure, tuple(own), tuple(history))


def _is_restated(stated: Decision, before: Decision) -> bool:
    """Tell whether a version says again, on a newer map, what the decision of that number said in the one before."""
    return _words_of(stated) == _words_of(before)


def _words_of(decision: Decision) -> Decision:
    return replace(decision, start=None, end=None, extent=None, drawn=None)


def _bound(stated: Decision, about: Row | None) -> Decision:
    return stated if about is None else records.bind_decision(stated, records.closure_of(about))


def import_closures(connection: sa.Connection, closures: Iterable[Closure], at: datetime) -> ImportSummary:
    """Take closures and blockages into the register, within the caller's transaction.

    Parameters
    ----------
    connection
        A writer's transaction; nothing is committed here.
    closures
        As read from a file; their `version` is not looked at.
    at
        When they are recorded.

    Notes
    -----
    A closure counts as created, as changed (a new version, or decisions added) or as unchanged. A blockage whose id is
    a registered closure's adds its observations to it. `closure_set_version` rises once if anything was added.
    """
    closures = tuple(closures)
    damaged: list[str] = []
    stored = stored_closures(read_rows(connection, [one.id for one in closures]), damaged)
    if damaged:
        raise SurroundingsError("closure-record-damaged", damaged[0], id=damaged[0])
    batch = RecordBatch(at)
    done = [_take(one, stored.get(one.id), batch) for one in closures]
    seen = sum(kind == "closure-observation" for kind, _ in batch.rows)
    batch.write(connection)
    return ImportSummary(done.count("created"), done.count("changed"), done.count("unchanged"), seen)


class RecordBatch:
    """Rows to add, in the order they go into the log."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.rows: list[tuple[str, Row]] = []

    def add_version(self, closure: Closure, version: int) -> None:
        """Add a version; its decisions and observations are added apart."""
        self.rows.append(("closure-version", records.version_row(closure, version, self.at)))

    def add_decision(self, closure: Closure, number: int, decision: Decision, about_version: int) -> None:
        """Add a decision under a number of its closure's version."""
        key = {"closure_id": closure.id, "version": closure.version, "number": number}
        self.rows.append(("closure-decision", {**key, **records.decision_row(decision, about_version, self.at)}))

    def add_observations(self, closure: Closure, known: Closure | None) -> None:
        """Add what was seen and is not known yet."""
        before = set(known.observations) if known else set()
        new = [one for one in dict.fromkeys(closure.observations) if one not in before]
        for number, one in enumerate(new, len(known.observations) if known else 0):
            row = {"closure_id": closure.id, "number": number, **records.observation_row(one, self.at)}
            self.rows.append(("closure-observation", row))

    def write(self, connection: sa.Connection) -> None:
        """Insert the rows and their leaves, and raise `closure_set_version`; nothing where there is no row."""
        if not self.rows:
            return
        positions = next_positions(connection, len(self.rows))
        leaves = [
            Leaf(position, kind, row["closure_id"], hash_of(kind, row))
            for position, (kind, row) in zip(positions, self.rows, strict=True)
        ]
        for kind, table in records.TABLES.items():
            pairs = zip(positions, self.rows, strict=True)
            rows = [{**row, "position": position} for position, (own, row) in pairs if own == kind]
            if rows:
                connection.execute(sa.insert(table), rows)
        append_leaves(connection, leaves, at=self.at)
        raise_counter(connection, CLOSURE_SET_VERSION)


def _take(closure: Closure, stored: StoredClosure | None, batch: RecordBatch) -> str:
    """Add what is new about one closure; return "created", "changed" or "unchanged"."""
    known = stored.closure if stored else None
    batch.add_observations(closure, known)
    if stored is None or known is None:
        _add_version(replace(closure, version=1), [(one, 1) for one in closure.decisions], batch)
        return "created"
    if closure.is_blockage_only and not known.is_blockage_only:
        return "unchanged"
    if _same_set_up(closure, known):
        has = {(one.stated, one.about_version) for one in stored.decisions}
        new = [one for one in _with_history(closure.decisions, stored, known.version) if one not in has]
        for number, (decision, about_version) in enumerate(new, len(stored.decisions)):
            batch.add_decision(known, number, decision, about_version)
        return "changed" if new else "unchanged"
    version = known.version + 1
    _add_version(replace(closure, version=version), _with_history(closure.decisions, stored, version), batch)
    return "changed"


def _add_version(closure: Closure, decisions: Iterable[tuple[Decision, int]], batch: RecordBatch) -> None:
    batch.add_version(closure, closure.version)
    for number, (decision, about_version) in enumerate(decisions):
        batch.add_decision(closure, number, decision, about_version)


def _with_history(decisions: Sequence[Decision], stored: StoredClosure, version: int) -> list[tuple[Decision, int]]:
    """Return a file's decisions on a version, each with the version it is about.

    One that was ever recorded before keeps what it is about. With each goes what the same body said after it, so that
    a file cannot list an approval again and leave out its withdrawal.
    """
    recorded = [(decision, _recorded(decision, stored)) for decision in decisions]
    kept = [known for _, known in recorded if known is not None]
    for later in stored.history:
        if later not in kept and any(_comes_after(later.stated, one) for one in decisions):
            kept.append(later)
    new = [(decision, version) for decision, known in recorded if known is None]
    return [(one.stated, one.about_version) for one in kept] + new


def _comes_after(later: Decision, earlier: Decision) -> bool:
    """Tell whether the same body said one after the other; files are read with bodies by their ids."""
    return later.authority == earlier.authority and later.decided_at >= earlier.decided_at


def _recorded(decision: Decision, stored: StoredClosure) -> StoredDecision | None:
    """Return the recorded decision that a file's decision repeats, in its own words or written out."""
    return next(
        (
            one
            for one in (*stored.decisions, *stored.history)
            if _same_decision(decision, one.stated) or _same_decision(decision, one.bound)
        ),
        None,
    )


def _same_decision(left: Decision, right: Decision) -> bool:
    if (left.extent is None) != (right.extent is None):
        return False
    if not same_extent(left.extent or (), right.extent or ()):
        return False
    return replace(left, extent=None, drawn=None) == replace(right, extent=None, drawn=None)


def _same_set_up(left: Closure, right: Closure) -> bool:
    """Tell whether two versions set up the same; how the extent was drawn does not matter, where it ends does."""
    if not same_extent(left.extent, right.extent):
        return False
    return _bare(left) == _bare(right)


def _bare(closure: Closure) -> Closure:
    return replace(closure, version=0, extent=(), drawn=None, decisions=(), observations=())
