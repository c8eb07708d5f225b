"""The way round a closed stretch, on the small county by heart."""

from datetime import UTC, datetime

import pytest

from routing.detour import Stretch, find_detour
from routing.engine import Engine
from tests.issuing_office import closing

NOW = datetime(2022, 6, 22, tzinfo=UTC)


def detour(county, *roads, **further):
    closings = [closing(county, road, closure_id="z1", **further) for road in roads]
    engine = Engine(county.network, speeds_kmh=county.settings.speeds_kmh, closings=closings)
    index = [county.network.road_index[road] for road in roads]
    return find_detour(engine, Stretch(index, "z1", NOW), county.settings.vehicles["car"])


def driven(county, found):
    return [str(county.network.road_id[leg.road]) for leg in found.route.legs]


def test_between_the_ends_of_a_road_the_way_round_is_told(small_county):
    found = detour(small_county, "n2")
    assert set(driven(small_county, found)) >= {"c1", "c3", "c2"}
    assert "n2" not in driven(small_county, found)
    assert found.added_s == pytest.approx(found.route.duration_s - found.through_s)
    assert found.added_s > 60


def test_a_stretch_of_several_roads_is_gone_round_as_a_whole(small_county):
    found = detour(small_county, "c1", "c3")
    assert set(driven(small_county, found)) & {"c1", "c3"} == set()
    assert "n2" in driven(small_county, found)


def test_a_dead_end_has_no_way_round(small_county):
    assert detour(small_county, "v1") is None


def test_where_nothing_is_left_there_is_no_route(small_county):
    found = detour(small_county, "n2", "c3")
    assert (found.route, found.added_s) == (None, None)


def test_another_closure_is_gone_round_too(small_county):
    other = closing(small_county, "c3", closure_id="other")
    own = closing(small_county, "n2", closure_id="z1")
    engine = Engine(small_county.network, speeds_kmh=small_county.settings.speeds_kmh, closings=[own, other])
    stretch = Stretch([small_county.network.road_index["n2"]], "z1", NOW)
    assert find_detour(engine, stretch, small_county.settings.vehicles["car"]).route is None


def test_where_the_best_way_leads_elsewhere_anyhow_nothing_is_added(small_county):
    engine = Engine(small_county.network, speeds_kmh=small_county.settings.speeds_kmh)
    stretch = Stretch([small_county.network.road_index["n2"]], "z1", NOW)
    assert find_detour(engine, stretch, small_county.settings.vehicles["car"]).added_s == 0
