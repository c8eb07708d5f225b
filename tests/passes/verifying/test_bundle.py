"""The bundle holds keys and lists as one, is small enough for a weak network, and never goes back in time."""

from datetime import timedelta

import pytest

from geodata.errors import BadInputError
from passes.tokens.signing import sign_token
from passes.verifying.bundle import BUNDLE, accept_newer_bundle, read_bundle, seen_of, sign_bundle
from passes.verifying.status_list import Status, make_status_list
from tests.signed_passes import AT, HOUR, KEY, LIST_URI, OTHER_KEY, key_list, status_list


def bundle(keys=None, *, key=KEY, at=AT, lists=None):
    return sign_bundle(keys or key_list(), lists or [status_list(at=at)], key, at=at)


def refused(text, held=None):
    with pytest.raises(BadInputError) as error:
        read_bundle(text, held, where="bundle")
    return error.value.code


def test_a_bundle_gives_back_keys_rules_and_lists():
    found = read_bundle(bundle(lists=[status_list({5: Status.WITHDRAWN})]), None, where="bundle")
    assert (found.keys, found.issued_at) == (key_list(), AT)
    assert found.lists[0].find(LIST_URI, 5) is Status.WITHDRAWN


def test_a_later_bundle_must_be_signed_by_a_key_that_is_held():
    other = bundle(key_list(OTHER_KEY), key=OTHER_KEY)
    assert read_bundle(other, None, where="bundle").keys.keys
    assert refused(other, key_list()) == "bundle-not-signed"
    rotated = bundle(key_list(KEY, OTHER_KEY))
    assert set(read_bundle(rotated, key_list(), where="bundle").keys.keys) == {KEY.kid, OTHER_KEY.kid}


def test_a_withdrawn_key_brings_no_bundle():
    assert refused(bundle(), key_list(withdrawn=frozenset({KEY.kid}))) == "bundle-not-signed"


@pytest.mark.parametrize("changed", [{"iat": "1"}, {"keys": []}, {"lists": [1]}, {"sub": "x"}])
def test_claims_of_another_shape_are_refused(changed):
    claims = {"iss": "411322", "iat": int(AT.timestamp()), "keys": {"keys": []}, "lists": [], **changed}
    assert refused(sign_token(claims, KEY, typ=BUNDLE.typ)) == "bundle-unreadable"


def test_a_bundle_that_goes_back_in_time_is_refused():
    held, older = (read_bundle(bundle(at=at), None, where="bundle") for at in (AT, AT - HOUR))
    with pytest.raises(BadInputError) as error:
        accept_newer_bundle(seen_of(held), older, where="bundle")
    assert error.value.code == "bundle-older"
    assert accept_newer_bundle(None, older, where="bundle") is older
    mixed = read_bundle(bundle(lists=[status_list(at=AT - HOUR)]), None, where="bundle")
    with pytest.raises(BadInputError):
        accept_newer_bundle(seen_of(held), mixed, where="bundle")


@pytest.mark.parametrize("size", [2**17, 2**20])
def test_a_bundle_with_one_in_a_hundred_of_131072_passes_withdrawn_is_at_most_32_kb(size):
    import random

    withdrawn = random.Random(3).sample(range(size), 1_311)
    full = make_status_list(LIST_URI, ((slot, Status.WITHDRAWN) for slot in withdrawn), size=size, at=AT)
    keys = key_list(KEY, OTHER_KEY)
    assert len(bundle(keys, lists=[full], at=AT + timedelta(minutes=1))) <= 32_000
