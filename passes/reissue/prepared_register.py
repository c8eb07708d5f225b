"""Keep editions that are signed beforehand: rows of passes like any other, which count nowhere until they are granted.

So that thousands come in force by changing one column, and whoever is killed on the way leaves each pass as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from passes.editions.pass_register import GRANTED, PASSES, PREPARED, REPLACED, PassRecord, read_passes
from passes.ways.ways_register import PASS_STAGES

#: Passes asked for in one statement.
_CHUNK: Final = 500


def _parts(jtis: Iterable[str]) -> list[list[str]]:
    wanted = sorted(set(jtis))
    return [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)]


def read_prepared(connection: sa.Connection, jtis: Iterable[str]) -> tuple[PassRecord, ...]:
    """Return prepared editions, ordered by jti, as they will be once they are in force."""
    return tuple(replace(one, state=GRANTED) for one in read_passes(connection, jtis, prepared=True))


def read_states(connection: sa.Connection, jtis: Iterable[str]) -> dict[str, str]:
    """Return the state that is kept of each of these editions."""
    query = sa.select(PASSES.c.jti, PASSES.c.state)
    rows = (row for part in _parts(jtis) for row in connection.execute(query.where(PASSES.c.jti.in_(part))))
    return {row.jti: row.state for row in rows}


def grant_prepared(connection: sa.Connection, jtis: Iterable[str]) -> None:
    """Put prepared editions in force.

    Raises
    ------
    BadInputError
        `pass-state-changed`: somebody else was faster with one of them.
    """
    for part in _parts(jtis):
        chosen = PASSES.c.jti.in_(part) & (PASSES.c.state == PREPARED)
        if connection.execute(sa.update(PASSES).where(chosen).values(state=GRANTED)).rowcount != len(part):
            raise BadInputError("pass-state-changed", part[0], number=part[0], state=PREPARED)


def replace_granted(connection: sa.Connection, pairs: Sequence[tuple[str, str]]) -> None:
    """Mark granted editions as replaced, each by the one that is named; who does so sees to statuses and events.

    Raises
    ------
    BadInputError
        `pass-state-changed`: somebody else was faster with one of them.
    """
    same = (PASSES.c.jti == sa.bindparam("is_jti")) & (PASSES.c.state == GRANTED)
    change = sa.update(PASSES).where(same).values(state=REPLACED, replaced_by=sa.bindparam("successor"))
    rows = [{"is_jti": jti, "successor": successor} for jti, successor in pairs]
    if rows and connection.execute(change, rows).rowcount != len(rows):
        raise BadInputError("pass-state-changed", pairs[0][0], number=pairs[0][0], state=GRANTED)


def drop_prepared(connection: sa.Connection, jtis: Iterable[str]) -> None:
    """Forget prepared editions with their roads: they never were in force."""
    for part in _parts(jtis):
        gone = sa.select(PASSES.c.jti).where(PASSES.c.jti.in_(part), PASSES.c.state == PREPARED)
        connection.execute(sa.delete(PASS_STAGES).where(PASS_STAGES.c.jti.in_(gone)))
        connection.execute(sa.delete(PASSES).where(PASSES.c.jti.in_(part), PASSES.c.state == PREPARED))
