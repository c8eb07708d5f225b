"""A small XLSX file that asks for thousands of millions of cells is refused before its reader makes them."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from geodata.errors import BadInputError
from passes.reading.table_file import TableFile, table_lines

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
TAIL = "</sheetData></worksheet>"
BOMBS = {
    "a cell in the last corner": f'{HEAD}{ONE}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>{TAIL}',
    "a cell that is not in its row": f'{HEAD}<row r="1"><c r="XFD1048576"><v>1</v></c></row>{TAIL}',
    "cells without a name": f'{HEAD}<row r="1048576"><c/><c/></row>{TAIL}',
    "every cell merged": f'{HEAD}{ONE}</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>',
    "whole columns merged": f'{HEAD}{ONE}</sheetData><mergeCells><mergeCell ref="A:C"/></mergeCells></worksheet>',
    "every cell a link": f'{HEAD}{ONE}</sheetData><hyperlinks><hyperlink ref="$A$1:XFD$1048576"/></hyperlinks></worksheet>',
    "names behind a prefix": f'{HEAD}{ONE}</sheetData><x:mergeCell xmlns:x="a" ref="A1:B1048576"/></worksheet>',
}


def workbook(sheet: str, part: str = "xl/worksheets/sheet1.xml", encoding: str = "utf-8") -> bytes:
    """Return a good workbook in which one part says something else."""
    good, packed = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active["A1"] = "x"
    book.save(good)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in {*source.namelist(), part}:
            target.writestr(name, sheet.encode(encoding) if name == part else source.read(name))
    return packed.getvalue()


def read(data: bytes) -> list[list[str]]:
    return list(table_lines(TableFile("day.xlsx", data, "faults"), formulas=False))


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_sheet_of_more_cells_than_any_list_has_is_refused(bomb: str) -> None:
    with pytest.raises(BadInputError, match="sheet-too-large"):
        read(workbook(bomb))


def test_another_encoding_or_another_name_of_the_part_hides_nothing() -> None:
    for data in (
        workbook(BOMBS["every cell merged"], encoding="utf-16"),
        workbook(BOMBS["every cell merged"], part="xl/anything"),
    ):
        with pytest.raises(BadInputError, match="sheet-too-large"):
            read(data)


def test_styles_without_end_are_refused() -> None:
    styles = f"<styleSheet>{'<xf/>' * 200_001}</styleSheet>"
    with pytest.raises(BadInputError, match="sheet-too-large"):
        read(workbook(styles, part="xl/styles.xml"))


def test_a_sheet_with_a_filter_over_whole_columns_is_read() -> None:
    sheet = f'{HEAD}{ONE}<row r="3"><c r="B3"><v>2</v></c></row></sheetData><autoFilter ref="A:C"/></worksheet>'
    assert read(workbook(sheet)) == [["1", ""], ["", ""], ["", "2"]]
