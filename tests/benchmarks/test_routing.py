"""How fast routes, matrices and closings are on the demo county of about 20,000 junctions: measured, not judged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

import numpy as np
import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
from geodata.demo.roads import demo_network
from geodata.snapping import RoadPoint
from routing.engine import Ask, Engine

NOW = datetime(2022, 6, 22, tzinfo=UTC)
CAR = DEFAULT_VEHICLES["car"]


def milliseconds(work: Callable[[], object], *, times: int = 1) -> float:
    begin = perf_counter()
    for _ in range(times):
        work()
    return (perf_counter() - begin) * 1000 / times


@pytest.mark.benchmark
def test_the_engine_on_the_demo_county():
    network, random = demo_network(), np.random.default_rng(1)
    engine = Engine(network, speeds_kmh=DEFAULT_SPEEDS_KMH)
    roads = random.choice(np.flatnonzero(engine.usable_roads(CAR)), 1100)
    points = [RoadPoint(int(road), float(network.length_m[road]) / 2, 0.0, 0.0, 0.0) for road in roads]
    asks = [Ask(origin, goal, CAR, NOW) for origin, goal in zip(points[:500], points[500:1000], strict=True)]
    some = [Closing(f"c{r}", int(r), Direction.BOTH, 0.0, float(network.length_m[r])) for r in roads[:1000]]
    sizes = f"{network.junction_count} junctions, {network.road_count} roads"
    print(f"\n{sizes}; first query with compiling {milliseconds(lambda: engine.route(asks[0])):.0f} ms")
    engine.matrix(points[:1], points[:1], vehicle=CAR, depart_at=NOW)
    print(f"query {milliseconds(lambda: engine.route_batch(asks)) / len(asks):.2f} ms")
    matrix = milliseconds(lambda: engine.matrix(points[1000:], points[:1000], vehicle=CAR, depart_at=NOW))
    print(f"matrix 100 x 1000 {matrix:.0f} ms")
    for count in (1, 10, 1000):
        engine.apply(some[:count])
        print(f"close {count} roads -> first answer {milliseconds(lambda: engine.route(asks[1])):.2f} ms")
    print(f"answer with 1000 roads closed {milliseconds(lambda: engine.route_batch(asks)) / len(asks):.1f} ms")
