"""Find void passes that an unknowing checkpoint has let pass, for the checkpoints that their trucks come to next.

A guard without a network cannot know of a withdrawal after his last list. When his phone is heard again the register
does, and whoever stands further along the route is told before the truck comes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from passes.checkpoint.scan_register import CHECKPOINT_SCANS, LET_PASS, Scan, list_scans
from passes.ways.ways_register import PASSAGES

#: Reasons of a pass that was void already when a guard whose list was older let it pass.
VOID_REASONS: Final = frozenset({"withdrawn", "suspended", "key-withdrawn"})
_MOST_LOOKED_AT: Final = 2_000
#: A truck may come so much later than its pass expects.
_LATE: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class ComingVoid:
    """A truck with a void pass that was let pass elsewhere, and when its route leads past here."""

    scan: Scan
    from_at: datetime
    to_at: datetime


def void_let_pass(connection: sa.Connection, *, since: datetime) -> tuple[Scan, ...]:
    """Return the void passes that were let pass since a time, the newest first."""
    scans = list_scans(connection, outcomes=(LET_PASS,), since=since, most=_MOST_LOOKED_AT)
    return tuple(one for one in scans if VOID_REASONS.intersection(one.reasons))


def void_ahead(
    connection: sa.Connection, road_ids: Collection[str], *, checkpoint: str, since: datetime
) -> tuple[ComingVoid, ...]:
    """Return the trucks with a void pass, let pass elsewhere since a time, whose route leads past these roads later.

    One that this checkpoint has dealt with since is not among them.
    """
    elsewhere = {one.jti: one for one in void_let_pass(connection, since=since) if one.checkpoint != checkpoint}
    if not elsewhere:
        return ()
    query = (
        sa.select(PASSAGES.c.jti, sa.func.min(PASSAGES.c.from_at), sa.func.max(PASSAGES.c.to_at))
        .where(PASSAGES.c.jti.in_(list(elsewhere)), PASSAGES.c.road_id.in_(list(road_ids)))
        .group_by(PASSAGES.c.jti)
    )
    times = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    seen = _seen_here(connection, list(times), checkpoint)
    coming = (ComingVoid(elsewhere[jti], *span) for jti, span in times.items())
    found = [one for one in coming if one.to_at + _LATE > one.scan.at and not _is_done(one, seen)]
    return tuple(sorted(found, key=lambda one: (one.from_at, one.scan.key)))


def _is_done(coming: ComingVoid, seen: dict[str, datetime]) -> bool:
    """Tell whether the checkpoint that asks has dealt with a truck after it was let pass elsewhere."""
    last = seen.get(coming.scan.jti)
    return last is not None and last >= coming.scan.at


def _seen_here(connection: sa.Connection, jtis: list[str], checkpoint: str) -> dict[str, datetime]:
    """Return when this checkpoint has dealt with each pass last."""
    table = CHECKPOINT_SCANS
    query = sa.select(table.c.jti, sa.func.max(table.c.at)).where(table.c.checkpoint == checkpoint)
    return {row[0]: row[1] for row in connection.execute(query.where(table.c.jti.in_(jtis)).group_by(table.c.jti))}
