"""What the phone takes along is signed and not sent twice; what it has kept arrives once, and as of its time."""

from __future__ import annotations

import io
import json
import zlib
from datetime import timedelta

import pytest

from geodata.store import transaction
from passes.checkpoint.expected_list import EXPECTED
from passes.checkpoint.scan_register import Scan, add_scan, list_scans
from passes.editions.withdrawal import withdraw_pass
from passes.tokens.front_door import decode_base64url, parse_token
from passes.verifying.bundle import read_bundle
from tests.photo_files import a_picture
from tests.road_world import issue_now, the_moment

JSON = {"Accept": "application/json"}


@pytest.fixture
def passing(small_site):
    """A pass whose route leads past the checkpoint."""
    return issue_now(small_site.store, small_site.county, small_site.key_file, origin="east")


@pytest.fixture
def guard(client_of):
    return client_of("C")


def scans(site):
    with transaction(site.store, writes=False) as connection:
        return list_scans(connection)


def withdraw(site, number):
    with transaction(site.store, writes=True) as connection:
        withdraw_pass(connection, number, reason="停运", at=the_moment())


def trucks(answer):
    claims = parse_token(answer.get_data(as_text=True), EXPECTED).claims
    return json.loads(zlib.decompress(decode_base64url(claims["lst"])))["trucks"]


def send(guard, text, **changes):
    now = 1_700_000_000.0
    fields = {"key": "11111111-2222", "text": text, "outcome": "let_pass", "seen_at": now, "sent_at": now, **changes}
    return guard.post("/checkpoint/outcome", data=fields, headers=JSON)


def test_everybody_may_fetch_the_bundle_and_it_says_what_was_withdrawn(small_site, client_of, passing):
    before = client_of("").get("/checkpoint/bundle")
    held = read_bundle(before.get_data(as_text=True), None, where="bundle")
    withdraw(small_site, passing.number)
    after = client_of("").get("/checkpoint/bundle", headers={"If-None-Match": before.headers["ETag"]})
    found = read_bundle(after.get_data(as_text=True), held.keys, where="bundle")
    assert (after.status_code, sum(map(sum, (one.packed for one in found.lists))) > 0) == (200, True)


def test_a_bundle_that_is_held_is_not_sent_again(client_of, passing):
    held = client_of("").get("/checkpoint/bundle")
    again = client_of("").get("/checkpoint/bundle", headers={"If-None-Match": held.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_a_crowd_that_asks_for_the_bundle_costs_one_signature_until_something_is_withdrawn(
    small_site, client_of, passing
):
    first, again = (client_of("").get("/checkpoint/bundle").get_data(as_text=True) for _ in range(2))
    withdraw(small_site, passing.number)
    after = client_of("").get("/checkpoint/bundle").get_data(as_text=True)
    assert (first == again, after == again) == (True, False)
    assert sum(sum(one.packed) for one in read_bundle(after, None, where="bundle").lists) > 0


def test_a_county_that_never_issued_a_pass_has_a_bundle_too(client_of):
    assert read_bundle(client_of("").get("/checkpoint/bundle").get_data(as_text=True), None, where="bundle").keys.keys


def test_the_list_of_expected_trucks_names_this_checkpoint_and_holds_no_corridor(small_site, guard, passing):
    answer = guard.get("/checkpoint/expected")
    assert parse_token(answer.get_data(as_text=True), EXPECTED).claims["sub"] == "check"
    ((said, start, end, firm),) = trucks(answer)
    assert (said["plt"], "cor" in said, start < end, firm) == (passing.plate, False, True, passing.enterprise)
    withdraw(small_site, passing.number)
    assert [row[0]["plt"] for row in trucks(guard.get("/checkpoint/expected"))] == [passing.plate]


def test_words_and_place_come_in_the_language_of_the_page(guard):
    said = guard.get("/checkpoint/offline.json", headers=JSON).get_json()
    assert (said["place"]["id"], said["words"]["verdicts"]["green"]) == ("check", "放行")
    assert guard.get("/checkpoint/offline.json?lang=en").get_json()["words"]["verdicts"]["green"] == "Let pass"
    assert said["csrf"]
    assert (set(said["sealing"]), len(said["sign_in"])) == ({"kty", "crv", "x", "y", "d"}, 16)


def test_the_page_that_a_phone_keeps_names_no_truck(guard, passing):
    assert passing.plate in guard.get("/checkpoint/").get_data(as_text=True)
    assert passing.plate not in guard.get("/checkpoint/", headers={"Baotong-Bare": "1"}).get_data(as_text=True)
    assert guard.get("/checkpoint/expected").headers["Cache-Control"] == "no-store"


def test_without_a_sign_in_the_phone_is_told_so(client_of):
    assert client_of("").get("/checkpoint/offline.json", headers=JSON).status_code == 401


def test_what_was_kept_arrives_once_and_as_of_its_time(small_site, guard, passing):
    for _ in range(2):
        answer = send(guard, passing.token, seen_at=1_700_000_000.0 - 1_800)
        assert (answer.status_code, answer.get_json()["ok"]) == (200, True)
    (scan,) = scans(small_site)
    assert timedelta(minutes=29) < the_moment() - scan.at < timedelta(minutes=31)


@pytest.mark.parametrize(("seen", "sent"), [("", ""), ("x", "1"), ("5", "1"), ("0", "9999999999")])
def test_times_that_make_no_sense_are_now(small_site, guard, passing, seen, sent):
    send(guard, passing.token, seen_at=seen, sent_at=sent)
    assert the_moment() - scans(small_site)[0].at < timedelta(minutes=1)


def test_a_pass_withdrawn_after_it_was_seen_was_good_when_it_was_seen(small_site, guard, passing):
    withdraw(small_site, passing.number)
    photo = (io.BytesIO(a_picture()), "p.jpg")
    refusal = {"outcome": "not_let_pass", "reason": "goods_differ", "photo": photo, "key": "one"}
    send(guard, passing.token, seen_at=1_700_000_000.0 - 60, **refusal)
    send(guard, passing.token, key="two")
    by_key = {one.key: one for one in scans(small_site)}
    assert "withdrawn" not in by_key["one"].reasons
    assert by_key["two"].verdict == "red"


def test_a_withdrawn_pass_that_was_let_pass_is_shown_to_the_office(small_site, guard, client_of, passing):
    withdraw(small_site, passing.number)
    send(guard, passing.token)
    page = client_of("T").get("/checkpoint/refusals").get_data(as_text=True)
    assert passing.plate in page
    assert "放行了已失效的通行证" in page


def test_a_forbidden_reason_comes_back_with_the_rule(small_site, guard, passing):
    answer = send(guard, passing.token, outcome="not_let_pass", reason="other", called="张", note="途经中高风险地区")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "refusal-reason-forbidden")
    assert [one.outcome for one in scans(small_site)] == ["barred"]


def test_a_refusal_without_its_evidence_comes_back_with_what_is_missing(small_site, guard, passing):
    answer = send(guard, passing.token, outcome="not_let_pass", reason="goods_differ")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "refusal-without-photo")
    assert scans(small_site) == ()


