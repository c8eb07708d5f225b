"""Two roads of different groups of a chain cut off what lies between them; no other two roads do."""

from __future__ import annotations

import random
from itertools import combinations, product

import networkx as nx
import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from routing.criticality.chains import find_chains
from tests.networks import Road, make_network, on_road
from tests.routing.test_isolation import view_of


def chains(network, places, goals, closings=()):
    found = find_chains(view_of(network, closings), places, goals)
    return [([[str(network.road_id[r]) for r in group] for group in one.groups], list(one.between)) for one in found]


def ring():
    """Draw H - A - B - C - H, with a spur to S at B."""
    return make_network(
        [
            Road("ha", "H", "A"),
            Road("ab", "A", "B"),
            Road("bc", "B", "C"),
            Road("ch", "C", "H"),
            Road("spur", "B", "S"),
        ]
    )


def test_roads_with_nobody_between_them_are_one_group():
    network = ring()
    (groups, between), *more = chains(network, [on_road(network, "bc", 0)], [on_road(network, "ha", 0)])
    assert not more
    assert sorted(map(sorted, groups)) == [["ab", "ha"], ["bc", "ch"]]
    assert between == [(0,)]


def test_what_hangs_on_a_spur_lies_between_too():
    network = ring()
    places = [on_road(network, "spur", 1000), on_road(network, "ha", 1000)]
    (groups, between), *_ = chains(network, places, [on_road(network, "ha", 0)])
    assert sorted(between) == [(0,), (1,)]
    assert len(groups) == 3


def test_hub_on_the_ring_parts_it():
    network = ring()
    goals = [on_road(network, "ha", 0), on_road(network, "bc", 0)]
    found = chains(network, [on_road(network, "ha", 1000), on_road(network, "ch", 0)], goals)
    assert sorted(sorted(map(tuple, groups)) for groups, _ in found) == [[("ab",), ("ha",)], [("bc",), ("ch",)]]


def test_village_in_the_middle_of_a_road_lies_between_its_two_ends():
    network = ring()
    (groups, between), *_ = chains(network, [on_road(network, "bc", 500)], [on_road(network, "ha", 0)])
    assert sorted(map(sorted, groups)) == [["ab", "bc", "ha"], ["bc", "ch"]]
    assert between == [(0,)]


def test_closed_road_is_no_link_of_a_chain():
    network = ring()
    shut = Closing("x", network.road_index["ch"], Direction.BOTH, 0.0, 1000.0)
    assert chains(network, [on_road(network, "bc", 0)], [on_road(network, "ha", 0)], [shut]) == []


def test_roads_in_a_row_that_hang_on_one_road_are_no_chain():
    network = make_network([Road("a", "H", "M"), Road("b", "M", "V")])
    assert chains(network, [on_road(network, "b", 1000)], [on_road(network, "a", 0)]) == []


def two_way_network(seed):
    chance = random.Random(seed)
    count = chance.randint(4, 10)
    ends = [(chance.randrange(count), chance.randrange(count)) for _ in range(chance.randint(count, count + 6))]
    network = make_network([Road(f"r{number}", f"j{a}", f"j{b}") for number, (a, b) in enumerate(ends)])
    spots = [on_road(network, str(chance.choice(network.road_id)), chance.choice([0, 1000])) for _ in range(5)]
    return network, spots[1:], spots[:1]


def junction_of(network, spot):
    return int(network.ends[spot.road, 0 if spot.offset_m == 0 else 1])


def lost(network, places, goals, closed):
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(network.junction_count))
    graph.add_edges_from(ends for road, ends in enumerate(network.ends.tolist()) if road not in closed)
    hubs = {junction_of(network, goal) for goal in goals}
    reached = set().union(*(nx.node_connected_component(graph, hub) for hub in hubs))
    return {number for number, place in enumerate(places) if junction_of(network, place) not in reached}


@pytest.mark.parametrize("seeds", [range(30), pytest.param(range(30, 400), marks=pytest.mark.long)])
def test_chains_are_exactly_the_pairs_that_brute_force_finds(seeds):
    for seed in seeds:
        network, places, goals = two_way_network(seed)
        alone = {road: lost(network, places, goals, {road}) for road in range(network.road_count)}
        expected = {
            (frozenset(pair), place)
            for pair in combinations(range(network.road_count), 2)
            for place in lost(network, places, goals, set(pair)) - alone[pair[0]] - alone[pair[1]]
        }
        found = set()
        for chain in find_chains(view_of(network), places, goals):
            for early, late in combinations(range(len(chain.groups)), 2):
                cut = {place for some in chain.between[early:late] for place in some}
                pairs = product(chain.groups[early], chain.groups[late])
                found |= {(frozenset(pair), place) for pair in pairs for place in cut}
        assert found == expected, seed
