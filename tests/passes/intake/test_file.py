"""Files of applications: headers in two languages, faults by row and column, all rows or none."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import sqlalchemy as sa

from geodata.county import County
from geodata.errors import BadInputError, RowErrors
from geodata.store import transaction
from passes.applications.office import Office, all_conditions
from passes.intake.columns import COLUMNS, WORDS
from passes.intake.file import (
    MOST_BYTES,
    MOST_ROWS,
    file_rows,
    read_application_rows,
)
from passes.intake.handling import Act
from passes.intake.intake_register import list_intake
from passes.intake.row_reading import ApplicationRow, local_instant
from passes.intake.template import template_csv, template_xlsx
from passes.whitelist.register import find_firm
from tests.issuing_office import WHITELIST, office_of, put_on_whitelist
from tests.pass_applications import DRIVER_ID, NOW, RIDER_ID

ZONE = ZoneInfo("Asia/Shanghai")
ROW = {
    "车牌号": "豫Ｒ１２３４５",
    "车辆关系": "自有",
    "总质量(吨)": "18",
    "货物": "面粉",
    "出发地": "县医院",
    "目的地": "宏达面粉",
    "出发时间": "2022/7/1 9:30",
    "往返": "否",
    "提前报备时间": "2022-06-30 20:00",
    "驾驶员姓名": "王小明",
    "驾驶员身份证号": DRIVER_ID,
    "驾驶员采样时间": "2022年6月30日 22:00",
    "驾驶员检测结果": "阴性",
    "驾驶员证明方式": "已看证明",
}


def csv_of(*rows: dict[str, str], titles: list[str] | None = None) -> bytes:
    columns = titles or list(rows[0])
    lines = [columns, *([row.get(title, "") for title in columns] for row in rows)]
    return "\r\n".join(",".join(line) for line in lines).encode()


def xlsx_of(*rows: dict[str, Any], merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in (list(rows[0]), *(list(row.values()) for row in rows)):
        sheet.append(line)
    if merge:
        sheet.merge_cells(merge)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read(data: bytes, name: str = "day.csv", office: Office | None = None) -> tuple[ApplicationRow, ...]:
    return read_application_rows(data, name, zone=ZONE, conditions=all_conditions(office.settings) if office else ())


def faults(data: bytes, name: str = "day.csv") -> list[tuple[str, Any, Any]]:
    with pytest.raises(RowErrors) as refused:
        read(data, name)
    assert refused.value.code == "applications-have-errors"
    return [(one.code, one.facts["row"], one.facts.get("column")) for one in refused.value.rows]


@pytest.fixture
def office(small_county: County, store: sa.Engine) -> Iterator[Office]:
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        yield office_of(connection, small_county)


def file_all(office: Office, folder: Path, data: bytes) -> Any:
    firm = find_firm(office.connection, "宏达面粉")
    assert firm is not None
    rows = read(data, office=office)
    return file_rows(rows, office, Act("企业物流员", NOW, folder / "key"), firm=firm, name="day.csv")


def test_a_row_becomes_an_application_with_times_on_the_county_s_clock() -> None:
    (row,) = read(csv_of(ROW))
    assert row.document["depart_at"] == "2022-07-01T01:30:00Z"
    assert row.document["vehicle"] == {"plate": "豫Ｒ１２３４５", "link": "own", "gross_weight_t": 18}
    assert row.document["crew"][0]["sampled_at"] == "2022-06-30T14:00:00Z"
    assert (row.document["round_trip"], row.document["crew"][0]["role"]) == (False, "driver")


def test_english_headers_mean_the_same() -> None:
    english = {column.titles[0]: column.key for column in COLUMNS}
    (row,) = read(csv_of({english[title]: value for title, value in ROW.items()}))
    assert row.document == read(csv_of(ROW))[0].document


def test_xlsx_means_the_same() -> None:
    (row,) = read(xlsx_of(ROW), "day.xlsx")
    assert row.document == read(csv_of(ROW))[0].document


def test_a_second_rider_without_a_first_comes_second() -> None:
    (row,) = read(csv_of({**ROW, "随车人员姓名": "", "随车人员2姓名": "李红", "随车人员2身份证号": RIDER_ID}))
    assert [one["role"] for one in row.document["crew"]] == ["driver", "rider"]
    assert row.titles["crew[1].name"] == "随车人员2姓名"


def test_every_fault_is_told_with_row_and_column() -> None:
    wrong_id = {**ROW, "驾驶员身份证号": DRIVER_ID[:-1] + "2", "车牌号": "12345"}
    odd = {**ROW, "总质量(吨)": "重", "往返": "也许", "出发时间": "明天"}
    assert faults(csv_of(ROW, wrong_id, odd)) == [
        ("plate-unreadable", 3, "车牌号"),
        ("id-number-wrong", 3, "驾驶员身份证号"),
        ("cell-not-number", 4, "总质量(吨)"),
        ("time-unreadable", 4, "出发时间"),
        ("cell-word-unknown", 4, "往返"),
    ]


def test_headers_that_nothing_reads_are_not_lost_in_silence() -> None:
    titles = [*ROW, "车牌", "身高"]
    del titles[titles.index("目的地")]
    told = faults(csv_of(ROW, titles=titles))
    assert told == [("column-twice", 1, "车牌"), ("column-unknown", 1, "身高"), ("column-missing", 1, "目的地")]


def test_merged_cells_and_formulas_are_refused_by_place() -> None:
    assert faults(xlsx_of(ROW, ROW, merge="A2:A3"), "day.xlsx")[0][:2] == ("cells-merged", 2)
    assert faults(xlsx_of({**ROW, "货物": "=1+1"}), "day.xlsx") == [("cell-is-formula", 2, None)]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"x", "day.pdf", "file-kind-unknown"),
        (b"x" * (MOST_BYTES + 1), "day.csv", "file-too-large"),
        (b"PK nonsense", "day.xlsx", "xlsx-unreadable"),
        (csv_of(ROW).splitlines()[0], "day.csv", "applications-file-empty"),
        (csv_of(*[ROW] * (MOST_ROWS + 1)), "day.csv", "applications-too-many"),
    ],
    ids=["kind", "size", "damaged", "empty", "rows"],
)
def test_files_that_are_none_are_refused(data: bytes, name: str, code: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read(data, name)
    assert refused.value.code == code


def test_a_cell_beyond_the_headers_is_a_stray_comma() -> None:
    assert faults(csv_of(ROW) + b",x") == [("row-too-long", 2, "")]


def test_rows_are_filed_each_with_what_the_rules_find(office: Office, tmp_path: Path) -> None:
    old = {**ROW, "驾驶员采样时间": "2022-06-28 22:00"}
    filings = file_all(office, tmp_path, csv_of(ROW, old))
    found = [[one.code for one in filing.checked.findings] for _, filing in filings]
    assert found == [[], ["condition-expired"]]
    assert len(list_intake(office.connection, "applied")) == 2


def test_an_unknown_place_is_the_fault_of_its_cell(office: Office, tmp_path: Path) -> None:
    with pytest.raises(RowErrors) as refused:
        file_all(office, tmp_path, csv_of(ROW, {**ROW, "目的地": "月亮"}))
    (fault,) = refused.value.rows
    assert (fault.code, fault.facts["row"], fault.facts["column"]) == ("place-unknown", 3, "目的地")


def test_the_same_file_again_files_nothing_new(office: Office, tmp_path: Path) -> None:
    file_all(office, tmp_path, csv_of(ROW))
    assert [filing.again for _, filing in file_all(office, tmp_path, csv_of(ROW))] == [True]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_s_example_can_be_read(lang: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(lang, example_sheet="例", destination="宏达面粉")))
    titles, example = ([cell.value for cell in line] for line in book.worksheets[1].iter_rows())
    (row,) = read(xlsx_of(dict(zip(titles, example, strict=True))), "day.xlsx")
    assert row.document["destination"] == "宏达面粉"
    assert template_csv(lang).decode("utf-8-sig").strip().split(",") == titles


def test_an_empty_template_holds_no_application() -> None:
    with pytest.raises(BadInputError) as refused:
        read(template_xlsx("zh", example_sheet="例", destination="x"), "template.xlsx")
    assert refused.value.code == "applications-file-empty"


def test_a_time_with_its_offset_keeps_it_and_a_skipped_one_is_refused() -> None:
    assert local_instant("2022-07-01T08:00:00+00:00", ZONE, where="").hour == 8
    with pytest.raises(BadInputError) as refused:
        local_instant("2022-03-27 02:30", ZoneInfo("Europe/Berlin"), where="")
    assert refused.value.code == "time-does-not-exist"


def test_a_word_that_is_unknown_is_told_with_the_words_to_type_by_language() -> None:
    with pytest.raises(RowErrors) as refused:
        read(csv_of({**ROW, "驾驶员证明方式": "看过"}))
    facts = refused.value.rows[0].facts
    assert (facts["words_zh"], facts["words_en"]) == (
        ["本人申报", "已看证明", "系统导入"],
        ["declared", "seen", "imported"],
    )
    for lang in ("zh", "en"):
        typed = [*facts[f"words_{lang}"], *facts[f"also_{lang}"]]
        assert sorted(typed) == sorted(WORDS["proof"])
        assert all(read(csv_of({**ROW, "驾驶员证明方式": word})) for word in typed)
