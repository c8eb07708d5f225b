"""Many tickets of one cause: one answer, a record each, and nothing where one of them stands in the way."""

from dataclasses import replace

import pytest

from geodata.closures.register import import_closures, list_closures
from geodata.errors import BadInputError
from geodata.store import transaction
from geodata.tickets.register import list_tickets
from geodata.tickets.ticket import CLOSED, RESOLVED, SENT
from passes.tickets.batch import EACH_ITS_OWN, handle_together
from passes.tickets.board import judge_board, write_board
from passes.tickets.handling import Done, handle
from tests.closure_cases import blocked, closed, hours, sees

SEND = Done(SENT, "s", "supervision", hours(1), unit="epidemic_hq", note="今天办结")
ANSWER = Done(RESOLVED, "hq", "epidemic_hq", hours(2), note="已补报批")
CLOSE = Done(CLOSED, "s", "supervision", hours(3), note="已核实")
KEYS = ("z1", "z2", "z3")


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as connection:
        import_closures(
            connection, [closed(road, id=key) for key, road in zip(KEYS, ("c1", "c2", "c3"), strict=True)], hours(0)
        )
        yield connection


def together(connection, county, done, counts=(0, 0, 0), check="K1"):
    return handle_together(
        connection, county, [(check, key, count) for key, count in zip(KEYS, counts, strict=True)], done
    )


def test_one_answer_is_a_step_in_the_record_of_each(connection, small_county):
    for count, done in enumerate((SEND, ANSWER, CLOSE)):
        assert together(connection, small_county, done, (count,) * 3) == ()
    tickets = list_tickets(connection)
    assert [[one.step for one in ticket.steps] for ticket in tickets] == [["sent", "resolved", "closed"]] * 3
    assert len({ticket.position for ticket in tickets}) == 3
    assert {ticket.steps[1].note for ticket in tickets} == {"已补报批"}


def test_where_one_was_handled_meanwhile_nothing_is_recorded_and_it_is_named(connection, small_county):
    handle(connection, small_county, ("K1", "z2", 0), replace(SEND, unit="transport"))
    refused = together(connection, small_county, SEND)
    assert [(one.subject, one.error.code, one.is_changed) for one in refused] == [("z2", "ticket-changed", True)]
    assert [ticket.subject for ticket in list_tickets(connection)] == ["z2"]


def test_nobody_closes_their_own_in_a_group_either(connection, small_county):
    together(connection, small_county, SEND)
    together(connection, small_county, ANSWER, (1, 1, 1))
    refused = together(connection, small_county, replace(CLOSE, by_unit="epidemic_hq"), (2, 2, 2))
    assert {one.error.code for one in refused} == {"ticket-own-closing"}
    assert len(refused) == 3


def test_a_thing_on_the_road_is_not_closed_unseen(connection, small_county):
    mounds = [
        blocked("v1", id=key, observations=[sees("blocked", hours(0), barrier="earth_mound")]) for key in ("b1", "b2")
    ]
    import_closures(connection, mounds, hours(0))
    seen = [("K7", one.id, 0) for one in mounds]
    assert handle_together(connection, small_county, seen, SEND) == ()
    refused = handle_together(connection, small_county, [(*one[:2], 1) for one in seen], replace(ANSWER, sight="open"))
    assert {one.error.code for one in refused} == {"ticket-photo-missing"}
    shown = replace(ANSWER, sight="open", photo="p1")
    assert handle_together(connection, small_county, [(*one[:2], 1) for one in seen], shown) == ()
    assert {one.observations[-1].state for one in list_closures(connection, ["b1", "b2"])} == {"open"}


def test_an_empty_group_and_an_unknown_unit_are_refused(connection, small_county):
    with pytest.raises(BadInputError) as refused:
        handle_together(connection, small_county, [], SEND)
    assert refused.value.code == "ticket-group-empty"
    assert {one.error.code for one in together(connection, small_county, replace(SEND, unit="别县"))} == {
        "ticket-unit-unknown"
    }


def test_the_same_ticket_ticked_twice_is_one_step(connection, small_county):
    twice = [("K1", "z1", 0), ("K1", "z1", 0)]
    assert handle_together(connection, small_county, twice, SEND) == ()
    assert [len(ticket.steps) for ticket in list_tickets(connection)] == [1]


def test_each_of_a_group_may_go_to_its_own_unit(connection, small_county):
    import_closures(connection, [closed("n1", id="z4", requested_by="transport")], hours(0))
    assert write_board(connection, judge_board(connection, small_county, at=hours(1)))
    seen = [("K1", "z1", 0), ("K1", "z4", 0)]
    assert handle_together(connection, small_county, seen, replace(SEND, unit=EACH_ITS_OWN)) == ()
    assert [one.unit for one in list_tickets(connection)] == ["epidemic_hq", "transport"]
