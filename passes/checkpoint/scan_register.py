"""Keep what a checkpoint saw and did: one row a truck, with verdict, reasons, and the outcome with its evidence.

Rows are only ever added. The key is chosen by whoever fills the form in, so that a form sent twice is one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant

LET_PASS: Final = "let_pass"  # noqa: S105 - no password
NOT_LET_PASS: Final = "not_let_pass"  # noqa: S105 - no password
#: Sent to apply for a pass, or back to its route.
GUIDED: Final = "guided"
#: A refusal for a forbidden reason was tried, and not taken (L6).
BARRED: Final = "barred"
#: A stay was given as the reason: no ground to refuse, the firm is asked (X7).
REFERRED: Final = "referred"
OUTCOMES: Final = (LET_PASS, NOT_LET_PASS, GUIDED, BARRED, REFERRED)
#: The verdict of a truck that showed no pass.
NO_PASS: Final = "none"  # noqa: S105 - no password

CHECKPOINT_SCANS: Final = sa.Table(
    "checkpoint_scans",
    METADATA,
    sa.Column("key", sa.String(36), primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("checkpoint", sa.String(200), nullable=False),
    sa.Column("officer", sa.String(200), nullable=False),
    sa.Column("plate", sa.String(16), nullable=False, index=True),
    sa.Column("jti", sa.String(64), nullable=False, index=True),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("called", sa.String(200), nullable=False),
    sa.Column("photo", sa.String(64), nullable=False, index=True),
    sa.Column("arrived_at", Instant),
    sa.Column("shown_at", Instant),
    sa.Column("sent_by", sa.String(200)),
    sa.Index(None, "checkpoint", "at"),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """One truck at a checkpoint.

    Attributes
    ----------
    key
        Chosen by whoever records it.
    checkpoint
        Id of the place.
    officer
        Who judged: as the shift was handed over on the phone, else as signed in.
    plate, jti
        What is known of the truck and its pass; "" where not known.
    verdict
        "green", "amber", "red", or "none" for a truck without a pass.
    reasons
        Codes of the verdict's reasons.
    outcome
        One of `OUTCOMES`.
    reason, note, called, photo
        Of one that was not let pass: the listed reason, free text, who was called, digest of the photo.
    arrived_at
        When it joined the queue, where the guard noted that.
    shown_at
        When its verdict was first shown, where a phone says so.
    sent_by
        The account that sent this; the next shift may send what the one before has judged.
    """

    key: str
    at: datetime
    checkpoint: str
    officer: str
    plate: str
    jti: str
    verdict: str
    reasons: tuple[str, ...]
    outcome: str
    reason: str = ""
    note: str = ""
    called: str = ""
    photo: str = ""
    arrived_at: datetime | None = None
    shown_at: datetime | None = None
    sent_by: str = ""

    @property
    def number(self) -> str:
        """Pass number, "" where there is none."""
        return self.jti.partition("-")[0]


def add_scan(connection: sa.Connection, scan: Scan, *, at: datetime) -> bool:
    """Keep a scan; return False where its key is known already and nothing was added."""
    table = CHECKPOINT_SCANS
    if connection.scalar(sa.select(table.c.key).where(table.c.key == scan.key)) is not None:
        return False
    values = {name: getattr(scan, name) for name in scan.__slots__}
    connection.execute(sa.insert(table).values(**{**values, "reasons": list(scan.reasons)}, recorded_at=at))
    return True


def find_scan(connection: sa.Connection, key: str) -> Scan | None:
    """Return the scan of a key, None where there is none."""
    row = connection.execute(sa.select(CHECKPOINT_SCANS).where(CHECKPOINT_SCANS.c.key == key)).first()
    return None if row is None else _scan(row)


def _scan(row: sa.Row[Any]) -> Scan:
    values = {name: getattr(row, name) for name in Scan.__slots__}
    return Scan(**{**values, "reasons": tuple(row.reasons), "sent_by": row.sent_by or ""})


def list_scans(
    connection: sa.Connection,
    *,
    checkpoint: str = "",
    number: str = "",
    outcomes: tuple[str, ...] = OUTCOMES,
    since: datetime | None = None,
    most: int = 200,
) -> tuple[Scan, ...]:
    """Return scans, the newest first; of one checkpoint, of one pass number, of these outcomes, or since a time."""
    table = CHECKPOINT_SCANS
    query = sa.select(table).where(table.c.outcome.in_(outcomes)).order_by(table.c.at.desc(), table.c.key)
    if checkpoint:
        query = query.where(table.c.checkpoint == checkpoint)
    if number:
        query = query.where(sa.or_(table.c.jti == number, table.c.jti.like(f"{number}-%")))
    if since is not None:
        query = query.where(table.c.at >= since)
    return tuple(_scan(row) for row in connection.execute(query.limit(most)))


def is_photo_of_scan(connection: sa.Connection, digest: str, *, checkpoint: str = "") -> bool:
    """Tell whether a photo was taken at a checkpoint, at this one where it is named."""
    query = sa.select(CHECKPOINT_SCANS.c.key).where(CHECKPOINT_SCANS.c.photo == digest)
    if checkpoint:
        query = query.where(CHECKPOINT_SCANS.c.checkpoint == checkpoint)
    return connection.scalar(query.limit(1)) is not None
