"""Tickets: who may take which step, that nobody closes their own, and that the second sees the first's change."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.ledger.register import read_ledger
from geodata.ledger.rules import records_unaltered
from geodata.store import transaction
from geodata.tickets.register import TICKET_STEPS, list_tickets, read_ticket, take_step, ticket_leaves
from geodata.tickets.ticket import CLOSED, RESOLVED, RETURNED, SENT, Step, Ticket, check_step
from tests.closure_cases import NOON, hours

SEND = Step(SENT, "s", "督导检查组", "杨集乡", NOON, due_at=hours(28))
ANSWER = Step(RESOLVED, "tw", "杨集乡", "杨集乡", hours(5), note="已清除土堆", sight="open")
BACK = Step(RETURNED, "s", "督导检查组", "杨集乡", hours(6), note="土堆还在", sight="blocked")
CLOSE = Step(CLOSED, "s2", "督导检查二组", "杨集乡", hours(7), note="现场核实", sight="open")


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as connection:
        yield connection


def refusal(ticket, step):
    with pytest.raises(BadInputError) as refused:
        check_step(ticket, step)
    return refused.value.code


def take(connection, *steps):
    for count, step in enumerate(steps):
        ticket = take_step(connection, ("K1", "z1", count), step)
    return ticket


def test_a_finding_is_sent_resolved_and_closed_by_another(connection):
    ticket = take(connection, SEND, ANSWER, CLOSE)
    assert (ticket.state, ticket.unit, ticket.steps) == ("closed", "杨集乡", (SEND, ANSWER, CLOSE))
    assert read_ticket(connection, "K1", "z1") == ticket
    assert list_tickets(connection) == (ticket,)


def test_each_step_has_its_state():
    states = [Ticket("K1", "z1", steps).state for steps in ((), (SEND,), (SEND, ANSWER), (SEND, ANSWER, BACK))]
    assert states == ["found", "assigned", "resolved", "assigned"]


@pytest.mark.parametrize(
    ("steps", "step", "code"),
    [
        ((), ANSWER, "ticket-step-out-of-turn"),
        ((SEND,), CLOSE, "ticket-step-out-of-turn"),
        ((SEND, ANSWER, CLOSE), ANSWER, "ticket-step-out-of-turn"),
        ((), replace(SEND, unit=" "), "ticket-without-unit"),
        ((SEND,), replace(ANSWER, by_unit="别乡"), "ticket-of-another-unit"),
        ((SEND,), replace(ANSWER, note=" "), "ticket-note-missing"),
        ((SEND, ANSWER), replace(CLOSE, by_unit="杨集乡"), "ticket-own-closing"),
        ((SEND, ANSWER), replace(CLOSE, account="tw"), "ticket-own-closing"),
        ((SEND, ANSWER), replace(BACK, by_unit="杨集乡"), "ticket-own-closing"),
        ((SEND, ANSWER), replace(CLOSE, note=""), "ticket-note-missing"),
        ((SEND, ANSWER), replace(CLOSE, sight="blocked"), "ticket-still-blocked"),
        ((SEND,), replace(ANSWER, step="forgotten"), "ticket-step-unknown"),
        ((SEND,), replace(ANSWER, sight="maybe"), "ticket-step-unknown"),
    ],
)
def test_a_step_out_of_turn_or_by_the_wrong_person_is_refused(steps, step, code):
    assert refusal(Ticket("K1", "z1", steps), step) == code


def test_who_answered_once_does_not_verify_it_later():
    again = replace(ANSWER, account="tw2")
    ticket = Ticket("K1", "z1", (SEND, ANSWER, BACK, again))
    assert refusal(ticket, replace(CLOSE, account="tw")) == "ticket-own-closing"


def test_time_runs_until_the_unit_answers():
    assert Ticket("K1", "z1", (SEND,)).is_overdue(hours(28))
    assert not Ticket("K1", "z1", (SEND,)).is_overdue(hours(27))
    assert not Ticket("K1", "z1", (SEND, ANSWER)).is_overdue(hours(99))


def test_a_closed_ticket_can_be_sent_anew(connection):
    assert take(connection, SEND, ANSWER, CLOSE, replace(SEND, at=hours(9))).state == "assigned"


def test_the_second_of_two_officers_is_told(connection):
    take(connection, SEND)
    with pytest.raises(BadInputError) as refused:
        take_step(connection, ("K1", "z1", 0), replace(SEND, unit="别乡"))
    assert refused.value.code == "ticket-changed"
    assert read_ticket(connection, "K1", "z1").unit == "杨集乡"


def test_tickets_of_two_checks_about_one_closure_are_two(connection):
    take(connection, SEND)
    take_step(connection, ("K6", "z1", 0), replace(SEND, unit="别乡"))
    assert [(one.check, one.unit) for one in list_tickets(connection)] == [("K1", "杨集乡"), ("K6", "别乡")]


def test_an_altered_step_is_found(connection):
    take(connection, SEND, ANSWER)
    ledger = read_ledger(connection)
    assert list(records_unaltered(ledger, ticket_leaves(connection), kinds={"ticket-step"})) == []
    connection.execute(sa.update(TICKET_STEPS).where(TICKET_STEPS.c.number == 1).values(account="s"))
    (finding,) = records_unaltered(ledger, ticket_leaves(connection), kinds={"ticket-step"})
    assert (finding.code, finding.subject, finding.facts["count"]) == ("K14", "z1", 1)
