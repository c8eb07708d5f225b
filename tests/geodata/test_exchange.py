"""Closures for other systems: only what is approved goes out, and what comes in is matched or named."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from geodata.closures.closure import Direction
from geodata.closures.features import closure_feature
from geodata.closures.files import read_closure_features
from geodata.closures.road_spans import common_spans, length_of, same_extent, spans_without
from geodata.errors import BadInputError, RowErrors
from geodata.exchange.cifs import cifs_feed
from geodata.exchange.gis_layer import read_gis_features, write_gis_layer
from geodata.exchange.published import published_parts
from geodata.exchange.records import feature_of, read_titles, record_of
from geodata.exchange.wzdx import wzdx_feed
from geodata.exchange.wzdx_reading import read_wzdx
from geodata.snapping import RoadIndex
from tests.closure_cases import (
    EIGHT,
    HQ,
    LENGTH_M,
    NOON,
    POLICE,
    class_network,
    closed,
    hours,
    says,
    sees,
    settings,
    span,
)
from tests.conftest import shared
from tests.wzdx_schemas import faults_of

NETWORK = class_network()
INDEX = RoadIndex(NETWORK)
RULES = settings()
EXAMPLES = (
    "scenario1_simple_linestring_example",
    "scenario1_simple_multipoint_example",
    "scenario2_laneshift_linestring_example",
    "scenario3_shoulder_bidirectional_linestring_example",
    "scenario4_detour_linestring_example",
    "scenario5_recurring_linestring_example",
    "scenario6_multi_lane_closure_linestring_example",
    "scenario7_mobileoperation_linestring_example",
    "scenario8_local_access_only_bidirectional_linestring_example",
)


def parts_of(*closures, at=NOON):
    return published_parts(closures, RULES, NETWORK, at=at)


def feed_of(*closures, at=NOON):
    return wzdx_feed(parts_of(*closures, at=at), RULES, NETWORK, at=at)


def wzdx_file(tmp_path, feed):
    (tmp_path / "feed.geojson").write_text(json.dumps(feed, ensure_ascii=False), encoding="utf-8")
    return read_wzdx(tmp_path / "feed.geojson", INDEX)


def read_back(features, rows=None):
    return read_closure_features(features, INDEX, RULES, where="f", rows=rows)


LAWFUL = closed("c", "c+", decisions=[says(HQ)])
LESS = closed("c", decisions=[says(HQ, extent=(span("c", 0.0, 2000.0),), end=hours(5))])
ONE_WAY = closed(span("n", 100.0, 900.0, Direction.BACKWARD), decisions=[says(HQ)], end=None)


def test_only_the_approved_part_is_published():
    parts = parts_of(LESS)
    assert {one.window.end for one in parts} == {hours(5)}
    assert [length_of(one.spans) for one in parts] == [2000.0, 2000.0]
    told = [one for part in parts for one in part.spans]
    assert spans_without(told, (span("c", 0.0, 2000.0),)) == ()


@pytest.mark.parametrize(
    "closure",
    [
        closed("c"),
        closed("c", decisions=[says(HQ, "refused")]),
        closed("c", decisions=[says(HQ), says(HQ, "withdrawn", at=hours(1))]),
        closed("c", decisions=[says(POLICE)]),
        closed("x", decisions=[says(HQ)]),
        closed("c", decisions=[says(HQ)], end=hours(1)),
        closed("c", observations=[sees("blocked", hours(1))]),
    ],
)
def test_what_is_not_approved_or_over_stays_in_the_house(closure):
    assert parts_of(closure) == ()


def test_roads_that_go_on_are_one_line_in_each_direction_of_travel():
    there, back = parts_of(LAWFUL)
    assert [one.road_id for one in there.spans] == ["c", "c+"]
    assert there.line == back.line[::-1]
    assert (there.id, back.id) == ("z1-1", "z1-2")


def test_a_one_way_closure_is_drawn_with_the_traffic_that_it_stops():
    (part,) = parts_of(ONE_WAY)
    assert part.line[0][0] > part.line[-1][0]


def test_the_feed_is_valid_wzdx_without_a_network():
    feed = feed_of(LAWFUL, replace(LESS, id="z2"), replace(ONE_WAY, id="z3"))
    assert len(feed["features"]) == 5
    assert faults_of(feed) == []
    broken = json.loads(json.dumps(feed))
    del broken["features"][0]["properties"]["vehicle_impact"]
    assert faults_of(broken)


def test_the_feed_tells_who_approved_in_the_words_of_datex():
    told = feed_of(ONE_WAY)["features"][0]["properties"]["trafficRegulationOrder"]
    assert told["orders"] == [
        {
            "issuingAuthority": "疫情防控指挥部",
            "regulationId": "方疫指〔2022〕12号",
            "status": "implemented",
            "legalBasis": RULES.policy.regime.citation,
            "orderDate": "2022-06-21T23:00:00Z",
            "form": "written",
        }
    ]
    assert (told["untilFurtherNotice"], told["passHolders"]) == (True, "stopped")
    assert (
        feed_of(ONE_WAY, at=hours(-0.5))["features"][0]["properties"]["trafficRegulationOrder"]["orders"][0]["status"]
        == "made"
    )


def test_cifs_tells_closed_roads_with_the_traffic_that_is_stopped():
    incidents = cifs_feed(parts_of(LAWFUL, ONE_WAY), RULES, NETWORK, at=NOON)["incidents"]
    assert [one["type"] for one in incidents] == ["ROAD_CLOSED"] * 3
    assert incidents[0]["polyline"].startswith("33.060000 113.000000 ")
    assert (incidents[0]["starttime"], incidents[0]["endtime"]) == (
        "2022-06-22T08:00:00+08:00",
        "2022-06-22T18:00:00+08:00",
    )
    assert "endtime" not in incidents[2]
    assert incidents[0]["reference"] == "z1;方疫指〔2022〕12号"


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_shared_example_closes_a_whole_road_and_each_event_is_named(name):
    path = shared(f"wzdx/examples/WorkZoneFeed/{name}.geojson")
    found = read_wzdx(path, INDEX)
    assert found.features == ()
    assert [one.row for one in found.left_out] == list(range(1, len(json.loads(path.read_text())["features"]) + 1))
    assert {one.code for one in found.left_out} == {"not-a-closure"}


@pytest.mark.parametrize("name", EXAMPLES[:2])
def test_an_example_with_every_lane_closed_is_named_as_not_in_this_county(tmp_path, name):
    feed = json.loads(shared(f"wzdx/examples/WorkZoneFeed/{name}.geojson").read_text())
    for one in feed["features"]:
        one["properties"]["vehicle_impact"] = "all-lanes-closed"
    found = wzdx_file(tmp_path, feed)
    assert {one.code for one in found.left_out} == {"not-matched"}
    assert all(one.facts["distance_m"] > 100_000 for one in found.left_out)


def test_a_feed_comes_back_as_the_same_roads_directions_and_approval(tmp_path):
    found = wzdx_file(tmp_path, feed_of(LAWFUL, replace(ONE_WAY, id="z3")))
    there, back, one_way = read_back(found.features, found.rows)
    assert same_extent(there.extent, (span("c", way=Direction.FORWARD), span("c+", way=Direction.FORWARD)))
    assert same_extent(back.extent, (span("c+", way=Direction.BACKWARD), span("c", way=Direction.BACKWARD)))
    assert same_extent(one_way.extent, ONE_WAY.extent)
    assert (one_way.window.end, one_way.cause) == (None, "epidemic")
    assert [(one.authority, one.document_no, one.decided_at) for one in there.decisions] == [
        (HQ, "方疫指〔2022〕12号", hours(-1))
    ]


def test_a_feed_of_another_kind_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="not-a-wzdx-feed"):
        wzdx_file(tmp_path, {"type": "FeatureCollection", "features": []})
    with pytest.raises(BadInputError, match="wzdx-version-unknown"):
        wzdx_file(tmp_path, {"feed_info": {"version": "2.0"}, "features": []})


RICH = closed(
    span("c", 10.5, 900.25, Direction.BACKWARD),
    decisions=[
        says(HQ, extent=(span("c", 20.0, 400.0, Direction.BACKWARD),), end=hours(4)),
        says(HQ, "withdrawn", at=hours(2)),
    ],
    observations=[sees("blocked", hours(1), barrier="earth_mound"), sees("open", hours(3))],
    reason='学校, "放学"; 一行\n两行',
    requested={"start": "2022-06-22T06:00:00Z", "end": "2022-06-25T06:00:00Z"},
)
BLOCKAGE = replace(
    closed("v", observations=[sees("blocked", hours(1))]), id="b1", window=None, cause="", requested_by=""
)


def same(one, other):
    """Tell whether two closures are one, as the register does: where extents end, not how they were drawn."""
    bare = [replace(each, extent=(), drawn=None, decisions=(), version=1) for each in (one, other)]
    decided = [tuple(replace(d, extent=None, drawn=None) for d in each.decisions) for each in (one, other)]
    extents = [(each.extent, *(d.extent or () for d in each.decisions)) for each in (one, other)]
    return bare[0] == bare[1] and decided[0] == decided[1] and all(map(same_extent, *extents))


def in_area():
    """A closure drawn as an area with a hole, over a part of the county road."""
    outer = [[113.005, 33.055], [113.02, 33.055], [113.02, 33.065], [113.005, 33.065], [113.005, 33.055]]
    hole = [[113.01, 33.057], [113.012, 33.057], [113.012, 33.058], [113.01, 33.058], [113.01, 33.057]]
    place = {"type": "Polygon", "coordinates": [outer, hole]}
    known = {"id": "z1", "start": "2022-06-22T08:00:00+08:00", "requested_by": "杨集乡", "inside_share": 0.25}
    return read_back([{"type": "Feature", "properties": known, "geometry": place}])[0]


@pytest.mark.parametrize("closure", [LAWFUL, LESS, ONE_WAY, RICH, BLOCKAGE, in_area()])
def test_a_record_comes_back_as_the_same_closure(closure):
    feature = feature_of(record_of(closure_feature(closure, NETWORK)), where="row 1")
    assert same(read_back([feature])[0], closure)


def test_a_geopackage_comes_back_as_the_same_closures(tmp_path):
    closures = [
        replace(one, id=f"z{number}") for number, one in enumerate((LAWFUL, LESS, ONE_WAY, RICH, BLOCKAGE, in_area()))
    ]
    write_gis_layer(tmp_path / "z.gpkg", [closure_feature(one, NETWORK) for one in closures])
    again = read_back(read_gis_features(tmp_path / "z.gpkg", crs="wgs84", faults="closures-file-has-errors"))
    assert all(map(same, again, closures))


def test_roads_that_are_closed_in_opposite_drawn_directions_keep_their_travel_direction():
    mixed = closed(
        span("c", 2000.0, LENGTH_M, Direction.FORWARD), span("n", 0.0, 500.0, Direction.BACKWARD), decisions=[says(HQ)]
    )
    feature = closure_feature(mixed, NETWORK)
    assert feature["properties"]["direction"] == "along"
    again = read_back([feature])[0]
    assert same_extent(again.extent, mixed.extent)


def test_one_decision_may_stand_in_plain_cells():
    cells = {"id": "z1", "start": "2022-06-22T08:00:00+08:00", "road_ids": "c；c+", "authority": "疫情防控指挥部"}
    cells |= {
        "document_no": "1号",
        "decided_at": "2022-06-22T07:00:00+08:00",
        "approved_end": "2022-06-22T12:00:00+08:00",
    }
    (closure,) = read_back([feature_of(cells, where="row 2")])
    assert [(one.authority, one.decision, one.end) for one in closure.decisions] == [(HQ, "approved", NOON)]
    with pytest.raises(BadInputError, match="decision-told-twice"):
        feature_of({**cells, "decisions": "[]"}, where="row 2")


@pytest.mark.parametrize(
    ("titles", "code"),
    [(["id", "stat"], "column-unknown"), (["编号", "id"], "column-twice"), (["start"], "column-missing")],
)
def test_titles_must_be_known(titles, code):
    with pytest.raises(BadInputError, match=code):
        read_titles(titles, where="f")


def test_cells_that_cannot_be_read_are_told():
    with pytest.raises(BadInputError, match="cell-not-json"):
        feature_of({"id": "1", "decisions": "批准"}, where="row 2")
    with pytest.raises(BadInputError, match="cell-not-wkt"):
        feature_of({"id": "1", "geometry": "LINE 1 2"}, where="row 2")
    with pytest.raises(BadInputError, match="closure-geometry-not-a-line"):
        feature_of({"id": "1", "geometry": "POINT (113 33)"}, where="row 2")


def test_faults_carry_the_rows_that_people_count():
    with pytest.raises(RowErrors) as refused:
        read_back([{"type": "Feature", "properties": {"id": "z1"}, "geometry": None}], rows=[7])
    assert {one.facts["row"] for one in refused.value.rows} == {7}


def test_published_stretches_of_one_closure_do_not_overlap_in_one_direction():
    fork = closed("c", "c+", "n", decisions=[says(HQ)])
    parts = parts_of(fork)
    assert sum(length_of(one.spans) for one in parts) == pytest.approx(6 * LENGTH_M)
    assert all(common_spans(a.spans, b.spans) == () for a in parts for b in parts if a is not b)
    assert {one.window.start for one in parts} == {EIGHT}


def test_a_part_on_a_road_that_the_map_does_not_have_is_left_out_of_the_feed():
    (there, back) = parts_of(closed("c", span("0123456789ab:gone"), decisions=[says(HQ)]))
    assert {one.road_id for part in (there, back) for one in part.spans} == {"c"}
