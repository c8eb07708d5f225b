"""Random edits, deletions, reorderings and tail cuts of a register: none goes unseen, however well the log is mended.

Each is done by hand in the database, by somebody who may mend the leaves and the count so that the log fits again. What
is kept outside is one checkpoint from before.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from geodata.closures.records import TABLES, record_leaves
from geodata.closures.register import import_closures, rows_as_found
from geodata.ledger.register import LEDGER_LEAVES, LEDGER_SIZE, read_ledger
from geodata.ledger.rules import log_continues, log_is_whole, records_unaltered
from geodata.store import COUNTERS, METADATA
from tests.closure_cases import HQ, NOON, UPPER, closed, hours, says, sees

ORIGIN = "baotong.log/411322"
LEAVES = LEDGER_LEAVES.c
KEYS = {"closure_id", "version", "number", "position"}


@pytest.fixture(scope="module")
def log():
    """A register of 30 records about 9 closures, and its checkpoint."""
    engine = sa.create_engine("sqlite://", isolation_level=None)
    base = closed("c", decisions=[says(HQ)], observations=[sees("blocked", hours(1), barrier="movable")])
    with engine.connect() as connection:
        METADATA.create_all(connection)
        for number in range(9):
            one = replace(base, id=f"z{number}", reason=f"第{number}条")
            import_closures(connection, [one], NOON)
            if number % 3 == 0:
                import_closures(connection, [replace(one, decisions=(*one.decisions, says(UPPER)))], NOON)
        yield connection, read_ledger(connection).checkpoint(ORIGIN)
    engine.dispose()


def is_found(connection, checkpoint):
    ledger = read_ledger(connection)
    records = list(record_leaves(rows_as_found(connection)))
    if log_is_whole(ledger) or any(records_unaltered(ledger, records, kinds=TABLES)):
        return True
    return log_continues(ledger, checkpoint, origin=ORIGIN, where="file") is not None


def rows_of(connection):
    """Every record as (table, position), in the log's order."""
    found = [(table, at) for table in TABLES.values() for at in connection.scalars(sa.select(table.c.position))]
    return sorted(found, key=lambda pair: pair[1])


def other_value(column, value, chance):
    """A value that the column may hold and that is not the one it holds."""
    if isinstance(column.type, sa.Integer):
        return (value or 0) + chance.randint(1, 9)
    if isinstance(column.type, sa.String):
        text = value or ""
        at = chance.randrange(len(text) + 1)
        return text[:at] + chance.choice("0 1x县-") + text[at:]
    return datetime(2022, 6, 22, tzinfo=UTC) + timedelta(seconds=chance.randint(1, 10**6), microseconds=7)


def edit(connection, chance):
    table, position = chance.choice(rows_of(connection))
    column = chance.choice([one for one in table.c if one.name not in KEYS])
    here = table.c.position == position
    value = connection.scalar(sa.select(column).where(here))
    connection.execute(sa.update(table).where(here).values({column.name: other_value(column, value, chance)}))


def delete(connection, chance):
    """Take a record out; perhaps its leaf too, with everything after it moved up."""
    table, position = chance.choice(rows_of(connection))
    connection.execute(sa.delete(table).where(table.c.position == position))
    if chance.random() < 0.6:
        connection.execute(sa.delete(LEDGER_LEAVES).where(LEAVES.position == position))
        if chance.random() < 0.6:
            move_up(connection, position)


def move_up(connection, position):
    for table, at in rows_of(connection):
        if at > position:
            connection.execute(sa.update(table).where(table.c.position == at).values(position=at - 1))
    for at in sorted(connection.scalars(sa.select(LEAVES.position).where(LEAVES.position > position))):
        connection.execute(sa.update(LEDGER_LEAVES).where(LEAVES.position == at).values(position=at - 1))


def reorder(connection, chance):
    """Let two records change places in the log; perhaps their leaves go with them."""
    (one, first), (other, second) = chance.sample(rows_of(connection), 2)
    pairs = [(one, first, second), (other, second, first)]
    if chance.random() < 0.6:
        pairs += [(LEDGER_LEAVES, first, second), (LEDGER_LEAVES, second, first)]
    for table, old, new in pairs:
        connection.execute(sa.update(table).where(table.c.position == old).values(position=-1 - new))
    for table in dict.fromkeys(table for table, *_ in pairs):
        connection.execute(sa.update(table).where(table.c.position < 0).values(position=-1 - table.c.position))


def cut_tail(connection, chance):
    """Take the newest records away with their leaves."""
    rows = rows_of(connection)
    first = rows[-chance.randint(1, 8)][1]
    for table in (*TABLES.values(), *([LEDGER_LEAVES] if chance.random() < 0.8 else [])):
        connection.execute(sa.delete(table).where(table.c.position >= first))


def mend(connection):
    """Make leaves and count fit the records that are there now."""
    for leaf in record_leaves(rows_as_found(connection)):
        values = {"leaf_hash": leaf.hash.hex(), "kind": leaf.kind, "subject": leaf.subject}
        connection.execute(sa.update(LEDGER_LEAVES).where(LEAVES.position == leaf.position).values(values))
    size = connection.scalar(sa.select(sa.func.count()).select_from(LEDGER_LEAVES))
    connection.execute(sa.update(COUNTERS).where(COUNTERS.c.name == LEDGER_SIZE).values(value=size))


WAYS = (edit, delete, reorder, cut_tail)


def unseen(log, count, seed):
    """Tamper so many times, each time with the register as it was; return those that nothing found."""
    connection, checkpoint = log
    chance, missed = random.Random(seed), []
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    for number in range(count):
        way, mends = WAYS[number % len(WAYS)], chance.random() < 0.5
        connection.exec_driver_sql("SAVEPOINT before")
        way(connection, chance)
        if mends:
            mend(connection)
        if not is_found(connection, checkpoint):
            missed.append((number, way.__name__, mends))
        connection.exec_driver_sql("ROLLBACK TO before")
        connection.exec_driver_sql("RELEASE before")
    assert not is_found(connection, checkpoint), "the register is as it was"
    return missed


def test_no_tampering_goes_unseen(log):
    assert unseen(log, 120, seed=1) == []


@pytest.mark.long
def test_none_of_ten_thousand_tamperings_goes_unseen(log):
    assert unseen(log, 10_000, seed=2022) == []
