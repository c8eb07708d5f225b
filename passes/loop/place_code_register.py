"""Give a receiving point its code: a random name that nobody can guess, printed and hung up there (L19, H7)."""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant

_CODE_BYTES: Final = 15
#: Letters and digits that QR's alphanumeric mode has and that nobody mistakes for each other when typing.
_CODE: Final = re.compile(r"[A-Z2-7]{24}")
_ADDRESS: Final = re.compile(r"(?:https?://[^\s?#]+/R/)?([A-Z2-7 -]{24,40})", re.IGNORECASE)

PLACE_CODES: Final = sa.Table(
    "place_codes",
    METADATA,
    sa.Column("code", sa.String(32), primary_key=True),
    sa.Column("place", sa.String(200), nullable=False, index=True),
    sa.Column("made_by", sa.String(200), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)


def read_code(text: str) -> str:
    """Return the code in what was scanned or typed, "" where there is none."""
    found = _ADDRESS.fullmatch(text.strip())
    code = "" if found is None else re.sub(r"[ -]", "", found[1]).upper()
    return code if _CODE.fullmatch(code) else ""


def code_of(connection: sa.Connection, place: str) -> str:
    """Return the code that a place has now, "" where none was made."""
    table = PLACE_CODES.c
    query = sa.select(table.code).where(table.place == place, table.ended_at.is_(None))
    return connection.scalar(query.order_by(table.made_at.desc()).limit(1)) or ""


def make_code(connection: sa.Connection, place: str, *, by: str, at: datetime) -> str:
    """Give a place a new code; the one before ends."""
    open_ones = (PLACE_CODES.c.place == place) & PLACE_CODES.c.ended_at.is_(None)
    connection.execute(sa.update(PLACE_CODES).where(open_ones).values(ended_at=at))
    code = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    connection.execute(sa.insert(PLACE_CODES).values(code=code, place=place, made_by=by, made_at=at))
    return code


def place_of_code(connection: sa.Connection, code: str) -> str:
    """Return the place of a code, "" where it is unknown or has ended."""
    table = PLACE_CODES.c
    query = sa.select(table.place).where(table.code == code, table.ended_at.is_(None))
    return connection.scalar(query) or ""
