"""Ways: which are roads, and what their tags say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.network import BRIDGE, TUNNEL
from geodata.osm.import_tally import ImportTally
from geodata.osm.limits import Limits
from geodata.osm.tags import KEPT_KEYS, read_way, why_no_road
from geodata.road_classes import RoadClass
from tests.osm_world import codes


def read(tally: ImportTally | None = None, country: str = "CN", **tags: str):
    plain = {key.replace("__", ":"): value for key, value in tags.items()}
    return read_way(7, {"highway": "primary", **plain}, country=country, tally=tally or ImportTally())


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "primary"}, ""),
        ({"highway": "track"}, ""),
        ({"highway": "service"}, ""),
        ({"highway": "construction", "construction": "motorway"}, "road-under-construction"),
        ({"highway": "proposed"}, "road-only-planned"),
        ({"highway": "abandoned"}, "road-abandoned"),
        ({"highway": "primary", "abandoned": "yes"}, "road-abandoned"),
        ({"highway": "service", "area": "yes"}, "area"),
        ({"route": "ferry"}, "ferry"),
        ({"highway": "footway"}, "path"),
        ({"highway": "footway", "access": "yes"}, "path"),
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, ""),
        ({"highway": "raceway"}, "not-a-road"),
        ({"highway": "quantum"}, "highway-unknown"),
    ],
)
def test_what_is_no_road_for_motor_vehicles_is_left_out_with_its_reason(tags, reason):
    assert why_no_road(tags) == reason


def test_limits_come_in_kg_and_m():
    reading = read(maxweight="3.5 t", maxheight="12'6\"", maxwidth="2,5", maxlength="10", maxaxleload="7")
    assert reading.limits == Limits(3500.0, pytest.approx(3.81), 2.5, 10.0, 7000.0)


def test_the_stricter_of_two_weight_limits_counts():
    assert read(maxweight="10", maxweightrating="3.5").limits.weight_kg == 3500.0


def test_speed_limits_differ_by_direction():
    assert read(maxspeed="80", maxspeed__backward="60").speed_kmh == (80.0, 60.0)


def test_a_reversed_oneway_is_open_backward_only():
    assert read(oneway="-1").access == (0, 3)


def test_bridge_tunnel_and_layer_are_kept():
    reading = read(bridge="viaduct", tunnel="yes", layer="2")
    assert (reading.structure, reading.layer) == (BRIDGE | TUNNEL, 2)


def test_bridge_no_is_no_bridge():
    assert read(bridge="no").structure == 0


def test_class_name_and_ref_are_read():
    reading = read(name="兰南高速", ref="S83")
    assert (reading.road_class, reading.name, reading.ref) == (RoadClass.EXPRESSWAY, "兰南高速", "S83")


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"maxspeed": "fast"}, "speed-unreadable"),
        ({"maxweight": "heavy"}, "limit-unreadable"),
        ({"layer": "top"}, "layer-unreadable"),
        ({"oneway": "perhaps"}, "oneway-unreadable"),
        ({"hgv": "sometimes"}, "access-unreadable"),
        ({"ref": "绕城"}, "ref-unreadable"),
        ({"oneway__conditional": "yes @ (07:00-09:00)"}, "conditional-tag-ignored"),
    ],
)
def test_a_tag_that_is_not_used_is_counted_with_its_way_and_value(tags, code):
    tally = ImportTally()
    read(tally, **tags)
    key, value = next(iter(tags.items()))
    assert tally.dropped == [{"code": code, "count": 1, "examples": [f"way/7 {key.replace('__', ':')}={value}"]}]


def test_a_speed_that_cannot_be_read_is_counted_once_a_way():
    tally = ImportTally()
    read(tally, maxspeed="fast")
    assert codes(tally.dropped) == {"speed-unreadable": 1}


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"ref": "017县道"}, "ref-in-unusual-form"),
        ({"oneway": "reversible"}, "oneway-reversible-closed"),
        ({"highway": "motorway"}, "motorway-without-oneway"),
        ({"highway": "motorway_link"}, "link-without-oneway-kept-two-way"),
    ],
)
def test_what_is_taken_otherwise_than_it_stands_is_counted_as_repaired(tags, code):
    tally = ImportTally()
    read(tally, **tags)
    assert codes(tally.repaired) == {code: 1}


def test_foreign_refs_are_neither_read_nor_counted():
    tally = ImportTally()
    assert read(tally, country="DE", ref="B 85").ref == "B 85"
    assert tally.dropped == []


@given(st.dictionaries(st.sampled_from(sorted(KEPT_KEYS - {"highway"})), st.text(max_size=12)))
def test_no_tags_at_all_break_the_reader(tags):
    reading = read_way(1, {"highway": "primary", **tags}, country="CN", tally=ImportTally())
    assert set(reading.access) <= {0, 1, 2, 3}
    assert abs(reading.layer) <= 20
