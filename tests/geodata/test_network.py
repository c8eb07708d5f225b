"""The network is kept as arrays: saved and read back the same, with a digest that any change alters."""

from dataclasses import replace

import numpy as np
import pytest

from geodata.errors import BadInputError
from geodata.network import TurnRestriction, load_network, save_network
from geodata.road_classes import RoadClass
from tests.conftest import small_network

NO_LEFT = TurnRestriction("no_left_turn", (0,), (), (1,), 2, ("hgv", "bus"), "no_left_turn @ (07:00-09:00)")


def test_saved_network_reads_back_the_same(tmp_path):
    network = replace(small_network(), turn_restrictions=(NO_LEFT,), attribution="© OpenStreetMap contributors")
    save_network(network, tmp_path / "network.npz")
    again = load_network(tmp_path / "network.npz")
    assert again.digest == network.digest
    assert again.turn_restrictions == (NO_LEFT,)
    assert again.attribution == network.attribution


def test_digest_changes_with_any_array():
    network = small_network()
    longer = replace(network, length_m=network.length_m + 1)
    assert longer.digest != network.digest


def test_class_and_line_of_a_road():
    network = small_network()
    road = network.road_index["v1"]
    assert network.class_of(road) is RoadClass.VILLAGE
    assert network.line_of(road)[0] == pytest.approx((113.02, 33.02))


@pytest.mark.parametrize("damage", ["missing", "truncated", "text", "other format"])
def test_damaged_file_is_refused(tmp_path, damage):
    path = tmp_path / "network.npz"
    if damage != "missing":
        save_network(small_network(), path)
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:2000])
    if damage == "text":
        path.write_text("roads")
    if damage == "other format":
        np.savez(path, format=np.array(99))
    with pytest.raises(BadInputError, match="network-file-unreadable"):
        load_network(path)
