"""Whoever scans a barrier's code learns whether an approval is on record; nothing that forgers try is ever green."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import sqlalchemy as sa

from geodata.closures.filings_register import CLOSURE_FILINGS
from geodata.closures.map_matching import MapMatcher
from geodata.closures.rematch_register import rematch_closures
from passes.keyring.key_register import rotate_keys
from passes.orders.check import Record, judge_log, verify_order, with_reason
from passes.orders.code import read_order_token
from passes.tokens.claims import PASS
from passes.tokens.pass_code import to_code
from passes.verifying.verify import verify_pass
from tests.closure_cases import HQ, NOON, UPPER, closed, hours, says, span
from tests.ordered_closures import NETWORK, an_order_desk
from tests.signed_passes import OTHER_KEY, forge, trust


@pytest.fixture
def desk(tmp_path):
    with an_order_desk(tmp_path) as desk:
        yield desk


def changed(desk, order, **claims):
    """The order's claims with some changed, signed by the county's own key; None takes one away."""
    merged = {**order.claims.to_claims(), **claims}
    return desk.signed({name: value for name, value in merged.items() if value is not None})


def test_an_approval_on_record_is_green_by_token_code_and_digits(desk):
    order = desk.issue()
    for text in (order.token, order.url, order.url.lower(), order.url.rpartition("/")[2], f" {order.url}\n"):
        assert desk.said(text) == ("green", "order-valid", None)


def test_offline_the_signature_holds_and_the_register_is_to_be_asked(desk):
    verdict = desk.judge(desk.issue().url, offline=True)
    assert (verdict.verdict, verdict.reasons[0].code, verdict.claims.closure_id) == ("amber", "order-offline", "z1")


@pytest.mark.parametrize(
    ("at", "verdict", "code"),
    [
        (hours(9.99), "green", "order-valid"),
        (hours(10), "red", "order-ended"),
        (hours(-0.25), "amber", "order-not-yet"),
        (hours(0), "green", "order-valid"),
    ],
)
def test_the_window_is_half_open(desk, at, verdict, code):
    order = desk.issue(at=hours(-0.4))
    assert desk.said(order.url, at=at)[:2] == (verdict, code)


def test_a_withdrawn_approval_shows_at_once(desk):
    order = desk.issue()
    desk.decide(says(HQ, "withdrawn", at=hours(5)))
    assert desk.said(order.url, at=hours(5)) == ("red", "order-not-on-record", "withdrawn")


def test_another_version_is_told(desk):
    order = desk.issue()
    desk.decide(says(HQ, at=hours(5)), at=hours(5), extent=(span("c"), span("c+")))
    assert desk.said(order.url, at=hours(6)) == ("red", "order-not-on-record", "version")


def test_less_approved_later_contradicts_the_older_order(desk):
    order = desk.issue()
    desk.decide(says(HQ, at=hours(5), extent=(span("c", 0, 500),)))
    assert desk.said(order.url, at=hours(6)) == ("red", "order-not-on-record", "approval")


def test_paper_after_the_phone_makes_a_newer_order_of_the_same_approval(tmp_path):
    with an_order_desk(tmp_path, closed("c", decisions=[says(HQ, form="oral", document_no="")])) as desk:
        oral = desk.issue()
        assert [one.code for one in desk.judge(oral.url).reasons] == ["order-valid", "order-oral"]
        assert desk.said(oral.url, at=hours(9))[:2] == ("green", "order-valid")
        desk.decide(says(HQ, at=hours(5)))
        assert desk.said(oral.url, at=hours(6))[:2] == ("amber", "order-newer")
        assert desk.said(desk.issue(at=hours(6)).url, at=hours(6))[:2] == ("green", "order-valid")


def test_a_number_that_did_not_follow_in_time_is_told(tmp_path):
    oral = closed("c", decisions=[says(HQ, form="oral", document_no="")], end=hours(100))
    with an_order_desk(tmp_path, oral) as desk:
        assert desk.said(desk.issue().url, at=hours(23))[:2] == ("amber", "order-paper-overdue")


def test_an_order_that_the_register_does_not_hold_is_not_on_record(desk):
    order = desk.issue()
    for claims in ({"jti": "z1:1.7"}, {"jti": "nobody:1.1"}):
        assert desk.said(changed(desk, order, **claims)) == ("red", "order-not-on-record", "unknown")
    desk.connection.execute(sa.delete(CLOSURE_FILINGS))
    assert desk.said(order.url) == ("red", "order-not-on-record", "unknown")


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"end": 0}, "approval"),
        ({"nbf": int(hours(-5).timestamp())}, "approval"),
        ({"dig": "AAAAAAAAAAAA"}, "approval"),
        ({"bar": "wall"}, "closure"),
        ({"cau": "flood"}, "closure"),
        ({"hld": True}, "closure"),
        ({"app": [[HQ, "方疫指〔2022〕99号", int(hours(-1).timestamp()), "w"]]}, "decision"),
        ({"app": [[UPPER, "方疫指〔2022〕12号", int(hours(-1).timestamp()), "w"]]}, "decision"),
        ({"jti": "z1:2.1"}, "unknown"),
    ],
)
def test_claims_that_say_otherwise_are_red_even_under_our_own_key(desk, claims, why):
    assert desk.said(changed(desk, desk.issue(), **claims)) == ("red", "order-not-on-record", why)


@pytest.mark.parametrize("edit", ["document_no = '方疫指〔2022〕99号'", "decided_at = '2022-06-21 20:00:00.000000'"])
def test_an_approval_edited_in_the_database_is_not_on_record(desk, edit):
    order = desk.issue()
    desk.connection.execute(sa.text(f"UPDATE closure_decisions SET {edit}"))
    assert desk.said(order.url) == ("red", "order-not-on-record", "altered")


def test_the_log_is_held_against_the_state_printed_on_the_order(desk):
    order = desk.issue()
    record = Record(desk.connection, desk.settings, NETWORK)
    desk.decide(says(HQ, at=hours(5), document_no="13号"))
    assert judge_log(order.claims, record) is None
    desk.connection.execute(
        sa.text("UPDATE ledger_leaves SET leaf_hash = :hash WHERE position = 0"), {"hash": "0" * 64}
    )
    reason = judge_log(order.claims, record)
    assert (reason.code, reason.facts["how"]) == ("order-log-altered", "rewritten")
    assert with_reason(desk.judge(order.url), reason).verdict == "red"


def test_a_pass_is_no_order_and_an_order_no_pass(desk):
    order = desk.issue()
    assert desk.said(forge())[:2] == ("red", "type-not-ours")
    assert desk.said(to_code(forge(), "https://pass.example"))[:2] == ("red", "token-unreadable")
    for text in (order.token, order.url, order.url.rpartition("/")[2]):
        assert verify_pass(text, trust(), at=NOON).verdict == "red"
    assert verify_pass(order.token, trust(), at=NOON).reasons[0].code == "closure-order"
    assert desk.said(desk.signed(order.claims.to_claims(), typ=PASS.typ))[:2] == ("red", "type-not-ours")


def test_a_pass_under_the_typ_of_an_order_is_red(desk):
    claims = dict(read_order_token(desk.issue().token).claims)
    claims["plt"] = "豫R12345"
    assert desk.said(desk.signed(claims))[:2] == ("red", "claims-not-ours")


def test_a_strange_key_is_red_and_amber_where_the_key_list_is_old(desk):
    order = desk.issue()
    header = {"alg": "ES256", "kid": OTHER_KEY.kid, "typ": "bto+jwt"}
    forged = forge(order.claims.to_claims(), header, OTHER_KEY)
    verdict = desk.judge(forged)
    assert (verdict.verdict, verdict.reasons[0].code, verdict.claims) == ("red", "key-unknown", None)
    own = {**header, "kid": desk.key().kid}
    assert desk.said(forge(order.claims.to_claims(), own, OTHER_KEY))[:2] == ("red", "signature-wrong")


def test_an_order_of_a_withdrawn_key_is_red(desk):
    order = desk.issue()
    rotate_keys(desk.connection, desk.key_file, at=hours(5), compromised=True)
    assert desk.said(order.url, at=hours(5))[:2] == ("red", "key-withdrawn")
    anew = desk.issue(at=hours(5))
    assert (anew.again, desk.said(anew.url, at=hours(5))[:2]) == (False, ("green", "order-valid"))


def test_another_issuer_under_our_key_is_red(desk):
    verdict = desk.judge(changed(desk, desk.issue(), iss="411300"), offline=True)
    assert (verdict.verdict, verdict.reasons[0].code) == ("red", "issuer-differs")


@pytest.mark.parametrize(
    ("claims", "member"),
    [
        ({"num": 0}, "num"),
        ({"rds": []}, "rds"),
        ({"rds": [["c", "x", 0, 5]]}, "rds"),
        ({"rds": [["c", "b", 9, 5]]}, "rds"),
        ({"rds": [["c", "b", 0, 5], ["c", "b", 7, 9]]}, "num"),
        ({"app": []}, "app"),
        ({"app": [[HQ, "", 1, "x"]]}, "app"),
        ({"app": [[HQ, "字" * 33, 1, "w"]]}, "app"),
        ({"bar": "height_bar"}, "bar"),
        ({"hld": False}, "hld"),
        ({"log": [5, "short"]}, "log"),
        ({"jti": "z1"}, "jti"),
        ({"jti": "z1:0.1"}, "jti"),
        ({"exp": 1.5}, "exp"),
        ({"exp": 1}, "exp"),
        ({"end": 5}, "exp"),
        ({"dig": None}, "dig"),
        ({"sub": "x"}, "sub"),
    ],
)
def test_claims_of_another_shape_never_pass_the_door(desk, claims, member):
    token = changed(desk, desk.issue(), **claims)
    verdict = desk.judge(token)
    assert verdict.verdict == "red"
    assert verdict.reasons[0].code in {"claims-not-ours", "token-unreadable"}
    if verdict.reasons[0].code == "claims-not-ours":
        assert verdict.reasons[0].facts["member"] == member


def test_an_order_for_more_than_a_year_is_red(desk):
    far = int((NOON + timedelta(days=368)).timestamp())
    assert desk.said(changed(desk, desk.issue(), exp=far, end=0))[:2] == ("red", "lifetime-too-long")


def test_every_single_digit_of_the_code_matters(desk):
    code = desk.issue().url
    start = code.rindex("/") + 1
    for place in range(start, len(code), 7):
        other = str((int(code[place]) + 1) % 10)
        assert desk.judge(code[:place] + other + code[place + 1 :], offline=True).verdict == "red", place


@pytest.mark.parametrize("text", ["", "x", "1", "0" * 50, "9" * 5000, "a.b.c", "HTTPS://PASS.EXAMPLE/O/", "\ud800"])
def test_nonsense_is_red_and_breaks_nothing(desk, text):
    assert desk.judge(text).verdict == "red"


def test_what_two_orders_of_one_approval_say_is_the_same(desk):
    claims = desk.issue().claims
    assert replace(claims, edition=4, issued_at=hours(6), log_size=0, log_root=b"").says == claims.says
    assert replace(claims, version=2).says != claims.says


def on_a_newer_map(desk):
    """Bring the register onto a map where every road has another id, and return that map."""
    newer = replace(NETWORK, road_id=np.array([f"new-{one}" for one in NETWORK.road_id]))
    rematch_closures(desk.connection, MapMatcher(NETWORK, newer, {}), account="county update", at=hours(5))
    return newer


def judged_on(newer, desk, order, at):
    record = Record(desk.connection, desk.settings, newer)
    verdict = verify_order(order.url, desk.keys(), at=at, record=record)
    return verdict.verdict, verdict.reasons[0].code


def test_a_newer_map_asks_for_a_new_order_and_makes_no_barrier_unlawful(desk):
    order = desk.issue()
    newer = on_a_newer_map(desk)
    assert judged_on(newer, desk, order, hours(6)) == ("amber", "order-newer")
    desk.decide(says(HQ, "withdrawn", at=hours(7)))
    assert judged_on(newer, desk, order, hours(8)) == ("red", "order-not-on-record")


def test_another_version_after_a_newer_map_is_told(desk):
    order = desk.issue()
    newer = on_a_newer_map(desk)
    desk.decide(barrier="staffed", at=hours(6))
    assert judged_on(newer, desk, order, hours(6.5)) == ("red", "order-not-on-record")
