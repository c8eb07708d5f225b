"""The log's tree is RFC 6962's, its proofs prove, and a checkpoint's text reads back."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInputError
from geodata.ledger.tree import (
    Checkpoint,
    Signature,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    read_checkpoint,
    root_of,
    roots_at,
)

# The test leaves and roots of Google's certificate-transparency code, used by every implementation.
PAYLOADS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(payload) for payload in PAYLOADS]


def recursive_root(leaves):
    """Oracle: the definition of RFC 6962, 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node_hash(recursive_root(leaves[:k]), recursive_root(leaves[k:]))


logs = st.integers(1, 70).map(lambda size: [leaf_hash(bytes([number])) for number in range(size)])


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS, start=1)))
def test_roots_are_the_published_ones(size, root):
    assert root_of(LEAVES[:size]).hex() == root


def test_root_of_an_empty_log_is_the_hash_of_nothing():
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_published_inclusion_path_of_the_first_leaf_of_eight():
    assert [step.hex() for step in inclusion_proof(LEAVES, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


@given(logs)
def test_root_is_that_of_the_definition(leaves):
    assert root_of(leaves) == recursive_root(leaves)


@given(logs, st.data())
def test_every_leaf_is_proved_where_it_is_and_nowhere_else(leaves, data):
    position = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = inclusion_proof(leaves, position), root_of(leaves)
    assert is_included(leaves[position], position, size=len(leaves), proof=proof, root=root)
    if other != position:
        assert not is_included(leaves[other], position, size=len(leaves), proof=proof, root=root)
        assert not is_included(leaves[position], other, size=len(leaves), proof=proof, root=root)


@given(logs, st.data())
def test_growth_is_proved_and_change_is_not(leaves, data):
    old = data.draw(st.integers(0, len(leaves)))
    proof = consistency_proof(leaves, old)
    root, old_root = root_of(leaves), root_of(leaves[:old])
    assert is_consistent(old, old_root, size=len(leaves), root=root, proof=proof)
    wrong = leaf_hash(b"another")
    assert not is_consistent(old, wrong, size=len(leaves), root=root, proof=proof)
    if old:
        assert not is_consistent(old, old_root, size=len(leaves), root=wrong, proof=proof)


@given(logs, st.data())
def test_a_proof_with_a_step_missing_or_added_fails(leaves, data):
    position = data.draw(st.integers(0, len(leaves) - 1))
    root = root_of(leaves)
    proof = inclusion_proof(leaves, position)
    for wrong in (proof[:-1], (*proof, leaf_hash(b"x"))):
        if wrong != proof:
            assert not is_included(leaves[position], position, size=len(leaves), proof=wrong, root=root)
    old = data.draw(st.integers(1, len(leaves)))
    growth = consistency_proof(leaves, old)
    for wrong in (growth[:-1], (*growth, leaf_hash(b"x"))):
        if wrong != growth:
            assert not is_consistent(old, root_of(leaves[:old]), size=len(leaves), root=root, proof=wrong)


def test_proofs_of_what_never_was_are_refused():
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)
    assert not is_included(LEAVES[0], 9, size=8, proof=(), root=root_of(LEAVES))
    assert not is_consistent(9, LEAVES[0], size=8, root=root_of(LEAVES), proof=())


@given(st.integers(0, 10**18 - 1), st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=1), max_size=2))
def test_checkpoint_text_reads_back(size, root, signatures):
    signed = tuple(Signature("baotong.example", signature) for signature in signatures)
    checkpoint = Checkpoint("baotong.log/411322", size, root, signed)
    assert read_checkpoint(checkpoint.text, where="file") == checkpoint


@given(st.text())
def test_any_text_is_a_checkpoint_or_refused(text):
    code = "checkpoint-unreadable"
    try:
        read_checkpoint(text, where="file")
    except BadInputError as error:
        code = error.code
    assert code == "checkpoint-unreadable"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("log\n3\n", 1),
        ("log\n-3\nAAAA\n", 2),
        ("log\n03\nAAAA\n", 2),
        ("log\n3\n***\n", 3),
        ("log\n3\nAAAA\n", 3),
        (Checkpoint("log", 3, LEAVES[0]).text + "\nnobody\n", 5),
    ],
)
def test_a_damaged_checkpoint_names_its_line(text, line):
    with pytest.raises(BadInputError) as caught:
        read_checkpoint(text, where="file")
    assert (caught.value.code, caught.value.facts["line"]) == ("checkpoint-unreadable", line)


@given(logs, st.lists(st.integers(0, 80), max_size=6))
def test_roots_at_some_sizes_are_those_of_the_log_cut_there(leaves, sizes):
    found = roots_at(leaves, sizes)
    assert found == {size: root_of(leaves[:size]) for size in sizes if size <= len(leaves)}
