"""Find the passes that withdrawn keys have signed and that are still live: void now, and to be signed again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from passes.editions.pass_register import GRANTED, PASSES
from passes.keyring.key_register import SIGNING_KEYS


def _is_void(at: datetime) -> sa.ColumnElement[bool]:
    withdrawn = sa.select(SIGNING_KEYS.c.kid).where(SIGNING_KEYS.c.withdrawn_at.is_not(None))
    return PASSES.c.kid.in_(withdrawn) & (PASSES.c.state == GRANTED) & (PASSES.c.expires_at > at)


def count_void(connection: sa.Connection, *, at: datetime) -> int:
    """Return how many live passes a withdrawn key has signed."""
    return connection.scalar(sa.select(sa.func.count()).select_from(PASSES).where(_is_void(at))) or 0


def void_passes(connection: sa.Connection, *, at: datetime, after: str = "", most: int) -> tuple[str, ...]:
    """Return at most so many of them (jti) in order, those after one that was seen before."""
    query = sa.select(PASSES.c.jti).where(PASSES.c.jti > after, _is_void(at)).order_by(PASSES.c.jti).limit(most)
    return tuple(connection.scalars(query))
