from dataclasses import replace
from datetime import timedelta

import pytest

from passes.tokens.claims import CrewEntry
from passes.tokens.pass_code import to_code
from passes.verifying.status_list import Status
from passes.verifying.verdicts import VerdictRules
from passes.verifying.verify import verify_pass
from tests.signed_passes import (
    AT,
    CLAIMS,
    HOUR,
    KEY,
    OTHER_KEY,
    claims_with,
    forge,
    key_list,
    status_list,
    token_of,
    trust,
)

TOKEN = forge()
SECOND = timedelta(seconds=1)
ON_ROUTE = CLAIMS.corridor[3]
FAR_OFF = (ON_ROUTE[0], ON_ROUTE[1] + 0.2)


def judge(text=TOKEN, trusted=None, at=AT, **seen):
    found = verify_pass(text, trusted or trust(), at=at, **seen)
    return found.verdict, [one.code for one in found.reasons]


def test_a_good_pass_is_green_and_tells_the_list_s_age():
    found = verify_pass(TOKEN, trust(), at=AT)
    assert found.verdict == "green"
    assert [one.code for one in found.reasons] == ["pass-valid", "list-current"]
    assert found.reasons[1].facts["age_h"] == 1


def test_the_pass_s_content_comes_with_the_verdict():
    claims = verify_pass(TOKEN, trust(), at=AT).claims
    assert (claims.number, claims.plate, claims.crew) == (CLAIMS.jti, CLAIMS.plate, CLAIMS.crew)


@pytest.mark.parametrize(
    "text", [f"  {TOKEN}\r\n", to_code(TOKEN, "https://x"), to_code(TOKEN, "http://127.0.0.1:8000").lower()]
)
def test_the_code_s_url_and_space_around_are_taken(text):
    assert judge(text)[0] == "green"


@pytest.mark.parametrize(
    ("at", "verdict", "code"),
    [
        (CLAIMS.not_before - SECOND, "red", "not-yet-valid"),
        (CLAIMS.not_before, "green", "pass-valid"),
        (CLAIMS.expires_at - SECOND, "amber", "condition-ended-inside"),
        (CLAIMS.expires_at, "red", "expired"),
        (CLAIMS.expires_at + SECOND, "red", "expired"),
    ],
)
def test_a_pass_is_valid_from_nbf_to_before_exp(at, verdict, code):
    trusted = trust(status_list(at=AT - 2 * HOUR), keys=key_list(issued_at=AT - 2 * HOUR))
    found = judge(trusted=trusted, at=at)
    assert (found[0], found[1][0]) == (verdict, code)


@pytest.mark.parametrize(
    ("status", "verdict", "code"),
    [
        (Status.WITHDRAWN, "red", "withdrawn"),
        (Status.SUSPENDED, "red", "suspended"),
        (Status.REPLACED, "amber", "replaced"),
    ],
)
def test_the_status_list_is_followed(status, verdict, code):
    found = judge(trusted=trust(status_list({5: status})))
    assert (found[0], found[1][0]) == (verdict, code)


def test_another_pass_s_status_does_not_matter():
    assert judge(trusted=trust(status_list({4: Status.WITHDRAWN, 6: Status.WITHDRAWN})))[0] == "green"


@pytest.mark.parametrize(
    ("age_h", "verdict", "code", "step"),
    [
        (0, "green", "list-current", "let-pass"),
        (24, "green", "list-current", "let-pass"),
        (24.001, "amber", "list-old", "record-and-recheck"),
        (72, "amber", "list-old", "record-and-recheck"),
        (72.001, "amber", "list-too-old", "phone-then-let-pass"),
        (24 * 365, "amber", "list-too-old", "phone-then-let-pass"),
    ],
)
def test_an_old_list_is_told_and_never_refuses(age_h, verdict, code, step):
    made_at = AT - timedelta(hours=age_h)
    found = verify_pass(TOKEN, trust(status_list(at=made_at), keys=key_list(issued_at=made_at)), at=AT)
    told = next(one for one in found.reasons if one.code == code)
    assert (found.verdict, told.next, told.facts["age_h"]) == (verdict, step, int(age_h))


