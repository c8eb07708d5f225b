from __future__ import annotations

import pytest

from geodata.errors import RowErrors
from passes.whitelist.firms import HEADERS, FirmEntry, WhitelistRow, column_of, firm_of, group_rows


def entries(*rows: dict[str, str]) -> tuple[FirmEntry, ...]:
    return group_rows([WhitelistRow(number, row) for number, row in enumerate(rows, start=2)], where="list.csv")


def faults(*rows: dict[str, str]) -> list[tuple[object, str, str]]:
    with pytest.raises(RowErrors) as caught:
        entries(*rows)
    return [(one.facts["row"], one.code, one.where) for one in caught.value.rows]


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("企业名称", "name"),
        (" 企业(项目) ", "name"),
        ("企业\uff08项目\uff09", "name"),
        ("Enterprise Name", "name"),
        ("车牌号*", "plate"),
        ("Vehicle-Link", "link"),
        ("序号", None),
    ],
)
def test_headers_are_known_in_both_languages_whatever_their_width_and_case(title: str, column: str | None) -> None:
    assert column_of(title) == column


def test_no_header_means_two_columns() -> None:
    titles = [title for names in HEADERS.values() for title in names]
    assert len(titles) == len(set(titles))


def test_rows_of_one_firm_become_one_entry_with_its_vehicles() -> None:
    (entry,) = entries(
        {"name": "宏达面粉", "plate": "豫r·12345", "link": "自有"},
        {"name": "宏达面粉", "plate": "豫R23456", "link": "固定外协"},
    )
    assert [(one.plate, one.link) for one in entry.vehicles] == [("豫R12345", "own"), ("豫R23456", "contracted")]


def test_a_row_without_plate_speaks_of_the_firm_alone() -> None:
    (entry,) = entries({"name": "宏达面粉", "plate": "", "link": ""})
    assert entry.vehicles == ()


@pytest.mark.parametrize(
    ("row", "code", "where"),
    [
        ({"name": ""}, "whitelist-enterprise-missing", "list.csv: row 2: enterprise"),
        ({"name": "a", "plate": "豫R1234", "link": "own"}, "plate-unreadable", "list.csv: row 2: plate"),
        ({"name": "a", "plate": "豫R12345"}, "whitelist-value-missing", "list.csv: row 2: link"),
        ({"name": "a", "plate": "豫R12345", "link": "one_off"}, "whitelist-value-unknown", "list.csv: row 2: link"),
        ({"name": "a", "status": "gone"}, "whitelist-value-unknown", "list.csv: row 2: status"),
        ({"name": "a", "status": "移出"}, "removal-without-reason", "list.csv: row 2: reason"),
        ({"name": "a", "priority": "maybe"}, "whitelist-value-unknown", "list.csv: row 2: priority"),
    ],
)
def test_each_wrong_value_is_named_by_row_and_column(row: dict[str, str], code: str, where: str) -> None:
    assert faults(row) == [(2, code, where)]


def test_every_faulty_row_is_told_at_once() -> None:
    assert [
        row for row, _, _ in faults({"name": ""}, {"name": "good"}, {"name": "a", "plate": "x", "link": "own"})
    ] == [2, 4]


def test_one_plate_twice_in_a_firm_is_refused() -> None:
    row = {"name": "a", "plate": "豫R12345", "link": "own"}
    assert faults(row, row) == [(3, "plate-twice", "list.csv: row 3: plate")]


def test_rows_that_say_different_things_of_one_firm_are_refused() -> None:
    assert faults({"name": "a", "sector": "1"}, {"name": "a", "sector": "2"}) == [
        (3, "whitelist-rows-differ", "list.csv: row 3: sector")
    ]


def test_one_name_under_two_ids_is_refused() -> None:
    assert faults({"id": "1", "name": "a"}, {"id": "2", "name": "a"}) == [
        (3, "enterprise-name-twice", "list.csv: row 3")
    ]


def test_what_a_file_does_not_say_stays_as_it_was() -> None:
    (first,) = entries({"name": "a", "sector": "粮油", "plate": "豫R12345", "link": "own"})
    (second,) = entries({"name": "a", "township": "券桥镇", "plate": "豫R23456", "link": "own"})
    firm = firm_of(second, firm_of(first, None))
    assert (firm.sector, firm.township) == ("粮油", "券桥镇")
    assert [one.plate for one in firm.vehicles] == ["豫R12345", "豫R23456"]


def test_a_vehicle_leaves_by_its_own_status() -> None:
    (entry,) = entries({"name": "a", "plate": "豫R12345", "link": "own", "vehicle_status": "移出"})
    assert firm_of(entry, None).link_of("豫R12345") == ""


def test_a_firm_that_comes_back_has_no_reason_left() -> None:
    (removed,) = entries({"name": "a", "status": "removed", "reason": "x"})
    (back,) = entries({"name": "a", "status": "active", "reason": "x"})
    firm = firm_of(back, firm_of(removed, None))
    assert (firm.is_listed, firm.reason) == (True, "")
