"""What the test writer writes as OSM, the import reads back as the same roads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geodata.demo.roads import demo_network
from geodata.network import Network
from geodata.osm.file import read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from tests.demo_world import the_roads
from tests.osm_writing import road_node_count, write_osm


def imported(network: Network, path: Path) -> tuple[Network, ImportTally]:
    write_osm(network, path)
    tally = ImportTally()
    return build_osm_network(read_osm_file(path, tally), country="CN", tally=tally).network, tally


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, Network, ImportTally]:
    network = the_roads().network
    again, tally = imported(network, tmp_path_factory.mktemp("osm") / "demo.osm.pbf")
    return network, again, tally


def test_the_import_has_the_same_junctions_and_roads(both: tuple[Network, Network, ImportTally]) -> None:
    network, again, _ = both
    assert (again.junction_count, again.road_count) == (network.junction_count, network.road_count)
    assert again.junction_id.tolist() == network.junction_id.tolist()


@pytest.mark.parametrize(
    "column",
    [
        "name",
        "ref",
        "road_class",
        "access",
        "tagged_kmh",
        "structure",
        "layer",
        "surface",
        "max_height_m",
        "max_width_m",
    ],
)
def test_the_import_reads_the_same_attributes(both: tuple[Network, Network, ImportTally], column: str) -> None:
    network, again, _ = both
    order = np.argsort(again.osm_way_id)
    np.testing.assert_array_equal(getattr(again, column)[order], getattr(network, column))


def test_the_import_measures_the_same(both: tuple[Network, Network, ImportTally]) -> None:
    network, again, _ = both
    order = np.argsort(again.osm_way_id)
    np.testing.assert_allclose(again.length_m[order], network.length_m, atol=0.001)
    np.testing.assert_allclose(again.max_weight_kg[order], network.max_weight_kg)


def test_the_import_keeps_the_turn_restrictions(both: tuple[Network, Network, ImportTally]) -> None:
    network, again, _ = both
    assert len(again.turn_restrictions) == len(network.turn_restrictions)


def test_the_import_drops_and_repairs_nothing(both: tuple[Network, Network, ImportTally]) -> None:
    _, _, tally = both
    assert (tally.dropped, tally.repaired) == ([], [])


def test_the_file_holds_as_many_nodes_as_told(tmp_path: Path) -> None:
    network = demo_network(scale=0.05)
    write_osm(network, tmp_path / "small.osm")
    assert (tmp_path / "small.osm").read_text(encoding="utf-8").count("<node ") == road_node_count(network)
