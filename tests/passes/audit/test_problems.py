"""The list that supervision works through: findings of this moment, joined with tickets and townships."""

from dataclasses import replace

import pytest

from geodata.closures.register import import_closures
from geodata.store import transaction
from geodata.tickets.register import take_step
from geodata.tickets.ticket import CLOSED, RESOLVED, SENT, Step
from passes.audit.problems import list_problems
from tests.closure_cases import HQ, NOON, closed, hours, says, sees, span

SEND = Step(SENT, "s", "督导检查组", "杨集乡", NOON, due_at=hours(28))
ANSWER = Step(RESOLVED, "tw", "杨集乡", "杨集乡", hours(5), note="已恢复通行")
CLOSE = Step(CLOSED, "s", "督导检查组", "杨集乡", hours(6), note="现场核实", sight="open")
MOUND = closed(span("v1", 0, 200), barrier="earth_mound", decisions=[says(HQ)])


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as connection:
        yield connection


def problems(connection, county, at=NOON):
    return list_problems(connection, county, at=at)


def test_a_finding_has_its_place_since_when_and_who(connection, small_county):
    import_closures(connection, [MOUND], NOON)
    (problem,) = problems(connection, small_county)
    assert (problem.check, problem.subject, problem.state, problem.road_id) == ("K6", "z1", "found", "v1")
    assert (problem.since, problem.who, problem.township) == (MOUND.window.start, "杨集乡", "")
    lon, lat = problem.lonlat
    assert abs(lon - 113.02) < 1e-6
    assert 33.018 < lat < 33.02


def test_a_ticket_stays_although_the_check_finds_nothing_any_more(connection, small_county):
    import_closures(connection, [MOUND], NOON)
    take_step(connection, ("K6", "z1", 0), SEND)
    import_closures(connection, [replace(MOUND, observations=(sees("open", hours(5)),))], hours(5))
    (problem,) = problems(connection, small_county, at=hours(6))
    assert (problem.finding, problem.state) == (None, "assigned")


def test_a_closed_ticket_leaves_the_list_once_nothing_is_found(connection, small_county):
    import_closures(connection, [MOUND], NOON)
    for count, step in enumerate((SEND, ANSWER)):
        take_step(connection, ("K6", "z1", count), step)
    import_closures(connection, [replace(MOUND, observations=(sees("open", hours(6)),))], hours(6))
    take_step(connection, ("K6", "z1", 2), CLOSE)
    assert problems(connection, small_county, at=hours(7)) == ()


def test_a_closed_one_comes_back_when_the_record_changes(connection, small_county):
    import_closures(connection, [MOUND], NOON)
    for count, step in enumerate((SEND, ANSWER, CLOSE)):
        take_step(connection, ("K6", "z1", count), step)
    (known,) = problems(connection, small_county, at=hours(7))
    assert known.state == "closed"
    import_closures(connection, [replace(MOUND, observations=(sees("blocked", hours(8), barrier="wall"),))], hours(8))
    (again,) = problems(connection, small_county, at=hours(9))
    assert (again.state, again.comes_back) == ("found", True)


def test_findings_of_several_checks_are_in_their_order(connection, small_county):
    import_closures(connection, [closed("c1", id="z2"), replace(MOUND, decisions=())], NOON)
    assert [(one.check, one.subject) for one in problems(connection, small_county)] == [
        ("K1", "z1"),
        ("K1", "z2"),
        ("K6", "z1"),
    ]