def test_no_list_at_all_is_amber_and_asks_for_a_call():
    found = verify_pass(TOKEN, replace(trust(), statuses=None), at=AT)
    assert found.verdict == "amber"
    assert [(one.code, one.next) for one in found.reasons] == [("list-missing", "phone-then-let-pass")]


def test_a_list_that_does_not_hold_the_pass_is_amber():
    assert judge(trusted=trust(replace(status_list(), uri="/status/2")))[:2] == (
        "amber",
        ["list-without-pass", "list-current"],
    )


def test_the_county_s_own_staleness_counts():
    strict = key_list(rules=VerdictRules(fresh_h=0.5, usable_h=0.9))
    assert "list-too-old" in judge(trusted=trust(keys=strict))[1]


def test_another_plate_is_red():
    assert judge(plate="豫R54321") == ("red", ["plate-differs", "list-current"])


@pytest.mark.parametrize("plate", ["豫R12345", "豫Ｒ１２３４５", "豫r·12345"])
def test_the_same_plate_written_otherwise_is_the_same(plate):
    assert judge(plate=plate)[0] == "green"


@pytest.mark.parametrize("plate", ["", "12345", "x" * 9_999, "\0"])
def test_what_is_no_plate_differs(plate):
    assert judge(plate=plate)[0] == "red"


def test_on_the_route_nothing_is_said():
    assert judge(position=ON_ROUTE)[0] == "green"


def test_off_the_route_is_amber_with_metres():
    found = verify_pass(TOKEN, trust(), at=AT, position=FAR_OFF)
    assert (found.verdict, found.reasons[0].code, found.reasons[0].next) == ("amber", "off-route", "guide-back")
    assert 15_000 < found.reasons[0].facts["distance_m"] < 23_000
    assert found.reasons[0].facts["tolerance_m"] == 250


def test_a_drill_s_pass_is_not_valid():
    assert judge(token_of(drill=True)) == ("red", ["drill", "list-current"])


def test_a_condition_holds_through_the_instant_of_its_end():
    assert judge(token_of(crew=(CrewEntry("王*明", "123X", AT),)))[0] == "green"


def test_a_condition_that_lapsed_on_the_way_lets_pass_and_names_the_person():
    late = token_of(crew=(CrewEntry("王*明", "123X", AT - SECOND), CrewEntry("李*", "0015", AT)))
    found = verify_pass(late, trust(), at=AT)
    assert (found.verdict, found.reasons[0].code, found.reasons[0].clause) == ("amber", "condition-ended-inside", "L2")
    assert found.reasons[0].next == "renew-condition-on-arrival"
    assert [one.facts.get("name") for one in found.reasons if one.code == "condition-ended-inside"] == ["王*明"]


def test_where_the_policy_says_so_a_lapsed_condition_is_red():
    late = token_of(crew=(CrewEntry("王*明", "123X", AT - SECOND),))
    found = verify_pass(late, trust(keys=key_list(rules=VerdictRules(on_expiry_inside="red"))), at=AT)
    assert (found.verdict, found.reasons[0].next) == ("red", "renew-condition-now")


def test_a_crew_without_conditions_is_green():
    assert judge(token_of(crew=(CrewEntry("王*明", "123X"),)))[0] == "green"


def test_every_reason_is_told_at_once():
    late = token_of(drill=True, crew=(CrewEntry("王*明", "123X", AT - SECOND),), expires_at=AT)
    found = judge(
        late, trust(status_list({5: Status.WITHDRAWN}, at=AT - 30 * HOUR)), plate="豫R54321", position=FAR_OFF
    )
    assert found[1] == [
        "expired",
        "drill",
        "withdrawn",
        "plate-differs",
        "list-old",
        "off-route",
        "condition-ended-inside",
    ]


