"""Roads for people and other programs: GeoPackage and arcs as CSV."""

from __future__ import annotations

import csv

import numpy as np
import pyogrio
import pytest

from geodata.errors import SurroundingsError
from geodata.roads_file import ARC_COLUMNS, write_arcs, write_roads_file
from tests.osm_world import World


@pytest.fixture
def network(tmp_path):
    world = World().way(1, "ab", name="东环路", maxheight="3.5", maxweight="18").way(2, "bc", oneway="yes")
    return world.way(3, "de", access="no").build(tmp_path)[0].network


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def export(network, path):
    usable = (network.access & 1) != 0
    duration_ms = np.full(usable.shape, 1500, dtype=np.int64)
    return write_arcs(network, path, usable=usable, duration_ms=duration_ms), rows_of(path)


def test_the_geopackage_holds_roads_and_junctions(network, tmp_path):
    write_roads_file(network, tmp_path / "roads.gpkg")
    assert [str(name) for name, _ in pyogrio.list_layers(tmp_path / "roads.gpkg")] == ["roads", "junctions"]
    info = pyogrio.read_info(tmp_path / "roads.gpkg", layer="roads")
    assert (info["features"], info["crs"], info["geometry_type"]) == (3, "EPSG:4326", "LineString")


def test_the_geopackage_says_who_may_drive_which_way(network, tmp_path):
    write_roads_file(network, tmp_path / "roads.gpkg")
    meta, _, _, columns = pyogrio.raw.read(tmp_path / "roads.gpkg", layer="roads")
    table = dict(zip(meta["fields"], columns, strict=True))
    assert table["car"].tolist() == ["both", "forward", "neither"]
    assert table["name"].tolist() == ["东环路", "", ""]
    assert table["max_height_m"][0] == pytest.approx(3.5)
    assert np.isnan(table["max_height_m"][1])


def test_every_usable_arc_is_one_row(network, tmp_path):
    count, rows = export(network, tmp_path / "arcs.csv")
    assert count == 3
    assert [(row["road_id"], row["direction"], row["from_node"], row["to_node"]) for row in rows] == [
        ("w1-1", "forward", "1", "2"),
        ("w1-1", "backward", "2", "1"),
        ("w2-1", "forward", "2", "3"),
    ]


def test_an_arc_carries_its_length_time_class_and_limits(network, tmp_path):
    _, rows = export(network, tmp_path / "arcs.csv")
    assert tuple(rows[0]) == ARC_COLUMNS
    assert (rows[0]["duration_s"], rows[0]["class"]) == ("1.500", "provincial")
    assert float(rows[0]["length_m"]) == pytest.approx(network.length_m[0], abs=0.005)
    assert rows[0]["limits"] == "max_weight_kg=18000;max_height_m=3.5"
    assert (rows[1]["from_lon"], rows[1]["to_lon"]) == (rows[0]["to_lon"], rows[0]["from_lon"])


def test_a_place_that_cannot_be_written_is_the_surroundings_fault(network, tmp_path):
    with pytest.raises(SurroundingsError, match="disk-write-failed"):
        export(network, tmp_path / "nowhere" / "arcs.csv")
    with pytest.raises(SurroundingsError, match="disk-write-failed"):
        write_roads_file(network, tmp_path / "nowhere" / "roads.gpkg")
