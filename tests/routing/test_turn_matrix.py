"""Matrices and one-to-all searches that keep the turns hold what the routes say, hours and closings included."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.windows import Window
from routing.engine import Ask, Engine, Grid
from routing.reaching import WAYS
from routing.route import Route
from routing.turns.turn_matrix import reach_nearest_by_turns
from routing.turns.turn_search import turn_search_of
from tests.networks import on_road
from tests.routing.oracle import CAR, SPEEDS, closings_on, points
from tests.routing.turn_oracle import NO_RIGHT, restricted, restricted_networks

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
HOURS = st.sampled_from(["", "(08:00-08:02)", "(08:01-08:03)", "(07:00-08:01)"])
WINDOWS = st.sampled_from([None, Window(NOW + timedelta(seconds=60)), Window(NOW, NOW + timedelta(seconds=40))])


def with_hours(data: st.DataObject, network: Network) -> Network:
    rules = tuple(replace(one, condition=data.draw(HOURS)) for one in network.turn_restrictions)
    return replace(network, turn_restrictions=rules)


def in_windows(data: st.DataObject, closings: list[Closing]) -> list[Closing]:
    return [one._replace(window=data.draw(WINDOWS)) for one in closings]


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_a_matrix_that_keeps_turns_holds_what_the_routes_say(data):
    network = with_hours(data, data.draw(restricted_networks()))
    closings = in_windows(data, data.draw(closings_on(network, most=3)))
    engine = Engine(network, speeds_kmh=SPEEDS, closings=closings)
    spots = [data.draw(points(network, closings)) for _ in range(4)]
    until = data.draw(st.sampled_from([None, NOW + timedelta(seconds=90)]))
    matrix = engine.grid(Grid(tuple(spots[:2]), tuple(spots), CAR, NOW, until=until, turns="kept"))
    found = [[engine.route(Ask(one, end, CAR, NOW, until=until, turns="kept")) for end in spots] for one in spots[:2]]
    sums = [[(r.duration_s, r.distance_m) if isinstance(r, Route) else (np.inf, np.inf) for r in row] for row in found]
    assert np.array_equal(np.dstack([matrix.duration_s, matrix.distance_m]), np.array(sums))


@given(st.data())
@settings(deadline=None, max_examples=100)
def test_one_search_for_all_reaches_the_nearest_goal_as_routes_do(data):
    network = data.draw(restricted_networks())
    closings = data.draw(closings_on(network, most=3))
    engine = Engine(network, speeds_kmh=SPEEDS, closings=closings)
    spots = [data.draw(points(network, closings)) for _ in range(5)]
    goals, others = spots[:2], spots[2:]
    view = engine._views.view(CAR, np.ones(len(closings), dtype=bool))
    turns = turn_search_of(network).open_turns(view, CAR, frozenset())
    for way in WAYS:
        reached = reach_nearest_by_turns(view, turns, others, goals=goals, way=way)
        for number, point in enumerate(others):
            pairs = [(goal, point) if way == "in" else (point, goal) for goal in goals]
            routes = [engine.route(Ask(*pair, CAR, NOW, turns="kept")) for pair in pairs]
            least = min([np.inf, *(one.duration_s for one in routes if isinstance(one, Route))])
            assert reached.duration_s[number] == least


def test_an_empty_matrix_that_keeps_turns_is_empty():
    network = restricted(NO_RIGHT)
    matrix = Engine(network, speeds_kmh=SPEEDS).grid(Grid((), (on_road(network, "w", 0),), CAR, NOW, turns="kept"))
    assert matrix.duration_s.shape == (0, 1)


def test_a_matrix_refuses_another_word_about_turns():
    network = restricted(NO_RIGHT)
    with pytest.raises(BadInputError, match="turns-unknown"):
        Engine(network, speeds_kmh=SPEEDS).grid(Grid((), (), CAR, NOW, turns="maybe"))
