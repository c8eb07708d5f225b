"""The plain question's short way answers as the careful one does, and leaves to it whatever is not plain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadInputError
from geodata.network import Network
from geodata.snapping import RoadPoint
from geodata.windows import Window
from routing.answering import answer_ask
from routing.ask import Ask
from routing.closing_check import check_closings
from routing.open_views import ArcCosts, OpenViews
from routing.plain_answer import plain_route
from routing.route import Route
from tests.networks import Road, make_network, on_road
from tests.routing.oracle import CAR, SPEEDS, closings_on, networks, points

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
ROW = make_network([Road("a", "A", "B"), Road("b", "B", "C")])
WINDOWS = st.sampled_from([None, Window(NOW + timedelta(seconds=60)), Window(NOW, NOW + timedelta(seconds=40))])


def views_of(network: Network, closings=()) -> OpenViews:
    return OpenViews(ArcCosts(network, SPEEDS), check_closings(closings, network))


def said(answer) -> tuple | None:
    return (answer.legs, answer.distance_m, answer.duration_s) if isinstance(answer, Route) else None


@given(st.data())
@settings(max_examples=60)
def test_whoever_asked_before_the_short_way_gives_the_careful_answer_or_none(data):
    network = data.draw(networks())
    closings = [one._replace(window=data.draw(WINDOWS)) for one in data.draw(closings_on(network, most=3))]
    views = views_of(network, closings)
    spots = [data.draw(points(network, closings)) for _ in range(3)]
    for depart_s in data.draw(st.lists(st.sampled_from([-90, 0, 30, 70]), min_size=1, max_size=3)):
        holder = data.draw(st.sampled_from(["public", "pass"]))
        for spot in spots:
            ask = Ask(spots[0], spot, CAR, NOW + timedelta(seconds=depart_s), holder)
            short, careful = plain_route(views, ask), answer_ask(views_of(network, closings), ask)
            assert short is None or said(short) == said(careful)
            assert short is not None or closings or not isinstance(careful, Route)


@pytest.mark.parametrize(
    "further",
    [
        {"until": NOW + timedelta(hours=1)},
        {"turns": "kept"},
        {"holder": "nobody"},
        {"origin": RoadPoint(9, 0, 0, 0, 0)},
    ],
)
def test_what_is_not_plain_is_left_to_the_careful_answer(further):
    ask = Ask(on_road(ROW, "a", 0), on_road(ROW, "b", 500), CAR, NOW)
    assert isinstance(plain_route(views_of(ROW), ask), Route)
    assert plain_route(views_of(ROW), replace(ask, **further)) is None


def test_a_departure_without_an_offset_is_refused():
    with pytest.raises(BadInputError, match="time-without-offset"):
        plain_route(views_of(ROW), Ask(*[on_road(ROW, "a", 0)] * 2, CAR, NOW.replace(tzinfo=None)))
