"""The root's file opens with its passphrase alone, and tells what is wrong with it."""

import json

import pytest

from geodata.errors import BadInputError
from passes.keyring.root_key import lock_root, make_root, open_root, public_root, read_request
from passes.verifying.root_list import root_list_claims
from tests.signed_passes import AT, OTHER_KEY, ROOT
from tests.vectors.issuer_vectors import FOUND

PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def locked():
    return lock_root(ROOT, PASSPHRASE)


def refused(document, passphrase=PASSPHRASE):
    with pytest.raises(BadInputError) as error:
        open_root(document, passphrase, where="root.key")
    return error.value.code


def test_the_right_passphrase_opens_it_and_the_secret_is_not_in_the_file(locked):
    from passes.tokens.front_door import encode_base64url

    assert open_root(locked, PASSPHRASE, where="root.key").to_bytes() == ROOT.to_bytes()
    assert encode_base64url(ROOT.to_bytes()) not in json.dumps(locked)


def test_a_wrong_passphrase_says_so(locked):
    assert refused(locked, "correct horse batterx") == "passphrase-wrong"


def test_another_public_key_in_the_file_does_not_open(locked):
    assert refused({**locked, "public": OTHER_KEY.public.to_jwk()}) == "passphrase-wrong"


@pytest.mark.parametrize("changed", [{"salt": "!"}, {"nonce": ""}, {"public": {}}])
def test_a_damaged_file_is_told_apart_from_a_wrong_passphrase(locked, changed):
    assert refused({**locked, **changed}) == "root-file-unreadable"


def test_a_short_passphrase_is_refused():
    with pytest.raises(BadInputError, match="passphrase-too-short"):
        lock_root(make_root(at=AT), "eleven char")


def test_the_public_file_holds_nothing_else(locked):
    assert public_root(locked["public"], where="f") == public_root(locked, where="f")


def test_a_request_is_stamped_with_the_time_of_its_signing():
    claims = {"asked_at": "2022-01-01T00:00:00Z", **root_list_claims(FOUND), "iat": 5}
    assert read_request(claims, where="f", at=AT).issued_at == AT
    with pytest.raises(BadInputError, match="root-list-unreadable"):
        read_request({"keys": []}, where="f", at=AT)
