import json
from datetime import timedelta

import pytest
from joserfc.jwk import KeySet

from geodata.errors import BadInputError
from passes.tokens.keys import PublicKey
from passes.verifying.key_list import read_key_list, write_key_list
from passes.verifying.verdicts import VerdictRules
from tests.signed_passes import AT, ISSUER, KEY, OTHER_KEY, key_list

RULES = VerdictRules(12, 36, "red", ("过", "看", "停"), ("#1", "#2", "#3"), {"test": "消毒"}, "Asia/Urumqi")
PLAIN = {"keys": [KEY.public.to_jwk()]}


def refused(document):
    with pytest.raises(BadInputError) as error:
        read_key_list(document, where="k.json")
    return str(error.value)


def test_a_list_comes_back_whole():
    public = PublicKey(KEY.kid, KEY.public.x, KEY.public.y, AT, AT + timedelta(days=9))
    listed = key_list(keys={KEY.kid: public}, withdrawn=frozenset({"old"}), rules=RULES)
    again = read_key_list(json.loads(json.dumps(write_key_list(listed))), where="k.json")
    assert write_key_list(again) == write_key_list(listed)
    assert (again.keys[KEY.kid], again.rules, again.withdrawn) == (public, RULES, {"old"})


def test_any_other_reader_of_jwk_sets_reads_it():
    assert len(KeySet.import_key_set(write_key_list(key_list(KEY, OTHER_KEY))).keys) == 2


def test_a_plain_key_set_has_no_issuer_and_no_age():
    plain = read_key_list(PLAIN, where="k.json")
    assert (plain.issuer, plain.issued_at, plain.rules) == ("", None, VerdictRules())
    assert not plain.holds_every_key_at(AT)


@pytest.mark.parametrize(("days", "holds"), [(0, True), (6.99, True), (7, False), (30, False)])
def test_a_list_younger_than_seven_days_holds_every_key_in_use(days, holds):
    assert key_list(issued_at=AT).holds_every_key_at(AT + timedelta(days=days)) is holds


@pytest.mark.parametrize("document", [None, [], "x", {}, {"keys": {}}, {"keys": "x"}])
def test_what_is_no_key_set_is_refused(document):
    assert refused(document).startswith("key-list-unreadable at k.json")


def test_two_keys_of_one_name_are_refused():
    twice = {**OTHER_KEY.public.to_jwk(), "kid": KEY.kid}
    assert refused({"keys": [KEY.public.to_jwk(), twice]}).startswith("key-named-twice at k.json: keys[1]")


def test_one_bad_key_refuses_the_list_and_is_named():
    bad = {**OTHER_KEY.public.to_jwk(), "crv": "P-384"}
    assert refused({"keys": [KEY.public.to_jwk(), bad]}).startswith("key-not-p256 at k.json: keys[1]: crv")


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn": "x"},
        {"withdrawn": [1]},
        {"verdict": []},
        {"verdict": {"words": "x"}},
        {"verdict": {"staleness_h": ["a"]}},
        {"verdict": {"on_expiry_inside": "green"}},
        {"verdict": {"terms": []}},
        {"verdict": {"timezone": 8}},
    ],
)
def test_a_further_member_of_another_form_is_refused(changes):
    assert refused({**PLAIN, **changes}).startswith("key-list-unreadable at k.json")


@pytest.mark.parametrize("time", ["yesterday", "2022-06-22T08:00:00", 1655859600])
def test_a_time_without_offset_is_refused(time):
    assert "k.json: issued_at" in refused({**PLAIN, "issued_at": time})


def test_words_that_are_not_three_are_left_as_usual():
    assert read_key_list({**PLAIN, "verdict": {"words": ["a"]}}, where="k").rules.words == VerdictRules().words


def test_the_issuer_is_named_as_in_a_token():
    assert write_key_list(key_list())["iss"] == ISSUER
