"""Delete what may go, part by part, each in a transaction of the caller's with the record of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from passes.keeping.deletions_register import Deletion, note_deletion
from passes.keeping.holds_register import holds_of
from passes.keeping.limits import KINDS, ended_before, may_go
from passes.keeping.pass_trails_register import PASS_TRAILS
from passes.keeping.trails_register import PART, TRAILS, Kept

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.policy import Policy

_KEPT: Final[Mapping[str, Kept]] = {**TRAILS, **PASS_TRAILS}


@dataclass(frozen=True, slots=True)
class Sweep:
    """How far a round of deleting is: which kind, and after which key; it begins with the first.

    Attributes
    ----------
    at
        When the round began.
    standing
        Closures and blockages that still stand on a road.
    kinds
        That are to be looked through, the present one first; empty when the round is over.
    """

    at: datetime
    standing: frozenset[str]
    kinds: tuple[str, ...] = KINDS
    after: str | int | None = None


def delete_part(connection: sa.Connection, sweep: Sweep, policy: Policy) -> Sweep:
    """Delete what may go of the next few of a kind, in a writer's transaction; return what is left to do."""
    kind, *others = sweep.kinds
    kept, before = _KEPT[kind], ended_before(kind, policy, sweep.at)
    trails = kept.find(connection, before, sweep.after)
    if trails:
        holds = holds_of(connection, trails, policy, at=sweep.at, standing=sweep.standing)
        keys = [one.key for one in trails if may_go(one, before, holds)]
        deleted = kept.delete(connection, keys, before) if keys else 0
        if deleted:
            note_deletion(connection, Deletion(kind, sweep.at, before, deleted))
    if len(trails) < PART:
        return replace(sweep, kinds=tuple(others), after=None)
    return replace(sweep, after=trails[-1].key)
