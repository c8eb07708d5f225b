"""Read what somebody may have damaged by hand: whatever stands in a row comes out, and equals no record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, cast

import sqlalchemy as sa

#: What reading a damaged value raises.
DAMAGE: Final = (ValueError, TypeError, OverflowError, RecursionError)


@contextmanager
def text_kept_readable(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite give text that is none: what is not UTF-8 is replaced. PostgreSQL stores no such text."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = cast("Any", connection.connection.driver_connection)
    before: Callable[[bytes], object] = driver.text_factory
    driver.text_factory = _decode
    try:
        yield
    finally:
        driver.text_factory = before


#: Called for every text of the register.
_decode: Final = partial(str, encoding="utf-8", errors="replace")


def values_as_found(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Sequence[object]]:
    """Give a query's rows; where a time among them cannot be read, that value as the database keeps it."""
    try:
        rows = connection.execute(query).all()
    except DAMAGE:
        columns = list(query.selected_columns)
        raw = [sa.type_coerce(column, sa.types.NullType()).label(f"c{at}") for at, column in enumerate(columns)]
        instants = [isinstance(getattr(column.type, "impl", None), sa.DateTime) for column in columns]
        for row in connection.execute(query.with_only_columns(*raw)):
            pairs = zip(row, instants, strict=True)
            yield tuple(_instant(value) if is_instant else value for value, is_instant in pairs)
    else:
        yield from rows


def _instant(value: object) -> object:
    try:
        found = datetime.fromisoformat(cast("str", value))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except DAMAGE:
        return value


def text_of(value: object) -> str:
    """Return a key as text; one that is no text equals none."""
    return value if isinstance(value, str) else repr(value)


def position_of(value: object) -> int:
    """Return a position of the log; -1 where it is no number."""
    return value if isinstance(value, int) else -1
