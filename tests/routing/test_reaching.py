"""Many points are reached all at once exactly as each alone would be over the ends of its road."""

import random

import numpy as np
import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.snapping import RoadPoint
from routing.metric import FAR, LENGTH_BITS, build_metric
from routing.open_network import close_arcs
from routing.reaching import reach_nearest
from routing.road_ends import stretches_in, stretches_out


def one_by_one(view, points, goals, way):
    """Each point over its own ends alone; right where no goal lies on its road."""
    leave, enter = (stretches_in, stretches_out) if way == "in" else (stretches_out, stretches_in)
    seeds = [one for goal in goals for one in enter(view, goal) if not one.closures]
    found = []
    for point in points:
        best = FAR
        for end in (one for one in leave(view, point) if not one.closures):
            for seed in seeds:
                key = view.hierarchy.reach_all(view.held, ends_of([seed]), back=way == "out")[end.junction]
                best = min(best, int(key) + end.key)
        found.append(float("inf") if best >= FAR else (best >> LENGTH_BITS) / 1000)
    return found


def ends_of(seeds):
    junctions = np.array([one.junction for one in seeds], dtype=np.int32)
    return junctions, np.array([one.key for one in seeds], dtype=np.int64)


@pytest.mark.parametrize("way", ["in", "out"])
@pytest.mark.parametrize("closed", [(), ("c1",), ("c1", "c3"), ("n2",)])
def test_all_at_once_is_as_one_by_one(small_county, way, closed):
    network, settings = small_county.network, small_county.settings
    metric = build_metric(network, settings.vehicles["car"], speeds_kmh=settings.speeds_kmh)
    closings = [
        Closing(f"z{one}", network.road_index[one], Direction.FORWARD, 100.0, 900.0, None, False) for one in closed
    ]
    view = close_arcs(network, metric=metric, closings=closings)
    chance = random.Random(11)
    goals = [RoadPoint(network.road_index["n1"], 500.0, 0.0, 0.0, 0.0)]
    roads = [road for road in range(network.road_count) if road != goals[0].road]
    offsets = [0.0, *(chance.uniform(0, 4000) for _ in range(40))]
    points = [RoadPoint(chance.choice(roads), offset, 0.0, 0.0, 0.0) for offset in offsets]
    found = reach_nearest(view, points, goals=goals, way=way).duration_s
    assert found.tolist() == one_by_one(view, points, goals, way)
