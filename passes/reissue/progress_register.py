"""Count what closures do to passes: the split of each closure, and how far its passes are."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from passes.reissue.reissue_register import FOUND, REISSUE_HITS, REISSUES


def count_by_closure(connection: sa.Connection, closure_id: str = "") -> dict[str, dict[tuple[str, bool], int]]:
    """Return for each closure (or for one) how many rows are in each state, started or not; those without any lack."""
    closure = REISSUE_HITS.c.closure_id
    query = (
        sa.select(closure, REISSUES.c.state, REISSUES.c.is_started, sa.func.count())
        .join(REISSUE_HITS, REISSUE_HITS.c.jti == REISSUES.c.jti)
        .group_by(closure, REISSUES.c.state, REISSUES.c.is_started)
    )
    found: dict[str, dict[tuple[str, bool], int]] = {}
    for name, state, started, count in connection.execute(query.where(closure == closure_id) if closure_id else query):
        found.setdefault(name, {})[state, bool(started)] = int(count)
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a closure's passes are: `mark` rises with every change of any of them."""

    mark: int
    done: int
    total: int


def progress_of(connection: sa.Connection, closure_id: str) -> Progress:
    """Return how many of a closure's passes were planned or left alone, of how many."""
    waiting = sa.func.sum(sa.case((REISSUES.c.state == FOUND, 1), else_=0))
    query = (
        sa.select(sa.func.sum(REISSUES.c.version), waiting, sa.func.count())
        .join(REISSUE_HITS, REISSUE_HITS.c.jti == REISSUES.c.jti)
        .where(REISSUE_HITS.c.closure_id == closure_id)
    )
    mark, left, total = connection.execute(query).one()
    return Progress(int(mark or 0), int(total) - int(left or 0), int(total))
