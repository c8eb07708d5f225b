"""Keep how many trucks a checkpoint says are waiting: one row a count, the newest of each is what stands there now.

Rows are only ever added. The key is chosen by the phone, so that a count sent twice is one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant

#: More trucks than this nobody counts at a barrier; it is a slip of the finger.
MOST_TRUCKS: Final = 2_000

QUEUE_COUNTS: Final = sa.Table(
    "queue_counts",
    METADATA,
    sa.Column("key", sa.String(36), primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("checkpoint", sa.String(200), nullable=False),
    sa.Column("officer", sa.String(200), nullable=False),
    sa.Column("trucks", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many trucks waited at a checkpoint, as somebody there counted them."""

    key: str
    at: datetime
    checkpoint: str
    officer: str
    trucks: int

    def __post_init__(self) -> None:
        """Refuse a count that is none.

        Raises
        ------
        BadInputError
            `queue-count-not-possible`.
        """
        if not 0 <= self.trucks <= MOST_TRUCKS:
            raise BadInputError("queue-count-not-possible", "trucks", trucks=self.trucks, most=MOST_TRUCKS)


def add_queue_count(connection: sa.Connection, count: QueueCount, *, at: datetime) -> bool:
    """Keep a count; return False where its key is known already and nothing was added."""
    table = QUEUE_COUNTS
    if connection.scalar(sa.select(table.c.key).where(table.c.key == count.key)) is not None:
        return False
    values = {name: getattr(count, name) for name in QueueCount.__slots__}
    connection.execute(sa.insert(table).values(**values, recorded_at=at))
    return True


def newest_queue_counts(connection: sa.Connection, *, since: datetime) -> dict[str, QueueCount]:
    """Return the newest count of each checkpoint that has counted since a time."""
    columns = [QUEUE_COUNTS.c[name] for name in QueueCount.__slots__]
    query = sa.select(*columns).where(QUEUE_COUNTS.c.at >= since).order_by(QUEUE_COUNTS.c.at, QUEUE_COUNTS.c.key)
    return {row.checkpoint: QueueCount(*row) for row in connection.execute(query)}
