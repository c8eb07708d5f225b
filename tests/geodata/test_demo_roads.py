"""The demo county's roads: as many as promised, connected, plausible, and the same everywhere."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
import scipy.sparse
from scipy.sparse.csgraph import connected_components

from geodata.demo.roads import demo_network, demo_roads
from geodata.network import ACCESS_BIT, BRIDGE, TUNNEL, Network
from geodata.road_classes import ROAD_CLASSES, RoadClass
from geodata.road_lengths import segment_lengths_m
from routing.engine import Engine
from tests.demo_world import the_roads, the_settings

#: Changes only when the generator or its data are meant to change.
DIGEST = "c167517f9a1c89837d72c55514c3d723d49071496265b0dd28dc86beb2e2c4d3"
NAMED_IN_PUBLIC = {"S83", "G345"}
UNCONFIRMED = {"G234", "S103", "S239"}


@pytest.fixture(scope="module")
def network() -> Network:
    return the_roads().network


def largest_strong_share(network: Network, vehicle: str) -> float:
    engine = Engine(network, speeds_kmh=the_settings().speeds_kmh)
    usable = engine.usable_roads(the_settings().vehicles[vehicle])
    arcs = []
    for direction, (start, end) in enumerate(((0, 1), (1, 0))):
        roads = usable & (network.access[:, direction] & ACCESS_BIT[vehicle] > 0)
        arcs.append(network.ends[roads][:, [start, end]])
    start, end = np.concatenate(arcs).T
    shape = (network.junction_count, network.junction_count)
    graph = scipy.sparse.csr_matrix((np.ones(len(start)), (start, end)), shape=shape)
    part = connected_components(graph, connection="strong")[1]
    return float(np.bincount(part).max() / network.junction_count)


def of_class(network: Network, road_class: RoadClass) -> np.ndarray:
    return network.road_class == ROAD_CLASSES.index(road_class)


def test_about_20000_junctions(network: Network) -> None:
    assert 19_500 <= network.junction_count <= 20_500


@pytest.mark.long
def test_every_run_gives_the_same_network(network: Network) -> None:
    assert demo_roads().network.digest == network.digest


def test_every_machine_gives_the_same_network(network: Network) -> None:
    assert network.digest == DIGEST


def test_another_process_with_another_hash_seed_gives_the_same_network(network: Network) -> None:
    code = "from geodata.demo.roads import demo_network; print(demo_network().digest)"
    environment = {"PYTHONHASHSEED": "7", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == network.digest


def test_another_seed_gives_another_network() -> None:
    assert demo_network(7, 0.1).digest != demo_network(3, 0.1).digest


@pytest.mark.parametrize("vehicle", ["car", "truck"])
def test_nearly_all_junctions_reach_each_other(network: Network, vehicle: str) -> None:
    assert largest_strong_share(network, vehicle) >= 0.99


@pytest.mark.parametrize("road_class", list(RoadClass))
def test_every_class_of_road_is_there(network: Network, road_class: RoadClass) -> None:
    assert of_class(network, road_class).sum() >= 50


def test_pieces_are_as_long_as_in_real_counties(network: Network) -> None:
    assert 200 <= np.median(network.length_m) <= 700
    assert 400 <= np.quantile(network.length_m, 0.9) <= 2_500
    assert network.length_m.min() > 5


def test_lengths_are_those_of_the_shapes(network: Network) -> None:
    for road in range(0, network.road_count, 997):
        line = network.line_of(road)
        assert segment_lengths_m(line[:-1], line[1:]).sum() == pytest.approx(network.length_m[road], abs=0.001)


def test_shapes_begin_and_end_at_their_junctions(network: Network) -> None:
    for side, at in ((0, network.shape_start[:-1]), (1, network.shape_start[1:] - 1)):
        np.testing.assert_array_equal(network.shape_lonlat[at], network.junction_lonlat[network.ends[:, side]])


def test_shapes_bend(network: Network) -> None:
    ends = network.junction_lonlat[network.ends]
    straight = segment_lengths_m(ends[:, 0], ends[:, 1])
    long = network.length_m > 300
    assert np.mean(network.length_m[long] > straight[long] * 1.002) > 0.75


def test_positions_have_seven_decimals(network: Network) -> None:
    np.testing.assert_array_equal(network.shape_lonlat, np.round(network.shape_lonlat, 7))


def test_most_junctions_join_three_roads_and_some_are_dead_ends(network: Network) -> None:
    degree = np.bincount(network.ends.reshape(-1))
    assert np.mean(degree == 3) > 0.5
    assert 0.01 < np.mean(degree == 1) < 0.1
    assert degree.max() <= 8


def test_two_roads_meet_alone_only_where_something_changes(network: Network) -> None:
    degree = np.bincount(network.ends.reshape(-1))
    assert np.mean(degree == 2) < 0.02


def test_carriageways_are_one_way(network: Network) -> None:
    expressways = of_class(network, RoadClass.EXPRESSWAY)
    assert (network.access[expressways] > 0).sum(axis=1).tolist() == [1] * int(expressways.sum())


def test_nobody_is_shut_out_of_a_road(network: Network) -> None:
    assert (network.access.max(axis=1) > 0).all()


def test_some_streets_are_one_way_and_some_closed_to_trucks(network: Network) -> None:
    streets = of_class(network, RoadClass.STREET)
    assert (network.access[streets].min(axis=1) == 0).sum() >= 30
    assert (network.access[streets].max(axis=1) == ACCESS_BIT["car"]).sum() >= 20


def test_there_are_bridges_underpasses_and_limits(network: Network) -> None:
    assert (network.structure & BRIDGE > 0).sum() >= 50
    assert (network.structure & TUNNEL > 0).sum() >= 5
    for limits in (network.max_weight_kg, network.max_height_m, network.max_width_m):
        assert np.isfinite(limits).sum() >= 10


def test_turn_restrictions_name_roads_at_their_junction(network: Network) -> None:
    assert len(network.turn_restrictions) >= 10
    for one in network.turn_restrictions:
        for road in (*one.from_roads, *one.to_roads):
            assert one.via_junction in network.ends[road]


def test_every_number_is_public_or_clearly_invented(network: Network) -> None:
    refs = set(network.ref.tolist()) - {""}
    assert refs >= NAMED_IN_PUBLIC
    assert not refs & UNCONFIRMED
    assert all(re.fullmatch(r"S99\d|X9\d\d|Y\d{3,4}|C9\d{3}", ref) for ref in refs - NAMED_IN_PUBLIC)


def test_attribution_says_that_it_is_schematic(network: Network) -> None:
    assert "Schematic" in network.attribution
    assert "GeoNames" in network.attribution


@pytest.mark.parametrize("scale", [0.25, pytest.param(2.0, marks=pytest.mark.long)])
def test_larger_and_smaller_networks_keep_the_density(scale: float) -> None:
    network = demo_network(scale=scale)
    assert network.junction_count == pytest.approx(20_000 * scale, rel=0.15)
    assert largest_strong_share(network, "car") >= 0.99


def test_an_invented_network_is_the_same_in_every_run() -> None:
    assert demo_network(3, 0.1).digest == demo_network(3, 0.1).digest
