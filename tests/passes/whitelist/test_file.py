from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadInputError, RowErrors
from passes.reading.table_file import LARGEST_UNPACKED_BYTES
from passes.whitelist.file import WhitelistFile, read_whitelist

TABLE = [
    ["序号", "企业(项目)名称", "车牌号", "车辆关系", "所属行业"],
    ["1", "宏达面粉", "豫\uff32\uff11\uff12345", "自有", "粮油"],
    ["2", "宏达面粉", "豫R23456", "固定外协", "粮油"],
    ["", "", "", "", ""],
    ["3", "顺通物流", "豫RD12345", "自有", "运输"],
]


def write_csv(path: Path, table: list[list[str]] = TABLE, *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_bytes("\r\n".join(delimiter.join(row) for row in table).encode(encoding))
    return path


def write_xlsx(path: Path, table: list[list[Any]] = TABLE, *, merge: str = "") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in table:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    book.save(path)
    return path


def plates(file: WhitelistFile) -> dict[str, list[str]]:
    return {entry.name: [one.plate for one in entry.vehicles] for entry in file.entries}


EXPECTED = {"宏达面粉": ["豫R12345", "豫R23456"], "顺通物流": ["豫RD12345"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_is_read_in_the_encodings_of_spreadsheet_programs(tmp_path: Path, encoding: str) -> None:
    file = read_whitelist(write_csv(tmp_path / "list.csv", encoding=encoding))
    assert plates(file) == EXPECTED
    assert file.ignored == ("序号",)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_csv_may_be_parted_otherwise(tmp_path: Path, delimiter: str) -> None:
    assert plates(read_whitelist(write_csv(tmp_path / "list.csv", delimiter=delimiter))) == EXPECTED


def test_xlsx_is_read(tmp_path: Path) -> None:
    assert plates(read_whitelist(write_xlsx(tmp_path / "list.xlsx"))) == EXPECTED


def test_numbers_in_xlsx_cells_are_texts(tmp_path: Path) -> None:
    file = read_whitelist(write_xlsx(tmp_path / "list.xlsx", [["id", "enterprise", "priority"], [7, "a", True]]))
    assert dict(file.entries[0].columns) == {"id": "7", "priority": "true"}


def test_merged_cells_are_refused_with_the_cell_named(tmp_path: Path) -> None:
    with pytest.raises(RowErrors) as caught:
        read_whitelist(write_xlsx(tmp_path / "list.xlsx", merge="B2:B3"))
    (fault,) = caught.value.rows
    assert (fault.code, fault.facts["row"], fault.where) == ("cells-merged", 2, "list.xlsx: Sheet!B2:B3")


def test_json_is_read_with_vehicles_inside_their_firm(tmp_path: Path) -> None:
    vehicles = [{"plate": "豫R12345", "link": "own"}, {"plate": "豫R23456", "link": "contracted", "status": "removed"}]
    path = tmp_path / "list.json"
    path.write_text(
        json.dumps({"enterprises": [{"id": "x", "name": "宏达面粉", "vehicles": vehicles}]}), encoding="utf-8"
    )
    (entry,) = read_whitelist(path).entries
    assert [one.status for one in entry.vehicles] == ["active", "removed"]


def test_json_is_read_row_by_row_too(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    rows = [
        {"enterprise": "a", "plate": "豫R12345", "link": "own"},
        {"enterprise": "a", "plate": "豫R23456", "link": "own"},
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    assert plates(read_whitelist(path)) == {"a": ["豫R12345", "豫R23456"]}


def test_a_faulty_row_is_named_as_the_spreadsheet_counts_it(tmp_path: Path) -> None:
    with pytest.raises(RowErrors) as caught:
        read_whitelist(write_csv(tmp_path / "list.csv", [*TABLE, ["4", "新厂", "豫R1", "自有", ""]]))
    (fault,) = caught.value.rows
    assert (fault.facts["row"], fault.where) == (6, "list.csv: row 6: 车牌号")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.csv", b"\xff\x00\x81", "text-unreadable"),
        ("list.csv", "名称,车牌\na,b".encode(), "whitelist-column-missing"),
        ("list.csv", b"", "whitelist-column-missing"),
        ("list.csv", "企业,企业名称\na,b".encode(), "whitelist-column-twice"),
        ("list.csv", b'enterprise\n"a', "csv-unreadable"),
        ("list.csv", b"enterprise\na,b", "whitelist-has-errors"),
        ("list.xlsx", b"not a workbook", "xlsx-unreadable"),
        ("list.xlsx", b"PK\x03\x04truncated", "xlsx-unreadable"),
        ("list.json", b"{", "json-unreadable"),
        ("list.json", b'{"firms": []}', "whitelist-not-a-list"),
        ("list.json", b"[1]", "whitelist-has-errors"),
        ("list.json", b'[{"name": "a", "vehicles": [1]}]', "whitelist-has-errors"),
        ("list.pdf", b"", "file-kind-unknown"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_says_why(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInputError) as caught:
        read_whitelist(path)
    assert caught.value.code == code


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_whitelist(tmp_path / "list.csv")
    assert (caught.value.code, caught.value.where) == ("file-missing", str(tmp_path / "list.csv"))


def test_an_xlsx_that_grows_beyond_measure_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/workbook.xml", "w") as part:
        for _ in range(LARGEST_UNPACKED_BYTES // 1_000_000 + 1):
            part.write(bytes(1_000_000))
    with pytest.raises(BadInputError, match="file-too-large"):
        read_whitelist(path)


def damaged(source: Path, target: Path, part: int, at: float, new: bytes) -> Path:
    """Write a workbook again with some bytes of one of its parts replaced."""
    with zipfile.ZipFile(source) as good, zipfile.ZipFile(target, "w") as bad:
        for number, info in enumerate(good.infolist()):
            content = good.read(info)
            if number == part % len(good.infolist()):
                place = int(at * len(content))
                content = content[:place] + new + content[place + len(new) :]
            bad.writestr(info.filename, content)
    return target


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(
    part=st.integers(0, 20),
    at=st.floats(0, 1, exclude_max=True),
    new=st.one_of(st.binary(min_size=1, max_size=4), st.sampled_from([b"<", b">", b'"', b"9", b"r", b"/"])),
)
def test_no_damaged_workbook_breaks_the_reading(tmp_path: Path, part: int, at: float, new: bytes) -> None:
    source = tmp_path / "good.xlsx"
    if not source.exists():
        write_xlsx(source)
    with suppress(BadInputError):
        read_whitelist(damaged(source, tmp_path / "bad.xlsx", part, at, new))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(suffix=st.sampled_from([".csv", ".json", ".xlsx"]), content=st.binary(max_size=60))
def test_no_content_breaks_the_reading(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"list{suffix}"
    path.write_bytes(content)
    with suppress(BadInputError):
        read_whitelist(path)
