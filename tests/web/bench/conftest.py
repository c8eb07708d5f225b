"""A schematic network of some hundred junctions, and what is asked on it."""

from __future__ import annotations

import gc

import pytest

from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
from geodata.demo.roads import demo_network
from web.bench.course import draw_course
from web.bench.oracle import Oracle
from web.bench.road_arcs import road_arcs

REPEATS = 3


@pytest.fixture(scope="session")
def arcs():
    return road_arcs(demo_network(scale=0.02), DEFAULT_VEHICLES["car"], speeds_kmh=DEFAULT_SPEEDS_KMH)


@pytest.fixture(scope="session")
def oracle(arcs):
    return Oracle(arcs)


@pytest.fixture(scope="session")
def course(arcs, oracle):
    return draw_course(arcs, oracle, queries=6, repeats=REPEATS)


@pytest.fixture(autouse=True, scope="module")
def nothing_else_is_collected():
    """Measuring collects garbage often: what other tests left in this process is not walked each time."""
    gc.collect()
    gc.freeze()
