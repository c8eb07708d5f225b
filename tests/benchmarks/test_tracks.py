"""How fast a day's positions are held against their routes (bar: a million screened in two seconds)."""

from __future__ import annotations

from random import Random
from time import perf_counter

import numpy as np
import pytest

from routing.tracks.screening import beside
from tests.simulated_tracks import World, resampled

POSITIONS = 1_000_000


@pytest.mark.benchmark
def test_a_million_positions_are_screened():
    world, chance, noise = World(), Random(1), np.random.default_rng(1)
    drives = [world.drive(chance, leaves=number % 10 == 0) for number in range(100)]
    tracks = [(one.trip.ways[0].line, resampled(one.driven, 5.0)) for one in drives]
    tracks = [(line, spots + noise.normal(0, 9, spots.shape)) for line, spots in tracks]
    beside(*tracks[0])
    done, out, begun = 0, 0, perf_counter()
    while done < POSITIONS:
        for line, spots in tracks:
            gaps, _ = beside(line, spots, enough_m=20.0)
            done, out = done + len(spots), out + int((gaps > 50.0).sum())
    took = perf_counter() - begun
    print(f"\n{done} positions on {len(tracks)} routes: {took:.2f} s, {out / done:.1%} outside 50 m")


@pytest.mark.benchmark
def test_whole_tracks_are_judged():
    world, chance = World(), Random(1)
    drives = [world.drive(chance, leaves=number % 4 == 0) for number in range(100)]
    for every_m in (250.0, 1_000.0):
        begun = perf_counter()
        for one in drives:
            world.judge(one, chance, every_m=every_m)
        print(f"\n{every_m:.0f} m: {(perf_counter() - begun) / len(drives) * 1e3:.1f} ms a track")
