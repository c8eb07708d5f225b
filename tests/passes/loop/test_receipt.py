"""A trip is received by the receiving point's code, without a signature, and is over (L19)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image

from geodata.errors import BadInputError
from passes.editions.pass_register import COMPLETED, GRANTED, events_of
from passes.editions.status_register import status_of
from passes.loop.place_code_register import code_of, make_code, place_of_code, read_code
from passes.loop.receipt import Arrival, end_trip
from passes.tokens.qr_image import draw_qr_png
from passes.tracks.trip_mark_register import ENDED, RECEIVED, marks_of, receipts_at
from passes.verifying.status_list import Status
from tests.issuing_office import an_office
from tests.pass_applications import NOW
from tests.trip_driving import DEPART, DOCK, Trip, spot

ARRIVED = DEPART + timedelta(minutes=5)


@pytest.fixture
def office(small_county, tmp_path):
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


@pytest.fixture
def trip(office, small_county, tmp_path):
    return Trip(office, small_county, tmp_path / "key")


def test_a_code_cannot_be_guessed_and_a_new_one_ends_it(trip):
    one, other = trip.code(), make_code(trip.connection, "dock", by="e", at=NOW)
    assert len(one) == 24
    assert one != other == code_of(trip.connection, "dock")
    assert (place_of_code(trip.connection, one), place_of_code(trip.connection, other)) == ("", "dock")


@pytest.mark.parametrize("written", ["https://pass.example/R/{}", "HTTP://X/R/{}", "{}", " {} \n"])
def test_a_code_is_read_as_it_is_scanned_or_typed(trip, written):
    code = trip.code()
    assert read_code(written.format(code)) == code
    assert read_code(written.format(code.lower())) == code


@pytest.mark.parametrize("place", ["dock", "park", "clinic"])
def test_a_printed_code_is_read_as_it_was_made(trip, place):
    address = f"HTTPS://PASS.EXAMPLE/R/{make_code(trip.connection, place, by='e', at=NOW)}"
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(draw_qr_png(address))))
    assert found.text == address


@pytest.mark.parametrize("text", ["", "x", "https://pass.example/V/123", "A" * 23, "1" * 24, "https://pass.example/R/"])
def test_what_is_no_code_is_none(text):
    assert read_code(text) == ""


def test_the_receipt_ends_a_trip_one_way(trip):
    mark = trip.receive(ARRIVED)
    assert (mark.place, mark.distance_m) == ("dock", pytest.approx(0, abs=1))
    assert trip.record.state == COMPLETED
    assert status_of(trip.connection, trip.record.jti) is Status.WITHDRAWN
    assert [one.event for one in events_of(trip.connection, trip.number)][-2:] == ["received", "completed"]
    assert [one.number for one in receipts_at(trip.connection, "dock")] == [trip.number]


def test_the_same_code_read_again_changes_nothing(trip):
    first = trip.receive(ARRIVED)
    assert trip.receive(ARRIVED + timedelta(minutes=9)) == first


def test_without_a_position_the_last_one_of_the_track_counts(trip):
    there = trip.drive(spot("A"), spot("C"))
    assert trip.receive(there, position=None).distance_m < 100


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "A" * 24}, "receipt-code-unknown"),
        ({"code": "???"}, "receipt-code-unreadable"),
        ({"position": spot("A")}, "receipt-too-far"),
        ({"at": DEPART + timedelta(days=3)}, "receipt-outside-pass"),
        ({"at": NOW - timedelta(hours=3)}, "receipt-outside-pass"),
    ],
)
def test_a_receipt_that_is_not_plausible_is_refused(trip, changes, code):
    with pytest.raises(BadInputError) as refused:
        trip.receive(**{"at": ARRIVED, **changes})
    assert refused.value.code == code
    assert trip.record.state == GRANTED


def test_the_code_of_another_place_is_not_this_trips(trip):
    code = make_code(trip.connection, "park", by="t", at=NOW)
    with pytest.raises(BadInputError) as refused:
        trip.receive(ARRIVED, code=code)
    assert (refused.value.code, refused.value.facts["goal"]) == ("receipt-elsewhere", "宏达面粉接收点")


def test_a_round_trip_is_over_when_the_truck_is_back(office, small_county, tmp_path):
    trip = Trip(office, small_county, tmp_path / "key", round_trip=True)
    back = Arrival("", ARRIVED + timedelta(hours=1), spot("A"))

    def end(arrival):
        return end_trip(trip.connection, trip.record, arrival, small_county, at=arrival.at)

    with pytest.raises(BadInputError) as early:
        end(back)
    trip.receive(ARRIVED)
    assert (early.value.code, trip.record.state) == ("trip-not-received", GRANTED)
    with pytest.raises(BadInputError) as far:
        end(Arrival("", back.at, DOCK))
    assert far.value.code == "receipt-too-far"
    assert end(back) == end(back)
    assert trip.record.state == COMPLETED
    assert set(marks_of(trip.connection, trip.number)) == {RECEIVED, ENDED}
