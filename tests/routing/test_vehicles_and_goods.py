"""Every kind of limit on the way of any vehicle: routes equal a plain search over the roads that suit it."""

from __future__ import annotations

from datetime import UTC, datetime

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadInputError
from geodata.hazardous_goods import ALL_GOODS, GOODS, GOODS_BIT, bits_of_tunnel
from geodata.vehicles import Vehicle
from routing.engine import Ask, Engine
from routing.route import NoRoute, RoadLeg, Route, route_of
from routing.route_proof import Journey, prove_route
from tests.networks import Road, make_network, on_road, roads_of
from tests.routing.oracle import SPEEDS

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
# A --s-- B, then the short way t and the long way r from B to C, then C --e-- D.
WAYS = (Road("s", "A", "B"), Road("r", "B", "C", 3000.0), Road("e", "C", "D"))


def drive(vehicle: Vehicle, **of_short_way) -> list[str] | NoRoute:
    network = make_network([*WAYS, Road("t", "B", "C", **of_short_way)])
    ends = on_road(network, "s", 0), on_road(network, "e", 1000)
    route = Engine(network, speeds_kmh=SPEEDS).route(Ask(*ends, vehicle, NOW))
    return roads_of(network, route.legs) if isinstance(route, Route) else route


def truck(**further) -> Vehicle:
    return Vehicle(**{"access": "truck", "max_kmh": 90.0, **further})


@pytest.mark.parametrize(
    ("sign", "vehicle"),
    [
        ({"max_axle_load_kg": 10_000.0}, {"axle_load_kg": 11_500.0}),
        ({"max_length_m": 10.0}, {"length_m": 16.5}),
        ({"max_width_m": 2.5}, {"width_m": 2.55}),
        ({"max_height_m": 3.8}, {"height_m": 4.0}),
        ({"max_weight_kg": 10_000.0}, {"gross_weight_kg": 18_000.0}),
        ({"access": (1, 1)}, {}),
        ({"refused_goods": (ALL_GOODS, ALL_GOODS)}, {"hazardous_goods": ("other",)}),
        ({"refused_goods": (bits_of_tunnel("D"),) * 2}, {"hazardous_goods": ("B",)}),
        ({"refused_goods": (bits_of_tunnel("C"),) * 2}, {"hazardous_goods": ("unknown",)}),
        ({"refused_goods": (GOODS_BIT["water"],) * 2}, {"hazardous_goods": ("E", "water")}),
    ],
)
def test_who_must_not_use_the_short_way_takes_the_long_one(sign, vehicle):
    assert drive(truck(), access=(3, 3)) == ["s", "t", "e"]
    assert drive(truck(**vehicle), **sign) == ["s", "r", "e"]


@pytest.mark.parametrize(("code", "way"), [("D", "r"), ("E", "t"), ("other", "t"), ("water", "t")])
def test_a_tunnel_of_category_d_lets_less_dangerous_goods_through(code, way):
    assert drive(truck(hazardous_goods=(code,)), refused_goods=(bits_of_tunnel("D"),) * 2) == ["s", way, "e"]


def test_a_sign_for_one_direction_binds_there_alone():
    assert drive(truck(hazardous_goods=("E",)), refused_goods=(0, ALL_GOODS)) == ["s", "t", "e"]
    assert drive(truck(hazardous_goods=("E",)), refused_goods=(ALL_GOODS, 0)) == ["s", "r", "e"]


def test_goods_of_an_unknown_kind_are_refused():
    with pytest.raises(BadInputError, match="vehicle-goods-unknown"):
        drive(truck(hazardous_goods=("beer",)))


@pytest.mark.parametrize(("goods", "count"), [((), 0), (("E",), 0), (("C",), 1), (("unknown",), 1), (("water",), 0)])
def test_the_proof_finds_goods_where_they_may_not_go(goods, count):
    network = make_network([Road("t", "B", "C", refused_goods=(bits_of_tunnel("C"),) * 2)])
    route = route_of([RoadLeg(0, 0, 0.0, 1000.0, 1000.0, 100.0)])
    found = prove_route(route, network, closings=(), journey=Journey(truck(hazardous_goods=goods), NOW))
    assert [one.code for one in found] == ["route-road-not-allowed"] * count


def test_vehicles_for_which_every_road_costs_the_same_share_their_weights():
    network = make_network([*WAYS, Road("t", "B", "C", max_weight_kg=10_000.0)])
    engine = Engine(network, speeds_kmh=SPEEDS)
    costs = engine._views.costs
    light, small, heavy = (costs.metric(truck(gross_weight_kg=kg)) for kg in (5_000.0, 9_000.0, 18_000.0))
    assert light is small
    assert light is not heavy


LIMITS = ("max_weight_kg", "max_height_m", "max_width_m", "max_length_m", "max_axle_load_kg")
SIZES = ("gross_weight_kg", "height_m", "width_m", "length_m", "axle_load_kg")


def suits(road: Road, vehicle: Vehicle, way: int) -> bool:
    kept = all(getattr(vehicle, size) <= getattr(road, limit) for size, limit in zip(SIZES, LIMITS, strict=True))
    bit = {"car": 1, "truck": 2}[vehicle.access]
    load = {kind for kind in GOODS_BIT if kind in vehicle.hazardous_goods}
    if "unknown" in vehicle.hazardous_goods:
        load |= set(GOODS_BIT) - {"water"}
    return bool(kept and road.access[way] & bit) and not any(GOODS_BIT[kind] & road.refused_goods[way] for kind in load)


@st.composite
def signed_roads(draw: st.DrawFn) -> list[Road]:
    spots = st.sampled_from("ABCDE")
    limit = st.sampled_from([float("inf"), 1.0, 2.0, 3.0])
    refused = st.sampled_from([0, 0, ALL_GOODS, GOODS_BIT["water"], *map(bits_of_tunnel, "BCDE")])
    return [
        Road(
            f"r{number}",
            draw(spots),
            draw(spots),
            100.0 * draw(st.integers(1, 9)),
            access=draw(st.sampled_from([(3, 3), (1, 1), (2, 3)])),
            refused_goods=(draw(refused), draw(refused)),
            **{name: draw(limit) for name in LIMITS},
        )
        for number in range(draw(st.integers(1, 12)))
    ]


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_an_odd_vehicle_gets_the_least_way_over_roads_that_suit_it(data):
    roads = data.draw(signed_roads())
    size = st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0, 2.5])
    goods = tuple(sorted(data.draw(st.sets(st.sampled_from(GOODS), max_size=2))))
    access = data.draw(st.sampled_from(["car", "truck"]))
    vehicle = Vehicle(access, 36.0, hazardous_goods=goods, **{name: data.draw(size) for name in SIZES})
    network, graph = make_network(roads), nx.MultiDiGraph()
    graph.add_nodes_from(name for road in roads for name in (road.start, road.end))
    for road in roads:
        for way, (tail, head) in enumerate([(road.start, road.end), (road.end, road.start)]):
            if suits(road, vehicle, way):
                graph.add_edge(tail, head, weight=road.length_m)
    first, last = data.draw(st.sampled_from(roads)), data.draw(st.sampled_from(roads))
    ends = on_road(network, first.id, 0), on_road(network, last.id, last.length_m)
    route = Engine(network, speeds_kmh=SPEEDS).route(Ask(*ends, vehicle, NOW))
    if not nx.has_path(graph, first.start, last.end):
        assert route == NoRoute("unreachable")
        return
    assert route.distance_m == nx.dijkstra_path_length(graph, first.start, last.end)
    assert prove_route(route, network, closings=(), journey=Journey(vehicle, NOW)) == ()
