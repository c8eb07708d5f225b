"""The log's leaves follow each other without a gap, and their hash is that of the record's canonical text."""

import hashlib

import pytest
import sqlalchemy as sa

from geodata.ledger.register import Leaf, append_leaves, canonical, hash_of, next_positions, read_ledger
from geodata.ledger.tree import EMPTY_ROOT, root_of
from geodata.store import METADATA
from tests.closure_cases import EIGHT


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        yield connection
    engine.dispose()


def append(connection, *payloads):
    positions = next_positions(connection, len(payloads))
    leaves = [
        Leaf(at, "note", f"n{at}", hash_of("note", {"text": text}))
        for at, text in zip(positions, payloads, strict=True)
    ]
    append_leaves(connection, leaves, at=EIGHT)
    return leaves


def test_canonical_text_is_sorted_ascii_with_times_in_utc():
    record = {"b": "县", "a": EIGHT, "c": None, "d": 1.5}
    assert canonical(record) == b'{"a":"2022-06-22T00:00:00Z","b":"\\u53bf","c":null,"d":1.5}'


def test_leaf_hash_is_that_of_the_canonical_text_with_its_kind():
    text = b'\x00{"kind":"note","record":{"text":"a"}}'
    assert hash_of("note", {"text": "a"}) == hashlib.sha256(text).digest()
    assert hash_of("other", {"text": "a"}) != hash_of("note", {"text": "a"})


def test_what_has_no_canonical_form_is_a_programming_error():
    with pytest.raises(TypeError, match="no canonical form"):
        canonical({"a": {1}})


def test_leaves_come_back_in_order_without_a_gap(connection):
    leaves = append(connection, "a", "b") + append(connection, "c")
    ledger = read_ledger(connection)
    assert ledger.leaves == tuple(leaves)
    assert [leaf.position for leaf in leaves] == [0, 1, 2]
    assert ledger.appended == 3


def test_checkpoint_holds_size_and_root(connection):
    assert read_ledger(connection).checkpoint("log").root == EMPTY_ROOT
    leaves = append(connection, "a", "b", "c")
    checkpoint = read_ledger(connection).checkpoint("log")
    assert (checkpoint.size, checkpoint.root) == (3, root_of([leaf.hash for leaf in leaves]))


def test_nothing_to_append_is_nothing_done(connection):
    append(connection)
    assert read_ledger(connection).appended == 0


def test_a_position_is_taken_once(connection):
    (leaf,) = append(connection, "a")
    with pytest.raises(sa.exc.IntegrityError):
        append_leaves(connection, [leaf], at=EIGHT)
