"""Keep what is new among the findings: found, found no more; pages read on from the last number they have seen.

News are derived from one run of the checks to the next and are thrown away after some days; the record that the log
vouches for are the steps of tickets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant
from geodata.tickets.board_register import BoardQuery, BoardRow, list_board

NEWS: Final = sa.Table(
    "finding_news",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("check_id", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),
    sa.Column("township", sa.String(200), nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("since", Instant),
    # A number is never given to another piece of news, also where the newest were thrown away.
    sqlite_autoincrement=True,
)
FOUND: Final = "found"
GONE: Final = "gone"
#: So long a piece of news is kept.
KEPT: Final = timedelta(days=14)
#: Facts that name what a finding is about, the first that is there.
_NAMES: Final = ("road_name", "checkpoint_name", "name", "area_name", "hub_name")


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news.

    Attributes
    ----------
    id
        Rises.
    at
        When the checks were run that told it: of one found, since when it is known.
    kind
        "found" or "gone".
    about
        Name of the road, checkpoint or firm.
    since
        Since when the matter itself stands, as the record has it.
    """

    id: int
    at: datetime
    kind: str
    check_id: str
    subject: str
    township: str
    about: str
    since: datetime | None


def note_news(connection: sa.Connection, rows: Iterable[BoardRow], *, at: datetime) -> int:
    """Write down what differs between the board and what the checks say now; return how much.

    Call it before the board is written. The first run of all is no news.
    """
    known = {one.key: one for one in list_board(connection, BoardQuery(state="any"))[0]}
    now = {one.key: one for one in rows if one.is_found}
    found = [one for key, one in now.items() if key not in known or not known[key].is_found]
    gone = [one for key, one in known.items() if one.is_found and key not in now]
    told = [(FOUND, one) for one in found] + [(GONE, one) for one in gone]
    if known and told:
        connection.execute(sa.insert(NEWS), [_values(kind, row, at) for kind, row in told])
    connection.execute(sa.delete(NEWS).where(NEWS.c.at < at - KEPT))
    return len(told) if known else 0


def _values(kind: str, row: BoardRow, at: datetime) -> dict[str, object]:
    about = next((str(row.facts[name]) for name in _NAMES if row.facts.get(name)), row.subject)
    return {
        "at": at,
        "kind": kind,
        "check_id": row.check,
        "subject": row.subject,
        "township": row.township,
        "about": about,
        "since": row.since,
    }


def news_after(connection: sa.Connection, last_seen: int, *, most: int = 50) -> tuple[News, ...]:
    """Return what came after a piece of news, in order."""
    columns = [NEWS.c[one.name] for one in fields(News)]
    query = sa.select(*columns).where(NEWS.c.id > last_seen).order_by(NEWS.c.id).limit(most)
    return tuple(News(*row) for row in connection.execute(query))


def last_news(connection: sa.Connection) -> int:
    """Return the number of the newest piece of news, 0 where there is none."""
    return int(connection.scalar(sa.select(sa.func.max(NEWS.c.id))) or 0)
