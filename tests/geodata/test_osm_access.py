"""Access and oneway tags: who may drive where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.osm.access import ACCESS_KEYS, EVERYBODY, Oneway, access_bits, is_open, read_oneway, unknown_access

CAR, TRUCK = 1, 2
ACCESS = [
    ({}, CAR | TRUCK),
    ({"access": "private"}, 0),
    ({"access": "no", "motor_vehicle": "yes"}, CAR | TRUCK),
    ({"motor_vehicle": "no"}, 0),
    ({"motorcar": "no"}, TRUCK),
    ({"hgv": "no"}, CAR),
    ({"goods": "no"}, CAR),
    ({"goods": "no", "hgv": "delivery"}, CAR | TRUCK),
    ({"vehicle": "destination"}, CAR | TRUCK),
    ({"access": "customers"}, CAR | TRUCK),
    ({"access": "delivery"}, CAR | TRUCK),
    ({"access": "permissive"}, CAR | TRUCK),
    ({"motor_vehicle": "agricultural"}, 0),
    ({"vehicle": "agricultural;forestry"}, 0),
    ({"vehicle": "agricultural;destination"}, CAR | TRUCK),
    ({"access": "permit"}, 0),
    ({"access": "whatever"}, CAR | TRUCK),
    ({"access": "no", "bus": "yes"}, 0),
    ({"access": "no", "hgv": "yes"}, TRUCK),
]


@pytest.mark.parametrize(("tags", "bits"), ACCESS)
def test_the_most_special_tag_decides(tags, bits):
    assert access_bits(tags, default=EVERYBODY) == bits


def test_a_tag_for_one_direction_counts_there_alone():
    tags = {"vehicle:backward": "no"}
    assert access_bits(tags, default=EVERYBODY, suffix=":backward") == 0
    assert access_bits(tags, default=EVERYBODY, suffix=":forward") == EVERYBODY


def test_an_unknown_value_is_named():
    assert unknown_access({"access": "yes", "hgv": "sometimes"}) == "hgv=sometimes"


@pytest.mark.parametrize(
    ("tags", "oneway"),
    [
        ({"oneway": "yes"}, Oneway.FORWARD),
        ({"oneway": "1"}, Oneway.FORWARD),
        ({"oneway": "-1"}, Oneway.BACKWARD),
        ({"oneway": "reverse"}, Oneway.BACKWARD),
        ({"oneway": "no", "highway": "motorway"}, Oneway.BOTH),
        ({"oneway": "reversible"}, Oneway.NEITHER),
        ({"oneway": "alternating"}, Oneway.BOTH),
        ({"highway": "motorway"}, Oneway.FORWARD),
        ({"highway": "motorway_link"}, Oneway.BOTH),
        ({"junction": "roundabout"}, Oneway.FORWARD),
        ({"junction": "circular"}, Oneway.FORWARD),
        ({"junction": "roundabout", "oneway": "-1"}, Oneway.BACKWARD),
        ({}, Oneway.BOTH),
    ],
)
def test_oneway_is_read_or_implied(tags, oneway):
    assert read_oneway(tags) == (oneway, True)


def test_an_unreadable_oneway_is_told_and_changes_nothing():
    assert read_oneway({"oneway": "perhaps"}) == (Oneway.BOTH, False)


@given(st.dictionaries(st.sampled_from([key for keys in ACCESS_KEYS.values() for key in keys]), st.text()))
def test_any_tags_give_some_bits(tags):
    assert 0 <= access_bits(tags, default=EVERYBODY) <= EVERYBODY


@given(st.text())
def test_a_value_is_open_closed_or_unknown(value):
    assert is_open(value) in {True, False, None}
