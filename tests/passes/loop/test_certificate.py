"""Kept trips take a certificate home that any phone verifies; left ones, and those that nobody can tell of, a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from geodata.errors import BadInputError
from passes.errors import RefusedTokenError
from passes.keyring.key_register import public_key_list
from passes.loop.certificate import Certifier, certificate_of, certify, take_back_where_left, why_none
from passes.loop.claims import CLAIM_CHECKS, LOOP, check_loop_claims
from passes.loop.code import LOOP_FORM
from passes.loop.verify import verify_loop
from passes.reissue.replacing import replace_pass
from passes.tokens.claims import PASS
from passes.tokens.pass_code import MOST_BITS, count_bits, to_code
from passes.tokens.signing import sign_token
from passes.verifying.verify import verify_pass
from tests.issuing_office import an_office, closing, office_of
from tests.signed_passes import KEY, forge, trust
from tests.track_driving import drive
from tests.trip_driving import DEPART, Trip, document, points_of, spot, stand

LATER = DEPART + timedelta(hours=2)


@pytest.fixture
def office(small_county, tmp_path):
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


@pytest.fixture
def trip(office, small_county, tmp_path):
    return Trip(office, small_county, tmp_path / "key")


def kept(trip):
    trip.receive(trip.drive(spot("A"), spot("C")))
    return certified(trip)


def certified(trip, at=LATER):
    return certify(trip.connection, trip.check(at), Certifier(trip.county, trip.key_file), at=at)


def refusal(trip, at=LATER):
    with pytest.raises(BadInputError) as refused:
        certified(trip, at)
    return refused.value.code


def verdict(trip, text, at=LATER, *, offline=False):
    keys = public_key_list(trip.connection, issuer="411399", at=at)
    found = verify_loop(text, keys, at=at, connection=None if offline else trip.connection)
    return found.verdict, found.reasons[0].code


def test_a_kept_trip_is_certified_once(trip):
    made = kept(trip)
    assert certified(trip) == made == certificate_of(trip.connection, trip.number)
    claims = made.claims
    assert (claims.plate, claims.origin, claims.destination) == (
        "豫R12345",
        ("clinic", "县医院"),
        ("dock", "宏达面粉接收点"),
    )
    assert claims.began_at == DEPART
    assert claims.began_at < claims.received_at == claims.ended_at


def test_every_phone_verifies_it_by_token_code_and_digits(trip):
    made = kept(trip)
    for text in (made.token, made.url, made.url.lower(), made.url.rpartition("/")[2]):
        assert verdict(trip, text) == ("green", "loop-kept")
        assert verdict(trip, text, offline=True) == ("green", "loop-signed")


def test_its_code_fits(trip):
    url = kept(trip).url
    start, _, digits = url.rpartition("/")
    assert count_bits(f"{start}/", len(digits)) < MOST_BITS
    assert start.endswith("/L")


def test_a_trip_that_is_not_over_has_none(trip):
    at = trip.drive(spot("A"), spot("C"))
    assert refusal(trip, at) == "loop-not-over"


def test_a_trip_that_left_its_route_has_none_but_the_reason(trip):
    trip.receive(trip.drive(spot("A"), spot("A", "B", 0.5), spot("A"), spot("C")))
    check = trip.check(LATER)
    assert (check.loop.verdict, why_none(check)) == ("left", "left")
    assert check.loop.departures[0].driven_m == pytest.approx(2_800, rel=0.15)
    assert refusal(trip) == "loop-left"


def test_cannot_tell_is_not_left(trip):
    half = trip.drive(spot("A"), spot("A", "C", 0.5))
    trip.receive(trip.drive(spot("A", "C", 0.6), spot("C"), start=half + timedelta(minutes=22)))
    check = trip.check(LATER)
    assert (check.loop.verdict, check.loop.departures) == ("cannot_tell", ())
    assert check.loop.gaps[0].minutes == 22
    assert refusal(trip) == "loop-cannot-tell"


def test_nothing_recorded_cannot_be_told(trip):
    trip.receive(DEPART + timedelta(minutes=9))
    assert refusal(trip) == "loop-cannot-tell"


def test_what_comes_late_from_a_dead_zone_fills_the_gap(trip):
    fixes = drive(spot("A"), spot("C"), start=DEPART)
    points = points_of(fixes)
    arrived = fixes[-1].at + timedelta(minutes=20)
    trip.send(document(points[:2], sent_at=arrived), arrived)
    trip.receive(arrived)
    assert refusal(trip) == "loop-cannot-tell"
    waited = points_of(stand(spot("C"), fixes[-1].at + timedelta(minutes=1), 18), len(points))
    trip.send(document([*points[2:], *waited], sent_at=arrived), arrived)
    assert verdict(trip, certified(trip).url) == ("green", "loop-kept")


def test_positions_that_come_later_can_take_it_back(trip):
    aside = (spot("A", "C", 0.25)[0] + 0.006, spot("A", "C", 0.25)[1])
    points = points_of(drive(spot("A"), spot("A", "C", 0.25), aside, spot("A", "C", 0.25), spot("C"), start=DEPART))
    arrived = datetime.fromisoformat(points[-1]["at"])
    trip.send(document([*points[:2], *points[-4:]], sent_at=arrived), arrived)
    trip.receive(arrived)
    made = certified(trip)
    trip.send(document(points, sent_at=LATER), LATER)
    assert take_back_where_left(trip.connection, trip.check(LATER), at=LATER)
    assert verdict(trip, made.url) == ("red", "loop-not-on-record")
    assert verdict(trip, made.url, offline=True) == ("green", "loop-signed")


def test_a_re_routed_trip_may_be_on_either_route_in_its_time(trip, small_county, office):
    half = trip.drive(spot("A"), spot("A", "B", 0.02))
    shut = office_of(trip.connection, small_county, closings=[closing(small_county, "c1")])
    assert replace_pass(trip.number, shut, key_file=trip.key_file, at=half).record is not None
    there = trip.drive(spot("A", "B", 0.05), spot("B"), spot("D"), spot("C"), start=half + timedelta(seconds=30))
    trip.receive(there)
    assert trip.check(LATER).loop.verdict == "kept"


def test_standing_away_from_the_allowed_points_is_shown(trip):
    half = trip.drive(spot("A"), spot("A", "C", 0.5))
    fixes = stand(spot("A", "C", 0.5), half + timedelta(seconds=30), 25)
    trip.send(document(points_of(fixes, trip.seq), sent_at=fixes[-1].at), fixes[-1].at)
    (stood,) = trip.check(LATER).stood
    assert stood.minutes >= 25
    assert (stood.lon, stood.lat) == pytest.approx(spot("A", "C", 0.5), abs=0.001)


FORGED = {
    "kpt": False, "iat": "1", "plt": "x", "crw": [], "org": "clinic", "dst": ["a"], "out": 1, "len": 0, "pts": 0, "jti": "1-C",
}  # fmt: skip


@pytest.mark.parametrize("name", [*FORGED, "more", "missing"])
def test_claims_of_no_certificate_are_refused(trip, name):
    claims = kept(trip).claims.to_claims()
    changed = (
        {**claims, name: FORGED.get(name, 1)} if name != "missing" else {k: v for k, v in claims.items() if k != "kpt"}
    )
    with pytest.raises(RefusedTokenError) as refused:
        check_loop_claims(changed)
    assert refused.value.code == "claims-not-ours"
    assert set(claims) == set(CLAIM_CHECKS)


def test_nothing_else_is_a_certificate_and_it_is_no_pass(trip):
    made = kept(trip)
    assert verdict(trip, forge()) == ("red", "type-not-ours")
    assert verdict(trip, trip.record.url) == ("red", "token-unreadable")
    assert verdict(trip, "豫R12345") == ("red", "token-unreadable")
    assert verdict(trip, "x" * 9_000) == ("red", "token-too-long")
    for text in (made.token, made.url):
        seen = verify_pass(text, trust(), at=LATER)
        assert (seen.verdict, seen.reasons[0].code) == ("red", "loop-certificate")
    assert PASS.typ != LOOP.typ


def test_one_that_nobody_of_ours_signed_is_red(trip):
    made = kept(trip)
    unknown = sign_token(made.claims.to_claims(), KEY, typ=LOOP.typ)
    assert verdict(trip, unknown)[0] == "red"
    assert verdict(trip, to_code(unknown, "https://pass.example", LOOP_FORM))[0] == "red"
    header, _, rest = made.token.partition(".")
    payload, _, signature = rest.partition(".")
    spliced = f"{header}.{unknown.split('.')[1]}.{signature}"
    assert verdict(trip, spliced) == (
        ("green", "loop-kept") if payload == unknown.split(".")[1] else ("red", "signature-wrong")
    )


def test_time_is_judged(trip):
    made = kept(trip)
    assert verdict(trip, made.url, made.claims.expires_at) == ("amber", "loop-old")
    assert verdict(trip, made.url, made.claims.issued_at - timedelta(hours=1)) == ("amber", "loop-clock")
