"""The board: what steps and audit say of each finding, its counts, its pages, its groups."""

from dataclasses import replace

import pytest

from geodata.store import transaction
from geodata.tickets.board_register import (
    GROUPS,
    BoardQuery,
    BoardRow,
    count_board,
    find_row,
    group_board,
    list_board,
    put_findings,
    townships_on_board,
    units_on_board,
)
from geodata.tickets.register import take_step
from geodata.tickets.ticket import CLOSED, RESOLVED, SENT, Step
from tests.closure_cases import NOON, hours

SEND = Step(SENT, "s", "supervision", "东镇", hours(4), due_at=hours(28))
ANSWER = Step(RESOLVED, "tw", "东镇", "东镇", hours(5), note="已办", due_at=hours(29))
CLOSE = Step(CLOSED, "s", "supervision", "东镇", hours(6), note="已核实")


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as connection:
        yield connection


def found(check, subject, **more):
    known = {"is_found": True, "township": "东镇", "cause": "works", "lon": 113.0, "lat": 33.0, "due_at": hours(8)}
    return BoardRow(check, subject, NOON, **{**known, **more})


def many(count):
    """Rows of three checks, four townships and two causes."""
    return [
        found(
            f"K{index % 3 + 1}",
            f"z{index:05d}",
            township=f"乡{index % 4}",
            cause=("works", "flood")[index % 2],
            due_at=hours(index % 50),
            lon=None if index % 7 == 0 else 113.0,
        )
        for index in range(count)
    ]


def test_a_finding_is_on_the_board_until_nobody_finds_it(connection):
    put_findings(connection, [found("K1", "z1")])
    assert find_row(connection, "K1", "z1") == found("K1", "z1")
    put_findings(connection, [])
    assert list_board(connection, BoardQuery(state="any")) == ((), 0)


def test_each_step_is_on_the_board_at_once(connection):
    put_findings(connection, [found("K1", "z1")])
    states = []
    for count, step in enumerate((SEND, ANSWER, CLOSE)):
        take_step(connection, ("K1", "z1", count), step)
        row = find_row(connection, "K1", "z1")
        states.append((row.state, row.unit, row.steps, row.due_at))
    assert states == [
        ("assigned", "东镇", 1, hours(28)),
        ("resolved", "东镇", 2, hours(29)),
        ("closed", "东镇", 3, None),
    ]


def test_the_audit_leaves_the_clock_and_the_steps_of_what_it_finds_again(connection):
    put_findings(connection, [found("K1", "z1")])
    put_findings(connection, [found("K1", "z1", due_at=hours(99), facts={"road": "c1"})])
    row = find_row(connection, "K1", "z1")
    assert (row.due_at, row.facts) == (hours(8), {"road": "c1"})
    take_step(connection, ("K1", "z1", 0), SEND)
    put_findings(connection, [])
    row = find_row(connection, "K1", "z1")
    assert (row.state, row.is_found, row.township) == ("assigned", False, "东镇")


def test_one_that_comes_back_is_found_again_with_a_new_time(connection):
    put_findings(connection, [found("K1", "z1")])
    for count, step in enumerate((SEND, ANSWER, CLOSE)):
        take_step(connection, ("K1", "z1", count), step)
    again = found("K1", "z1", comes_back=True, steps=3, unit="东镇", due_at=hours(40))
    put_findings(connection, [again])
    assert find_row(connection, "K1", "z1") == again
    take_step(connection, ("K1", "z1", 3), replace(SEND, at=hours(37)))
    row = find_row(connection, "K1", "z1")
    assert (row.state, row.comes_back) == ("assigned", False)


def test_each_count_is_that_of_its_list_and_its_groups_add_up_to_it(connection):
    put_findings(connection, many(500))
    for number in range(0, 60, 3):
        take_step(connection, (f"K{number % 3 + 1}", f"z{number:05d}", 0), replace(SEND, unit=f"乡{number % 4}"))
    queries = {
        "open": BoardQuery(),
        "found": BoardQuery(state="found"),
        "late": BoardQuery(overdue_at=hours(20)),
        "nowhere": BoardQuery(placeless=True),
        "one": BoardQuery(township="乡1", cause="flood", check="K2"),
        "unit": BoardQuery(unit="乡3"),
    }
    counts = count_board(connection, queries)
    assert counts == {name: len(list_board(connection, query)[0]) for name, query in queries.items()}
    assert min(counts.values()) > 0
    for query in queries.values():
        assert {sum(many for _, many, _ in group_board(connection, query, by)) for by in GROUPS} == {
            count_board(connection, {"all": query})["all"]
        }


def test_pages_are_in_the_order_of_deadlines_and_hold_every_row_once(connection):
    put_findings(connection, many(120))
    pages = [list_board(connection, BoardQuery(), start=start, most=50) for start in (0, 50, 100)]
    assert {total for _, total in pages} == {120}
    rows = [row for page, _ in pages for row in page]
    assert len({row.key for row in rows}) == 120
    assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)


def test_townships_and_units_with_something_open_are_known(connection):
    put_findings(connection, [found("K1", "z1"), found("K2", "z1", township="")])
    take_step(connection, ("K2", "z1", 0), SEND)
    assert (townships_on_board(connection), units_on_board(connection)) == (("东镇",), ("东镇",))
