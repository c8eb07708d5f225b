"""A truck under way is planned anew from where it was seen, and what it has driven stays part of its pass."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from geodata.store import transaction
from geodata.windows import parse_instant
from passes.checkpoint.scan_register import LET_PASS, Scan, add_scan
from passes.editions.pass_register import find_pass
from passes.loop.check import check_loop
from passes.tokens.claims import read_pass_claims
from passes.tokens.front_door import decode_base64url
from passes.tracks.burst_register import SeenPosition, TrackKey, add_run
from routing.engine import Engine
from routing.tracks.track import Fix
from tests.pass_applications import NOW
from tests.reissue_cases import Desk
from web.driver.hand_off import hand_offs

DEPART_AT = NOW + timedelta(hours=1)
LATE = DEPART_AT + timedelta(minutes=6)
#: From the east over n1 and n2 to A, and by c1 to the firm.
ENDS = {"origin": "east", "destination": "firm"}


@pytest.fixture
def desk(store, small_county, tmp_path):
    return Desk(store, small_county, tmp_path / "key")


def drive(desk, record, *spots, until=LATE):
    """Have a phone send positions, the last one at a time and one a minute before."""
    begin = until - timedelta(minutes=len(spots) - 1)
    run = [SeenPosition(n, Fix(begin + timedelta(minutes=n), *spot)) for n, spot in enumerate(spots)]
    with transaction(desk.store, writes=True) as connection:
        add_run(connection, TrackKey(record.number, "track-of-a-phone"), run, clock_off_s=0.0, at=until)


def reissue(desk, *roads, at=LATE, start=LATE):
    desk.close("x", *roads, start=start)
    desk.look(at)
    (row,) = desk.prepare(at) or desk.rows()
    return row


def newest(desk, record):
    with transaction(desk.store, writes=False) as connection:
        return find_pass(connection, record.number)


def roads_of(record):
    return [one["road_id"] for one in record.route["roads"]]


def claims_of(record):
    return read_pass_claims(json.loads(decode_base64url(record.token.split(".")[1])))


def on_n2(desk, record):
    """Drive to the middle of n2."""
    drive(desk, record, (113.078, 33.02), (113.068, 33.02), (113.058, 33.02), (113.045, 33.02), (113.035, 33.02))


def test_the_new_way_begins_where_the_truck_was_and_the_pass_covers_what_it_drove(desk):
    (issued,) = desk.issue(**ENDS)
    assert roads_of(issued) == ["n1", "n2", "c1"]
    on_n2(desk, issued)
    row = reissue(desk, "c1")
    assert (row.state, row.planned_from, row.known_from, row.is_started) == ("prepared", "position", "track", True)
    desk.switch(LATE)
    new = newest(desk, issued)
    assert roads_of(new) == ["n1", "n2", "n2", "c2", "c3"]
    assert [one["kind"] for one in new.route["stops"]] == ["origin", "seen", "destination"]
    assert sum(one["length_m"] for one in new.route["roads"]) == pytest.approx(new.route["distance_m"], abs=1)
    assert new.route["geometry"][0] == issued.route["geometry"][0]
    assert parse_instant(new.route["arrive_at"], where="") > LATE
    assert [one["place"] for one in new.route["checkpoints"]] == ["check"]
    (way,) = hand_offs(new.route, platform="android")
    assert way.vias[0][0] >= 113.035  # the phone's map leads on from where the truck is


def test_the_code_names_the_ends_of_the_whole_trip_and_its_corridor_covers_it(desk):
    (issued,) = desk.issue(**ENDS)
    on_n2(desk, issued)
    reissue(desk, "c1")
    desk.switch(LATE)
    old, new = claims_of(issued), claims_of(newest(desk, issued))
    assert (new.origin, new.destination, new.terms) == (old.origin, old.destination, old.terms)
    assert new.corridor[0] == old.corridor[0]
    assert new.not_before <= LATE < new.expires_at


def test_both_ways_are_kept_to_in_their_times(desk):
    (issued,) = desk.issue(**ENDS)
    on_n2(desk, issued)
    reissue(desk, "c1")
    desk.switch(LATE)
    drive_on = [
        (113.045, 33.02),
        (113.05, 33.025),
        (113.05, 33.035),
        (113.045, 33.04),
        (113.03, 33.04),
        (113.02, 33.04),
    ]
    run = [SeenPosition(10 + n, Fix(LATE + timedelta(minutes=1 + n), *spot)) for n, spot in enumerate(drive_on)]
    end = LATE + timedelta(minutes=20)
    with transaction(desk.store, writes=True) as connection:
        add_run(connection, TrackKey(issued.number, "track-of-a-phone"), run, clock_off_s=0.0, at=end)
        engine = Engine(desk.county.network, speeds_kmh=desk.county.settings.speeds_kmh)
        checked = check_loop(connection, issued.number, desk.county, engine, at=end)
    assert checked.loop.verdict != "left"


def test_a_round_trip_goes_on_to_the_destination_and_back(desk):
    (issued,) = desk.issue(**ENDS, round_trip=True)
    on_n2(desk, issued)
    row = reissue(desk, "c1")
    assert row.planned_from == "position"
    desk.switch(LATE)
    new = newest(desk, issued)
    assert roads_of(new) == ["n1", "n2", "n2", "c2", "c3", "c3", "c2", "n1"]
    assert [one["kind"] for one in new.route["stops"]] == ["origin", "seen", "destination", "return"]
    assert {one["way"] for one in new.route["sections"]} == {"out", "back"}
    assert claims_of(new).terms == claims_of(issued).terms


def test_a_round_trip_to_a_place_outside_the_county_goes_on_from_where_its_truck_is(desk):
    (issued,) = desk.issue(origin="firm", destination="410100 郑州市", round_trip=True)
    assert roads_of(issued) == ["c1", "n2", "n1", "n1", "n2", "c1"]
    drive(desk, issued, (113.02, 33.038), (113.02, 33.03), (113.02, 33.022), (113.03, 33.02), (113.04, 33.02))
    row = reissue(desk, "c1")
    assert (row.state, row.planned_from) == ("prepared", "position")
    desk.switch(LATE)
    new = newest(desk, issued)
    assert roads_of(new) == ["c1", "n2", "n2", "n1", "n1", "c2", "c3"]
    assert [one["kind"] for one in new.route["stops"]] == ["origin", "seen", "destination", "return"]
    assert [one["way"] for one in new.route["sections"]][-1] == "back"
    assert (new.route["entry_point"], new.route["exit_point"]) == ("east", "")
    old, now = claims_of(issued), claims_of(new)
    assert (now.origin, now.destination, now.terms) == (old.origin, old.destination, old.terms)


def test_a_truck_whose_way_ahead_stays_as_it_is_is_left_alone(desk):
    (issued,) = desk.issue(**ENDS)
    on_n2(desk, issued)
    row = reissue(desk, "n1")
    assert (row.state, row.known_from) == ("past", "track")


def test_a_truck_on_the_closed_road_is_named(desk):
    (issued,) = desk.issue(**ENDS)
    on_n2(desk, issued)
    row = reissue(desk, "n2")
    assert (row.state, [one["code"] for one in row.findings]) == ("no_route", ["truck-on-closed-road"])
    assert row.findings[0]["facts"] == {"blocking": ["x"], "road": "G999"}


@pytest.mark.parametrize("why", ["beside", "nowhere"])
def test_a_truck_that_nobody_knows_of_is_planned_from_its_origin(desk, why):
    (issued,) = desk.issue(**ENDS)
    if why == "beside":
        drive(desk, issued, (113.058, 33.02), (113.045, 33.02), (113.045, 33.027))
    row = reissue(desk, "c1")
    assert (row.state, row.planned_from) == ("prepared", "origin")


def test_a_truck_that_was_seen_long_ago_is_planned_from_there_and_the_row_says_so(desk):
    (issued,) = desk.issue(**ENDS)
    on_n2(desk, issued)
    late = LATE + timedelta(minutes=31)
    row = reissue(desk, "c1", at=late, start=late)
    assert (row.state, row.planned_from, row.known_at) == ("prepared", "last_seen", LATE)
    desk.switch(late)
    new = newest(desk, issued)
    assert roads_of(new) == ["n1", "n2", "n2", "c2", "c3"]
    assert parse_instant(new.route["arrive_at"], where="") > late


def test_a_truck_that_was_on_the_closed_road_long_ago_is_planned_from_its_origin(desk):
    (issued,) = desk.issue(**ENDS)
    on_n2(desk, issued)
    late = LATE + timedelta(minutes=31)
    row = reissue(desk, "n2", at=late, start=late)
    assert "truck-on-closed-road" not in [one["code"] for one in row.findings]
    assert (row.state, row.planned_from) in {("prepared", "origin"), ("no_route", "")}


def test_a_checkpoint_tells_where_a_truck_is_too(desk):
    (issued,) = desk.issue(**ENDS)
    seen_at = LATE - timedelta(minutes=2)
    with transaction(desk.store, writes=True) as connection:
        add_scan(connection, Scan("s", seen_at, "check", "c", issued.plate, issued.jti, "green", (), LET_PASS), at=LATE)
    row = reissue(desk, "c1")
    assert (row.planned_from, row.known_from) == ("position", "scan")
    desk.switch(LATE)
    assert roads_of(newest(desk, issued)) == ["n1", "n1", "c2", "c3"]
