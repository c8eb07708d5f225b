"""An audit runs every check over the register at an instant, in a fixed order."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from geodata.closures.records import CLOSURE_DECISIONS, CLOSURE_VERSIONS
from geodata.closures.register import import_closures
from geodata.store import METADATA
from passes.audit import finding_row, log_findings, run_audit
from tests.closure_cases import HQ, NOON, blocked, class_network, closed, hours, says, sees, settings

NETWORK = class_network()


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        yield connection
    engine.dispose()


def audit(connection, *closures, at=NOON, regime=None):
    import_closures(connection, closures, at)
    return run_audit(connection, regime or settings(), NETWORK, at=at)


def rows(result):
    return [(one.code, one.subject) for one in result.findings]


def test_an_empty_register_has_nothing_to_find(connection):
    assert audit(connection) == (audit(connection))
    assert (audit(connection).checked, audit(connection).findings) == (0, ())


def test_findings_are_ordered_by_check_and_closure(connection):
    result = audit(
        connection,
        closed("c", id="z3", barrier="wall"),
        closed("v", id="z2"),
        blocked("t", id="z1", observations=[sees("blocked", hours(1))]),
        closed("n", id="z4", decisions=[says(HQ)]),
    )
    assert result.checked == 4
    assert rows(result) == [("K1", "z2"), ("K1", "z3"), ("K6", "z3"), ("K7", "z1")]


def test_the_instant_decides(connection):
    closure = closed("c", decisions=[says(HQ, end=hours(3))])
    assert rows(audit(connection, closure, at=hours(2))) == []
    assert rows(audit(connection, closure, at=hours(3))) == [("K5", "z1")]


def test_a_row_has_check_closure_road_and_facts(connection):
    (finding,) = audit(connection, closed("c")).findings
    row = finding_row(finding)
    assert (row["check"], row["closure"], row["road"]) == ("K1", "z1", "c")
    assert row["facts"]["road_class"] == "county"
    assert "road" not in row["facts"]


def test_an_approval_edited_by_hand_is_k14_and_judged_as_it_now_says(connection):
    audit(connection, closed("c", decisions=[says(HQ)]))
    connection.execute(sa.update(CLOSURE_DECISIONS).values(authority="transport"))
    assert rows(audit(connection)) == [("K1", "z1"), ("K2", "z1"), ("K14", "z1")]


def test_a_record_made_unreadable_is_k14_and_the_others_are_still_judged(connection):
    audit(connection, closed("c"), closed("t", id="z2"))
    connection.execute(sa.update(CLOSURE_VERSIONS).where(CLOSURE_VERSIONS.c.closure_id == "z1").values(extent="?"))
    result = audit(connection)
    assert (result.checked, rows(result)) == (2, [("K1", "z2"), ("K14", "z1")])


def test_a_cut_log_is_k14_of_no_closure(connection):
    audit(connection, closed("c", decisions=[says(HQ)]))
    connection.execute(sa.text("DELETE FROM closure_decisions"))
    connection.execute(sa.text("DELETE FROM ledger_leaves WHERE position = 1"))
    (finding,) = (one for one in audit(connection).findings if one.code == "K14")
    assert finding_row(finding)["closure"] is None


def test_k14_can_be_switched_off(connection):
    audit(connection, closed("c", decisions=[says(HQ)]))
    connection.execute(sa.update(CLOSURE_DECISIONS).values(document_no="x"))
    assert rows(audit(connection, regime=settings(K14="off"))) == []
    assert [one.subject for one in log_findings(connection)] == ["z1"]


def test_one_finding_a_check_and_closure(connection):
    many = [says(body) for body in ("transport", "economic_hq", "杨集乡")]
    result = audit(connection, replace(closed("c", "t", "v", barrier="wall"), decisions=tuple(many)))
    assert rows(result) == [("K1", "z1"), ("K2", "z1"), ("K6", "z1")]
