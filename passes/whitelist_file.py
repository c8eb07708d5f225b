"""Read a whitelist file: CSV, XLSX or JSON, with Chinese or English headers."""

from __future__ import annotations

import csv
import io
import json
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError, RowErrors
from passes.whitelist import FirmEntry, WhitelistRow, column_of, group_rows

#: A county's whitelist has some thousand rows; a larger file is another file.
LARGEST_BYTES: Final = 20_000_000
LARGEST_UNPACKED_BYTES: Final = 200_000_000
#: What a damaged or odd XLSX file makes its reader raise; none of them is of our making.
_XLSX_FAULTS: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
#: UTF-8 with or without mark, then what spreadsheet programs in China save as CSV.
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class WhitelistFile:
    """What a file says, and the headers that nothing reads."""

    entries: tuple[FirmEntry, ...]
    ignored: tuple[str, ...]


def _text_of(data: bytes, where: str) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInputError("text-unreadable", where)


def _columns(titles: Sequence[str], where: str) -> tuple[dict[int, str], tuple[str, ...]]:
    """Find which column each header stands for.

    Raises
    ------
    BadInputError
        `whitelist-column-twice`, or `whitelist-column-missing` where no header names the enterprise.
    """
    found: dict[int, str] = {}
    for position, title in enumerate(titles):
        column = column_of(title)
        if column is not None and column in found.values():
            raise BadInputError("whitelist-column-twice", f"{where}: row 1: {title}", title=title)
        if column is not None:
            found[position] = column
    if "name" not in found.values():
        raise BadInputError("whitelist-column-missing", f"{where}: row 1", titles=list(titles)[:20])
    return found, tuple(title for position, title in enumerate(titles) if title and position not in found)


def _table_rows(table: Iterable[Sequence[str]], where: str) -> tuple[list[WhitelistRow], tuple[str, ...]]:
    """Make rows of a table whose first line holds the headers; empty lines are left out, but counted."""
    lines = iter(table)
    titles = [title.strip() for title in next(lines, [])]
    columns, ignored = _columns(titles, where)
    names = MappingProxyType({column: titles[position] for position, column in columns.items()})
    rows, faults = [], []
    for number, line in enumerate(lines, start=2):
        cells = [cell.strip() for cell in line]
        if any(cells[len(titles) :]):
            facts = {"row": number, "cells": len(cells), "titles": len(titles)}
            faults.append(BadInputError("whitelist-row-too-long", f"{where}: row {number}", **facts))
        elif any(cells):
            values = {column: cells[place] for place, column in columns.items() if place < len(cells)}
            rows.append(WhitelistRow(number, MappingProxyType(values), names))
    if faults:
        raise RowErrors("whitelist-has-errors", where, tuple(faults))
    return rows, ignored


def _csv_rows(data: bytes, where: str) -> tuple[list[WhitelistRow], tuple[str, ...]]:
    text = _text_of(data, where)
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return _table_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), where)
    except csv.Error as error:
        raise BadInputError("csv-unreadable", where, reason=str(error)) from None


def _cell_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)


def _inflated_bytes(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return sum(part.file_size for part in packed.infolist())


def _sheet_of(data: bytes, where: str) -> Any:
    """Return the first sheet of an XLSX file.

    Raises
    ------
    BadInputError
        `xlsx-unreadable`; `file-too-large` where it would grow beyond all measure when unpacked.
    """
    import openpyxl

    try:
        inflated = _inflated_bytes(data)
        if inflated <= LARGEST_UNPACKED_BYTES:
            with warnings.catch_warnings():
                # It warns of styles and data checks that it leaves out; none of them is data.
                warnings.simplefilter("ignore")
                return openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    except _XLSX_FAULTS as error:
        raise BadInputError("xlsx-unreadable", where, reason=(str(error) or type(error).__name__)[:200]) from None
    raise BadInputError("file-too-large", where, most=LARGEST_UNPACKED_BYTES, bytes=inflated)


def _xlsx_rows(data: bytes, where: str) -> tuple[list[WhitelistRow], tuple[str, ...]]:
    sheet = _sheet_of(data, where)
    merged = sorted(sheet.merged_cells.ranges, key=lambda one: (one.min_row, one.min_col))
    if merged:
        faults = [
            BadInputError("cells-merged", f"{where}: {sheet.title}!{one.coord}", row=one.min_row, cells=one.coord)
            for one in merged
        ]
        raise RowErrors("whitelist-has-errors", where, tuple(faults))
    return _table_rows(([_cell_text(cell) for cell in line] for line in sheet.iter_rows(values_only=True)), where)


def _flat(firm: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a JSON firm as rows, one a vehicle of its `vehicles`."""
    own = {key: value for key, value in firm.items() if key != "vehicles"}
    vehicles = firm.get("vehicles") or [{}]
    for vehicle in vehicles:
        renamed = {("vehicle_status" if key == "status" else key): value for key, value in vehicle.items()}
        yield {**own, **renamed}


def _is_firm(item: Any) -> bool:
    vehicles = item.get("vehicles") or [] if isinstance(item, dict) else None
    return isinstance(vehicles, list) and all(isinstance(one, dict) for one in vehicles)


def _json_rows(data: bytes, where: str) -> tuple[list[WhitelistRow], tuple[str, ...]]:
    try:
        document = json.loads(_text_of(data, where))
    except (ValueError, RecursionError) as error:
        raise BadInputError("json-unreadable", where, reason=str(error)) from None
    firms = document.get("enterprises") if isinstance(document, dict) else document
    if not isinstance(firms, list):
        raise BadInputError("whitelist-not-a-list", where)
    rows: list[WhitelistRow] = []
    ignored: set[str] = set()
    faults: list[BadInputError] = []
    for number, firm in enumerate(firms, start=1):
        if not _is_firm(firm):
            faults.append(BadInputError("whitelist-row-not-object", f"{where}: row {number}", row=number))
            continue
        for flat in _flat(firm):
            ignored.update(key for key in flat if column_of(key) is None)
            values = {column: _cell_text(flat[key]).strip() for key in flat if (column := column_of(key)) is not None}
            rows.append(WhitelistRow(number, MappingProxyType(values)))
    if faults:
        raise RowErrors("whitelist-has-errors", where, tuple(faults))
    return rows, tuple(sorted(ignored))


_READERS: Final = {".csv": _csv_rows, ".tsv": _csv_rows, ".txt": _csv_rows, ".xlsx": _xlsx_rows, ".json": _json_rows}


def read_whitelist(path: Path) -> WhitelistFile:
    """Read a whitelist file: all rows or none.

    Raises
    ------
    BadInputError
        `file-missing`, `file-too-large`, `file-kind-unknown`, or why the file cannot be read.
    RowErrors
        `whitelist-has-errors`: one fault a row, with the cell where cells are merged.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInputError("file-kind-unknown", str(path), kind=path.suffix, choices=sorted(_READERS))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError("file-missing", str(path), reason=error.strerror or "") from None
    if len(data) > LARGEST_BYTES:
        raise BadInputError("file-too-large", str(path), most=LARGEST_BYTES, bytes=len(data))
    rows, ignored = reader(data, path.name)
    return WhitelistFile(group_rows(rows, where=path.name), ignored)
