from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.errors import RowErrors
from geodata.store import transaction
from passes.whitelist.firms import WhitelistRow, group_rows
from passes.whitelist.register import (
    FIRM_EVENTS,
    WhitelistImport,
    find_firm,
    firms_with_plate,
    import_whitelist,
    list_firms,
)
from tests.pass_applications import NOW

ROWS = (
    {"id": "firm", "name": "宏达面粉", "sector": "粮油", "plate": "豫R12345", "link": "own"},
    {"id": "firm", "name": "宏达面粉", "sector": "粮油", "plate": "豫R23456", "link": "contracted"},
    {"id": "carrier", "name": "顺通物流", "sector": "", "plate": "豫R23456", "link": "own"},
)


@pytest.fixture
def connection(store: sa.Engine) -> Iterator[sa.Connection]:
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def put(connection: sa.Connection, *rows: dict[str, str], hours: float = 0) -> WhitelistImport:
    entries = group_rows([WhitelistRow(number, row) for number, row in enumerate(rows, start=2)], where="list")
    return import_whitelist(connection, entries, at=NOW + timedelta(hours=hours), where="list")


def test_a_file_is_taken_and_the_same_file_again_changes_nothing(connection: sa.Connection) -> None:
    assert put(connection, *ROWS) == WhitelistImport(created=2, changed=0, unchanged=0, removed=0)
    before = list_firms(connection)
    assert put(connection, *ROWS, hours=1) == WhitelistImport(created=0, changed=0, unchanged=2, removed=0)
    assert list_firms(connection) == before


def test_a_firm_is_found_by_id_and_by_name(connection: sa.Connection) -> None:
    put(connection, *ROWS)
    assert find_firm(connection, "firm") == find_firm(connection, "宏达面粉")
    assert find_firm(connection, "nobody") is None


def test_brackets_of_either_width_name_the_same_firm(connection: sa.Connection) -> None:
    put(connection, {"name": "宏达\uff08方城\uff09面粉"})
    found = [find_firm(connection, name) for name in ("宏达(方城)面粉", "宏达\uff08方城\uff09面粉")]
    assert found[0] is not None
    assert found[0] == found[1]


def test_a_vehicle_may_serve_several_firms(connection: sa.Connection) -> None:
    put(connection, *ROWS)
    assert firms_with_plate(connection, "豫R23456") == ("宏达面粉", "顺通物流")


def test_a_changed_firm_is_counted_and_the_others_are_not_touched(connection: sa.Connection) -> None:
    put(connection, *ROWS)
    changed = put(connection, {"id": "firm", "name": "宏达面粉", "sector": "食品"})
    assert changed == WhitelistImport(created=0, changed=1, unchanged=0, removed=0)
    firm = find_firm(connection, "firm")
    assert firm is not None
    assert (firm.sector, len(firm.vehicles)) == ("食品", 2)


def test_a_removed_firm_stays_on_record_with_reason_and_time(connection: sa.Connection) -> None:
    put(connection, *ROWS)
    gone = put(connection, {"id": "firm", "name": "宏达面粉", "status": "removed", "reason": "未落实"}, hours=2)
    assert gone == WhitelistImport(created=0, changed=1, unchanged=0, removed=1)
    firm = find_firm(connection, "firm")
    assert firm is not None
    assert (firm.is_listed, firm.reason) == (False, "未落实")
    assert firms_with_plate(connection, "豫R12345") == ()
    events = connection.execute(
        sa.select(FIRM_EVENTS).where(FIRM_EVENTS.c.firm == "firm").order_by(FIRM_EVENTS.c.id)
    ).all()
    assert [(one.event, one.at - NOW, one.reason) for one in events] == [
        ("active", timedelta(0), ""),
        ("removed", timedelta(hours=2), "未落实"),
    ]


def test_a_list_without_states_does_not_bring_a_removed_firm_back(connection: sa.Connection) -> None:
    put(connection, {"name": "a", "status": "removed", "reason": "x"})
    put(connection, {"name": "a", "sector": "y"})
    firm = find_firm(connection, "a")
    assert firm is not None
    assert not firm.is_listed


def test_a_name_that_another_id_bears_is_refused_and_nothing_is_taken(connection: sa.Connection) -> None:
    put(connection, *ROWS)
    with pytest.raises(RowErrors) as caught:
        put(connection, {"id": "new", "name": "新厂"}, {"id": "other", "name": "宏达面粉"})
    assert [(one.code, one.facts["row"]) for one in caught.value.rows] == [("enterprise-name-taken", 3)]
    assert find_firm(connection, "new") is None
