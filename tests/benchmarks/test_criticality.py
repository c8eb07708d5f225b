"""How long it takes to find the roads that must stay open, their chains and pairs and the worst detours: measured, not judged."""

from __future__ import annotations

from functools import partial
from time import perf_counter, process_time

import numpy as np
import pytest

from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
from geodata.demo.roads import demo_network
from geodata.network import Network
from geodata.snapping import RoadPoint
from routing.criticality.chains import find_chains
from routing.criticality.detours import find_detours
from routing.criticality.further_pairs import find_further_pairs
from routing.criticality.single_roads import find_critical_roads
from routing.metric import build_metric
from routing.open_network import close_arcs


def thinned_grid(side: int) -> Network:
    """Make a square grid of junctions, a fifth of its roads left out and a tenth of the others one-way."""
    chance = np.random.default_rng(8)
    number = np.arange(side * side).reshape(side, side)
    pairs = [(number[:, :-1], number[:, 1:]), (number[:-1], number[1:])]
    ends = np.concatenate([np.stack([one.ravel(), other.ravel()], axis=1) for one, other in pairs]).astype(np.int32)
    ends = ends[chance.random(len(ends)) > 0.2]
    count = len(ends)
    access = np.full((count, 2), 3, dtype=np.uint8)
    access[chance.random(count) < 0.1, 1] = 0
    spots = np.stack(np.divmod(np.arange(side * side), side), axis=1) * 0.003 + [112.0, 33.0]
    words, free = np.full(count, ""), np.full(count, np.inf, dtype=np.float32)
    return Network(
        junction_id=np.arange(side * side),
        junction_lonlat=spots,
        road_id=np.arange(count).astype(np.str_),
        osm_way_id=np.zeros(count, dtype=np.int64),
        name=words,
        ref=words,
        road_class=np.full(count, 4, dtype=np.uint8),
        ends=ends,
        length_m=chance.uniform(100, 1500, count),
        tagged_kmh=np.zeros((count, 2), dtype=np.float32),
        access=access,
        max_weight_kg=free,
        max_height_m=free,
        max_width_m=free,
        max_length_m=free,
        max_axle_load_kg=free,
        structure=np.zeros(count, dtype=np.uint8),
        layer=np.zeros(count, dtype=np.int8),
        surface=words,
        shape_start=np.arange(count + 1) * 2,
        shape_lonlat=spots[ends.ravel()],
    )


@pytest.mark.benchmark
@pytest.mark.parametrize(("name", "villages"), [("demo", 600), ("grid of 300,304 junctions", 5000)])
def test_critical_roads(name, villages):
    network, random = demo_network() if name == "demo" else thinned_grid(548), np.random.default_rng(1)
    metric = build_metric(network, DEFAULT_VEHICLES["car"], speeds_kmh=DEFAULT_SPEEDS_KMH)
    spots = [
        RoadPoint(int(road), float(network.length_m[road] * random.choice([0.0, 0.4])), 0.0, 0.0, 0.0)
        for road in random.choice(np.flatnonzero(metric.usable.any(axis=1)), villages + 8)
    ]
    print(f"\n{name}: {network.junction_count} junctions, {network.road_count} roads, {villages} places, 8 hubs")
    for turn in ("with compiling", "again"):
        view = close_arcs(network, metric=metric, closings=())
        told = partial(find_further_pairs, chains=find_chains(view, spots[8:], spots[:8]))
        parts = {"single": find_critical_roads, "chains": find_chains, "pairs": told, "detours": find_detours}
        for what, find in parts.items():
            begin, begin_busy = perf_counter(), process_time()
            found = find(view, spots[8:], spots[:8])
            count = len(getattr(found, "roads", found))
            busy = process_time() - begin_busy  # the same on a machine that others use too
            print(f"  {what} {turn}: {perf_counter() - begin:.2f} s ({busy:.2f} s of a processor), {count} found")
