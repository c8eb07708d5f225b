"""Closures as CSV and XLSX, written and read back, and every fault of a table by row."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from geodata.closures.features import closure_feature
from geodata.closures.files import read_closure_features
from geodata.errors import BadInputError, RowErrors
from geodata.exchange.records import WRITTEN
from geodata.snapping import RoadIndex
from passes.exchange.closure_tables import closure_table, read_closure_table
from passes.reading.table_file import sheet_bytes
from tests.closure_cases import HQ, class_network, closed, hours, says, sees, settings, span

NETWORK = class_network()
INDEX = RoadIndex(NETWORK)
CLOSURE = closed(
    span("c", 10.0, 900.0),
    decisions=[says(HQ, end=hours(4))],
    observations=[sees("blocked", hours(1))],
    reason="=1+1\n学校",
)


def table(tmp_path, text, *, encoding="utf-8", name="z.csv"):
    (tmp_path / name).write_bytes(text.encode(encoding))
    return read_closure_table(tmp_path / name)


@pytest.mark.parametrize("kind", [".csv", ".xlsx"])
def test_a_table_comes_back_as_the_same_features(tmp_path, kind):
    feature = closure_feature(CLOSURE, NETWORK)
    (tmp_path / f"z{kind}").write_bytes(closure_table([feature], kind))
    found = read_closure_table(tmp_path / f"z{kind}")
    assert found.features == ({**feature},)
    again = read_closure_features(found.features, INDEX, settings(), where="z", rows=found.rows)
    assert (again[0].extent, again[0].decisions[0].end, again[0].reason) == (CLOSURE.extent, hours(4), "=1+1\n学校")


@pytest.mark.parametrize("reason", ["=HYPERLINK(1)", "+1", "-", "@a", "'=1", "'quoted'"])
def test_no_text_in_a_csv_is_a_formula_and_each_comes_back(tmp_path, reason):
    data = closure_table([closure_feature(replace(CLOSURE, reason=reason), NETWORK)], ".csv")
    cells = next(line for number, line in enumerate(csv.reader(io.StringIO(data.decode("utf-8-sig")))) if number)
    assert not any(one.startswith(("=", "+", "-", "@")) for one in cells)
    (tmp_path / "z.csv").write_bytes(data)
    assert read_closure_table(tmp_path / "z.csv").features[0]["properties"]["reason"] == reason


def test_a_csv_of_a_chinese_spreadsheet_is_read_and_its_encoding_told(tmp_path):
    text = "编号,开始时间,道路编号,理由\nz1,2022-06-22T08:00:00+08:00,c,防控\n\nz2,2022-06-22T08:00:00+08:00,n,防控\n"
    found = table(tmp_path, text, encoding="gbk")
    assert (found.encoding, found.rows) == ("gb18030", (2, 4))
    assert found.features[0]["properties"]["reason"] == "防控"
    assert table(tmp_path, text, encoding="utf-8-sig").encoding == "utf-8"


def test_every_row_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(RowErrors) as refused:
        table(tmp_path, "id,geometry\nz1,POINT (1 1)\nz2,\nz3,LINE\nz4,,more\n")
    assert [(one.code, one.facts["row"]) for one in refused.value.rows] == [
        ("closure-geometry-not-a-line", 2),
        ("cell-not-wkt", 4),
        ("row-too-long", 5),
    ]


def test_merged_cells_are_told_by_place(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(closure_table([closure_feature(CLOSURE, NETWORK)], ".xlsx")))
    book.active.merge_cells("A2:B3")
    book.save(tmp_path / "z.xlsx")
    with pytest.raises(RowErrors) as refused:
        read_closure_table(tmp_path / "z.xlsx")
    assert [(one.code, one.facts["cells"]) for one in refused.value.rows] == [("cells-merged", "A2:B3")]


def test_a_text_that_looks_like_a_formula_stays_a_text():
    book = openpyxl.load_workbook(io.BytesIO(closure_table([closure_feature(CLOSURE, NETWORK)], ".xlsx")))
    assert book.active.cell(2, 1 + WRITTEN.index("reason")).data_type == "s"


@pytest.mark.parametrize("text", ["x" * 32_768, "a\x0bb"])
def test_what_a_cell_cannot_hold_is_refused_and_not_cut(text):
    with pytest.raises(BadInputError, match="cell-not-for-xlsx"):
        sheet_bytes([[text]], title="t")
