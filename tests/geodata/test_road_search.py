"""Roads are found as people write their numbers and names."""

import pytest

from geodata.road_search import RoadSearch
from tests.networks import Road, make_network

NETWORK = make_network(
    [
        Road("a1", "A", "B", ref="X901", name="方杨路"),
        Road("a2", "B", "C", ref="X901", name="方杨路"),
        Road("b", "B", "D", ref="X9010"),
        Road("c", "C", "D", name="杨集街"),
        Road("d", "D", "A"),
    ]
)
SEARCH = RoadSearch(NETWORK)


def found(text, most=10):
    return [str(NETWORK.road_id[road]) for road in SEARCH.find(text, most=most)]


@pytest.mark.parametrize("text", ["X901", "x901", " x 901 ", "\uff38901"])
def test_a_number_is_found_however_it_is_typed_and_the_exact_one_comes_first(text):
    assert found(text) == ["a1", "a2", "b"]


@pytest.mark.parametrize(
    ("text", "ids"), [("杨", ["c", "a1", "a2"]), ("方杨", ["a1", "a2"]), ("d", ["d"]), ("a2", ["a2"])]
)
def test_a_part_of_a_name_or_an_id_is_enough(text, ids):
    assert found(text) == ids


@pytest.mark.parametrize("text", ["", "  ", "Z1"])
def test_nothing_is_found_for_nothing_and_for_what_there_is_not(text):
    assert found(text) == []


def test_only_so_many_are_found():
    assert found("X9", most=2) == ["a1", "a2"]


def test_a_road_is_told_by_what_it_meets_at_its_ends_the_more_important_first():
    assert SEARCH.crossing(NETWORK.road_index["a1"]) == ("", "X9010")
    assert SEARCH.crossing(NETWORK.road_index["b"]) == ("X901", "杨集街")


def test_the_run_between_two_pieces_of_a_number_follows_it_the_short_way():
    ring = [Road(f"r{one}", str(one), str((one + 1) % 6), ref="X1") for one in range(6)]
    network = make_network([*ring, Road("cut", "0", "3", 10.0, ref="X2")])
    search = RoadSearch(network)
    run = search.between(network.road_index["r0"], network.road_index["r3"])
    assert [str(network.road_id[road]) for road in run] in (["r1", "r2"], ["r5", "r4"])


@pytest.mark.parametrize("ends", [("a1", "a2"), ("a1", "b"), ("d", "d"), ("d", "a1")])
def test_there_is_no_run_between_neighbours_or_roads_of_different_numbers(ends):
    assert SEARCH.between(*(NETWORK.road_index[one] for one in ends)) == ()
