"""Chinese road numbers, clean and dirty, and the classes that follow from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.osm.road_refs import class_of_road, read_ref, split_refs
from geodata.road_classes import RoadClass

CLASSES = {
    "G30": RoadClass.EXPRESSWAY,
    "G4W2": RoadClass.EXPRESSWAY,
    "G15W": RoadClass.EXPRESSWAY,
    "G1511": RoadClass.EXPRESSWAY,
    "S83": RoadClass.EXPRESSWAY,
    "S6": RoadClass.EXPRESSWAY,
    "G345": RoadClass.NATIONAL,
    "S239": RoadClass.PROVINCIAL,
    "X006": RoadClass.COUNTY,
    "XD01": RoadClass.COUNTY,
    "Y026": RoadClass.TOWNSHIP,
    "C401": RoadClass.VILLAGE,
    "C012411322": RoadClass.VILLAGE,
    "017县道": RoadClass.COUNTY,
    "县道017": RoadClass.COUNTY,
    "206国道": RoadClass.NATIONAL,
    "省道S307": RoadClass.PROVINCIAL,
    "乡道": RoadClass.TOWNSHIP,
    "G206/ S307": RoadClass.NATIONAL,
    "S307;G206": RoadClass.NATIONAL,
    "G206、S307": RoadClass.NATIONAL,
    "g 206": RoadClass.NATIONAL,
    "Ｇ２０６": RoadClass.NATIONAL,
    "x006": RoadClass.COUNTY,
    "S-83": RoadClass.EXPRESSWAY,
}


@pytest.mark.parametrize(("ref", "road_class"), CLASSES.items())
def test_a_number_says_the_class(ref, road_class):
    assert read_ref(ref).road_class is road_class


@pytest.mark.parametrize("ref", ["16", "L191", "A 70", "B 85", "", "G", "G12345", "高速", ";;"])
def test_what_is_no_chinese_number_says_no_class(ref):
    assert read_ref(ref).road_class is None


def test_a_special_road_number_is_understood_and_says_no_class():
    assert read_ref("Z001").is_read
    assert read_ref("Z001").road_class is None


@pytest.mark.parametrize(("ref", "is_clean"), [("S83", True), ("G206;S307", True), ("017县道", False), ("g206", False)])
def test_a_dirty_form_is_told_from_a_clean_one(ref, is_clean):
    assert read_ref(ref).is_clean is is_clean


def test_a_list_with_one_unknown_part_is_not_wholly_read_and_still_says_its_class():
    reading = read_ref("G206;绕城")
    assert (reading.road_class, reading.is_read) == (RoadClass.NATIONAL, False)


def test_numbers_are_split_in_half_width_capitals():
    assert split_refs("ｇ206/ s307") == ("G206", "S307")


def test_motorway_wins_over_any_number():
    assert class_of_road({"highway": "motorway", "ref": "G206"}, country="CN") is RoadClass.EXPRESSWAY


def test_the_number_wins_over_any_other_highway_tag():
    assert class_of_road({"highway": "tertiary", "ref": "S303"}, country="CN") is RoadClass.PROVINCIAL


def test_outside_china_numbers_are_not_read():
    assert class_of_road({"highway": "tertiary", "ref": "S303"}, country="LI") is RoadClass.TOWNSHIP


def test_a_name_that_is_a_number_counts_where_there_is_no_ref():
    assert class_of_road({"highway": "primary", "name": "017县道"}, country="CN") is RoadClass.COUNTY


def test_a_name_with_a_number_in_it_does_not_count():
    assert class_of_road({"highway": "primary", "name": "G30 连接线"}, country="CN") is RoadClass.PROVINCIAL


@pytest.mark.parametrize(
    ("highway", "road_class"),
    [
        ("trunk_link", RoadClass.NATIONAL),
        ("primary", RoadClass.PROVINCIAL),
        ("secondary", RoadClass.COUNTY),
        ("tertiary", RoadClass.TOWNSHIP),
        ("unclassified", RoadClass.VILLAGE),
        ("living_street", RoadClass.STREET),
        ("service", RoadClass.STREET),
        ("track", RoadClass.TRACK),
    ],
)
def test_without_a_number_the_highway_tag_decides(highway, road_class):
    assert class_of_road({"highway": highway}, country="CN") is road_class


@given(st.text())
def test_no_ref_at_all_breaks_the_reader(ref):
    read_ref(ref)


@given(st.integers(100, 999), st.sampled_from(["{}", " {} ", "{};X001", "X001/{}", "{}、Y002"]))
def test_a_three_digit_national_number_is_found_wherever_it_stands(number, form):
    assert read_ref(form.format(f"G{number}")).road_class is RoadClass.NATIONAL
