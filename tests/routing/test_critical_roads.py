"""Roads that must stay open are exactly those that closing one after the other finds, in, out and both."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from routing.criticality.single_roads import find_critical_roads
from routing.isolation import CutOff, find_cut_off
from tests.networks import Road, make_network, on_road, one_way
from tests.routing.oracle import closings_on, networks, points
from tests.routing.test_isolation import view_of


def critical(network, places, goals, closings=()):
    found = find_critical_roads(view_of(network, closings), places, goals)
    return {str(network.road_id[road]): found.cut_off_by(road) for road in found.roads.tolist()}, found.already


def one_by_one(network, places, goals, closings=()):
    """Close each road in turn and look who is cut off."""
    before, roads, already = view_of(network, closings), {}, ()
    for road in range(network.road_count):
        shut = Closing("road", road, Direction.BOTH, 0.0, float(network.length_m[road]))
        found = find_cut_off(places, goals, before=before, after=view_of(network, [*closings, shut]))
        already = found.already
        if found.cut_off:
            roads[str(network.road_id[road])] = found.cut_off
    return roads, already


def random_network(seed):
    """Make a network of some dozen junctions: parallel roads, one-ways, an island now and then."""
    chance = random.Random(seed)
    count = chance.randint(3, 16)
    ways = [(3, 3), (3, 3), (3, 3), (3, 0), (0, 3)]
    roads = []
    for number in range(chance.randint(count - 1, 2 * count)):
        start, end = chance.randrange(count), chance.randrange(count)
        roads.append(Road(f"r{number}", f"j{start}", f"j{end}", 1000.0, access=chance.choice(ways)))
    network = make_network(roads)
    spots = [(str(chance.choice(network.road_id)), chance.choice([0, 1000, 300, 500])) for _ in range(6)]
    spots = [on_road(network, road, at) for road, at in spots]
    closings = [
        Closing("x", chance.randrange(network.road_count), chance.choice(list(Direction)), 400.0, 600.0)
        for _ in range(chance.randint(0, 2))
    ]
    return network, spots[2:], spots[:2], closings


def test_village_behind_the_only_road_hangs_on_it_both_ways():
    network = make_network([Road("a", "H", "M"), Road("b", "M", "V")])
    found, _ = critical(network, [on_road(network, "b", 1000)], [on_road(network, "a", 0)])
    assert found == {"a": (CutOff(0, "both"),), "b": (CutOff(0, "both"),)}


def test_one_way_ring_hangs_on_one_road_for_each_direction():
    network = make_network([one_way("a", "H", "V"), one_way("b", "V", "W"), one_way("c", "W", "H")])
    found, _ = critical(network, [on_road(network, "a", 1000)], [on_road(network, "a", 0)])
    assert found == {"a": (CutOff(0, "in"),), "b": (CutOff(0, "out"),), "c": (CutOff(0, "out"),)}


def test_island_is_told_apart_and_no_road_answers_for_it():
    network = make_network([Road("a", "H", "V"), Road("island", "P", "Q")])
    places = [on_road(network, "island", 500), on_road(network, "a", 1000)]
    found, already = critical(network, places, [on_road(network, "a", 0)])
    assert (found, already) == ({"a": (CutOff(1, "both"),)}, (CutOff(0, "both"),))


def test_piece_with_a_hub_of_its_own_is_not_cut_off():
    network = make_network([Road("a", "H", "M"), Road("b", "M", "V")])
    hubs = [on_road(network, "a", 0), on_road(network, "b", 1000)]
    assert critical(network, [on_road(network, "b", 1000)], hubs) == ({}, ())


def test_without_that_hub_the_list_is_another():
    network = make_network([Road("a", "H", "M"), Road("b", "M", "V")])
    found, _ = critical(network, [on_road(network, "b", 1000)], [on_road(network, "a", 0)])
    assert set(found) == {"a", "b"}


def test_who_stands_on_a_road_hangs_on_it_although_both_its_ends_are_open():
    network = make_network([Road("a", "H", "V"), Road("b", "V", "W"), Road("c", "W", "H")])
    found, _ = critical(network, [on_road(network, "b", 500)], [on_road(network, "a", 0)])
    assert found == {"b": (CutOff(0, "both"),)}


def test_hubs_on_one_road_fall_together():
    network = make_network([Road("a", "U", "V"), Road("b", "U", "W"), Road("c", "V", "W")])
    hubs = [on_road(network, "a", 300), on_road(network, "a", 700)]
    found, _ = critical(network, [on_road(network, "b", 1000)], hubs)
    assert found == {"a": (CutOff(0, "both"),)}


def test_closing_in_force_makes_the_other_road_critical():
    network = make_network([Road("a", "H", "V"), Road("b", "H", "V")])
    place, hub = on_road(network, "a", 1000), on_road(network, "a", 0)
    shut = Closing("x", 1, Direction.BOTH, 0.0, 1000.0)
    assert critical(network, [place], [hub]) == ({}, ())
    assert critical(network, [place], [hub], [shut])[0] == {"a": (CutOff(0, "both"),)}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_critical_roads_equal_closing_them_one_by_one(data):
    network = data.draw(networks())
    closings = data.draw(closings_on(network, most=2))
    places = data.draw(st.lists(points(network, closings), min_size=1, max_size=4))
    goals = data.draw(st.lists(points(network, closings), min_size=0, max_size=3))
    assert critical(network, places, goals, closings) == one_by_one(network, places, goals, closings)


@pytest.mark.parametrize("first", [0, pytest.param(20, marks=pytest.mark.long)])
def test_critical_roads_equal_brute_force_on_random_networks(first):
    for seed in range(first, 20 if first == 0 else 400):
        network, places, goals, closings = random_network(seed)
        assert critical(network, places, goals, closings) == one_by_one(network, places, goals, closings), seed
