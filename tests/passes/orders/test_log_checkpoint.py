"""A checkpoint of the log is a signed note that anybody with the key list can check, and that nobody can change."""

import base64
import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from geodata.closures.register import import_closures
from geodata.errors import BadInputError
from geodata.ledger.tree import Signature, leaf_hash, read_checkpoint, root_of
from geodata.store import METADATA, open_store, transaction
from passes.orders.log_checkpoint import checkpoint_signer, sign_checkpoint, signed_checkpoint
from passes.tokens.keys import new_signing_key
from passes.verifying.key_list import KeyList
from tests.closure_cases import HQ, NOON, closed, says, settings

KEY = new_signing_key(usable_from=NOON)
KEYS = KeyList({KEY.kid: KEY.public})


@pytest.fixture
def state(tmp_path):
    """The signed state of a log of two records."""
    store = open_store(f"sqlite:///{tmp_path / 'log.sqlite'}")
    with transaction(store, writes=True) as connection:
        METADATA.create_all(connection)
        import_closures(connection, [closed("c", decisions=[says(HQ)])], NOON)
        yield signed_checkpoint(connection, settings(), KEY)
    store.dispose()


def fault(state, keys=KEYS):
    with pytest.raises(BadInputError) as caught:
        checkpoint_signer(state, keys, where="file")
    return caught.value.code


def test_its_key_signed_it_and_the_text_reads_back(state):
    assert (state.origin, state.size) == ("baotong.log/411322", 2)
    assert checkpoint_signer(read_checkpoint(state.text, where="file"), KEYS, where="file") == KEY.public


def test_it_is_a_c2sp_note_that_needs_no_baotong_to_be_checked(state):
    body, signature = state.text.split("\n\n")
    name, blob = signature.removeprefix("— ").strip().split(" ")
    raw = base64.b64decode(blob)
    der = KEY.public.point.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert (name, raw[:4]) == ("baotong.log/411322", hashlib.sha256(der).digest()[:4])
    KEY.public.point.verify(raw[4:], f"{body}\n".encode(), ec.ECDSA(SHA256()))


@pytest.mark.parametrize("change", [{"size": 1}, {"root": root_of([leaf_hash(b"")])}, {"origin": "baotong.log/419999"}])
def test_no_line_of_it_can_be_changed(state, change):
    assert fault(replace(state, **change)) == "checkpoint-signature-wrong"


def test_one_without_signature_or_of_a_strange_key_proves_nothing(state):
    assert fault(replace(state, signatures=())) == "checkpoint-unsigned"
    assert fault(sign_checkpoint(state, new_signing_key(usable_from=NOON))) == "checkpoint-key-unknown"
    short = replace(state, signatures=(Signature(state.origin, state.signatures[0].signature[:4]),))
    assert fault(short) == "checkpoint-signature-wrong"


def test_one_good_signature_among_others_is_enough(state):
    other = sign_checkpoint(state, new_signing_key(usable_from=NOON)).signatures
    assert checkpoint_signer(replace(state, signatures=(*other, *state.signatures)), KEYS, where="file") == KEY.public
