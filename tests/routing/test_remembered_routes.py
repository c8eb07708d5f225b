"""Remembered routes are those that the engine would find, for every departure, whatever closes when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import BadInputError
from geodata.windows import Window
from routing.engine import Ask, Engine, Grid
from routing.route import NoRoute
from tests.trips import START, TRUCK, grid_world, minutes, world_of

spots = st.integers(0, 35)


def random_closings(network, chance):
    """Closings of whole roads, most of them coming and going within some hours."""
    for number in range(int(chance.integers(0, 14))):
        road = int(chance.integers(network.road_count))
        start = START + minutes(int(chance.integers(-60, 120)))
        window = None if chance.random() < 0.2 else Window(start, start + minutes(int(chance.integers(5, 120))))
        direction = Direction(str(chance.choice(["both", "forward", "backward"])))
        yield Closing(
            f"c{number // 2}", road, direction, 0.0, float(network.length_m[road]), window, chance.random() < 0.2
        )


def engine_of(world, closings=()):
    return Engine(
        world.trip_map.network, speeds_kmh=world.engine.snapshot()._views.costs._speeds_kmh, closings=closings
    )


def point(world, spot):
    return world.end(f"{113.0 + spot % 6 * 0.01 + 0.002},{33.0 + spot // 6 * 0.01}").point


@given(st.integers(0, 30), st.lists(st.tuples(spots, spots, st.integers(0, 5)), min_size=4, max_size=12))
@settings(max_examples=40)
def test_what_is_remembered_is_what_the_engine_answers(seed, pairs):
    chance, world = np.random.default_rng(seed), grid_world(seed)
    closings = tuple(random_closings(world.trip_map.network, chance))
    engine, fresh = engine_of(world, closings), engine_of(world, closings)
    for first, last, hours in [*pairs, *reversed(pairs)]:
        depart_at = START + minutes(20 * hours)
        until = depart_at + minutes(float(chance.choice([1 / 60, 30.0, 90.0])))
        turns, holder = str(chance.choice(["ignored", "kept"])), str(chance.choice(["pass", "public"]))
        ask = Ask(point(world, first), point(world, last), TRUCK, depart_at, holder, until, turns)
        assert engine.remembered.route(ask) == fresh.route(ask)


@given(st.integers(0, 30), st.lists(spots, min_size=2, max_size=4, unique=True))
@settings(max_examples=20)
def test_remembered_sums_are_those_of_the_matrix(seed, some):
    chance, world = np.random.default_rng(seed), grid_world(seed)
    engine = engine_of(world, tuple(random_closings(world.trip_map.network, chance)))
    points = tuple(point(world, spot) for spot in some)
    for hours in (0, 1, 2, 0):
        depart_at = START + minutes(30 * hours)
        grid = Grid(points, points, TRUCK, depart_at, "pass", depart_at + minutes(45))
        assert np.array_equal(engine.remembered.seconds(grid), engine.grid(grid).duration_s)


def test_the_same_way_is_the_very_same_object_for_everybody_of_the_same_costs(small_county):
    world = world_of(small_county)
    ask = Ask(world.end("clinic").point, world.end("east").point, TRUCK, START, "pass", START + minutes(60))
    later = replace(ask, depart_at=START + minutes(9), until=START + minutes(99))
    lighter = replace(ask, vehicle=replace(TRUCK, gross_weight_kg=TRUCK.gross_weight_kg - 1))
    first = world.engine.remembered.route(ask)
    assert first is world.engine.snapshot().remembered.route(later) is world.engine.remembered.route(lighter)


def test_a_closing_that_begins_while_the_way_is_driven_is_not_overlooked(small_county):
    world = world_of(small_county).closing("n1", after_min=60)
    ask = Ask(world.end("clinic").point, world.end("east").point, TRUCK, START, "pass", START + minutes(1))
    before = world.engine.remembered.route(ask)
    meeting = replace(ask, depart_at=START + minutes(57), until=START + minutes(58))
    after = world.engine.remembered.route(meeting)
    assert after == world.engine.route(meeting) != before
    assert world.engine.remembered.route(ask) is before


def test_why_there_is_no_way_is_remembered_too(small_county):
    world = world_of(small_county).closing("v1")
    ask = Ask(world.end("village").point, world.end("east").point, TRUCK, START, "pass", START + minutes(60))
    known = world.engine.remembered
    assert isinstance(known.route(ask), NoRoute)
    assert known.route(ask) is known.route(replace(ask, depart_at=START + minutes(1)))


@pytest.mark.parametrize("wrong", [{"turns": "some"}, {"holder": "nobody"}, {"until": START - minutes(1)}])
def test_a_wrong_question_is_refused_as_the_engine_refuses_it(small_county, wrong):
    world = world_of(small_county)
    ask = Ask(world.end("clinic").point, world.end("east").point, TRUCK, START, "pass", START + minutes(60))
    world.engine.remembered.route(ask)
    with pytest.raises(BadInputError) as by_engine:
        world.engine.route(replace(ask, **wrong))
    with pytest.raises(BadInputError) as refused:
        world.engine.remembered.route(replace(ask, **wrong))
    assert refused.value.code == by_engine.value.code


def test_a_what_if_is_made_once_for_the_same_changes(small_county):
    known = world_of(small_county).engine.remembered
    first = known.twin("more", object)
    assert known.twin("more", object) is first is not known.twin("other", object)


def test_the_closings_on_a_route_s_roads_are_told_whether_they_count_or_not():
    world = grid_world(3)
    route = engine_of(world).route(Ask(point(world, 0), point(world, 35), TRUCK, START, "pass"))
    roads = sorted(route.road_set)
    off = next(road for road in range(world.trip_map.network.road_count) if road not in route.road_set)
    late = Window(START + minutes(900), None)
    closings = [Closing(f"c{road}", road, Direction.BOTH, 0.0, 1.0, late) for road in (roads[0], off, roads[-1])]
    remembered = engine_of(world, closings).remembered
    assert remembered.closings_on(route) == (closings[0], closings[2])
    assert remembered.closings_on(route) is remembered.closings_on(route)
