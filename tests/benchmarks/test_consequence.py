"""How long the consequence of a closure takes on the demo county, roads and passes warm: bar 0.5 s."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest

from geodata.closures.closure import Closure, Direction, RoadSpan
from geodata.windows import Window
from tests.browser_fixtures import ServedSite
from web.app import create_app
from web.closures.consequence import marked_sight
from web.session import Session
from web.site import open_site, reading

#: Roads closed at once.
SIZES = (1, 12)


def closure_of(network, road_class, count, at):
    """A closure of the longest roads of a class."""
    roads = [road for road in range(network.road_count) if network.class_of(road).value == road_class]
    longest = sorted(roads, key=lambda road: -network.length_m[road])[:count]
    spans = [
        RoadSpan(str(network.road_id[road]), Direction.BOTH, 0.0, float(network.length_m[road])) for road in longest
    ]
    window = Window(at + timedelta(hours=2), at + timedelta(hours=50))
    return Closure("request", 1, tuple(spans), window, barrier="movable", cause="epidemic")


@pytest.mark.benchmark
def test_the_consequence_of_a_request(tmp_path, monkeypatch):
    folder, key_file = tmp_path / "demo", tmp_path / "key"
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(key_file))
    assert ServedSite("", folder, key_file).run("demo", "--once", "--dir", str(folder)).returncode == 0
    site = open_site(Session(folder, "", "", as_json=False))
    with create_app(site).test_request_context("/"):
        for road_class in ("county", "national", "village"):
            for count in SIZES:
                closure, taken = closure_of(site.county.network, road_class, count, site.now()), []
                for _ in range(5):
                    with reading() as connection:
                        begin = perf_counter()
                        marked_sight(connection, [closure], site.now())
                        taken.append(perf_counter() - begin)
                print(f"\n{count} {road_class} roads: first {taken[0]:.2f} s, then {median(taken[1:]):.3f} s")
    site.store.dispose()
