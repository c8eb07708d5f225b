"""Who filed what, under which number, what they saw, and that nobody acts on a state that has changed."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from geodata.closures.asking import ClosureAsk, make_request
from geodata.closures.deciding import Ruling, rule_on
from geodata.closures.filings_register import (
    CLOSURE_FILINGS,
    DECIDED,
    REGISTERED,
    REOPENED,
    REQUESTED,
    Filing,
    check_unchanged,
    closure_of,
    file_closure,
    filing_leaves,
    list_filings,
    next_closure_id,
    record_ruling,
    record_sight,
    requested_ids,
)
from geodata.closures.history_register import history_of, last_position
from geodata.closures.register import import_closures
from geodata.errors import BadInputError
from geodata.ledger.register import read_ledger
from geodata.ledger.rules import log_is_whole, records_unaltered
from geodata.snapping import RoadIndex
from geodata.store import transaction
from tests.closure_cases import HQ, NOON, UPPER, class_network, closed, hours, sees, settings, span

NETWORK = class_network()
RULES = settings()
ASK = ClosureAsk(roads="c 0-2500", start=hours(8), end=hours(56), reason="村口管控", cause="epidemic")
FILED = Filing("", 1, REQUESTED, "tw", "杨集乡", NOON, seen={"people": 800})
BY_HQ = Filing("", 1, DECIDED, "hq", HQ, hours(5))


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as connection:
        yield connection


def request(connection, ask=ASK):
    closure = make_request(ask, RoadIndex(NETWORK), RULES.policy, unit="杨集乡", at=NOON)
    return file_closure(connection, replace(closure, id=next_closure_id(connection, "411322", NOON)), FILED)


def decide(connection, closure, **ruling):
    said = Ruling(**{"authority": HQ, "decision": "approved", "document_no": "12号", **ruling})
    ruled = rule_on(closure, said, RULES, NETWORK, at=hours(5), stands=False)
    record_ruling(connection, closure, ruled, BY_HQ)


def test_numbers_are_area_date_and_serial(connection):
    assert next_closure_id(connection, "411322", NOON) == "411322-20220622-001"
    assert request(connection).id == "411322-20220622-001"
    import_closures(connection, [closed("c", id="411322-20220622-x9"), closed("c", id="411322-20220622-007")], NOON)
    assert next_closure_id(connection, "411322", NOON) == "411322-20220622-008"
    assert next_closure_id(connection, "411322", hours(24)) == "411322-20220623-001"


def test_what_was_filed_comes_out_the_same_and_is_a_units_own(connection):
    closure = request(connection)
    (filing,) = list_filings(connection, unit="杨集乡")
    assert filing == replace(FILED, closure_id=closure.id)
    assert list_filings(connection, unit="别乡") == ()
    assert requested_ids(connection) == {closure.id}


def test_a_registered_barrier_is_no_request(connection):
    file_closure(connection, closed("c"), replace(FILED, act=REGISTERED, due_at=hours(24)))
    assert requested_ids(connection) == frozenset()
    assert [one.due_at for one in list_filings(connection, act=REGISTERED)] == [hours(24)]


def test_approving_part_keeps_what_was_asked_and_binds_the_decision_to_it(connection):
    closure = request(connection)
    decide(connection, closure, extent=(span("c", 0, 2000),))
    newest = closure_of(connection, closure.id)
    assert (newest.version, newest.extent) == (2, (span("c", 0, 2000),))
    assert newest.requested["parts"] == [["c", "both", 0.0, 2500.0]]
    asked, decided, set_up = history_of(connection, closure.id)
    assert (asked.item.extent, asked.version) == ((span("c", 0, 2500),), 1)
    assert (decided.item.extent, decided.version) == ((span("c", 0, 2000),), 1)
    assert (set_up.kind, set_up.version) == ("closure-version", 2)


def test_whoever_acts_on_an_older_state_is_refused_and_told_what_came_since(connection):
    closure = request(connection)
    seen = last_position(connection, closure.id)
    check_unchanged(connection, closure.id, seen)
    decide(connection, closure, decision="refused", document_no="")
    with pytest.raises(BadInputError) as refused:
        check_unchanged(connection, closure.id, seen)
    assert refused.value.code == "closure-changed"
    (change,) = history_of(connection, closure.id, since=seen)
    assert (change.item.authority, change.item.decision) == (HQ, "refused")


def test_two_bodies_decide_one_after_the_other(connection):
    ramp = request(connection, replace(ASK, roads="x"))
    decide(connection, ramp, extent=(span("x", 0, 1000),))
    decide(connection, closure_of(connection, ramp.id), authority=UPPER, document_no="3号")
    newest = closure_of(connection, ramp.id)
    assert {one.authority for one in newest.decisions} == {HQ, UPPER}
    assert [entry.kind for entry in history_of(connection, ramp.id)].count("closure-decision") == 2


def test_what_was_seen_on_site_is_added_with_who_says_so(connection):
    closure = request(connection)
    record_sight(connection, closure.id, sees("open", hours(9), "township"), replace(BY_HQ, act=REOPENED))
    assert closure_of(connection, closure.id).observations == (sees("open", hours(9), "township"),)
    assert [one.act for one in list_filings(connection)] == [REQUESTED, REOPENED]


def test_an_unknown_number_is_named(connection):
    with pytest.raises(BadInputError) as refused:
        closure_of(connection, "nowhere")
    assert refused.value.code == "closure-unknown"
    assert last_position(connection, "nowhere") == -1


def test_filings_stand_in_the_log_and_an_altered_one_is_found(connection):
    closure = request(connection)
    ledger = read_ledger(connection)
    assert log_is_whole(ledger) is None
    assert list(records_unaltered(ledger, filing_leaves(connection), kinds={"closure-filing"})) == []
    connection.execute(sa.update(CLOSURE_FILINGS).values(act=REGISTERED))
    (finding,) = records_unaltered(ledger, filing_leaves(connection), kinds={"closure-filing"})
    assert (finding.code, finding.subject) == ("K14", closure.id)
