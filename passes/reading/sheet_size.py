"""Measure an XLSX file before its reader unpacks it: some kilobytes may ask for thousands of millions of cells.

The reader makes every cell between the first and the last one, every cell of a merged or linked range, and an object of
each entry of the styles. So one cell in the last corner, or one range over the whole sheet, would take all memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from xml.parsers import expat

#: Ten thousand rows of forty columns, and half as much again; a larger sheet is another file.
MOST_CELLS: Final = 600_000
#: Entries of everything that is no cell: styles, comments, parts of rich texts.
MOST_ENTRIES: Final = 200_000
#: What a cell, its row and its text are written as.
_PLAIN: Final = frozenset({"row", "c", "v", "f", "is", "si", "t"})
#: What the reader applies to every cell that its `ref` names.
_RANGES: Final = frozenset({"mergeCell", "hyperlink", "comment"})
_CORNER: Final = re.compile(r"\$?([A-Za-z]{0,3})\$?([0-9]{0,7})")
_LAST_COLUMN: Final = 2**14
_LAST_ROW: Final = 2**20
_CHUNK: Final = 1 << 16


class SheetTooLargeError(Exception):
    """Says that a workbook asks for more than any list of ours has."""


@lru_cache(4_096)
def _column(letters: str) -> int:
    """Return the number of a column, the last one where none is named."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number or _LAST_COLUMN


def _corner(text: str) -> tuple[int, int]:
    """Return column and row of a corner; what names neither, or cannot be read, reaches as far as a sheet does."""
    found = _CORNER.fullmatch(text)
    if found is None:
        return _LAST_COLUMN, _LAST_ROW
    return _column(found[1]), int(found[2] or _LAST_ROW)


def _cells_of(reference: str) -> int:
    """Return how many cells a range has; a single cell has one."""
    first, _, last = reference.partition(":")
    if not last:
        return 1
    (left, top), (right, bottom) = _corner(first), _corner(last)
    left, top = (left if first.strip("$0123456789") else 1), (top if first[-1:].isdigit() else 1)
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)


class _Measure:
    """What one part of a workbook asks for."""

    def __init__(self) -> None:
        self.cells = 0
        self._ranged = self._entries = self._row = self._column = self._last_row = self._last_column = 0
        self._row_text = ""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """Count an element as it begins.

        Raises
        ------
        SheetTooLargeError
        """
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self._count_cell(attributes.get("r", ""))
        elif name == "row":
            self._begin_row(attributes.get("r", ""))
        elif name not in _PLAIN:
            self._entries += 1
            if name in _RANGES:
                self._ranged += _cells_of(attributes.get("ref", ""))
            if self._entries > MOST_ENTRIES or self._ranged > MOST_CELLS:
                raise SheetTooLargeError

    def _begin_row(self, told: str) -> None:
        self._row = int(told) if told.isdecimal() else self._row + 1
        self._row_text, self._column = str(self._row), 0
        self._reach(self._row, 0)

    def _count_cell(self, told: str) -> None:
        self.cells += 1
        letters = told.rstrip("0123456789")
        self._column = _column(letters) if letters else self._column + 1
        row = told[len(letters) :]
        if self._column > self._last_column or (row and row != self._row_text) or self.cells > MOST_CELLS:
            self._reach(int(row) if row else self._row, self._column)

    def _reach(self, row: int, column: int) -> None:
        """Note that there is something in a cell."""
        self._last_row, self._last_column = max(self._last_row, row), max(self._last_column, column)
        if self._last_row * self._last_column > MOST_CELLS or self.cells > MOST_CELLS:
            raise SheetTooLargeError


def refuse_large_sheets(packed: zipfile.ZipFile) -> None:
    """Refuse a workbook that asks for more cells, or entries of another kind, than any list of ours has.

    Raises
    ------
    SheetTooLargeError
        Every part counts, whatever its name: which one is a sheet is said by another part.
    """
    cells = 0
    for info in packed.infolist():
        measure = _Measure()
        parser = expat.ParserCreate()
        parser.StartElementHandler = measure.begin
        with packed.open(info) as part:
            try:
                while chunk := part.read(_CHUNK):
                    parser.Parse(chunk, False)
            except expat.ExpatError:
                pass  # no XML, or damaged: the reader gets no further in it either
        cells += measure.cells
        if cells > MOST_CELLS:
            raise SheetTooLargeError
