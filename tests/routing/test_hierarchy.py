"""One hierarchy a network, shared by everybody who asks, with its shape computed once or taken as kept."""

from __future__ import annotations

import gc
import threading
import weakref

import numpy as np

from geodata.vehicles import Vehicle
from routing.hierarchy.hierarchy import arc_ends, hierarchy_of, network_topology, topology_key
from routing.open_views import ArcCosts
from tests.networks import Road, make_network
from tests.routing.oracle import SPEEDS


def roads() -> list[Road]:
    return [Road("a", "A", "B"), Road("b", "B", "C"), Road("c", "C", "A"), Road("loop", "C", "C")]


def test_everybody_who_asks_for_a_network_shares_its_hierarchy():
    network = make_network(roads())
    assert hierarchy_of(network) is hierarchy_of(network)
    assert hierarchy_of(network) is not hierarchy_of(make_network(roads()))


def test_a_hierarchy_goes_with_its_network():
    network = make_network(roads())
    hierarchy = weakref.ref(hierarchy_of(network))
    assert hierarchy().topology.edge_count == 3
    del network
    gc.collect()
    assert hierarchy() is None


def test_a_shape_that_was_kept_is_used():
    network = make_network(roads())
    kept = network_topology(network)
    hierarchy_of(network).take_topology(kept)
    assert hierarchy_of(network).is_ready
    assert hierarchy_of(network).topology is kept


def test_threads_that_ask_first_get_the_same_shape():
    network = make_network(roads())
    hierarchy = hierarchy_of(network)
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(hierarchy.pool)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, seen))) == 1


def test_arcs_are_numbered_by_road_and_direction():
    network = make_network(roads())
    assert np.array_equal(arc_ends(network)[2:4], [network.ends[1], network.ends[1][::-1]])


def test_the_key_of_a_shape_is_the_roads_ends_alone():
    longer = [Road(road.id, road.start, road.end, 77.0) for road in roads()]
    assert topology_key(make_network(roads())) == topology_key(make_network(longer))
    assert topology_key(make_network(roads())) != topology_key(make_network(roads()[:3]))


def test_vehicles_that_all_roads_treat_alike_share_their_costs():
    costs = ArcCosts(make_network(roads()), SPEEDS)
    light, heavy = (costs.metric(Vehicle(access="truck", gross_weight_kg=kg)) for kg in (9_000.0, 12_000.0))
    assert light is heavy
    assert costs.metric(Vehicle(access="truck", max_kmh=20.0)) is not light
