"""Write closures as a table (CSV or XLSX) and read such tables back: every fault with its row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geodata.errors import BadInputError, RowErrors
from geodata.exchange.records import WRITTEN, feature_of, read_titles, record_of
from passes.reading.table_file import (
    SHEET_KIND,
    TEXT_KINDS,
    TableFile,
    read_file,
    saved_encoding,
    sheet_bytes,
    table_lines,
)

FAULTS: Final = "closures-file-has-errors"
SHEET: Final = "道路关闭"
#: What spreadsheet programs take for the beginning of a formula.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class TableReading:
    """Rows as features of the closure file, what people count each as, and the encoding of a text file."""

    features: tuple[dict[str, Any], ...]
    rows: tuple[int, ...]
    encoding: str


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV that spreadsheet programs open in the right encoding: UTF-8 with its mark.

    A text that such a program would count as a formula, whoever wrote it, has an apostrophe in front.
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_as_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _as_text(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(_FORMULA_STARTS) else cell


def _as_written(cell: str) -> str:
    """Return a cell of CSV without the apostrophe that `csv_bytes` puts before a text."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_STARTS) else cell


def table_bytes(rows: Iterable[Sequence[object]], kind: str, *, title: str) -> bytes:
    """Return rows as a table, `kind` being ".csv" or ".xlsx"; faults as `sheet_bytes`."""
    rows = [list(row) for row in rows]
    return sheet_bytes(rows, title=title) if kind == SHEET_KIND else csv_bytes(rows)


def closure_table(features: Iterable[Mapping[str, Any]], kind: str) -> bytes:
    """Return features of the closure file as a table."""
    records = (record_of(feature) for feature in features)
    rows = [list(WRITTEN), *([record[name] for name in WRITTEN] for record in records)]
    return table_bytes(rows, kind, title=SHEET)


def read_closure_table(path: Path) -> TableReading:
    """Read a table of closures; empty lines are left out, but counted.

    Raises
    ------
    BadInputError
        `file-missing`, `file-too-large`, `column-unknown`, `column-twice`, `column-missing`, or why it cannot be read.
    RowErrors
        `closures-file-has-errors`: cells that cannot be read, merged cells, lines that are too long.
    """
    file = TableFile(path.name, read_file(path), FAULTS)
    if file.kind not in (*TEXT_KINDS, SHEET_KIND):
        raise BadInputError("file-kind-unknown", path.name, kind=file.kind, choices=[*TEXT_KINDS, SHEET_KIND])
    lines = table_lines(file)
    titles = next(lines, [])
    columns = read_titles(titles, where=f"{path.name}: row 1")
    features, rows, wrong = [], [], []
    for number, line in enumerate(lines, start=2):
        if not any(cell.strip() for cell in line):
            continue
        where = f"{path.name}: row {number}"
        try:
            if any(cell.strip() for cell in line[len(titles) :]):
                raise BadInputError("row-too-long", where, cells=len(line), titles=len(titles), column="")
            cells = {key: _as_written(line[at]) for at, key in columns.items() if at < len(line)}
            features.append(feature_of(cells, where=where))
            rows.append(number)
        except BadInputError as fault:
            fault.facts = {**fault.facts, "row": number, "id": None}
            wrong.append(fault)
    if wrong:
        raise RowErrors(FAULTS, path.name, tuple(wrong))
    encoding = "" if file.kind == SHEET_KIND else saved_encoding(file.data, file.name)
    return TableReading(tuple(features), tuple(rows), encoding)
