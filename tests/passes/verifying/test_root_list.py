"""What the root signs comes back as it was, and a fault is named by its place."""

import pytest

from geodata.errors import BadInputError
from passes.verifying.root_list import read_root_list, root_list_claims, sign_root_list
from tests.signed_passes import KEY, OTHER_KEY, ROOT, forge_root_list, root_list
from tests.vectors.issuer_vectors import FOUND, NEIGHBOUR


def test_a_signed_list_comes_back_whole():
    assert read_root_list(sign_root_list(FOUND, ROOT), ROOT.public, where="f") == FOUND


def test_without_a_known_root_whatever_surrounds_the_list_must_vouch_for_it():
    assert read_root_list(sign_root_list(root_list(), OTHER_KEY), None, where="f").keys


@pytest.mark.parametrize(
    ("changed", "code", "place"),
    [
        ({"crv": "P-384"}, "key-not-p256", "keys.json: trusted[0]: keys[1]: crv"),
        ({"d": "x"}, "key-private", "keys.json: trusted[0]: keys[1]"),
        ({"kid": KEY.kid}, "key-named-twice", "keys.json: trusted[0]: keys[1]"),
        ({"usable_from": "2022-06-22T01:00:00"}, "time-without-offset", "keys.json: trusted[0]: keys[1]: usable_from"),
    ],
)
def test_a_bad_key_of_another_issuer_refuses_the_list_and_names_its_place(changed, code, place):
    claims = root_list_claims(FOUND)
    own = claims["keys"][0]
    claims["trusted"][0]["keys"] = [own, {**own, "kid": "another", **changed}]
    with pytest.raises(BadInputError) as error:
        read_root_list(forge_root_list(claims), ROOT.public, where="keys.json")
    assert (error.value.code, error.value.where) == (code, place)


def test_one_name_with_two_issuers_is_two_keys():
    found = read_root_list(sign_root_list(FOUND, ROOT), ROOT.public, where="f")
    ours, theirs = found.keys[KEY.kid], found.others[NEIGHBOUR].keys[KEY.kid]
    assert (ours.x, ours.y) != (theirs.x, theirs.y)
