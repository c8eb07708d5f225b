from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from passes.errors import RefusedTokenError
from passes.tokens.claims import (
    CLAIM_CHECKS,
    LATEST_SECOND,
    PASS,
    CrewEntry,
    StatusSlot,
    check_pass_claims,
    read_pass_claims,
)
from passes.tokens.front_door import parse_token
from tests.signed_passes import AT, CLAIMS, HOUR, claims_with, forge

SECOND = timedelta(seconds=1)


def refused(claims):
    with pytest.raises(RefusedTokenError) as error:
        check_pass_claims(claims)
    return error.value.code, error.value.facts.get("member")


def test_claims_come_back_as_they_were():
    again = read_pass_claims(CLAIMS.to_claims())
    assert replace(again, corridor=CLAIMS.corridor) == CLAIMS
    assert again.to_claims() == CLAIMS.to_claims()


def test_the_claims_are_those_of_the_design():
    assert list(CLAIMS.to_claims()) == [
        "iss",
        "jti",
        "iat",
        "nbf",
        "exp",
        "status",
        "plt",
        "crw",
        "org",
        "dst",
        "cor",
        "tol",
        "trm",
        "rul",
    ]


def test_only_a_drill_says_so():
    assert "drl" not in CLAIMS.to_claims()
    assert replace(CLAIMS, drill=True).to_claims()["drl"] is True


def test_a_person_without_a_condition_has_no_end():
    claims = replace(CLAIMS, crew=(CrewEntry("王*", "0015"),)).to_claims()
    assert claims["crw"] == [["王*", "0015", 0]]
    assert read_pass_claims(claims).crew[0].condition_ends_at is None


def test_the_number_of_a_re_issued_pass_is_that_of_the_pass():
    assert replace(CLAIMS, jti="411322000123-2").number == "411322000123"


@pytest.mark.parametrize("name", [name for name in CLAIM_CHECKS if name != "drl"])
def test_no_claim_may_be_missing(name):
    assert refused(claims_with(**{name: None})) == ("claims-not-ours", name)


def test_a_claim_without_a_name_is_refused():
    assert refused({**CLAIMS.to_claims(), "": 1}) == ("claims-not-ours", "")


def test_a_condition_until_the_end_of_all_time_is_cut_to_the_latest_second():
    claims = replace(CLAIMS, crew=(CrewEntry("王*", "0015", datetime(9999, 12, 31, tzinfo=UTC)),)).to_claims()
    assert claims["crw"] == [["王*", "0015", LATEST_SECOND - 1]]
    assert read_pass_claims(claims).to_claims() == claims


def test_no_further_claim_may_be_there():
    assert refused(claims_with(sub="x")) == ("claims-not-ours", "sub")


@pytest.mark.parametrize("name", ["iat", "nbf", "exp"])
@pytest.mark.parametrize("value", ["1655859600", True, 0, -1, 2**33, [1], {}])
def test_a_time_is_a_whole_positive_number(name, value):
    assert refused(claims_with(**{name: value})) == ("claims-not-ours", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iss", ""),
        ("iss", 411322),
        ("jti", "a b"),
        ("jti", "1" * 33),
        ("status", {"idx": 1}),
        ("status", {"idx": True, "uri": "/status/1"}),
        ("status", {"idx": -1, "uri": "/status/1"}),
        ("status", {"idx": 1, "uri": "/status/1", "x": 1}),
        ("plt", "R12345"),
        ("plt", "豫Ｒ12345"),
        ("crw", []),
        ("crw", [["王*", "0015", 0]] * 9),
        ("crw", [["王*", "0015"]]),
        ("crw", [["王小明", "0015", 0]]),
        ("crw", [["王*", "41132219800101001X", 0]]),
        ("crw", [["王*", "0015", "0"]]),
        ("crw", [["王*", "0015", False]]),
        ("org", "a\n"),
        ("dst", "\ud800"),
        ("cor", "A@"),
        ("cor", "A"),
        ("cor", 1),
        ("tol", 0),
        ("tol", "250"),
        ("trm", "closed-loop"),
        ("trm", ["Closed"]),
        ("trm", ["x"] * 9),
        ("rul", ""),
        ("drl", False),
        ("drl", 1),
    ],
)
def test_a_claim_of_another_form_is_refused(name, value):
    assert refused(claims_with(**{name: value})) == ("claims-not-ours", name)


def test_a_pass_ends_after_it_begins():
    nbf = CLAIMS.to_claims()["nbf"]
    assert refused(claims_with(exp=nbf)) == ("claims-not-ours", "exp")


def test_a_pass_for_a_hundred_years_is_refused():
    assert refused(claims_with(exp=CLAIMS.to_claims()["exp"] + 100 * 365 * 86_400))[0] == "lifetime-too-long"


def test_a_pass_for_31_days_is_taken_and_one_second_more_is_not():
    start = AT - 2 * HOUR
    assert replace(CLAIMS, expires_at=start + timedelta(days=31))
    with pytest.raises(RefusedTokenError, match="lifetime-too-long"):
        replace(CLAIMS, expires_at=start + timedelta(days=31) + SECOND)


def test_no_pass_is_made_that_the_front_door_would_refuse():
    with pytest.raises(RefusedTokenError, match="member='plt'"):
        replace(CLAIMS, plate="豫R1234")
    with pytest.raises(RefusedTokenError, match="member='status'"):
        replace(CLAIMS, status=StatusSlot(-1, "/status/1"))


def test_json_with_escapes_and_spaces_is_the_same_pass():
    import json

    token = forge(json.dumps(CLAIMS.to_claims(), indent=1).encode())
    assert parse_token(token, PASS).claims == CLAIMS.to_claims()
