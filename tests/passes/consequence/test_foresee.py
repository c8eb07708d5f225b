"""What a closure would do: people, minutes, passes, green channels and milder ways, on the small county by heart."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import numpy as np
import pytest

from geodata.closures.closure import Closure, Direction, RoadSpan
from geodata.county import County
from geodata.network import TurnRestriction
from geodata.places import Place, Places
from geodata.windows import Window
from passes.consequence.foresee import foresee
from passes.consequence.settlements import RoadStates
from passes.consequence.summary import consequence_summary
from passes.editions.issuing import issue_pass
from routing.engine import Ask, Engine
from tests.issuing_office import an_office, applied, closing, office_of
from tests.pass_applications import NOW
from web.messages import finding_wording, known_codes

HOUR = timedelta(hours=1)


def closure(county, *roads, start=0.0, hours=24.0, direction=Direction.BOTH, part=None, **further):
    """A closure of whole roads of the small county, or of one part of them, from so many hours after now."""
    lengths = {road: float(county.network.length_m[county.network.road_index[road]]) for road in roads}
    extent = tuple(RoadSpan(road, direction, *(part or (0.0, lengths[road]))) for road in roads)
    begin = NOW + start * HOUR
    end = None if hours is None else begin + hours * HOUR
    given = {"id": "what-if", "version": 1, "barrier": "staffed", "cause": "epidemic", **further}
    return Closure(extent=extent, window=Window(begin, end), **given)


def with_places(county, *places):
    """The county with some more places."""
    known = {**county.places.by_id, **{place.id: place for place in places}}
    county.__dict__["places"] = Places(MappingProxyType(known))
    return county


@pytest.fixture
def foreseen(small_county, tmp_path):
    """Ask what closures would do; with a pass from the clinic (A) to the firm (C) an hour from now where wanted."""

    def ask(*closures, closings=(), passes=()):
        with an_office(small_county, tmp_path, closings=closings) as office:
            for changes in passes:
                issued = issue_pass(applied(office, **changes), office, key_file=tmp_path / "keys" / "key", at=NOW)
                assert issued.record is not None, issued.checked.findings
            return foresee(closures, connection=office.connection, county=small_county, engine=office.engine, at=NOW)

    return ask


def test_closing_the_only_road_of_a_village_cuts_off_its_people(foreseen, small_county):
    found = foreseen(closure(small_county, "v1"))
    assert found.people_cut_off == 800
    assert [(one.name, one.way, one.population) for one in found.places_cut_off] == [("后庄村", "both", 800.0)]


def test_closing_one_direction_cuts_off_one_way(foreseen, small_county):
    found = foreseen(closure(small_county, "v1", direction=Direction.BACKWARD))
    assert [(one.id, one.way) for one in found.places_cut_off] == [("village", "out")]


def test_a_firm_cut_off_is_listed_but_is_no_people(foreseen, small_county):
    found = foreseen(closure(small_county, "c1", "c3"))
    assert [one.id for one in found.places_cut_off] == ["firm"]
    assert found.people_cut_off == 0


def test_what_was_cut_off_before_is_told_apart(foreseen, small_county):
    earlier = closing(small_county, "v1", closure_id="earlier")
    found = foreseen(closure(small_county, "c1"), closings=[earlier])
    assert found.places_cut_off == ()
    assert [one.id for one in found.already_cut_off] == ["village"]


def test_what_the_closure_itself_closes_already_counts_as_open(foreseen, small_county):
    standing = closing(small_county, "v1", closure_id="what-if")
    found = foreseen(closure(small_county, "v1"), closings=[standing])
    assert [one.id for one in found.places_cut_off] == ["village"]
    assert found.already_cut_off == ()


def test_a_closure_that_ends_before_this_one_begins_does_not_count(foreseen, small_county):
    over = closing(small_county, "v1", NOW, NOW + HOUR, closure_id="over")
    found = foreseen(closure(small_county, "c1", start=2), closings=[over])
    assert found.already_cut_off == ()


def test_minutes_to_the_hospital_are_told_before_and_after(foreseen, small_county):
    small_county = with_places(small_county, Place("upper", "上庄村", "village", 113.05, 33.04, population=100))
    found = foreseen(closure(small_county, "c2")).hospital_minutes
    settings, network = small_county.settings, small_county.network
    engine = Engine(network, speeds_kmh=settings.speeds_kmh)
    points = [
        small_county.road_index.snap(lon, lat, usable=engine.usable_roads(settings.vehicles["car"]))
        for lon, lat in ((113.05, 33.04), (113.02, 33.0), (113.02, 33.02))
    ]
    car = settings.vehicles["car"]
    for engine_then, side in (
        (engine, found.before),
        (engine.snapshot(closings=[closing(small_county, "c2")]), found.after),
    ):
        minutes = engine_then.matrix(points[:2], points[2:], vehicle=car, depart_at=NOW).duration_s[:, 0] / 60
        assert (side.worst, side.without) == (pytest.approx(minutes.max()), 0)
        assert side.median == pytest.approx(sum(minutes) / 2)
    assert found.most_added > 0
    assert found.most_added_place == "上庄村"


@pytest.mark.parametrize("way", ["out", "in"])
def test_minutes_keep_turns_where_the_countys_routes_do(small_county, way):
    network, index = small_county.network, small_county.network.road_index
    bans = [
        TurnRestriction("no_left_turn", (index[one],), (), (index[other],), int(network.ends[index["n2"], 0]))
        for one, other in (("c1", "n2"), ("n2", "c1"))
    ]
    banned, found = replace(network, turn_restrictions=tuple(bans)), []
    all_roads = np.ones(network.road_count, dtype=np.bool_)
    spots = ((113.02, 33.035), (113.035, 33.02))
    firm, east = (small_county.road_index.snap(*spot, usable=all_roads) for spot in spots)
    for turns in ("ignored", "kept"):
        county = County(small_county.folder, settings=replace(small_county.settings, turns=turns))
        county.__dict__["network"] = banned
        states, ends = RoadStates(county, (), ()), (firm, east) if way == "out" else (east, firm)
        found.append(float(states.seconds(states.before, [firm], goals=[east], way=way)[0]))
        engine = Engine(banned, speeds_kmh=county.settings.speeds_kmh)
        ask = Ask(*ends, county.settings.vehicles["car"], NOW, turns=turns)
        assert found[-1] == engine.route(ask).duration_s
    assert found[0] < found[1]


def test_a_village_without_any_way_to_the_hospital_is_counted_not_averaged(foreseen, small_county):
    found = foreseen(closure(small_county, "v1")).hospital_minutes
    assert (found.before.without, found.after.without, found.after.worst) == (0, 1, None)


def test_a_county_without_fire_station_says_so_for_every_settlement(foreseen, small_county):
    assert foreseen(closure(small_county, "v1")).fire_minutes.before.without == 1


def test_a_pass_over_the_road_is_hit_and_driven_round(foreseen, small_county):
    found = foreseen(closure(small_county, "c1"), passes=[{}])
    (hit,) = found.passes_hit
    assert (hit.number, hit.plate, hit.enterprise) == ("411399000001", "豫R12345", "宏达面粉")
    assert hit.after_s > hit.before_s > 0
    assert found.added_minutes.worst == found.added_minutes.median == pytest.approx((hit.after_s - hit.before_s) / 60)
    assert found.unroutable_passes == ()


def test_a_pass_without_any_way_left_is_unroutable(foreseen, small_county):
    found = foreseen(closure(small_county, "c1", "c3"), passes=[{}])
    assert [one.number for one in found.unroutable_passes] == ["411399000001"]
    assert (found.added_minutes.median, found.added_minutes.worst) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"direction": Direction.BACKWARD},
        {"start": 48.0},
        {"pass_holders": "let_through"},
    ],
)
def test_a_pass_is_not_hit_against_its_direction_its_time_or_let_through(foreseen, small_county, changes):
    assert foreseen(closure(small_county, "c1", **changes), passes=[{}]).passes_hit == ()


@pytest.mark.parametrize(("part", "hits"), [((0.0, 300.0), 0), ((1800.0, 1900.0), 1), ((1000.0, 1200.0), 1)])
def test_only_the_part_of_its_first_road_that_the_truck_uses_can_stop_it(foreseen, small_county, part, hits):
    # The sampling station stands half way on c2, 1.1 km from B: from there the truck drives on to D and C.
    found = foreseen(closure(small_county, "c2", part=part), passes=[{"origin": "sample"}])
    assert len(found.passes_hit) == hits


def test_a_hub_in_an_area_loses_its_green_channel(foreseen, small_county):
    with_places(
        small_county,
        Place("station", "火车站", "hub", 113.02, 33.04),
        Place("other", "货运站", "hub", 113.08, 33.02),
    )
    (channel,) = foreseen(closure(small_county, "c1", "c3")).channels_broken
    assert (channel.name, channel.area, channel.to, channel.after_min) == ("火车站", "zone", "货运站", None)
    (kept,) = foreseen(closure(small_county, "c1")).channels
    assert not kept.is_broken
    assert kept.after_min > kept.before_min


def test_one_way_lost_breaks_a_channel(foreseen, small_county):
    with_places(small_county, Place("station", "火车站", "hub", 113.02, 33.04))
    backward = closure(small_county, "c1", direction=Direction.BACKWARD)
    other = replace(closure(small_county, "c3", direction=Direction.FORWARD), id="other")
    assert [one.hub for one in foreseen(backward, other).channels_broken] == ["station"]


def test_leaving_the_one_road_open_that_cuts_people_off_is_offered(foreseen, small_county):
    best = foreseen(closure(small_county, "c1", "v1")).softer[0]
    assert (best.code, best.facts["road"], best.facts["people"], best.facts["left"]) == (
        "leave-road-open",
        "v1",
        800,
        0,
    )


def test_a_staffed_post_is_offered_for_a_hard_barrier_only(foreseen, small_county):
    hard = foreseen(closure(small_county, "c1", barrier="concrete_block")).softer
    soft = foreseen(closure(small_county, "c1")).softer
    assert [one.code for one in hard] == ["staffed-post"]
    assert soft == ()


def test_a_later_start_and_letting_holders_through_are_offered_when_passes_are_hit(foreseen, small_county):
    found = foreseen(closure(small_county, "c1"), passes=[{}])
    assert [one.code for one in found.softer] == ["let-holders-through", "later-start"]
    later = closure(small_county, "c1", start=(found.passes_hit[0].last_at - NOW) / HOUR)
    assert foreseen(later, passes=[{}]).passes_hit == ()


def test_a_closure_without_an_end_is_asked_for_one(foreseen, small_county):
    assert [one.code for one in foreseen(closure(small_county, "c1", hours=None)).softer] == ["name-an-end"]


def test_a_road_that_the_county_has_not_closes_nothing(foreseen, small_county):
    gone = replace(closure(small_county, "c1"), extent=(RoadSpan("gone", Direction.BOTH, 0.0, 5.0),))
    assert foreseen(gone).places_cut_off == ()


def test_nothing_live_changes(small_county, tmp_path):
    with an_office(small_county, tmp_path) as office:
        before = office.engine.closings
        foresee(
            [closure(small_county, "v1")],
            connection=office.connection,
            county=small_county,
            engine=office.engine,
            at=NOW,
        )
        assert office.engine.closings == before
        assert office_of(office.connection, small_county).engine.closings == before


def test_the_summary_is_json_and_names_everything(foreseen, small_county):
    found = consequence_summary(foreseen(closure(small_county, "c1", "c3", "v1"), passes=[{}]))
    assert json.loads(json.dumps(found)) == found
    assert (found["people_cut_off"], found["unroutable_passes"]) == (800, ["411399000001"])
    assert [one["id"] for one in found["places_cut_off"]] == ["firm", "village"]


def test_every_milder_way_has_its_sentence_in_both_languages(foreseen, small_county):
    found = foreseen(closure(small_county, "c1", "v1"), passes=[{}]).softer
    hard = foreseen(closure(small_county, "c1", hours=None, barrier="wall")).softer
    assert {one.code for one in (*found, *hard)} <= known_codes()[1]
    for one in found:
        assert "{" not in finding_wording(one.code).text("zh", one.facts) + finding_wording(one.code).text(
            "en", one.facts
        )
