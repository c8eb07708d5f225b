"""What time alone does to tickets, once each: roads to reopen, late ones brought up, dissolved units' handed on."""

from dataclasses import replace

import pytest

from geodata.closures.register import import_closures
from geodata.store import transaction
from geodata.tickets.board_register import BoardQuery, count_board, list_board
from geodata.tickets.register import list_tickets, read_ticket, take_step
from geodata.tickets.ticket import CLOSED, RESOLVED, SENT, Step
from passes.accounts.account_register import add_account, close_account
from passes.audit.problems import list_problems
from passes.tickets.board import judge_board, write_board
from passes.tickets.clock import ClockRun, run_clock
from tests.closure_cases import HQ, NOON, closed, hours, says, sees

APPROVED = closed("c1", start=hours(0), end=None, decisions=[says(HQ, end=hours(10))], requested_by="东镇")
SEND = Step(SENT, "s", "supervision", "东镇", hours(1), due_at=hours(25))


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as connection:
        add_account(connection, "tw", role="TW", unit="东镇", password_hash="-", at=hours(-9))
        yield connection


def tick(connection, county, at):
    audit = judge_board(connection, county, at=at)
    assert write_board(connection, audit)
    return run_clock(connection, county, audit.reopen, at=at)


def steps_of(connection, check="K5", subject="z1"):
    return [one.step for one in read_ticket(connection, check, subject).steps]


def test_at_the_end_of_an_approval_its_township_is_to_reopen_the_road(connection, small_county):
    import_closures(connection, [APPROVED], hours(0))
    assert tick(connection, small_county, hours(9.9)) == ClockRun()
    assert tick(connection, small_county, hours(10)).opened == 1
    assert tick(connection, small_county, hours(10)) == ClockRun()
    (ticket,) = list_tickets(connection)
    assert (ticket.check, ticket.state, ticket.unit) == ("K5", "assigned", "东镇")
    assert (ticket.is_reopening, ticket.due_at) == (True, hours(12))
    assert count_board(connection, {"reopen": BoardQuery(reopening=True)}) == {"reopen": 1}


def test_a_closure_that_ends_with_its_approval_is_a_task_though_no_check_finds_it(connection, small_county):
    import_closures(connection, [replace(APPROVED, window=replace(APPROVED.window, end=hours(10)))], hours(0))
    assert tick(connection, small_county, hours(11)).opened == 1
    (problem,) = list_problems(connection, small_county, at=hours(11))
    assert (problem.check, problem.finding, problem.state) == ("K5", None, "assigned")


def test_a_withdrawn_approval_is_a_task_too(connection, small_county):
    taken_back = says(HQ, "withdrawn", at=hours(5))
    import_closures(connection, [replace(APPROVED, decisions=(*APPROVED.decisions, taken_back))], hours(5))
    assert tick(connection, small_county, hours(6)).opened == 1


def test_a_road_that_was_seen_open_or_a_request_that_never_stood_is_none(connection, small_county):
    seen = replace(APPROVED, observations=(sees("open", hours(9), "township"),))
    asked = closed("n1", id="z2", start=hours(1), end=hours(3), requested_by="东镇")
    import_closures(connection, [seen, asked], hours(9))
    assert tick(connection, small_county, hours(11)) == ClockRun()


def test_k5_stays_found_until_the_road_is_seen_open_whatever_the_ticket_says(connection, small_county):
    import_closures(connection, [APPROVED], hours(0))
    tick(connection, small_county, hours(10))
    answer = Step(RESOLVED, "tw", "东镇", "东镇", hours(11), note="已恢复", photo="p", sight="open")
    take_step(connection, ("K5", "z1", 1), answer)
    take_step(connection, ("K5", "z1", 2), replace(answer, step=CLOSED, account="s", by_unit="supervision"))
    (problem,) = list_problems(connection, small_county, at=hours(12))
    assert problem.finding is not None
    import_closures(connection, [replace(APPROVED, observations=(sees("open", hours(13)),))], hours(13))
    assert list_problems(connection, small_county, at=hours(14)) == ()


def test_what_lasts_too_long_goes_up_one_level_at_a_time_and_no_further(connection, small_county):
    import_closures(connection, [closed("c1", end=None)], hours(0))
    take_step(connection, ("K1", "z1", 0), SEND)
    raised = [tick(connection, small_county, hours(at)).raised for at in (24, 25, 26, 49, 80, 200)]
    assert raised == [0, 1, 0, 1, 0, 0]
    ticket = read_ticket(connection, "K1", "z1")
    assert [one.note for one in ticket.steps[1:]] == ["epidemic_hq", "economic_hq"]
    assert (ticket.state, ticket.unit, ticket.level) == ("assigned", "东镇", 2)
    assert ticket.is_overdue(hours(200))


def test_a_finding_that_nobody_sends_goes_up_too(connection, small_county):
    import_closures(connection, [closed("c1", end=None)], hours(0))
    tick(connection, small_county, hours(1))
    assert tick(connection, small_county, hours(5)).raised == 1
    (row,) = list_board(connection, BoardQuery())[0]
    assert (row.state, row.level, row.due_at) == ("found", 1, hours(9))


def test_an_answer_that_nobody_verifies_goes_up(connection, small_county):
    import_closures(connection, [closed("c1", end=None)], hours(0))
    take_step(connection, ("K1", "z1", 0), SEND)
    take_step(
        connection, ("K1", "z1", 1), Step(RESOLVED, "tw", "东镇", "东镇", hours(2), note="已办", due_at=hours(26))
    )
    assert tick(connection, small_county, hours(27)).raised == 1
    assert read_ticket(connection, "K1", "z1").state == "resolved"


def test_a_dissolved_units_ticket_stays_and_goes_to_the_countys_default_unit(connection, small_county):
    import_closures(connection, [closed("c1", end=None)], hours(0))
    add_account(connection, "old", role="TW", unit="老庄乡", password_hash="-", at=hours(0))
    take_step(connection, ("K1", "z1", 0), replace(SEND, unit="老庄乡"))
    assert tick(connection, small_county, hours(2)).moved == 0
    close_account(connection, "old", at=hours(3))
    assert tick(connection, small_county, hours(3)).moved == 1
    ticket = read_ticket(connection, "K1", "z1")
    assert (ticket.state, ticket.unit, ticket.steps[-1].note) == ("assigned", "epidemic_hq", "老庄乡")
    assert tick(connection, small_county, hours(4)).moved == 0


def test_nothing_of_the_clock_answers_or_closes(connection, small_county):
    import_closures(connection, [APPROVED, closed("n1", id="z2", end=None)], hours(0))
    for at in range(1, 400, 7):
        tick(connection, small_county, hours(at))
    assert {one.state for one in list_tickets(connection)} == {"assigned"}
    assert {row.state for row in list_board(connection, BoardQuery(state="any"))[0]} == {"assigned", "found"}


def test_a_register_that_changed_meanwhile_is_judged_anew(connection, small_county):
    import_closures(connection, [APPROVED], NOON)
    audit = judge_board(connection, small_county, at=NOON)
    import_closures(connection, [closed("n1", id="z2", end=None)], NOON)
    assert not write_board(connection, audit)
    assert list_board(connection, BoardQuery())[1] == 0
