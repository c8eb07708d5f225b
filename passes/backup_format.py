"""The backup file: every row of every table as JSON lines in one gzip file, the same for SQLite and PostgreSQL.

1. The first line is the header: `{"baotong_backup": 1, "revision": ..., "made_at": ...}`.
2. Each table begins with `{"table": name, "columns": [[name, kind], ...]}`; each row follows as a list of values.
3. The last line is the seal: `{"rows": {table: count}, "sha256": digest of every byte before this line}`.

Kinds: text, integer, number and boolean as JSON has them, decimal as text; instant as ISO 8601 in UTC; date; bytes as
base64; json as its text, so that SQL's NULL and JSON's null stay apart.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.windows import format_instant

FORMAT: Final = 1
#: Which kind a column's type is; the first that fits.
_KINDS: Final[tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...]] = (
    (sa.DateTime, "instant"),
    (sa.Date, "date"),
    (sa.Boolean, "boolean"),
    (sa.LargeBinary, "bytes"),
    (sa.JSON, "json"),
    (sa.Integer, "integer"),
    (sa.Float, "number"),
    (sa.Numeric, "decimal"),
    (sa.String, "text"),
)


@dataclass(frozen=True, slots=True)
class BackupHeader:
    """What a backup says of itself.

    Attributes
    ----------
    revision
        Revision of the tables it was made from.
    made_at
        When.
    rows
        Number of rows by table.
    """

    revision: str
    made_at: datetime
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BackupTable:
    """The beginning of a table: its name, and name and kind of each column."""

    name: str
    columns: tuple[tuple[str, str], ...]


def kind_of(column: sa.Column[Any]) -> str:
    """Return the kind of a column's values.

    Raises
    ------
    TypeError
        A type that no backup holds; a migration must not use it.
    """
    for type_, kind in _KINDS:
        if isinstance(column.type, type_):
            return kind
    raise TypeError(f"no backup holds {column.type!r} ({column})")


def _instant_out(value: datetime) -> str:
    # SQLite keeps no zone; what it keeps is UTC (`geodata.store.Instant`).
    return format_instant(value if value.tzinfo else value.replace(tzinfo=UTC))


_OUT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "instant": _instant_out,
    "date": date.isoformat,
    "bytes": lambda value: base64.b64encode(value).decode(),
    "decimal": str,
}
_IN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "instant": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bytes": base64.b64decode,
    "decimal": Decimal,
    "json": lambda text: sa.JSON.NULL if text == "null" else json.loads(text),
}


class BackupWriter:
    """Writes one backup, line by line, and seals it."""

    def __init__(self, file: IO[bytes], *, revision: str, made_at: datetime) -> None:
        self._gzip = gzip.GzipFile(fileobj=file, mode="wb", mtime=0)
        self._digest = hashlib.sha256()
        self._encoders: tuple[Callable[[Any], Any] | None, ...] = ()
        self.rows: dict[str, int] = {}
        self._write({"baotong_backup": FORMAT, "revision": revision, "made_at": format_instant(made_at)})

    def begin_table(self, name: str, columns: Sequence[tuple[str, str]]) -> None:
        """Begin a table; its rows follow."""
        self._encoders = tuple(_OUT.get(kind) for _, kind in columns)
        self.rows[name] = 0
        self._write({"table": name, "columns": [list(column) for column in columns]})

    def write_row(self, values: Sequence[Any]) -> None:
        """Write a row of the table begun last."""
        pairs = zip(values, self._encoders, strict=True)
        self._write([encode(value) if encode and value is not None else value for value, encode in pairs])
        self.rows[next(reversed(self.rows))] += 1

    def seal(self) -> None:
        """Write the last line, by which a reader knows that the file is whole."""
        self._write({"rows": self.rows, "sha256": self._digest.hexdigest()})
        self._gzip.close()

    def _write(self, content: object) -> None:
        line = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(line)
        self._gzip.write(line)


def read_seal(path: Path) -> BackupHeader:
    """Read a backup through and return what it says of itself, once every byte is known to be as it was written.

    Raises
    ------
    BadInputError
        `file-missing`, `backup-unreadable` where it is no backup, `backup-broken` where it is cut off or was changed.
    """
    digest = hashlib.sha256()
    first = last = b""
    for line in _lines(path):
        first = first or line
        if last:
            digest.update(last)
        last = line
    header, seal = _parse_object(first, path), _parse_object(last, path)
    if header.get("baotong_backup") != FORMAT or not isinstance(header.get("revision"), str):
        raise BadInputError("backup-unreadable", str(path), reason="no header of a backup")
    if seal.get("sha256") != digest.hexdigest():
        raise BadInputError("backup-broken", str(path), reason="the seal does not fit the content")
    return BackupHeader(header["revision"], datetime.fromisoformat(header["made_at"]), seal["rows"])


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") as file:
            yield from file
    except FileNotFoundError:
        raise BadInputError("file-missing", str(path)) from None
    except (EOFError, zlib.error) as error:
        raise BadInputError("backup-broken", str(path), reason=str(error)) from None
    except OSError as error:
        raise BadInputError("backup-unreadable", str(path), reason=str(error)) from None


def _parse_object(line: bytes, path: Path) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise BadInputError("backup-unreadable", str(path), reason="not made by Baotong")
    return content


def read_content(path: Path) -> Iterator[BackupTable | list[Any]]:
    """Yield each table's beginning and its rows, decoded; the file has passed `read_seal`."""
    decoders: tuple[Callable[[Any], Any] | None, ...] = ()
    for number, line in enumerate(_lines(path)):
        content = json.loads(line)
        if isinstance(content, list):
            pairs = zip(content, decoders, strict=True)
            yield [decode(value) if decode and value is not None else value for value, decode in pairs]
        elif number and "table" in content:
            table = BackupTable(content["table"], tuple((name, kind) for name, kind in content["columns"]))
            decoders = tuple(_IN.get(kind) for _, kind in table.columns)
            yield table
