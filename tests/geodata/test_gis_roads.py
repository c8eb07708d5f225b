"""Roads out of GIS files: columns, coordinate systems, joining, and every fault by row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geodata.coordinates import to_wgs84
from geodata.errors import BadInputError, RowErrors
from geodata.gis_file import read_gis_layer
from geodata.gis_roads.columns import ColumnMap, find_columns, read_column_map
from geodata.gis_roads.network import build_gis_network
from geodata.hazardous_goods import ALL_GOODS, GOODS_BIT, bits_of_tunnel
from geodata.network import BRIDGE
from geodata.road_classes import RoadClass
from geodata.roads_file import write_roads_file
from geodata.shifted_coordinates import shift_to_bd09, shift_to_gcj02, unshifted
from tests.conftest import small_network
from tests.gis_writing import CROSSROADS, line, write_layer

CLASSES = ["国道", "county", "村道"]


def crossroads(tmp_path, file="roads.gpkg", geometry=CROSSROADS, **columns):
    lines = [one if one is None or isinstance(one, shapely.Geometry) else line(one) for one in geometry]
    return write_layer(tmp_path / file, lines, {"class": (CLASSES * 2)[: len(lines)], **columns})


def built(path, **mapping):
    made, tally = build_gis_network(path, ColumnMap(**mapping))
    return made.network, {row["code"]: row["count"] for row in (*tally.repaired, *tally.dropped)}


def refused(path, **mapping):
    with pytest.raises(BadInputError) as fault:
        built(path, **mapping)
    return fault.value


def rows_of(path, **mapping):
    fault = refused(path, **mapping)
    assert isinstance(fault, RowErrors)
    return [(one.code, one.facts["row"]) for one in fault.rows]


@pytest.mark.parametrize(("crs", "shift"), [("gcj02", shift_to_gcj02), ("bd09", shift_to_bd09)])
def test_whole_arrays_are_unshifted_as_single_positions_are(crs, shift):
    chance = np.random.default_rng(7)
    spots = np.column_stack((chance.uniform(98, 122, 200), chance.uniform(22, 42, 200)))
    shifted = shift(spots)
    alone = np.array([to_wgs84(lon, lat, crs=crs) for lon, lat in shifted])
    assert np.abs(unshifted(shifted, crs=crs) - spots).max() < 1e-9
    assert np.abs(alone - spots).max() < 2e-8


@pytest.mark.parametrize("name", ["roads.gpkg", "roads.shp", "roads.geojson"])
def test_roads_meet_at_shared_points(tmp_path, name):
    network, notes = built(crossroads(tmp_path, name))
    assert (network.road_count, network.junction_count) == (6, 7)
    assert notes["end-joined-to-road"] == 1
    assert sorted(network.road_id) == ["r1-1", "r1-2", "r1-3", "r2-1", "r2-2", "r3"]


def test_the_countys_own_roads_file_comes_back_as_the_same_network(tmp_path):
    first = small_network()
    write_roads_file(first, tmp_path / "roads.gpkg")
    again, notes = built(tmp_path / "roads.gpkg", layer="roads")
    assert sorted(again.road_id) == sorted(first.road_id)
    assert again.class_of(again.road_index["c3"]) is RoadClass.TOWNSHIP
    assert notes == {}


def test_hazardous_goods_that_roads_refuse_come_back_too(tmp_path):
    plain = small_network()
    goods = np.zeros((plain.road_count, 2), dtype=np.uint8)
    goods[plain.road_index["c3"]] = (bits_of_tunnel("C"), 0)
    write_roads_file(replace(plain, refused_goods=goods), tmp_path / "roads.gpkg")
    again, _ = built(tmp_path / "roads.gpkg", layer="roads")
    assert again.refused_goods[again.road_index["c3"]].tolist() == [bits_of_tunnel("C"), 0]
    assert int((again.refused_goods > 0).sum()) == 1


def test_goods_are_read_by_kind_or_all_together_and_an_unknown_kind_is_a_fault(tmp_path):
    path = crossroads(tmp_path, geometry=CROSSROADS[:2], refused_goods=["no", "D; water"])
    network, _ = built(path)
    of = {
        str(road).split("-")[0]: bits for road, bits in zip(network.road_id, network.refused_goods[:, 0], strict=True)
    }
    assert of == {"r1": ALL_GOODS, "r2": GOODS_BIT["D"] | GOODS_BIT["water"]}
    wrong = crossroads(tmp_path, "wrong.gpkg", geometry=CROSSROADS[:2], refused_goods=["beer", ""])
    assert rows_of(wrong) == [("road-goods-unknown", 1)]


def test_an_end_that_misses_by_less_than_the_tolerance_is_joined(tmp_path):
    near = [CROSSROADS[0], [(113.005, 33.000003), (113.005, 33.01)]]
    assert built(crossroads(tmp_path, geometry=near))[0].road_count == 3
    apart, _ = built(crossroads(tmp_path, "apart.gpkg", geometry=near), snap_m=0.1)
    assert (apart.road_count, apart.junction_count) == (2, 4)


def test_lines_that_cross_stay_apart_unless_the_mapping_joins_them(tmp_path):
    crossing = [[(113.0, 33.0), (113.02, 33.0)], [(113.01, 32.99), (113.01, 33.01)]]
    path = crossroads(tmp_path, geometry=crossing)
    network, notes = built(path)
    assert (network.road_count, notes) == (2, {"crossings-left-apart": 1})
    network, notes = built(path, crossings="joined")
    assert (network.road_count, network.junction_count, notes) == (4, 5, {"crossings-joined": 1})


def test_a_bridge_does_not_meet_the_road_below(tmp_path):
    path = crossroads(tmp_path, geometry=CROSSROADS[:2], bridge=["是", "否"])
    network, _ = built(path)
    assert network.road_count == 2
    assert network.structure[network.road_index["r1"]] == BRIDGE


def test_parts_heights_and_rows_without_a_line_are_told(tmp_path):
    several = shapely.MultiLineString([[(113, 33, 5), (113.01, 33, 9)], [(113.02, 33, 5), (113.03, 33, 5)]])
    path = write_layer(
        tmp_path / "mixed.gpkg",
        [several, None, shapely.Point(113, 33)],
        {"class": CLASSES},
        geometry_type="Unknown",
    )
    network, notes = built(path)
    assert network.road_count == 2
    assert notes == {"multi-line-split": 1, "road-without-geometry": 1, "not-a-line": 1}


def test_limits_directions_and_speeds_are_read(tmp_path):
    path = crossroads(tmp_path, oneway=["单向", "反向", "双向"], 限重=["8", "0", ""], 限速=["80", None, "30"])
    network, _ = built(path)
    first, second = network.road_index["r1-1"], network.road_index["r2-1"]
    assert network.access[[first, second]].tolist() == [[3, 0], [0, 3]]
    assert network.max_weight_kg[first] == 8000
    assert np.isinf(network.max_weight_kg[second])
    assert network.tagged_kmh[first].tolist() == [80.0, 80.0]


def test_a_mapping_names_columns_and_words(tmp_path):
    (tmp_path / "map.toml").write_text(
        '[columns]\nref = "LXBM"\nclass = "DJ"\n[values.class]\n"一" = "expressway"\n', encoding="utf-8"
    )
    path = write_layer(
        tmp_path / "roads.gpkg", [line(one) for one in CROSSROADS], {"LXBM": ["S83", "X1", ""], "DJ": ["一", "", ""]}
    )
    made, tally = build_gis_network(path, read_column_map(tmp_path / "map.toml"))
    classes = {made.network.class_of(road).value for road in range(made.network.road_count)}
    assert classes == {"expressway", "county", "village"}
    assert [row["code"] for row in tally.repaired] == ["end-joined-to-road", "road-class-assumed"]


def test_a_wrong_mapping_is_told_with_the_layers_columns(tmp_path):
    fault = refused(crossroads(tmp_path), columns={"ref": "LXBM"})
    assert (fault.code, fault.facts["column"], fault.facts["columns"]) == ("column-not-in-layer", "LXBM", ["class"])
    (tmp_path / "map.toml").write_text('[columns]\nspeed = "V"\n', encoding="utf-8")
    with pytest.raises(BadInputError, match="columns-key-unknown"):
        read_column_map(tmp_path / "map.toml")


def test_every_fault_is_named_by_row_and_column(tmp_path):
    path = crossroads(tmp_path, 限高=["4.5", "高", ""], oneway=["", "斜", "1"])
    assert rows_of(path) == [("road-direction-unknown", 2), ("road-limit-unreadable", 2)]
    bad_class = write_layer(tmp_path / "c.gpkg", [line(one) for one in CROSSROADS], {"class": ["国道", "III", "?"]})
    assert rows_of(bad_class) == [("road-class-unknown", 2), ("road-class-unknown", 3)]


def test_positions_of_two_kinds_in_one_file_are_named_by_row(tmp_path):
    metres = [*CROSSROADS[:2], [(500000.0, 3650000.0), (500100.0, 3650000.0)]]
    assert rows_of(crossroads(tmp_path, geometry=metres)) == [("gis-position-not-degrees", 3)]
    swapped = [*CROSSROADS[:2], [(33.0, 80.0), (33.1, 80.0)]]
    assert rows_of(crossroads(tmp_path, "swapped.gpkg", geometry=swapped)) == [("road-far-from-the-others", 3)]


def test_gauss_krueger_zones_of_cgcs2000_are_undone(tmp_path):
    to_zone = Transformer.from_crs("EPSG:4490", "EPSG:4547", always_xy=True)
    lines = [line([to_zone.transform(*spot) for spot in one]) for one in CROSSROADS]
    path = write_layer(tmp_path / "zone.gpkg", lines, {"class": CLASSES}, crs="EPSG:4547")
    degrees = read_gis_layer(path).geometry
    assert shapely.hausdorff_distance(degrees[0], line(CROSSROADS[0])) < 1e-8
    assert built(path)[0].road_count == 6


def test_shifted_coordinates_must_be_said_and_lie_in_china(tmp_path):
    lines = [line(shift_to_gcj02(np.array(one))) for one in CROSSROADS]
    path = write_layer(tmp_path / "gcj.gpkg", lines, {"class": CLASSES}, crs="EPSG:4326")
    found = read_gis_layer(path, crs="gcj02").geometry
    assert shapely.hausdorff_distance(found[1], line(CROSSROADS[1])) < 1e-8
    abroad = write_layer(tmp_path / "li.gpkg", [line([(9.5, 47.1), (9.51, 47.1)])], {"class": ["国道"]})
    with pytest.raises(RowErrors) as fault:
        read_gis_layer(abroad, crs="bd09")
    assert [one.code for one in fault.value.rows] == ["position-outside-china"]


def test_texts_in_gbk_are_read_and_it_is_said(tmp_path):
    path = write_layer(
        tmp_path / "roads.shp",
        [line(one) for one in CROSSROADS],
        {"class": CLASSES, "name": ["建设路", "人民路", ""]},
        encoding="GBK",
    )
    path.with_suffix(".cpg").unlink()
    network, notes = built(path)
    assert "建设路" in set(network.name)
    assert notes["text-read-as-gb18030"] == 1


def test_layers_that_hold_no_roads_are_told(tmp_path):
    empty = write_layer(tmp_path / "empty.gpkg", [], {"class": []})
    assert refused(empty).code == "gis-layer-empty"
    points = write_layer(tmp_path / "p.gpkg", [shapely.Point(113, 33)], {"class": ["国道"]}, geometry_type="Point")
    assert refused(points).code == "road-layer-without-lines"
    assert refused(crossroads(tmp_path), layer="路").code == "gis-layer-unknown"
    unclassed = write_layer(tmp_path / "u.gpkg", [line(CROSSROADS[0])], {"x": ["1"]})
    assert refused(unclassed).code == "roads-without-class"
    (tmp_path / "broken.gpkg").write_bytes(b"no file")
    assert refused(tmp_path / "broken.gpkg").code == "gis-file-unreadable"


def test_usual_titles_are_known_without_a_mapping():
    found = find_columns(ColumnMap(), ["路线编号", "MaxSpeed", "fclass"], where="")
    assert found == {"ref": "路线编号", "speed_kmh": "MaxSpeed", "class": "fclass"}


def test_a_grid_of_two_thousand_roads_keeps_every_junction(tmp_path):
    side = 30
    spots = 113 + np.arange(side + 1) * 0.001
    lines = [line([(x, y - 80), (x + 0.001, y - 80)]) for y in spots for x in spots[:-1]]
    lines += [line([(x, y - 80), (x, y + 0.001 - 80)]) for x in spots for y in spots[:-1]]
    network, _ = built(write_layer(tmp_path / "grid.gpkg", lines, {"class": ["村道"] * len(lines)}))
    assert (network.road_count, network.junction_count) == (2 * side * (side + 1), (side + 1) ** 2)
