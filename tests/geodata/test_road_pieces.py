"""Ways cut into pieces: junctions, barriers, missing nodes, doubles."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.errors import BadInputError
from geodata.network import ACCESS_BIT
from tests.osm_world import World, arcs, codes, node_id


def test_a_way_alone_is_one_road(tmp_path):
    built, _ = World().way(10, "abc").build(tmp_path)
    assert built.network.road_id.tolist() == ["w10-1"]
    assert built.network.junction_count == 2
    assert len(built.network.line_of(0)) == 3


def test_roads_are_cut_where_they_share_a_node(tmp_path):
    built, _ = World().way(10, "abc").way(11, "bg").build(tmp_path)
    assert built.network.road_id.tolist() == ["w10-1", "w10-2", "w11-1"]
    assert arcs(built) == {"ab", "ba", "bc", "cb", "bg", "gb"}


def test_a_path_that_crosses_makes_no_junction(tmp_path):
    built, _ = World().way(10, "abc").way(11, "bg", highway="footway").build(tmp_path)
    assert arcs(built) == {"ac", "ca"}


def test_a_way_that_crosses_itself_is_cut_there(tmp_path):
    built, _ = World().way(10, "abcgb").build(tmp_path)
    assert sorted(built.network.road_id.tolist()) == ["w10-1", "w10-2"]


def test_a_ring_without_a_crossing_begins_and_ends_at_one_junction(tmp_path):
    built, _ = World().way(10, "abgfa").build(tmp_path)
    assert built.network.ends.tolist() == [[0, 0]]


def test_a_roundabout_is_one_way_between_its_arms(tmp_path):
    world = World().way(10, "abgfa", junction="roundabout").way(11, "bc").way(12, "fk")
    assert {"bf", "fa", "ab"} <= arcs(world.build(tmp_path)[0]) or {"bf", "fb"} <= arcs(world.build(tmp_path)[0])
    assert "ba" not in arcs(world.build(tmp_path)[0])


def test_oneway_roads_lead_one_way(tmp_path):
    built, _ = World().way(10, "ab", oneway="yes").way(11, "bc", oneway="-1").way(12, "ca").build(tmp_path)
    assert arcs(built) == {"ab", "cb", "ca", "ac"}


@pytest.mark.parametrize("kind", ["bollard", "block"])
def test_a_bollard_cuts_the_road_into_two_junctions(tmp_path, kind):
    built, _ = World().way(10, "abc").node("b", barrier=kind).build(tmp_path)
    assert built.network.junction_count == 4
    assert len(set(built.network.junction_id.tolist())) == 4
    assert built.end_is_barrier.tolist() == [[False, True], [True, False]]


def test_a_bollard_between_two_ways_cuts_them_apart(tmp_path):
    built, _ = World().way(10, "ab").way(11, "bc").node("b", barrier="bollard").build(tmp_path)
    assert built.network.junction_count == 4


def test_a_gate_is_passed_and_a_private_gate_cuts(tmp_path):
    assert arcs(World().way(10, "abc").node("b", barrier="gate").build(tmp_path)[0]) == {"ac", "ca"}
    closed, _ = World().way(10, "abc").node("b", barrier="gate", access="private").build(tmp_path)
    assert closed.network.junction_count == 4


def test_a_bollard_on_a_crossing_is_ignored_and_told(tmp_path):
    built, tally = World().way(10, "abc").way(11, "bg").node("b", barrier="bollard").build(tmp_path)
    assert built.network.junction_count == 4
    assert codes(tally.dropped) == {"barrier-on-junction-ignored": 1}


def test_a_height_bar_limits_the_shorter_segment_beside_it(tmp_path):
    world = World().way(10, "abcd").node("b", at=(113.005, 33.0), barrier="height_restrictor", maxheight="2.8")
    network = world.build(tmp_path)[0].network
    assert network.max_height_m.tolist() == [pytest.approx(2.8), np.inf]
    assert [len(network.line_of(road)) for road in (0, 1)] == [2, 3]


def test_a_gate_closed_to_trucks_keeps_cars_going(tmp_path):
    built, _ = World().way(10, "abc").node("b", barrier="gate", hgv="no").build(tmp_path)
    assert arcs(built) == {"ab", "ba", "bc", "cb"}
    assert arcs(built, "truck") in ({"ab", "ba"}, {"bc", "cb"})


def test_two_height_bars_on_one_segment_both_count(tmp_path):
    world = World().way(10, "abcd").node("b", at=(113.015, 33.0), barrier="height_restrictor", maxheight="2.8")
    network = world.node("c", barrier="height_restrictor", maxheight="2.2").build(tmp_path)[0].network
    assert sorted(network.max_height_m.tolist()) == [pytest.approx(2.2), np.inf, np.inf]


def test_a_way_is_cut_where_nodes_are_missing(tmp_path):
    built, tally = World().way(10, "abzzcdz").build(tmp_path)
    assert arcs(built) == {"ab", "ba", "cd", "dc"}
    assert tally.repaired == [{"code": "nodes-missing", "count": 3, "examples": ["way/10"]}]
    assert built.end_is_cut.tolist() == [[False, True], [True, True]]


def test_a_way_of_which_nothing_is_left_is_dropped(tmp_path):
    built, tally = World().way(10, "ab").way(11, "zbz").way(12, "cc").way(13, "d").build(tmp_path)
    assert built.network.road_count == 1
    assert codes(tally.dropped) == {"way-outside-the-file": 1, "way-of-one-place": 2}


def test_a_file_whose_ways_have_no_nodes_has_no_roads(tmp_path):
    with pytest.raises(BadInputError, match="road-file-without-roads"):
        World().way(10, "zz").build(tmp_path)


def test_two_nodes_at_one_place_are_one_junction(tmp_path):
    world = World().node("b", at=(113.02, 33.0)).way(10, "abc").way(11, "bg").way(12, "cd")
    built, tally = world.build(tmp_path)
    assert (built.network.length_m > 1).all()
    assert arcs(built) == {"ab", "ba", "bg", "gb", "bd", "db"}
    assert codes(tally.repaired) == {"nodes-at-one-place-joined": 1}


def test_a_road_drawn_twice_counts_once(tmp_path):
    built, tally = World().way(10, "abc").way(11, "cba").build(tmp_path)
    assert set(built.network.osm_way_id.tolist()) == {10}
    assert codes(tally.dropped) == {"road-drawn-twice": 2}


def test_two_carriageways_drawn_on_one_line_both_stay(tmp_path):
    built, _ = World().way(10, "ab", oneway="yes").way(11, "ba", oneway="yes").build(tmp_path)
    assert arcs(built) == {"ab", "ba"}


def test_the_same_file_gives_the_same_network(tmp_path):
    world = World().way(11, "bg").way(10, "abc").node("c", barrier="bollard")
    assert world.build(tmp_path)[0].network.digest == world.build(tmp_path)[0].network.digest


def test_a_private_road_stays_in_the_network_open_to_nobody(tmp_path):
    network = World().way(10, "ab", access="private").way(11, "bc").build(tmp_path)[0].network
    assert (network.access & ACCESS_BIT["car"]).tolist() == [[0, 0], [1, 1]]


def test_junctions_carry_the_ids_of_their_nodes(tmp_path):
    network = World().way(10, "ab").build(tmp_path)[0].network
    assert network.junction_id.tolist() == [node_id("a"), node_id("b")]


def test_columns_follow_the_way(tmp_path):
    network = World().way(10, "ab", ref="S83", maxspeed="90", maxheight="4.5", bridge="yes").build(tmp_path)[0].network
    assert (network.class_of(0), network.ref[0]) == ("expressway", "S83")
    assert network.tagged_kmh.tolist() == [[90.0, 90.0]]
    assert network.max_height_m[0] == np.float32(4.5)
