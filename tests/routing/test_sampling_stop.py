from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.trips.trip import StopKind
from tests.trips import START, grid_world, minutes, place, square, test_end, world_of

SAMPLING = "sampling_station"


@pytest.fixture
def world(small_county):
    return world_of(small_county)


def sampling_stops(trip):
    return [stop for stop in trip.stops if stop.kind == StopKind.SAMPLING]


def subjects(stop):
    return [one.subject for one in stop.because]


def test_a_condition_that_holds_until_arrival_needs_no_stop(world):
    trip = world.plan("east", "firm", condition_ends=(test_end("王*明", 8),))
    assert not sampling_stops(trip)
    assert trip.arrive_at < START + minutes(8)


def test_a_condition_that_ends_exactly_on_arrival_holds(world):
    arrival = world.plan("east", "firm").arrive_at
    condition = replace(test_end("王*明", 0), ends_at=arrival)
    assert not sampling_stops(world.plan("east", "firm", condition_ends=(condition,)))


def test_a_condition_that_ends_on_the_way_gets_a_stop_that_names_its_person(world):
    trip = world.plan("east", "firm", condition_ends=(test_end("王*明", 6), test_end("李*", 600)))
    (stop,) = sampling_stops(trip)
    assert (stop.place_id, subjects(stop), trip.findings) == ("sample", ["王*明"], ())
    assert stop.arrive_at <= START + minutes(6)


def test_the_stop_takes_its_time(world):
    trip = world.plan("east", "firm", condition_ends=(test_end("王*明", 6),), sampling_min=25)
    (stop,) = sampling_stops(trip)
    assert stop.leave_at - stop.arrive_at == minutes(25)


def test_one_stop_serves_everybody_who_needs_it(world):
    trip = world.plan("east", "firm", condition_ends=(test_end("甲", 6), test_end("乙", 7), test_end("丙", 10)))
    (stop,) = sampling_stops(trip)
    assert subjects(stop) == ["甲", "乙", "丙"]


def test_one_person_with_two_conditions_of_one_kind_is_named_for_both(world):
    other = replace(test_end("甲", 6), condition="second")
    (stop,) = sampling_stops(world.plan("east", "firm", condition_ends=(test_end("甲", 6), other)))
    assert {one.condition for one in stop.because} == {"second", "test"}


def test_the_station_of_least_added_time_is_chosen(world):
    near = world.with_places(place("z-near", SAMPLING, 113.035, 33.02))
    trip = near.plan("east", "firm", condition_ends=(test_end("王*明", 6),))
    assert [stop.place_id for stop in sampling_stops(trip)] == ["z-near"]


def test_a_station_off_every_road_is_left_out(world):
    trip = world.with_places(place("a-far", SAMPLING, 113.3, 33.3)).plan(
        "east", "firm", condition_ends=(test_end("王*明", 6),)
    )
    assert [stop.place_id for stop in sampling_stops(trip)] == ["sample"]


def test_a_station_that_is_shut_is_left_out(world):
    shut = world.with_places(place("z-near", SAMPLING, 113.035, 33.02, hours="09:00-17:00"))
    trip = shut.plan("east", "firm", condition_ends=(test_end("王*明", 6),))
    assert [stop.place_id for stop in sampling_stops(trip)] == ["sample"]


def test_a_station_reached_too_late_is_a_finding_with_person_and_remedy(world):
    trip = world.plan("east", "firm", condition_ends=(test_end("王*明", 3),))
    (finding,) = trip.findings
    assert (finding.code, finding.clause, finding.subject) == ("condition-ends-before-arrival", "L4", "王*明")
    assert (finding.facts["station"], finding.facts["nearest"]) == ("sample", SAMPLING)
    assert finding.facts["ends_at"] == "2022-06-22T00:03:00Z"
    assert not sampling_stops(trip)


def test_a_county_without_station_is_a_finding_of_its_own(world):
    (finding,) = world.without_places("sample").plan("east", "firm", condition_ends=(test_end("甲", 6),)).findings
    assert (finding.code, finding.subject, finding.facts["station"]) == ("condition-not-renewable", "甲", "")


@pytest.mark.parametrize("further", [{"nearest": ""}, {"renewed_h": None}, {"renewed_h": 0}])
def test_a_condition_that_no_stop_renews_is_a_finding(world, further):
    trip = world.plan("east", "firm", condition_ends=(test_end("甲", 6, **further),))
    assert [(finding.code, finding.subject) for finding in trip.findings] == [("condition-not-renewable", "甲")]
    assert not sampling_stops(trip)


