"""Make the empty file that a firm fills with its applications: headers in one language, an example on another sheet."""

from __future__ import annotations

import io
from typing import Final

from passes.intake.columns import COLUMNS, NUMBER, Column

#: What the example says, by column; nobody is called so and no such number was ever given out.
_EXAMPLE: Final = {
    "plate": "豫RZ9001",
    "link": "自有",
    "gross_weight_t": 18,
    "axles": 3,
    "height_m": 3.8,
    "goods": "面粉",
    "origin": "410100 郑州",
    "depart_at": "2022-07-01 08:00",
    "round_trip": "是",
    "prereported_at": "2022-06-30 12:00",
    "driver_name": "王某某",
    "driver_id_number": "411322199401010000",
    "driver_phone": "00000000001",
    "driver_sampled_at": "2022-06-30 20:00",
    "driver_result": "阴性",
    "driver_proof": "已看证明",
}


def _title(column: Column, lang: str) -> str:
    return column.key if lang == "en" else column.titles[0]


def template_xlsx(lang: str, *, example_sheet: str, destination: str) -> bytes:
    """Return the empty workbook; cells are texts, so that long numbers and times stay as they are typed.

    Parameters
    ----------
    lang
        "zh" or "en": the language of the headers.
    example_sheet
        What the sheet with the example is called; only the first sheet is ever read.
    destination
        A place of the county, for the example.
    """
    import openpyxl
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    first = book.worksheets[0]
    first.title = "applications" if lang == "en" else "申请"
    example = book.create_sheet(example_sheet[:30])
    titles = [_title(column, lang) for column in COLUMNS]
    said = {**_EXAMPLE, "destination": destination}
    for sheet in (first, example):
        sheet.append(titles)
        sheet.freeze_panes = "A2"
    example.append([said.get(column.key) for column in COLUMNS])
    for place, column in enumerate(COLUMNS, start=1):
        for row in range(2, 202):
            first.cell(row, place).number_format = "General" if column.kind == NUMBER else "@"
        first.column_dimensions[get_column_letter(place)].width = 18
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def template_csv(lang: str) -> bytes:
    """Return the headers alone as CSV, with the mark by which spreadsheet programs know UTF-8."""
    return ("\ufeff" + ",".join(_title(column, lang) for column in COLUMNS) + "\r\n").encode()
