"""A way's text is the one that would be written in one go, whatever part of its roads is driven."""

from __future__ import annotations

import json

import numpy as np
import pytest

from passes.ways.way_text import WayTexts
from routing.route import leg_line
from routing.route_summary import road_rows
from routing.trips.line import rounded_points
from tests.trips import world_of


def in_one_go(route, world):
    network, plane = world.trip_map.network, world.trip_map.road_index.plane
    line = rounded_points(np.vstack([leg_line(leg, network, plane=plane) for leg in route.legs]))
    content = {"roads": road_rows(route.legs, network), "geometry": list(map(list, line))}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("ends", [("clinic", "firm"), ("village", "east"), ("113.031,33.021", "113.0313,33.0213")])
def test_the_text_of_a_way_is_that_of_its_roads_and_its_line(small_county, ends):
    world, texts = world_of(small_county), WayTexts()
    for route in world.plan(*ends, round_trip=True).routes:
        for _ in range(2):
            assert texts.text_of(route, world.trip_map.network) == in_one_go(route, world)