def test_an_unknown_key_is_red_while_the_list_must_hold_every_key():
    found = verify_pass(forge(key=OTHER_KEY, header=None), trust(), at=AT)
    assert (found.verdict, found.reasons[0].code, found.claims) == ("red", "key-unknown", None)


@pytest.mark.parametrize("issued_at", [AT - timedelta(days=7), None])
def test_an_unknown_key_is_amber_where_the_list_may_lack_it(issued_at):
    found = verify_pass(forge(key=OTHER_KEY), trust(keys=key_list(issued_at=issued_at)), at=AT)
    assert (found.verdict, found.reasons[0].code, found.reasons[0].next) == ("amber", "key-unknown", "check-paper")
    assert found.claims is None


def test_an_unknown_key_never_excuses_what_the_pass_admits_itself():
    old = key_list(issued_at=AT - timedelta(days=9))
    expired = forge(claims_with(exp=int(AT.timestamp())), key=OTHER_KEY)
    assert judge(expired, trust(keys=old))[0] == "red"


def test_another_key_under_our_name_is_red():
    found = verify_pass(forge(key=OTHER_KEY, header={"alg": "ES256", "kid": KEY.kid, "typ": "btp+jwt"}), trust(), at=AT)
    assert (found.verdict, [one.code for one in found.reasons], found.claims) == ("red", ["signature-wrong"], None)


def test_a_withdrawn_key_voids_its_passes():
    assert judge(trusted=trust(keys=key_list(withdrawn=frozenset({KEY.kid})))) == ("red", ["key-withdrawn"])


def test_a_pass_signed_before_its_key_retired_stays_good():
    public = replace(KEY.public, retired_at=CLAIMS.issued_at + SECOND)
    assert judge(trusted=trust(keys=key_list(keys={KEY.kid: public})))[0] == "green"


def test_a_pass_signed_after_its_key_retired_is_red():
    public = replace(KEY.public, retired_at=CLAIMS.issued_at)
    assert judge(trusted=trust(keys=key_list(keys={KEY.kid: public})))[1][0] == "key-retired"


def test_a_pass_in_another_s_name_is_red():
    assert judge(token_of(issuer="411300"))[:2] == ("red", ["issuer-differs", "list-current"])


def test_a_plain_key_set_takes_any_issuer():
    assert judge(token_of(issuer="411300"), trust(keys=key_list(issuer="")))[0] == "green"


def test_a_clock_behind_signed_times_refuses_to_judge_the_beginning():
    ahead = trust(status_list(at=AT), keys=key_list(issued_at=None))
    found = judge(trusted=ahead, at=AT - 30 * HOUR)
    assert found == ("amber", ["clock-wrong", "list-current"])


@pytest.mark.parametrize("source", ["keys", "statuses", "seen"])
def test_every_signed_time_is_a_witness_against_the_clock(source):
    early = AT - HOUR
    trusted = trust(
        status_list(at=AT if source == "statuses" else early),
        keys=key_list(issued_at=AT if source == "keys" else early),
        latest_seen=AT if source == "seen" else None,
    )
    assert "clock-wrong" in judge(trusted=trusted, at=AT - timedelta(minutes=5, seconds=1))[1]
    assert "clock-wrong" not in judge(trusted=trusted, at=AT - timedelta(minutes=5))[1]


def test_a_clock_behind_still_knows_what_has_surely_expired():
    ahead = trust(status_list(at=CLAIMS.expires_at))
    assert judge(trusted=ahead, at=AT)[:2] == ("red", ["expired", "clock-wrong", "list-current"])


def test_white_space_alone_is_unreadable():
    assert judge(" \n") == ("red", ["token-unreadable"])


def test_two_megabytes_are_refused_at_once():
    assert judge("A" * 2_000_000) == ("red", ["token-too-long"])
    assert judge(" " * 2_000_000 + TOKEN) == ("red", ["token-too-long"])
