"""Chains and further pairs together are exactly the pairs that closing any two roads finds, one-way roads or not."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from routing.criticality.chains import find_chains
from routing.criticality.further_pairs import find_further_pairs
from routing.isolation import CutOff, find_cut_off
from tests.networks import Road, make_network, on_road, one_way
from tests.routing.oracle import closings_on, networks, points
from tests.routing.test_critical_roads import random_network
from tests.routing.test_isolation import view_of

WAYS_OF = {"in": {"in"}, "out": {"out"}, "both": {"in", "out"}}


def further(network, places, goals, closings=()):
    view = view_of(network, closings)
    found = find_further_pairs(view, places, goals, chains=find_chains(view, places, goals))
    ids = network.road_id
    return {
        (frozenset({frozenset(str(ids[r]) for r in one.one), frozenset(str(ids[r]) for r in one.other)}), one.cut_off)
        for one in found
    }


def lost_by(network, places, goals, closings, roads):
    """Return what is lost, as (place, way), with some whole roads closed."""
    shut = [Closing("road", road, Direction.BOTH, 0.0, float(network.length_m[road])) for road in roads]
    found = find_cut_off(
        places, goals, before=view_of(network, closings), after=view_of(network, [*closings, *shut])
    ).cut_off
    return {(one.number, way) for one in found for way in WAYS_OF[one.way]}


def check_all_pairs(network, places, goals, closings):
    alone = [lost_by(network, places, goals, closings, [road]) for road in range(network.road_count)]
    expected = {
        (frozenset(pair), *lost)
        for pair in combinations(range(network.road_count), 2)
        for lost in lost_by(network, places, goals, closings, pair) - alone[pair[0]] - alone[pair[1]]
    }
    view = view_of(network, closings)
    chains = find_chains(view, places, goals)
    told = set()
    for chain in chains:
        for early, late in combinations(range(len(chain.groups)), 2):
            between = [place for some in chain.between[early:late] for place in some]
            pairs = product(chain.groups[early], chain.groups[late])
            told |= {(frozenset(pair), place, way) for pair in pairs for place in between for way in ("in", "out")}
    for chained in told:  # what a chain says is true; it may also be that one of the two is enough
        assert len(chained[0]) == 1 or chained in expected or _is_lost_anyway(chained, view, places, goals, alone)
    new = {
        (frozenset(pair), one.number, way)
        for pairs in find_further_pairs(view, places, goals, chains=chains)
        for pair in product(pairs.one, pairs.other)
        for one in pairs.cut_off
        for way in WAYS_OF[one.way]
    }
    assert new == expected - told


def _is_lost_anyway(chained, view, places, goals, alone):
    pair, place, way = chained
    already = find_cut_off(places, goals, before=view, after=view).already
    return any((place, way) in alone[road] for road in pair) or any(
        one.number == place and way in WAYS_OF[one.way] for one in already
    )


def test_one_way_ring_with_a_short_cut_is_parted_by_pairs_that_no_chain_tells():
    roads = [one_way("in1", "H", "V"), one_way("in2", "H", "V"), Road("two", "H", "W"), Road("back", "W", "V")]
    network = make_network(roads)
    assert further(network, [on_road(network, "in1", 1000)], [on_road(network, "in1", 0)]) == set()
    network = make_network([*roads[:2], one_way("out1", "V", "H"), one_way("out2", "V", "H")])
    assert further(network, [on_road(network, "in1", 1000)], [on_road(network, "in1", 0)]) == {
        (frozenset({frozenset({"in1"}), frozenset({"in2"})}), (CutOff(0, "in"),)),
        (frozenset({frozenset({"out1"}), frozenset({"out2"})}), (CutOff(0, "out"),)),
    }


def test_two_way_roads_have_no_further_pairs():
    ring = [Road("ha", "H", "A"), Road("ab", "A", "B"), Road("bh", "B", "H")]
    network = make_network(ring)
    assert further(network, [on_road(network, "ab", 1000)], [on_road(network, "ha", 0)]) == set()


def test_a_road_that_a_hub_stands_on_goes_with_another():
    network = make_network([Road("a", "U", "V"), Road("b", "U", "W"), Road("c", "V", "W"), Road("d", "W", "X")])
    hubs = [on_road(network, "a", 500), on_road(network, "d", 1000)]
    assert further(network, [on_road(network, "b", 1000)], hubs) == {
        (frozenset({frozenset({"a"}), frozenset({"d"})}), (CutOff(0, "both"),))
    }


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_chains_and_further_pairs_are_all_pairs(data):
    network = data.draw(networks())
    closings = data.draw(closings_on(network, most=2))
    places = data.draw(st.lists(points(network, closings), min_size=1, max_size=4))
    goals = data.draw(st.lists(points(network, closings), min_size=1, max_size=3))
    check_all_pairs(network, places, goals, closings)


@pytest.mark.parametrize("seeds", [range(5), pytest.param(range(5, 400), marks=pytest.mark.long)])
def test_chains_and_further_pairs_equal_brute_force_on_random_networks(seeds):
    for seed in seeds:
        check_all_pairs(*random_network(seed))
