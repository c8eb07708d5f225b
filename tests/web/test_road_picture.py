"""A picture of a route: the whole county, or only what lies around the route, with marks on it."""

from __future__ import annotations

import re

from tests.demo_world import the_roads
from web.road_picture import WIDTH, draw_route


def some_route() -> list[list[float]]:
    network = the_roads().network
    return [[float(lon), float(lat)] for lon, lat in network.line_of(int(network.length_m.argmax()))]


def test_a_close_picture_draws_less_of_the_county() -> None:
    whole, close = (draw_route(the_roads().network, some_route(), close=one) for one in (False, True))
    assert close.count("M") < whole.count("M") / 2
    assert "#1a7f37" in close


def test_marks_lie_on_the_picture() -> None:
    route = some_route()
    drawn = draw_route(the_roads().network, route, marks=((*route[0], "here"), (*route[-1], "goal")), close=True)
    height = float(re.search(r'viewBox="0 0 \d+ (\d+)"', drawn)[1])
    marks = re.findall(r'<circle class="(here|goal)" cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert [kind for kind, *_ in marks] == ["here", "goal"]
    assert all(0 < float(x) < WIDTH and 0 < float(y) < height for _, x, y in marks)


def test_a_picture_without_a_route_shows_the_roads() -> None:
    drawn = draw_route(the_roads().network, [])
    assert "<path" in drawn
    assert "<circle" not in drawn
