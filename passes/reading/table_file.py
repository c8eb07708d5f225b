"""Read a table that people made, CSV or XLSX, as lines of texts: encodings, damaged and merged sheets; write one."""

from __future__ import annotations

import csv
import io
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from geodata.errors import BadInputError, RowErrors
from passes.reading.sheet_size import MOST_CELLS, SheetTooLargeError, refuse_large_sheets

#: A county's whitelist has some thousand rows; a larger file is another file.
LARGEST_BYTES: Final = 20_000_000
LARGEST_UNPACKED_BYTES: Final = 100_000_000
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
TEXT_KINDS: Final = (".csv", ".tsv", ".txt")
SHEET_KIND: Final = ".xlsx"
#: What the format holds in a cell.
_LONGEST_CELL: Final = 32_767
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file as it came.

    Attributes
    ----------
    name
        What its errors call it.
    faults
        Code of the errors that gather its rows' faults.
    """

    name: str
    data: bytes
    faults: str

    @property
    def kind(self) -> str:
        """The name's ending, such as ".csv"."""
        return Path(self.name).suffix.lower()


def read_file(path: Path) -> bytes:
    """Return a file's content.

    Raises
    ------
    BadInputError
        `file-missing`, `file-too-large`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError("file-missing", str(path), reason=error.strerror or "") from None
    refuse_larger(data, str(path), most=LARGEST_BYTES)
    return data


def refuse_larger(data: bytes, where: str, *, most: int) -> None:
    """Refuse a file of more bytes.

    Raises
    ------
    BadInputError
        `file-too-large`.
    """
    if len(data) > most:
        raise _too_large(where, len(data), most=most)


def _too_large(where: str, count: int, *, most: int) -> BadInputError:
    """Make the fault of so many bytes; in megabytes it never says that 5 were more than 5."""
    megabytes = math.ceil(count / 100_000) / 10
    return BadInputError("file-too-large", where, bytes=count, most=most, mb=megabytes, most_mb=most / 1_000_000)


def saved_encoding(data: bytes, where: str) -> str:
    """Return the encoding that a text file was saved in: "utf-8", "utf-16" or "gb18030".

    Raises
    ------
    BadInputError
        `text-unreadable`.
    """
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding.removesuffix("-sig")
    raise BadInputError("text-unreadable", where)


def text_of(data: bytes, where: str) -> str:
    """Return a file's text in the encoding it was saved in.

    Raises
    ------
    BadInputError
        `text-unreadable`.
    """
    encoding = saved_encoding(data, where)
    return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)


def table_lines(file: TableFile, *, formulas: bool = True) -> Iterator[list[str]]:
    """Yield the lines of a table, each a list of texts.

    Parameters
    ----------
    formulas
        Whether a cell may hold a formula; its last value is then read.

    Raises
    ------
    BadInputError
        `csv-unreadable`, `xlsx-unreadable`, `text-unreadable`, `file-too-large` when unpacked, `sheet-too-large`.
    RowErrors
        `cells-merged` and `cell-is-formula`, a fault a place.
    """
    yield from _sheet_lines(file, formulas) if file.kind == SHEET_KIND else _text_lines(file)


def _text_lines(file: TableFile) -> Iterator[list[str]]:
    text = text_of(file.data, file.name)
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise BadInputError("csv-unreadable", file.name, reason=str(error)) from None


def cell_text(value: Any) -> str:
    """Return what a cell or a JSON value says, as a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)


def _refuse_inflated(file: TableFile) -> None:
    """Refuse a workbook that grows beyond measure when it is unpacked or read."""
    with zipfile.ZipFile(io.BytesIO(file.data)) as packed:
        inflated = sum(part.file_size for part in packed.infolist())
        if inflated > LARGEST_UNPACKED_BYTES:
            raise _too_large(file.name, inflated, most=LARGEST_UNPACKED_BYTES)
        try:
            refuse_large_sheets(packed)
        except SheetTooLargeError:
            raise BadInputError("sheet-too-large", file.name, most=MOST_CELLS) from None


def _sheet_of(file: TableFile, formulas: bool) -> Any:
    """Return the first sheet of an XLSX file."""
    import openpyxl

    try:
        _refuse_inflated(file)
        with warnings.catch_warnings():
            # It warns of styles and data checks that it leaves out; none of them is data.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(file.data), data_only=formulas).worksheets[0]
    except BadInputError:
        raise
    except _XLSX_FAULTS as error:
        reason = (str(error) or type(error).__name__)[:200]
        raise BadInputError("xlsx-unreadable", file.name, reason=reason) from None


def _cell_fault(code: str, file: TableFile, sheet: Any, row: int, cells: str) -> BadInputError:
    return BadInputError(code, f"{file.name}: {sheet.title}!{cells}", row=row, cells=cells)


def _sheet_lines(file: TableFile, formulas: bool) -> Iterator[list[str]]:
    sheet = _sheet_of(file, formulas)
    merged = sorted(sheet.merged_cells.ranges, key=lambda one: (one.min_row, one.min_col))
    faults = [_cell_fault("cells-merged", file, sheet, one.min_row, one.coord) for one in merged]
    if not formulas:
        counted = (cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f")
        faults += [_cell_fault("cell-is-formula", file, sheet, cell.row, cell.coordinate) for cell in counted]
    if faults:
        raise RowErrors(file.faults, file.name, tuple(faults))
    yield from ([cell_text(cell) for cell in line] for line in sheet.iter_rows(values_only=True))


def sheet_bytes(rows: Sequence[Sequence[object]], *, title: str) -> bytes:
    """Return rows as an XLSX file of one sheet, headers on top; a text is a text, also one that looks like a formula.

    Raises
    ------
    BadInputError
        `cell-not-for-xlsx`: a text that is too long for a cell, or has a character that the format cannot hold.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            if isinstance(value, str) and (len(value) > _LONGEST_CELL or _NOT_IN_XML.search(value)):
                raise BadInputError("cell-not-for-xlsx", f"{title}: row {number}", row=number, longest=_LONGEST_CELL)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
                cell.alignment = Alignment(vertical="top", wrap_text=True)
            if number == 1:
                cell.font = Font(bold=True)
    for column in range(1, sheet.max_column + 1):
        longest = max((len(str(row[column - 1])) for row in rows if len(row) >= column), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(10, 2 * min(longest, 16)), 40)
    sheet.freeze_panes = "A2"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
