"""A route handed to AMap: its app gets every stop and points that hold it to the route, its page one of them."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from geodata.coordinates import to_wgs84
from geodata.road_lengths import distances_m
from web.driver.hand_off import MOST_VIAS, hand_offs, platform_of

LINE = [[113.00, 33.00], [113.10, 33.00], [113.10, 33.10], [113.20, 33.10]]


def stop(kind, name, position):
    return {"kind": kind, "name": name, "lon": position[0], "lat": position[1]}


def route(*, back=False, sampling=False):
    line = LINE + (LINE[-2::-1] if back else [])
    stops = [stop("origin", "县医院", LINE[0])]
    stops += [stop("sampling", "采样点,东", LINE[2])] if sampling else []
    stops += [stop("destination", "面粉厂", LINE[-1])]
    stops += [stop("return", "县医院", LINE[0])] if back else []
    sections = [{"way": "out", "distance_m": 29_800.0}] + ([{"way": "back", "distance_m": 29_800.0}] if back else [])
    return {"geometry": line, "stops": stops, "sections": sections, "distance_m": 29_800.0 * len(sections)}


def asked(url):
    return {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}


def off_line_m(position):
    points = np.vstack([np.linspace(a, b, 2000) for a, b in pairwise(LINE)])
    return float(distances_m(*position, points).min())


def test_the_app_is_held_to_the_route_by_points_on_it():
    (way,) = hand_offs(route(), platform="android")
    query = asked(way.app)
    lons, lats = query["vialons"].split("|"), query["vialats"].split("|")
    assert int(query["vian"]) == len(lons) == len(lats) == len(query["vianames"].split("|")) == len(way.vias)
    back = [to_wgs84(float(lon), float(lat), crs="gcj02") for lon, lat in zip(lons, lats, strict=True)]
    assert 8 <= len(back) <= MOST_VIAS
    assert max(off_line_m(one) for one in back) < 10


def test_a_stop_on_the_way_is_a_via_point_by_its_name():
    (way,) = hand_offs(route(sampling=True), platform="ios")
    names = asked(way.app)["vianames"].split("|")
    assert names.count("采样点,东") == 1
    assert 0 < names.index("采样点,东") < len(names) - 1
    assert "采样点 东" in asked(way.web)["via"]


def test_the_page_takes_one_via_point_and_both_ends_in_amaps_own_positions():
    (way,) = hand_offs(route(), platform="android")
    assert way.web.startswith("https://uri.amap.com/navigation?")
    query = asked(way.web)
    lon, lat, name = query["to"].split(",")
    assert distances_m(*to_wgs84(float(lon), float(lat), crs="gcj02"), np.array([LINE[-1]]))[0] < 1
    assert (name, query["coordinate"], query["mode"], query["via"].count(",")) == ("面粉厂", "gaode", "car", 2)


def test_a_round_trip_is_handed_over_in_two_ways():
    out, back = hand_offs(route(back=True), platform="android")
    assert (out.way, out.goal, back.way, back.goal) == ("out", "面粉厂", "back", "县医院")
    assert asked(back.web)["from"].endswith("面粉厂")
    assert np.allclose(back.vias, out.vias[::-1], atol=1e-3)


@pytest.mark.parametrize(
    ("agent", "start"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "iosamap://path?"),
        ("Mozilla/5.0 (Linux; Android 14) MicroMessenger", "amapuri://route/plan/?"),
    ],
)
def test_each_phone_opens_its_own_app(agent, start):
    (way,) = hand_offs(route(), platform=platform_of(agent))
    assert way.app.startswith(start)