def test_the_worker_is_served_where_it_answers_for_the_checkpoint(client_of):
    answer = client_of("").get("/checkpoint/worker.js")
    assert answer.content_type.startswith("text/javascript")
    text = answer.get_data(as_text=True)
    answer.close()
    assert "zxing_reader" in text
    assert "checkpoint.css" in text


def test_the_page_can_be_put_on_the_home_screen(client_of):
    answer = client_of("").get("/checkpoint/app.webmanifest")
    assert (answer.content_type, answer.get_json()["scope"]) == ("application/manifest+json", "/checkpoint/")


def test_the_reasons_that_may_not_be_given_come_once_with_their_sounds(guard):
    held = guard.get("/checkpoint/reasons.json")
    assert {one["text"] for one in held.get_json()["reasons"]} >= {"途经中高风险地区"}
    assert "途" in held.get_json()["sounds"]["tu"]
    again = guard.get("/checkpoint/reasons.json", headers={"If-None-Match": held.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_who_judged_and_since_when_the_truck_waits_come_with_the_outcome(small_site, guard, passing):
    now = 1_700_000_000.0
    times = {"arrived_at": now - 900, "shown_at": now - 60, "seen_at": now - 30}
    send(guard, passing.token, officer="  李四 ", **times)
    (scan,) = scans(small_site)
    assert (scan.officer, scan.sent_by) == ("李四", "c")
    assert timedelta(minutes=14) < scan.at - scan.arrived_at < timedelta(minutes=15)
    assert timedelta(seconds=25) < scan.at - scan.shown_at < timedelta(seconds=35)


def test_without_a_hand_over_the_account_has_judged(small_site, guard, passing):
    send(guard, passing.token, officer="a\x00b")
    assert (scans(small_site)[0].officer, scans(small_site)[0].arrived_at) == ("c", None)


def test_the_phones_own_position_counts_where_it_knows_one(small_site, guard, passing):
    send(guard, passing.token, key="here")
    send(guard, passing.token, key="away", position="113.065,33.4")
    send(guard, passing.token, key="none", position="somewhere")
    by_key = {one.key: "off-route" in one.reasons for one in scans(small_site)}
    assert by_key == {"here": False, "away": True, "none": False}


def test_a_queue_is_counted_once_and_seen_by_the_office(guard, client_of):
    now = 1_700_000_000.0
    fields = {"key": "11111111-3333", "trucks": "12", "officer": "李四", "seen_at": now - 60, "sent_at": now}
    for _ in range(2):
        assert guard.post("/checkpoint/queue", data=fields, headers=JSON).get_json()["ok"] is True
    for role in ("T", "S"):
        page = client_of(role).get("/checkpoint/waiting").get_data(as_text=True)
        assert "<strong>12</strong>" in page


@pytest.mark.parametrize("trucks", ["", "-3", "99999", "many"])
def test_a_queue_that_is_no_number_comes_back(guard, trucks):
    answer = guard.post("/checkpoint/queue", data={"trucks": trucks}, headers=JSON)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "queue-count-not-possible")


def test_a_queue_that_is_no_number_leads_back_to_its_field(guard):
    answer = guard.post("/checkpoint/queue", data={"trucks": "99999"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#trucks"' in page
    assert 'id="trucks-error"' in page
    assert 'value="99999"' in page


def test_a_wait_is_shown_for_its_checkpoint(guard, client_of, passing):
    now = 1_700_000_000.0
    send(guard, passing.token, arrived_at=now - 630, shown_at=now - 30, seen_at=now - 0.001)
    page = client_of("S").get("/checkpoint/waiting").get_data(as_text=True)
    assert "10.5" in page
    assert "0.5" in page


def test_a_void_pass_that_was_let_pass_elsewhere_is_announced_here(small_site, guard, passing):
    with transaction(small_site.store, writes=True) as connection:
        seen = ("k1", the_moment(), "elsewhere", "c", passing.plate, passing.jti, "red", ("withdrawn",), "let_pass")
        add_scan(connection, Scan(*seen), at=the_moment())
    (coming,) = guard.get("/checkpoint/offline.json", headers=JSON).get_json()["coming"]
    assert (coming["plate"], coming["checkpoint"]) == (passing.plate, "elsewhere")
    assert "持已失效通行证的车正在途中" in guard.get("/checkpoint/").get_data(as_text=True)
