"""Turn restrictions, barriers and access as OpenStreetMap tags them, driven on the roads that an import makes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from geodata.county_settings import DEFAULT_SPEEDS_KMH
from geodata.vehicles import Vehicle
from routing.engine import Ask, Engine
from routing.route import NoRoute, Route
from routing.route_proof import Journey, prove_route
from tests.networks import on_road
from tests.osm_world import LETTERS, World, node_id

EIGHT = datetime(2022, 6, 22, 8, 0, tzinfo=timezone(timedelta(hours=8)))  # a Wednesday
CAR, TRUCK = Vehicle("car", 80.0), Vehicle("truck", 80.0, 8_000.0)
# Ways 1 to 4 meet in g, where 2 only leads in; 5 and 7 lead round from l to h.
#   b
#   |2
# f-1-g-3-h-6-i-8-j
#     |4   |7
#     l--5-m
CROSSING = {1: "fg", 2: "bg", 3: "gh", 4: "gl", 5: "lm", 7: "hm", 6: "hi", 8: "ij"}


def drive(folder, start: str, end: str, *relations: tuple[str, dict[str, str]], vehicle=CAR, at=EIGHT, **nodes):
    """Drive from the middle of one way to the middle of another; return the nodes passed, or why not."""
    world = World()
    for way, letters in CROSSING.items():
        world.way(way, letters, oneway="yes" if way == 2 else "no")
    for number, (members, tags) in enumerate(relations, start=1):
        world.relation(number, members, **tags)
    for letter, tags in nodes.items():
        world.node(letter, **tags)
    network = world.build(folder)[0].network
    middle = [on_road(network, road, network.length_m[network.road_index[road]] / 2) for road in (start, end)]
    route = Engine(network, speeds_kmh=DEFAULT_SPEEDS_KMH).route(Ask(*middle, vehicle, at, turns="kept"))
    if isinstance(route, NoRoute):
        return route.code
    assert isinstance(route, Route)
    assert prove_route(route, network, closings=(), journey=Journey(vehicle, at, turns="kept")) == ()
    names = {node_id(letter): letter for letter in LETTERS}
    heads = [int(network.ends[leg.road, 1 - leg.direction]) for leg in route.legs[:-1]]
    return "".join(names[int(network.junction_id[head])] for head in heads)


NO_LEFT = ("from=w4 via=ng to=w1", {"restriction": "no_left_turn"})
FREE, ROUND = "g", "lmhg"


def test_without_a_restriction_the_turn_is_taken(tmp_path):
    assert drive(tmp_path, "w4-1", "w1-1") == FREE


@pytest.mark.parametrize(
    ("tags", "further", "way"),
    [
        ({"restriction": "no_left_turn"}, {}, ROUND),
        ({"restriction": "only_right_turn"}, {}, FREE),
        ({"restriction": "no_left_turn", "except": "hgv"}, {"vehicle": TRUCK}, FREE),
        ({"restriction": "no_left_turn", "except": "hgv"}, {}, ROUND),
        ({"restriction:hgv": "no_left_turn"}, {"vehicle": TRUCK}, ROUND),
        ({"restriction:hgv": "no_left_turn"}, {}, FREE),
        ({"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}, {}, ROUND),
        ({"restriction:conditional": "no_left_turn @ (Sa,Su 07:00-09:00)"}, {}, FREE),
        ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, {"at": EIGHT + timedelta(hours=2)}, FREE),
        ({"restriction:conditional": "no_left_turn @ (weight>7.5 AND 07:00-09:00)"}, {"vehicle": TRUCK}, ROUND),
        ({"restriction:conditional": "no_left_turn @ (weight>7.5 AND 07:00-09:00)"}, {}, FREE),
    ],
)
def test_a_restriction_via_a_node_binds_whom_and_when_it_says(tmp_path, tags, further, way):
    assert drive(tmp_path, "w4-1", "w1-1", ("from=w4 via=ng to=w1", tags), **further) == way


def test_only_leaves_no_other_way_on(tmp_path):
    only = ("from=w4 via=ng to=w3", {"restriction": "only_right_turn"})
    assert drive(tmp_path, "w4-1", "w3-1", only) == "g"
    assert drive(tmp_path, "w4-1", "w1-1", only) == ROUND


def test_a_restriction_via_ways_binds_who_came_along_them(tmp_path):
    via = ("from=w1 via=w3 to=w6", {"restriction": "no_straight_on"})
    assert drive(tmp_path, "w1-1", "w8-1", via) == "glmhi"
    assert drive(tmp_path, "w2-1", "w8-1", via) == "ghi"


@pytest.mark.parametrize(
    ("tags", "car", "truck"),
    [
        ({"barrier": "gate", "hgv": "no"}, "g", "gh"),
        ({"barrier": "bollard"}, "gh", "gh"),
        ({"barrier": "lift_gate", "access": "private", "hgv": "yes"}, "gh", "g"),
        ({"barrier": "height_restrictor", "maxheight": "2.5"}, "g", "g"),
        ({"barrier": "toll_booth"}, "g", "g"),
    ],
)
def test_a_barrier_stops_whom_its_access_says_where_turns_are_kept(tmp_path, tags, car, truck):
    # From f straight south over l and q to p; where the barrier at l stops the vehicle, round over h, m and r.
    ways = World().way(1, "fg").way(3, "gh").way(4, "glq").way(7, "hmr").way(9, "rq").way(10, "qp")
    network = ways.node("l", **tags).build(tmp_path)[0].network
    engine = Engine(network, speeds_kmh=DEFAULT_SPEEDS_KMH)
    ends = on_road(network, "w1-1", 10.0), on_road(network, "w10-1", 400.0)
    for vehicle, way in ((CAR, car), (TRUCK, truck)):
        route = engine.route(Ask(*ends, vehicle, EIGHT, turns="kept"))
        passed = {int(network.junction_id[network.ends[leg.road, 1 - leg.direction]]) for leg in route.legs}
        assert (node_id("h") in passed) is ("h" in way)
        assert np.isfinite(route.duration_s)
