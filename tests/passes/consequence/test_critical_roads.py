"""The county's critical roads with people, hubs left out, closings in force, and what is cut off already."""

from __future__ import annotations

import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import BadInputError
from geodata.windows import Window
from passes.consequence.critical_roads import ask_criticality
from passes.consequence.critical_rows import critical_table, criticality_features, criticality_rows
from tests.closure_cases import NOON, hours


def asked(county, *closings, at=NOON, **more):
    return ask_criticality(county, closings, at=at, **more)


def roads_of(question):
    ids = question.county.network.road_id
    return {str(ids[one.road]): sorted(place.name for place in one.places) for one in question.roads}


def shut(county, road_id, window=None):
    road = county.network.road_index[road_id]
    return Closing("x", road, Direction.BOTH, 0.0, float(county.network.length_m[road]), window)


def test_roads_on_which_the_village_hangs_are_named_with_its_people(small_county):
    question = asked(small_county)
    assert roads_of(question)["v1"] == ["后庄村"]
    assert question.by_road[small_county.network.road_index["v1"]].people == 800
    assert "c1" not in roads_of(question)


def test_without_a_hub_the_list_is_reckoned_anew(small_county):
    all_out = criticality_rows(asked(small_county), most_detours=5)["hubs"]
    question = asked(small_county, without=[one["id"] for one in all_out])
    assert question.roads == ()
    assert {one.name for one in question.already} >= {"后庄村"}


def test_an_unknown_hub_is_refused(small_county):
    with pytest.raises(BadInputError, match="hub-unknown"):
        asked(small_county, without=["nowhere"])


def test_a_closing_counts_while_it_is_in_force(small_county):
    closing = shut(small_county, "c3", Window(hours(0), hours(8)))
    assert roads_of(asked(small_county, closing))["c1"] == ["宏达面粉"]
    assert "c1" not in roads_of(asked(small_county, closing, at=hours(9)))


def test_who_is_cut_off_already_is_told_apart(small_county):
    question = asked(small_county, shut(small_county, "v1"))
    assert [one.name for one in question.already] == ["后庄村"]
    assert "后庄村" not in {name for names in roads_of(question).values() for name in names}


def test_closures_asked_about_do_not_count_themselves(small_county):
    question = asked(small_county, shut(small_county, "v1"), lifted=["x"])
    assert "v1" in roads_of(question)


def test_chains_name_what_lies_between(small_county):
    (chain,) = asked(small_county).chains
    assert sorted(one.name for one in chain.places) == ["后庄村", "宏达面粉"]


def test_rows_and_features_say_the_same(small_county):
    question = asked(small_county)
    rows = criticality_rows(question, most_detours=5)
    features = criticality_features(question, most_detours=5)["features"]
    critical = [one["properties"] for one in features if one["properties"]["list"] == "critical"]
    assert [one["road_id"] for one in critical] == [row["road_id"] for row in rows["roads"]]
    assert [row["places"] for row in critical_table(question)] == [one["places"] for one in critical]


def test_roads_with_places_behind_them_come_first(small_county):
    kinds = [one.has_behind for one in asked(small_county).roads]
    assert kinds == sorted(kinds, reverse=True)
