"""Closure orders are signed for what is approved alone, once for each state of the approval, and kept in the log."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from geodata.closures.closure import Direction
from geodata.closures.filings_register import ORDERED, filing_leaves, filings_of
from geodata.errors import BadInputError
from geodata.ledger.register import read_ledger
from geodata.ledger.rules import records_unaltered
from passes.orders.ordering import is_altered, orders_of
from tests.closure_cases import HQ, NOON, POLICE, UPPER, blocked, closed, hours, says, sees, span
from tests.ordered_closures import an_order_desk


@pytest.fixture
def desk(tmp_path):
    with an_order_desk(tmp_path) as desk:
        yield desk


def refused(tmp_path, *closures, at=NOON):
    with an_order_desk(tmp_path, *closures) as desk, pytest.raises(BadInputError) as fault:
        desk.issue(at=at)
    return fault.value


def test_an_order_says_who_approved_what_until_when(desk):
    claims = desk.issue().claims
    assert (claims.closure_id, claims.version, claims.edition, claims.issuer) == ("z1", 1, 1, "411322")
    assert (claims.not_before, claims.ends_at, claims.expires_at) == (hours(0), hours(10), hours(10))
    assert (claims.roads, claims.road_count, claims.length_m) == ((span("c"),), 1, 2800)
    assert [(one.authority, one.document_no, one.form) for one in claims.approvals] == [
        (HQ, "方疫指〔2022〕12号", "written")
    ]


def test_an_order_carries_the_state_of_the_log_it_was_printed_from(desk):
    before = read_ledger(desk.connection).checkpoint("any")
    claims = desk.issue().claims
    assert (claims.log_size, claims.log_root) == (before.size, before.root)


def test_the_same_order_is_given_again_until_the_approval_changes(desk):
    first = desk.issue()
    again = desk.issue(at=hours(5))
    assert (again.again, again.token) == (True, first.token)
    desk.decide(says(HQ, at=hours(5), document_no="方疫指〔2022〕13号"))
    third = desk.issue(at=hours(6))
    assert (third.again, third.claims.edition, third.claims.approvals[0].document_no) == (
        False,
        2,
        "方疫指〔2022〕13号",
    )
    assert [one.claims.jti for one in orders_of(desk.connection, "z1")] == ["z1:1.1", "z1:1.2"]


def test_a_new_version_has_an_order_of_its_own(desk):
    desk.issue()
    desk.decide(says(HQ, at=hours(5)), at=hours(5), extent=(span("c"), span("c+")))
    claims = desk.issue(at=hours(6)).claims
    assert (claims.version, claims.jti, claims.length_m) == (2, "z1:2.2", 5600)


def test_every_order_is_a_record_of_the_log(desk):
    desk.issue()
    (filing,) = filings_of(desk.connection, "z1")
    assert (filing.act, filing.account, filing.unit) == (ORDERED, "hq", HQ)
    ledger, leaves = read_ledger(desk.connection), filing_leaves(desk.connection)
    assert list(records_unaltered(ledger, leaves, kinds={"closure-filing"})) == []


def test_without_approval_nothing_is_signed_and_it_is_told_who_decides(tmp_path):
    error = refused(tmp_path, closed("c"))
    assert (error.code, error.facts["state"], error.facts["missing"]) == (
        "order-without-approval",
        "requested",
        "疫情防控指挥部",
    )


@pytest.mark.parametrize(
    ("decisions", "state"),
    [
        ([says(HQ, "refused")], "refused"),
        ([says(HQ), says(HQ, "withdrawn", at=hours(1))], "withdrawn"),
        ([says(HQ, end=hours(2))], "expired"),
        ([says(UPPER)], "requested"),
    ],
)
def test_what_is_approved_no_more_is_not_signed(tmp_path, decisions, state):
    error = refused(tmp_path, closed("c", decisions=decisions))
    assert (error.code, error.facts["state"]) == ("order-without-approval", state)


def test_one_of_two_bodies_is_no_approval(tmp_path):
    error = refused(tmp_path, closed("x", decisions=[says(HQ)]))
    assert error.facts["missing"] == "上一级联防联控机制"


def test_danger_to_life_comes_first_but_its_order_after_the_decision(tmp_path):
    collapse = closed("c", cause="collapse")
    error = refused(tmp_path, collapse)
    assert (error.code, error.facts["minutes"]) == ("order-danger-first", 60)
    (tmp_path / "decided").mkdir()
    decided = replace(collapse, decisions=(says(POLICE, at=hours(1)), says(HQ, at=hours(2))))
    with an_order_desk(tmp_path / "decided", decided) as desk:
        assert desk.issue().claims.not_before == hours(0)


def test_a_blockage_that_nobody_asked_for_has_no_order(tmp_path):
    assert refused(tmp_path, blocked("c", id="z1", observations=[sees("blocked", hours(0))])).code == (
        "order-for-blockage"
    )


def test_no_order_is_signed_for_a_hard_barrier_that_no_approval_covers(tmp_path):
    assert refused(tmp_path, closed("v", barrier="wall", decisions=[says(HQ)])).code == "order-hard-barrier"


def test_only_the_approved_extent_is_signed(tmp_path):
    part = says(HQ, extent=(span("c", 0, 500, Direction.FORWARD),), end=hours(9))
    with an_order_desk(tmp_path, closed("c", decisions=[part])) as desk:
        claims = desk.issue().claims
    assert claims.roads == (span("c", 0, 500, Direction.FORWARD),)
    assert (claims.length_m, claims.ends_at) == (500, hours(9))


def test_a_phone_approval_is_signed_with_its_number_to_follow(tmp_path):
    with an_order_desk(tmp_path, closed("c", decisions=[says(HQ, form="oral", document_no="")])) as desk:
        (approval,) = desk.issue().claims.approvals
    assert (approval.document_no, approval.form) == ("", "oral")


def test_an_approval_until_further_notice_is_printed_anew_within_a_year(tmp_path):
    with an_order_desk(tmp_path, closed("c", decisions=[says(HQ)], end=None)) as desk:
        claims = desk.issue().claims
        later = desk.issue(at=hours(24 * 370))
    assert (claims.ends_at, (claims.expires_at - NOON).days) == (None, 366)
    assert (later.again, later.claims.edition) == (False, 2)


def test_an_approval_edited_in_the_database_is_not_signed(tmp_path):
    with an_order_desk(tmp_path, closed("c", decisions=[says(HQ, "refused")])) as desk:
        assert not is_altered(desk.connection, "z1")
        desk.connection.execute(sa.text("UPDATE closure_decisions SET decision = 'approved'"))
        with pytest.raises(BadInputError) as fault:
            desk.issue()
    assert fault.value.code == "order-record-altered"


def test_a_damaged_order_is_none(desk):
    desk.issue()
    desk.connection.execute(sa.text("""UPDATE closure_filings SET seen = '{"token": "x.y.z"}'"""))
    assert orders_of(desk.connection, "z1") == ()


def test_both_bodies_of_an_expressway_are_named(tmp_path):
    both = [says(UPPER, at=hours(-3)), says(HQ)]
    with an_order_desk(tmp_path, closed("x", decisions=both)) as desk:
        assert {one.authority for one in desk.issue().claims.approvals} == {HQ, UPPER}
