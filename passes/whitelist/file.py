"""Read a whitelist file: CSV, XLSX or JSON, with Chinese or English headers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError, RowErrors
from passes.reading.table_file import (
    LARGEST_BYTES,
    SHEET_KIND,
    TEXT_KINDS,
    TableFile,
    cell_text,
    read_file,
    refuse_larger,
    table_lines,
    text_of,
)
from passes.whitelist.firms import FirmEntry, WhitelistRow, column_of, group_rows

_FAULTS: Final = "whitelist-has-errors"


@dataclass(frozen=True, slots=True)
class WhitelistFile:
    """What a file says, and the headers that nothing reads."""

    entries: tuple[FirmEntry, ...]
    ignored: tuple[str, ...]


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
        raise RowErrors(_FAULTS, where, tuple(faults))
    return rows, ignored


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
        document = json.loads(text_of(data, where))
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
            values = {column: cell_text(flat[key]).strip() for key in flat if (column := column_of(key)) is not None}
            rows.append(WhitelistRow(number, MappingProxyType(values)))
    if faults:
        raise RowErrors(_FAULTS, where, tuple(faults))
    return rows, tuple(sorted(ignored))


_KINDS: Final = (*TEXT_KINDS, SHEET_KIND, ".json")


def read_whitelist(path: Path) -> WhitelistFile:
    """Read a whitelist file: all rows or none.

    Raises
    ------
    BadInputError
        `file-missing`, `file-too-large`, `file-kind-unknown`, or why the file cannot be read.
    RowErrors
        `whitelist-has-errors`: one fault a row, with the cell where cells are merged.
    """
    _refuse_other_kinds(path.suffix.lower(), str(path))
    return read_whitelist_data(read_file(path), path.name)


def read_whitelist_data(data: bytes, name: str) -> WhitelistFile:
    """Read the content of a whitelist file of this name, as `read_whitelist` does."""
    file = TableFile(name, data, _FAULTS)
    _refuse_other_kinds(file.kind, name)
    refuse_larger(data, name, most=LARGEST_BYTES)
    rows, ignored = _json_rows(data, name) if file.kind == ".json" else _table_rows(table_lines(file), name)
    return WhitelistFile(group_rows(rows, where=name), ignored)


def _refuse_other_kinds(kind: str, where: str) -> None:
    if kind not in _KINDS:
        raise BadInputError("file-kind-unknown", where, kind=kind, choices=sorted(_KINDS))
