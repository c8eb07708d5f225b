"""Cut-off places are exactly those that a plain search says: directed, partial roads too, earlier ones apart."""

from __future__ import annotations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.network import BACKWARD, FORWARD
from routing.isolation import CutOff, find_cut_off
from routing.metric import build_metric
from routing.open_network import close_arcs
from routing.reaching import reach_nearest
from tests.networks import Road, make_network, on_road, one_way
from tests.routing.oracle import CAR, SPEEDS, _node, closings_on, networks, plain_graph, plain_key, points


def view_of(network, closings=()):
    metric = build_metric(network, CAR, speeds_kmh=SPEEDS)
    return close_arcs(network, metric=metric, closings=closings)


def close(network, road_id, direction=Direction.BOTH):
    road = network.road_index[road_id]
    return Closing("x", road, direction, 0.0, float(network.length_m[road]))


def cut_off(network, closings, places, goals):
    found = find_cut_off(places, goals, before=view_of(network), after=view_of(network, closings))
    return found.cut_off, found.already


def test_village_behind_the_only_road_is_cut_off_both_ways():
    network = make_network([Road("a", "H", "M"), Road("b", "M", "V")])
    village, hub = on_road(network, "b", 1000), on_road(network, "a", 0)
    assert cut_off(network, [close(network, "b")], [village], [hub]) == ((CutOff(0, "both"),), ())


def test_closing_one_direction_cuts_off_only_that_way():
    network = make_network([Road("a", "H", "V")])
    village, hub = on_road(network, "a", 1000), on_road(network, "a", 0)
    found, _ = cut_off(network, [close(network, "a", Direction.FORWARD)], [village], [hub])
    assert found == (CutOff(0, "in"),)


def test_one_way_ring_loses_what_its_direction_allowed():
    network = make_network([one_way("a", "H", "V"), one_way("b", "V", "W"), one_way("c", "W", "H")])
    village, hub = on_road(network, "a", 1000), on_road(network, "a", 0)
    found, _ = cut_off(network, [close(network, "c")], [village], [hub])
    assert found == (CutOff(0, "out"),)


def test_place_cut_off_before_is_told_apart():
    network = make_network([Road("a", "H", "V"), Road("island", "P", "Q")])
    island, hub = on_road(network, "island", 500), on_road(network, "a", 0)
    assert cut_off(network, [close(network, "a")], [island], [hub]) == ((), (CutOff(0, "both"),))


def test_hub_inside_the_cut_piece_keeps_its_village():
    network = make_network([Road("a", "H", "M"), Road("b", "M", "V")])
    village = on_road(network, "b", 1000)
    hubs = [on_road(network, "a", 0), on_road(network, "b", 900)]
    assert cut_off(network, [close(network, "a")], [village], hubs) == ((), ())


def test_without_any_goal_everybody_was_cut_off_already():
    network = make_network([Road("a", "H", "V")])
    assert cut_off(network, [], [on_road(network, "a", 0)], []) == ((), (CutOff(0, "both"),))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_reaching_equals_plain_search_for_the_nearest_goal(data):
    network = data.draw(networks())
    closings = data.draw(closings_on(network))
    spots = data.draw(st.lists(points(network, closings), min_size=1, max_size=4))
    goals = data.draw(st.lists(points(network, closings), min_size=1, max_size=3))
    view = view_of(network, closings)
    for way in ("in", "out"):
        found = reach_nearest(view, spots, goals=goals, way=way).duration_s
        for spot, seconds in zip(spots, found, strict=True):
            pairs = [(goal, spot) if way == "in" else (spot, goal) for goal in goals]
            keys = [key for pair in pairs if (key := plain_key(network, *pair, closings)) is not None]
            assert seconds == (min(key >> 30 for key in keys) / 1000 if keys else float("inf"))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_cut_off_places_equal_brute_force(data):
    network = data.draw(networks())
    closings = data.draw(closings_on(network))
    places = data.draw(st.lists(points(network, closings), min_size=1, max_size=4))
    goals = data.draw(st.lists(points(network, closings), min_size=1, max_size=2))
    found, already = cut_off(network, closings, places, goals)
    lost = {"in": set(), "out": set()}
    gone = {"in": set(), "out": set()}
    for number, place in enumerate(places):
        for way in ("in", "out"):
            had, has = (_has_way(network, place, goals, way, one) for one in ([], closings))
            if had and not has:
                lost[way].add(number)
            if not had:
                gone[way].add(number)
    assert _by_way(found) == lost
    assert _by_way(already) == gone


def _has_way(network, place, goals, way, closings):
    graph = plain_graph(network, closings, [place, *goals])
    for name, spots in (("place", [place]), ("goal", goals)):
        for spot in spots:
            for side in (FORWARD, BACKWARD):
                node = _node(network, spot.road, side, int(spot.offset_m))
                graph.add_edge(f"from {name}", node)
                graph.add_edge(node, f"to {name}")
    origin, destination = ("from goal", "to place") if way == "in" else ("from place", "to goal")
    return nx.has_path(graph, origin, destination)


def _by_way(found):
    return {way: {one.number for one in found if one.way in (way, "both")} for way in ("in", "out")}