def test_one_who_can_be_served_is_served_beside_one_who_cannot(world):
    trip = world.plan("east", "firm", condition_ends=(test_end("甲", 1), test_end("乙", 6)))
    assert [finding.subject for finding in trip.findings] == ["甲"]
    assert [subjects(stop) for stop in sampling_stops(trip)] == [["乙"]]


def test_a_renewal_that_does_not_last_is_renewed_again(world):
    two = world.with_places(place("second", SAMPLING, 113.02, 33.021))
    trip = two.plan("east", "firm", condition_ends=(test_end("甲", 4, renewed_h=0.1),), sampling_min=1)
    assert [(stop.place_id, subjects(stop)) for stop in sampling_stops(trip)] == [
        ("sample", ["甲"]),
        ("second", ["甲"]),
    ]
    assert not trip.findings


def test_a_renewal_too_short_for_the_trip_is_a_finding_and_makes_no_stop(world):
    trip = world.plan(
        "east", "firm", condition_ends=(test_end("甲", 5, renewed_h=0.3), test_end("乙", 600)), via=["clinic"]
    )
    assert [finding.subject for finding in trip.findings] == ["甲"]
    assert not sampling_stops(trip)


def test_a_one_way_trip_asks_only_until_arrival(world):
    trip = world.plan("clinic", "firm", dwell_min=60, condition_ends=(test_end("甲", 4),))
    assert not sampling_stops(trip)


def test_a_round_trip_asks_until_its_end(world):
    trip = world.plan("clinic", "firm", round_trip=True, condition_ends=(test_end("甲", 33),))
    (stop,) = sampling_stops(trip)
    assert stop.arrive_at <= START + minutes(33)


def test_a_round_trip_asks_only_until_the_areas_it_counts_in_are_left(world):
    asked = {"round_trip": True, "dwell_min": 10}
    inside = test_end("甲", 15, applies_to=("emergency",))
    assert world.plan("clinic", "firm", **asked).end_at > START + minutes(15)
    assert not sampling_stops(world.plan("clinic", "firm", condition_ends=(inside,), **asked))
    assert sampling_stops(world.plan("clinic", "firm", condition_ends=(test_end("甲", 15),), **asked))


def test_an_area_on_the_way_back_counts_until_it_is_left(world):
    area = square(113.02, 33.01, 113.06, 33.025, kind="emergency")
    ends = (test_end("甲", 38, applies_to=("emergency",)),)
    trip = world.with_areas(area).plan("east", "firm", round_trip=True, condition_ends=ends)
    assert sampling_stops(trip)


def test_a_stop_makes_the_trip_longer_and_avoids_closings_until_its_end(world):
    late = world.closing("c3", after_min=15, until_min=20)
    trip = late.plan("east", "firm", condition_ends=(test_end("甲", 6),))
    assert "c3" not in world.roads(trip)
    assert len(sampling_stops(trip)) == 1


CASES = st.tuples(
    st.integers(0, 30),
    st.lists(st.integers(0, 35), min_size=2, max_size=4, unique=True),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 90), st.sampled_from([0.2, 0.5, 24.0])), min_size=1, max_size=4),
)


@given(CASES)
@settings(max_examples=120, deadline=None)
def test_every_person_is_covered_to_the_end_or_named_in_a_finding(case):
    seed, spots, round_trip, ends = case
    first, *via, last = [f"{113.0 + spot % 6 * 0.01},{33.0 + spot // 6 * 0.01}" for spot in spots]
    conditions = tuple(test_end(str(n), end, renewed_h=hours) for n, (end, hours) in enumerate(ends))
    trip = grid_world(seed).plan(first, last, via=via, round_trip=round_trip, condition_ends=conditions)
    named = {finding.subject for finding in trip.findings}
    needed = trip.end_at if round_trip else trip.arrive_at
    for condition in conditions:
        holds_until = condition.ends_at
        for stop in sampling_stops(trip):
            if condition.subject in subjects(stop):
                assert stop.arrive_at <= holds_until
                holds_until = max(holds_until, stop.arrive_at + minutes(60 * condition.renewed_h))
        assert holds_until >= needed or condition.subject in named
