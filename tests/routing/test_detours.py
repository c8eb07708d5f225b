"""The worst detour of a road is what closing it and searching again gives."""

from __future__ import annotations

import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from routing.criticality.detours import Detour, find_detours
from routing.criticality.single_roads import find_critical_roads
from routing.reaching import WAYS, reach_nearest
from tests.networks import Road, make_network, on_road
from tests.routing.test_critical_roads import random_network
from tests.routing.test_isolation import view_of


def test_detour_names_the_place_that_loses_most():
    roads = [Road("a", "H", "M"), Road("b", "M", "V"), Road("long", "H", "V", 5000.0)]
    network = make_network(roads)
    places = [on_road(network, "b", 0), on_road(network, "b", 1000)]
    found = find_detours(view_of(network), places, [on_road(network, "a", 0)])
    assert [(str(network.road_id[one.road]), one.place) for one in found] == [("a", 0), ("b", 1)]
    assert found[0] == Detour(found[0].road, 0, "in", 100.0, 600.0)


def test_road_without_another_way_has_no_detour():
    network = make_network([Road("a", "H", "V")])
    assert find_detours(view_of(network), [on_road(network, "a", 1000)], [on_road(network, "a", 0)]) == ()


def one_by_one(network, places, goals, closings):
    """Close each road in turn; the most seconds added to any way that is left, of places not on the road itself."""
    view, found = view_of(network, closings), {}
    own = find_critical_roads(view, places, goals).own_road
    for road in range(network.road_count):
        shut = Closing("road", road, Direction.BOTH, 0.0, float(network.length_m[road]))
        after_all = view_of(network, [*closings, shut])
        for way in WAYS:
            before, after = (reach_nearest(one, places, goals=goals, way=way).duration_s for one in (view, after_all))
            rows = [(b, a) for number, (b, a) in enumerate(zip(before, after, strict=True)) if own[number] != road]
            most = max((round(a - b, 3) for b, a in rows if a < float("inf")), default=0.0)
            found[road] = max(most, found.get(road, 0.0))
    return {road: most for road, most in found.items() if most > 0}


@pytest.mark.parametrize("seeds", [range(25), pytest.param(range(25, 400), marks=pytest.mark.long)])
def test_detours_equal_closing_the_roads_one_by_one(seeds):
    for seed in seeds:
        network, places, goals, closings = random_network(seed)
        found = find_detours(view_of(network, closings), places, goals)
        assert {one.road: round(one.added_s, 3) for one in found} == one_by_one(network, places, goals, closings), seed
