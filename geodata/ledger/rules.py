"""The check K14: no record was altered after it was appended to the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
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
    """K14 (L11): no leaf is missing between the first and the last one ever appended, and their count stands."""
    positions = [leaf.position for leaf in ledger.leaves]
    appended = ledger.appended
    if appended == len(positions) and positions == list(range(len(positions))):
        return None
    known = set(positions)
    facts: dict[str, object] = {"how": "count-edited", "missing": [], "count": 1}
    if appended is not None and not all(0 <= one < appended for one in known):
        facts["count"] = sum(not 0 <= one < appended for one in known)
    elif appended is not None:
        # The count may be any number that somebody wrote there: only the first few of the missing are looked for.
        missing = islice((one for one in range(appended) if one not in known), 10)
        facts = {"how": "cut-off", "missing": list(missing), "count": appended - len(known)}
    return Finding(CHECK, "L11", "", {"road": None, **facts, "size": len(positions), "cure": "restore"})


def record_is_readable(subject: str) -> Finding:
    """K14 (L11): a record that cannot be read was altered, even where the log was made to fit it."""
    return _finding(subject, [{"how": "unreadable", "record": "", "position": None}])


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
