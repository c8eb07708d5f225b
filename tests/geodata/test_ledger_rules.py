"""K14: whatever somebody does to the rows by hand is found, the cleverest with a checkpoint kept outside."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from geodata.closures.records import (
    CLOSURE_DECISIONS,
    CLOSURE_OBSERVATIONS,
    CLOSURE_VERSIONS,
    TABLES,
    record_leaves,
)
from geodata.closures.register import import_closures, read_rows
from geodata.errors import BadInputError
from geodata.ledger.register import LEDGER_LEAVES, LEDGER_SIZE, read_ledger
from geodata.ledger.rules import log_continues, log_is_whole, records_unaltered
from geodata.ledger.tree import Checkpoint
from geodata.store import COUNTERS, METADATA
from tests.closure_cases import HQ, NOON, TRANSPORT, closed, hours, says, sees

ORIGIN = "baotong.log/411322"


@pytest.fixture
def connection():
    """Two closures of three records each: z1 at positions 0 to 2, z2 at 3 to 5."""
    engine = sa.create_engine("sqlite://")
    base = closed("c", decisions=[says(HQ)], observations=[sees("blocked", hours(1))])
    with engine.begin() as connection:
        METADATA.create_all(connection)
        import_closures(
            connection, [base, replace(base, id="z2", extent=(replace(base.extent[0], road_id="t"),))], NOON
        )
        yield connection
    engine.dispose()


def altered(connection):
    """Return {subject: [(how, record)]} of K14 without a checkpoint."""
    ledger = read_ledger(connection)
    found = {}
    for finding in records_unaltered(ledger, record_leaves(read_rows(connection)), kinds=TABLES):
        assert (finding.code, finding.clause) == ("K14", "L11")
        found[finding.subject] = [(one["how"], one["record"]) for one in finding.facts["altered"]]
    whole = log_is_whole(ledger)
    if whole is not None:
        found[whole.subject] = [(whole.facts["how"], whole.facts["count"])]
    return found


def change(connection, table, closure_id="z1", **values):
    connection.execute(sa.update(table).where(table.c.closure_id == closure_id).values(values))


def test_an_untouched_register_has_no_finding(connection):
    assert altered(connection) == {}


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (CLOSURE_DECISIONS, {"document_no": "方疫指〔2022〕13号"}),
        (CLOSURE_DECISIONS, {"authority": TRANSPORT}),
        (CLOSURE_DECISIONS, {"decision": "refused"}),
        (CLOSURE_DECISIONS, {"form": "oral"}),
        (CLOSURE_DECISIONS, {"decided_at": hours(-2)}),
        (CLOSURE_DECISIONS, {"starts_at": hours(0)}),
        (CLOSURE_DECISIONS, {"ends_at": hours(9)}),
        (CLOSURE_DECISIONS, {"extent": "[]"}),
        (CLOSURE_DECISIONS, {"about_version": 7}),
        (CLOSURE_DECISIONS, {"recorded_at": hours(1)}),
        (CLOSURE_VERSIONS, {"ends_at": None}),
        (CLOSURE_VERSIONS, {"barrier": "none "}),
        (CLOSURE_VERSIONS, {"requested_by": "别处"}),
        (CLOSURE_OBSERVATIONS, {"state": "open"}),
        (CLOSURE_OBSERVATIONS, {"source": "driver"}),
    ],
    ids=lambda value: value.name if isinstance(value, sa.Table) else next(iter(value)),
)
def test_an_edited_value_is_found(connection, table, values):
    change(connection, table, **values)
    kind = next(kind for kind, one in TABLES.items() if one is table)
    assert altered(connection) == {"z1": [("edited", kind)]}


def test_every_column_counts(connection):
    """No value can be changed unseen: each one is flipped in turn."""
    for kind, table in TABLES.items():
        for column in table.c:
            if column.name in {"position", "closure_id", "version", "number"}:
                continue
            before = connection.execute(sa.select(column).where(table.c.closure_id == "z1")).scalar_one()
            text = isinstance(column.type, sa.String | sa.Text)
            change(
                connection,
                table,
                **{column.name: f"{before}~" if text else 5 if column.name == "about_version" else hours(99)},
            )
            assert altered(connection) == {"z1": [("edited", kind)]}, column
            change(connection, table, **{column.name: before})
    assert altered(connection) == {}


def test_a_deleted_record_is_found(connection):
    connection.execute(sa.delete(CLOSURE_DECISIONS).where(CLOSURE_DECISIONS.c.closure_id == "z2"))
    assert altered(connection) == {"z2": [("deleted", "closure-decision")]}


def test_a_record_slipped_in_is_found(connection):
    row = dict(connection.execute(sa.select(CLOSURE_DECISIONS)).mappings().first())
    connection.execute(sa.insert(CLOSURE_DECISIONS).values({**row, "number": 1, "position": 77}))
    assert altered(connection) == {"z1": [("not-in-log", "closure-decision")]}


def test_records_that_change_places_are_found(connection):
    positions = dict(connection.execute(sa.select(CLOSURE_DECISIONS.c.closure_id, CLOSURE_DECISIONS.c.position)).all())
    for closure_id, position in (("z1", 99), ("z2", positions["z1"]), ("z1", positions["z2"])):
        change(connection, CLOSURE_DECISIONS, closure_id, position=position)
    assert altered(connection) == {"z1": [("edited", "closure-decision")], "z2": [("edited", "closure-decision")]}


def test_a_record_given_to_another_closure_is_found(connection):
    columns = CLOSURE_OBSERVATIONS.c
    connection.execute(sa.update(CLOSURE_OBSERVATIONS).where(columns.closure_id == "z2").values({"closure_id": "z3"}))
    assert set(altered(connection)) == {"z3"}


def delete_last_record(connection, *, leaf=True):
    """Cut the newest record off, and its leaf too."""
    position = connection.scalar(sa.select(sa.func.max(LEDGER_LEAVES.c.position)))
    for table in TABLES.values():
        connection.execute(sa.delete(table).where(table.c.position == position))
    if leaf:
        connection.execute(sa.delete(LEDGER_LEAVES).where(LEDGER_LEAVES.c.position == position))


def test_a_leaf_cut_off_with_its_record_is_found_by_the_count(connection):
    delete_last_record(connection)
    assert altered(connection) == {"": [("cut-off", 1)]}


def test_a_damaged_leaf_is_found(connection):
    connection.execute(sa.update(LEDGER_LEAVES).where(LEDGER_LEAVES.c.position == 1).values(leaf_hash="zz"))
    assert set(altered(connection)) == {"z1"}


# Whoever also mends the log is found by a checkpoint kept outside.


def continues(connection, checkpoint):
    finding = log_continues(read_ledger(connection), checkpoint, origin=ORIGIN, where="file")
    return None if finding is None else finding.facts["how"]


def mend(connection):
    """Make the log fit the records, as a forger with the database in hand would."""
    for leaf in record_leaves(read_rows(connection)):
        table = LEDGER_LEAVES
        connection.execute(sa.update(table).where(table.c.position == leaf.position).values(leaf_hash=leaf.hash.hex()))
    size = connection.scalar(sa.select(sa.func.count()).select_from(LEDGER_LEAVES))
    connection.execute(sa.update(COUNTERS).where(COUNTERS.c.name == LEDGER_SIZE).values(value=size))


def test_a_log_that_grew_continues_its_checkpoint(connection):
    checkpoint = read_ledger(connection).checkpoint(ORIGIN)
    assert continues(connection, checkpoint) is None
    import_closures(connection, [closed("v", id="z9")], NOON)
    assert continues(connection, checkpoint) is None


def test_an_empty_checkpoint_is_continued_by_every_log(connection):
    assert continues(connection, replace(read_ledger(connection), leaves=()).checkpoint(ORIGIN)) is None


def test_an_edit_with_the_log_mended_is_found_by_the_checkpoint(connection):
    checkpoint = read_ledger(connection).checkpoint(ORIGIN)
    change(connection, CLOSURE_DECISIONS, document_no="方疫指〔2022〕99号")
    mend(connection)
    assert altered(connection) == {}
    assert continues(connection, checkpoint) == "rewritten"


def test_a_tail_cut_with_the_log_mended_is_found_by_the_checkpoint(connection):
    checkpoint = read_ledger(connection).checkpoint(ORIGIN)
    delete_last_record(connection)
    mend(connection)
    assert altered(connection) == {}
    assert continues(connection, checkpoint) == "cut-off"


def test_a_checkpoint_of_another_log_is_refused(connection):
    with pytest.raises(BadInputError) as caught:
        continues(connection, Checkpoint("baotong.log/419999", 0, b"\0" * 32))
    assert caught.value.code == "checkpoint-of-another-log"
