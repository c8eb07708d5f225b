"""An audit runs every check over the register at an instant, in a fixed order."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from geodata.closures.filings_register import REQUESTED, Filing, file_closure
from geodata.closures.records import CLOSURE_DECISIONS, CLOSURE_VERSIONS, TABLES, record_leaves
from geodata.closures.register import import_closures, rows_as_found
from geodata.ledger.register import LEDGER_LEAVES
from geodata.store import COUNTERS, METADATA
from geodata.tickets.register import take_step
from geodata.tickets.ticket import Step
from passes.audit.audit import AuditResult, finding_row, log_findings, run_audit
from tests.closure_cases import HQ, NOON, blocked, class_network, closed, county_of, hours, says, sees, settings

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
    return run_audit(connection, county_of(NETWORK, regime), at=at)


def rows(result):
    return [(one.code, one.subject) for one in result.findings]


def test_an_empty_register_has_nothing_to_find(connection):
    assert audit(connection) == AuditResult(checked=0, findings=(), stale=())


def test_the_same_register_is_audited_the_same_whatever_order_it_was_imported_in(connection):
    closures = [closed("c"), closed("v", id="z2", barrier="wall"), blocked("t", observations=[sees("blocked", NOON)])]
    first = audit(connection, *closures)
    for table in (*TABLES.values(), LEDGER_LEAVES, COUNTERS):
        connection.execute(sa.delete(table))
    assert audit(connection, *closures[::-1]) == first
    assert first.checked == 3


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
    assert [one.subject for one in log_findings(connection, county_of(NETWORK))] == ["z1"]


def test_one_finding_a_check_and_closure(connection):
    many = [says(body) for body in ("transport", "economic_hq", "杨集乡")]
    result = audit(connection, replace(closed("c", "t", "v", barrier="wall"), decisions=tuple(many)))
    assert rows(result) == [("K1", "z1"), ("K2", "z1"), ("K6", "z1")]


TAMPERINGS = {
    "extent that is none": """UPDATE closure_decisions SET extent = '[["c","both","0",5]]' WHERE closure_id = 'z1'""",
    "extent without an end": "UPDATE closure_versions SET extent = '[[\"c\",\"both\",0,NaN]]' WHERE closure_id = 'z1'",
    "deep extent": f"UPDATE closure_versions SET extent = '{'[' * 100_000}' WHERE closure_id = 'z1'",
    "blob as reason": "UPDATE closure_versions SET reason = X'00FF' WHERE closure_id = 'z1'",
    "text that is none": "UPDATE closure_versions SET reason = CAST(X'FF' AS TEXT) WHERE closure_id = 'z1'",
    "blob as id": "UPDATE closure_observations SET closure_id = X'7A31' WHERE closure_id = 'z1'",
    "text as position": "UPDATE closure_decisions SET position = 'x' WHERE closure_id = 'z1'",
    "unreadable start": "UPDATE closure_versions SET starts_at = 'morgen' WHERE closure_id = 'z1'",
    "number as start": "UPDATE closure_decisions SET starts_at = 5 WHERE closure_id = 'z1'",
    "start at the end of days": "UPDATE closure_versions SET starts_at = '9999-12-31 23:59:59.999999' "
    "WHERE closure_id = 'z1'",
    "blob as leaf": "UPDATE ledger_leaves SET leaf_hash = X'00' WHERE subject = 'z1'",
    "blob as subject": "UPDATE ledger_leaves SET subject = X'00' WHERE subject = 'z1'",
    "text as count": "UPDATE counters SET value = 'viele' WHERE name = 'ledger_size'",
    "huge count": "UPDATE counters SET value = 9000000000000000000 WHERE name = 'ledger_size'",
    "small count": "UPDATE counters SET value = 1 WHERE name = 'ledger_size'",
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS)
def test_no_tampering_stops_the_audit(connection, tampering):
    audit(connection, closed("c", decisions=[says(HQ)], observations=[sees("blocked", NOON)]), closed("t", id="z2"))
    connection.exec_driver_sql(tampering)
    found = run_audit(connection, county_of(NETWORK), at=NOON)
    assert ("K1", "z2") in rows(found)
    assert "K14" in {one.code for one in found.findings}
    assert {one.code for one in log_findings(connection, county_of(NETWORK))} == {"K14"}
    json.dumps([finding_row(one) for one in found.findings], allow_nan=False)


def test_an_unreadable_record_is_k14_even_where_the_log_was_made_to_fit(connection):
    audit(connection, closed("c"))
    connection.execute(sa.update(CLOSURE_VERSIONS).values(extent="?"))
    (leaf,) = record_leaves(rows_as_found(connection))
    connection.execute(sa.update(LEDGER_LEAVES).values(leaf_hash=leaf.hash.hex()))
    (finding,) = run_audit(connection, county_of(NETWORK), at=NOON).findings
    assert (finding.code, finding.subject, finding.facts["how"]) == ("K14", "z1", "unreadable")


def test_a_closure_on_a_road_that_is_gone_is_named_and_the_others_are_judged(connection):
    result = audit(connection, closed("gone", "c"), closed("t", id="z2"))
    assert (result.checked, rows(result), result.stale) == (1, [("K1", "z2")], ("z1",))


def test_a_fault_of_the_program_in_an_unaltered_record_is_not_hushed_up(connection):
    broken = replace(NETWORK, name=None)
    import_closures(connection, [closed("c")], NOON)
    with pytest.raises(TypeError):
        run_audit(connection, county_of(broken), at=NOON)


def file_request(connection, closure):
    file_closure(connection, closure, Filing(closure.id, 1, REQUESTED, "tw", "杨集乡", hours(-2)))


def test_a_request_that_nobody_approved_is_no_closure_in_force(connection):
    file_request(connection, closed("c"))
    assert rows(audit(connection)) == []
    assert rows(audit(connection, closed("t", id="imported"))) == [("K1", "imported")]


def test_a_request_that_somebody_saw_set_up_is_judged_like_any_closure(connection):
    file_request(connection, closed("c"))
    seen = closed("c", observations=[sees("blocked", hours(1))])
    assert rows(audit(connection, seen)) == [("K1", "z1")]


def test_altered_filings_and_ticket_steps_are_k14(connection):
    file_request(connection, closed("c"))
    take_step(connection, ("K1", "z9", 0), Step("sent", "s", "督导检查组", "杨集乡", NOON))
    assert rows(audit(connection)) == []
    connection.execute(sa.text("UPDATE closure_filings SET seen = '{}' || ' '"))
    connection.execute(sa.text("DELETE FROM ticket_steps"))
    assert rows(audit(connection)) == [("K14", "z1"), ("K14", "z9")]
