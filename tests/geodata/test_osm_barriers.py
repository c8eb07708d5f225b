"""Barrier nodes: which cut a road, which limit it, which do nothing."""

from __future__ import annotations

import pytest

from geodata.osm.barriers import read_barrier
from geodata.osm.limits import Limits


@pytest.mark.parametrize("kind", ["bollard", "block", "cycle_barrier", "chain", "turnstile", "jersey_barrier", "log"])
def test_a_barrier_that_no_motor_vehicle_passes_cuts(kind):
    assert read_barrier({"barrier": kind}).cuts


@pytest.mark.parametrize("kind", ["gate", "lift_gate", "toll_booth", "cattle_grid", "entrance", "border_control"])
def test_a_barrier_that_opens_does_nothing(kind):
    barrier = read_barrier({"barrier": kind})
    assert not barrier.cuts
    assert not barrier.limits_somebody


@pytest.mark.parametrize(
    ("tags", "cuts"),
    [
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "lift_gate", "motor_vehicle": "no"}, True),
        ({"barrier": "gate", "locked": "yes"}, True),
        ({"barrier": "gate", "locked": "yes", "access": "yes"}, False),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False),
        ({"barrier": "bollard", "bollard": "rising"}, False),
        ({"barrier": "toll_booth", "motor_vehicle": "yes"}, False),
    ],
)
def test_access_tags_of_the_node_decide(tags, cuts):
    assert read_barrier(tags).cuts is cuts


def test_a_height_bar_limits_by_its_figure():
    barrier = read_barrier({"barrier": "height_restrictor", "maxheight": "2.8"})
    assert barrier.limits == Limits(height_m=2.8)
    assert barrier.limits_somebody


def test_a_height_bar_without_a_figure_is_told():
    assert read_barrier({"barrier": "height_restrictor"}).is_without_figure


def test_a_gate_for_cars_stops_trucks():
    barrier = read_barrier({"barrier": "gate", "hgv": "no"})
    assert not barrier.cuts
    assert barrier.limits_somebody


def test_an_unknown_barrier_is_passable_and_told():
    barrier = read_barrier({"barrier": "sculpture"})
    assert not barrier.cuts
    assert not barrier.is_known


def test_a_node_without_a_barrier_is_none():
    assert read_barrier({"highway": "crossing"}) is None
