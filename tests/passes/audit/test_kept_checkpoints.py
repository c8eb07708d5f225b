"""Checkpoints kept in files, one a day, tell of a log that was rewritten or cut, and cannot be talked round."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.closures.register import import_closures
from geodata.ledger.register import LEDGER_LEAVES, LEDGER_SIZE, read_ledger
from geodata.store import COUNTERS, METADATA, open_store, transaction
from passes.audit.audit import run_audit
from passes.audit.kept_checkpoints import checkpoint_folder, keep_checkpoint, kept_checkpoints
from passes.keyring.key_register import open_key_ring
from passes.orders.log_checkpoint import signed_checkpoint
from tests.closure_cases import HQ, NOON, closed, says


@pytest.fixture
def world(small_county, tmp_path):
    """A log of two records, kept once; (keep, connection, folder)."""
    store = open_store(f"sqlite:///{tmp_path / 'log.sqlite'}")
    with transaction(store, writes=True) as connection:
        METADATA.create_all(connection)
        import_closures(connection, [closed("c1", decisions=[says(HQ)])], NOON)
        folder = checkpoint_folder(small_county, connection)
        key = open_key_ring(connection, tmp_path / "key", at=NOON).current(NOON)

        def keep(days=0):
            state = signed_checkpoint(connection, small_county.settings, key)
            return keep_checkpoint(read_ledger(connection), state, folder, at=NOON + timedelta(days=days))

        assert keep() == folder / "2022-06-22.txt"
        yield keep, connection, folder
    store.dispose()


def k14(connection, county):
    found = run_audit(connection, county, at=NOON).findings
    return [(one.subject, one.facts["how"]) for one in found if one.code == "K14"]


def cut_the_tail(connection):
    """Take the decision away with its leaf, and mend the count."""
    connection.execute(sa.text("DELETE FROM closure_decisions"))
    connection.execute(sa.delete(LEDGER_LEAVES).where(LEDGER_LEAVES.c.position == 1))
    connection.execute(sa.update(COUNTERS).where(COUNTERS.c.name == LEDGER_SIZE).values(value=1))


def test_a_log_that_grew_goes_on_from_what_was_kept(world, small_county):
    keep, connection, folder = world
    import_closures(connection, [closed("c2", id="z2", decisions=[says(HQ)])], NOON)
    assert keep(days=1) == folder / "2022-06-23.txt"
    assert [one.checkpoint.size for one in kept_checkpoints(folder)] == [2, 4]
    assert k14(connection, small_county) == []


def test_the_same_state_is_written_once_and_a_newer_one_of_the_day_replaces_it(world):
    keep, connection, folder = world
    assert keep() is None
    import_closures(connection, [closed("c2", id="z2")], NOON)
    assert keep() == folder / "2022-06-22.txt"
    assert [one.checkpoint.size for one in kept_checkpoints(folder)] == [3]


def test_a_cut_tail_is_found_although_the_log_was_mended(world, small_county):
    _, connection, _ = world
    cut_the_tail(connection)
    assert k14(connection, small_county) == [("", "cut-off")]


def test_a_cut_log_takes_no_kept_checkpoints_place_however_it_grows(world, small_county):
    keep, connection, folder = world
    cut_the_tail(connection)
    import_closures(connection, [closed("c2", id="z2"), closed("c3", id="z3")], NOON)
    assert keep() is None
    assert keep(days=1) is None
    assert [one.checkpoint.size for one in kept_checkpoints(folder)] == [2]
    assert k14(connection, small_county) == [("", "rewritten")]


@pytest.mark.parametrize("text", ["", "baotong.log/411399\n1\n" + 43 * "A" + "=\n", "baotong.log/419999\n0\n"])
def test_a_file_that_somebody_altered_is_found(world, small_county, text):
    _, connection, folder = world
    (folder / "2022-06-22.txt").write_text(text)
    assert k14(connection, small_county) == [("2022-06-22.txt", "checkpoint-altered")]
