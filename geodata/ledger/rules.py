"""The check K14: no record was altered after it was appended to the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.ledger.register import Leaf, Ledger
from geodata.ledger.tree import Checkpoint, root_of

CHECK: Final = "K14"


def _finding(subject: str, altered: list[dict[str, object]]) -> Finding:
    facts = {"road": None, "altered": altered, "count": len(altered), "how": altered[0]["how"], "cure": "restore"}
    return Finding(CHECK, "L11", subject, facts)


def _entry(how: str, leaf: Leaf) -> dict[str, object]:
    return {"how": how, "record": leaf.kind, "position": leaf.position}


def records_unaltered(ledger: Ledger, records: Iterable[Leaf], *, kinds: Collection[str]) -> Iterator[Finding]:
    """K14 (L11): every record stands in the log as it was appended, and every leaf still has its record.

    Parameters
    ----------
    ledger
        The stored log.
    records
        The leaf that each stored record would have now.
    kinds
        Kinds of records that are given; leaves of other kinds only count for the log's own order.

    Yields
    ------
    Finding
        One a subject, with what happened to which record: "edited", "deleted" or "not-in-log".
    """
    stored = {leaf.position: leaf for leaf in ledger.leaves}
    wrong: dict[str, list[dict[str, object]]] = {}
    seen = set()
    for record in records:
        leaf = stored.get(record.position)
        seen.add(record.position)
        if leaf is None or record != leaf:
            how = "not-in-log" if leaf is None else "edited"
            wrong.setdefault(record.subject, []).append(_entry(how, record))
    for leaf in ledger.leaves:
        if leaf.kind in kinds and leaf.position not in seen:
            wrong.setdefault(leaf.subject, []).append(_entry("deleted", leaf))
    for subject in sorted(wrong):
        yield _finding(subject, sorted(wrong[subject], key=lambda one: (str(one["position"]), str(one["record"]))))


def log_is_whole(ledger: Ledger) -> Finding | None:
    """K14 (L11): no leaf is missing between the first and the last one ever appended."""
    positions = [leaf.position for leaf in ledger.leaves]
    if positions == list(range(ledger.appended)):
        return None
    missing = sorted(set(range(ledger.appended)) - set(positions))
    facts: Mapping[str, object] = {"how": "cut-off", "missing": missing[:10], "count": len(missing)}
    return Finding(CHECK, "L11", "", {"road": None, **facts, "size": len(positions), "cure": "restore"})


def log_continues(ledger: Ledger, checkpoint: Checkpoint, *, origin: str, where: str) -> Finding | None:
    """K14 (L11): the log is the one of a checkpoint kept outside, with nothing but new leaves after it.

    Raises
    ------
    BadInputError
        `checkpoint-of-another-log`.
    """
    if checkpoint.origin != origin:
        raise BadInputError("checkpoint-of-another-log", where, origin=checkpoint.origin, expected=origin)
    leaves = [leaf.hash for leaf in ledger.leaves]
    if len(leaves) >= checkpoint.size and root_of(leaves[: checkpoint.size]) == checkpoint.root:
        return None
    how = "cut-off" if len(leaves) < checkpoint.size else "rewritten"
    lost = max(0, checkpoint.size - len(leaves))
    facts = {"road": None, "how": how, "count": lost, "size": len(leaves), "checkpoint_size": checkpoint.size}
    return Finding(CHECK, "L11", "", {**facts, "cure": "restore"})
