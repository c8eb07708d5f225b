"""A position snaps to the nearest point of the nearest usable road; one far from every road is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInputError
from geodata.snapping import FARTHEST_M, METRES_PER_DEGREE, RoadIndex
from tests.conftest import small_network

NETWORK = small_network()
INDEX = RoadIndex(NETWORK)
ALL = np.ones(NETWORK.road_count, dtype=bool)


def test_position_snaps_to_the_point_on_the_road_not_to_a_junction():
    point = INDEX.snap(113.035, 33.0205, usable=ALL)
    assert NETWORK.road_id[point.road] == "n2"
    assert point.offset_m == pytest.approx(NETWORK.length_m[point.road] / 2, rel=1e-3)
    assert point.distance_m == pytest.approx(0.0005 * METRES_PER_DEGREE, rel=1e-3)


def test_road_that_the_vehicle_may_not_use_is_passed_over():
    usable = ALL.copy()
    usable[NETWORK.road_index["n2"]] = False
    assert NETWORK.road_id[INDEX.snap(113.035, 33.0205, usable=usable).road] != "n2"


def test_position_far_from_every_road_is_refused_with_the_distance():
    with pytest.raises(BadInputError, match="position-far-from-road") as error:
        INDEX.snap(113.02, 33.0 - 5_000 / METRES_PER_DEGREE, usable=ALL, where="--from")
    assert error.value.where == "--from"
    assert error.value.facts["distance_m"] == pytest.approx(5_000, abs=10)


@pytest.mark.parametrize(("lon", "lat"), [(float("nan"), 33.0), (113.0, float("inf")), (181.0, 33.0), (33.0, 113.0)])
def test_what_is_no_position_is_refused(lon, lat):
    with pytest.raises(BadInputError, match="position-not-a-number"):
        INDEX.snap(lon, lat, usable=ALL)


def test_no_usable_road_is_said():
    with pytest.raises(BadInputError, match="no-usable-road"):
        INDEX.snap(113.02, 33.02, usable=np.zeros(NETWORK.road_count, dtype=bool))


def test_tie_at_a_junction_goes_to_the_lower_road():
    assert INDEX.snap(113.02, 33.02, usable=ALL).road == NETWORK.road_index["n2"]


def test_roads_near_a_position():
    names = {str(NETWORK.road_id[road]) for road in INDEX.roads_near(113.05, 33.02, within_m=5)}
    assert names == {"n1", "n2", "c2"}


@given(st.floats(113.0, 113.1), st.floats(32.99, 33.05))
def test_snapped_point_is_the_nearest_of_every_road(lon, lat):
    distances = [INDEX.point_on_road(road, lon, lat).distance_m for road in range(NETWORK.road_count)]
    if min(distances) > FARTHEST_M:
        return
    point = INDEX.snap(lon, lat, usable=ALL)
    assert point.distance_m == pytest.approx(min(distances), abs=1e-6)
    assert 0 <= point.offset_m <= NETWORK.length_m[point.road] + 1e-6
