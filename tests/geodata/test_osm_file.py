"""OSM files: every format, and those that are cut, of another kind, or without roads."""

from __future__ import annotations

import bz2
import gzip

import pytest

from geodata.errors import BadInputError
from geodata.osm.file import file_format, read_osm_file
from geodata.osm.import_tally import ImportTally
from tests.conftest import shared
from tests.osm_world import World, codes, node_id, position

YONGCHENG = "osm/yongcheng_411481_henan_2017.osm.pbf"


def small_world() -> World:
    return World().way(10, "abc").way(11, "cd", highway="tertiary").node("b", barrier="toll_booth")


def read(path):
    return read_osm_file(path, ImportTally())


def pbf_of(folder, world: World):
    import osmium

    source, target = world.write(folder / "source.osm"), folder / "world.osm.pbf"
    with osmium.SimpleWriter(str(target)) as writer:
        for one in osmium.FileProcessor(str(source)):
            writer.add(one)
    return target


def test_every_format_gives_the_same_roads(tmp_path):
    xml = small_world().xml().encode()
    paths = [pbf_of(tmp_path, small_world())]
    for name, data in (("w.osm", xml), ("w.osm.gz", gzip.compress(xml)), ("w.osm.bz2", bz2.compress(xml))):
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    found = [[(way.id, way.nodes.tolist()) for way in read(path).ways] for path in paths]
    assert found == [[(10, [1, 2, 3]), (11, [3, 4])]] * 4


def test_the_format_is_told_by_the_content_not_by_the_name(tmp_path):
    path = tmp_path / "county.dat"
    path.write_bytes(gzip.compress(small_world().xml().encode()))
    assert file_format(path) == "osm.gz"
    assert len(read(path).ways) == 2


def test_positions_and_node_tags_are_read(tmp_path):
    extract = read(small_world().write(tmp_path / "w.osm"))
    at = extract.index_of(extract.ways[0].nodes)
    assert extract.node_lonlat[at[0]].tolist() == list(position("a"))
    assert extract.tagged_nodes == {node_id("b"): {"barrier": "toll_booth"}}


def test_ways_may_stand_before_the_nodes(tmp_path):
    head, _, body = small_world().xml().partition('generator="tests">')
    nodes, way, ways = body.removesuffix("</osm>\n").partition("<way")
    path = tmp_path / "overpass.osm"
    path.write_text(f'{head}generator="tests">{way}{ways}{nodes}</osm>', encoding="utf-8")
    assert (read(path).index_of(read(path).ways[0].nodes) >= 0).all()


def test_negative_ids_of_an_editor_are_read(tmp_path):
    path = tmp_path / "editor.osm"
    path.write_text(
        '<osm version="0.6"><node id="-1" lat="33" lon="113"/><node id="-2" lat="33.1" lon="113"/>'
        '<way id="-3"><nd ref="-1"/><nd ref="-2"/><tag k="highway" v="primary"/></way></osm>',
        encoding="utf-8",
    )
    assert [way.nodes.tolist() for way in read(path).ways] == [[-1, -2]]


def test_a_way_that_comes_twice_counts_once(tmp_path):
    tally = ImportTally()
    extract = read_osm_file(World().way(10, "ab").way(10, "abc").write(tmp_path / "w.osm"), tally)
    assert [way.nodes.tolist() for way in extract.ways] == [[1, 2, 3]]
    assert codes(tally.dropped) == {"way-twice": 1}


def test_a_node_without_a_position_is_dropped_and_counted(tmp_path):
    tally = ImportTally()
    world = World().way(10, "abc").node("b", at=(113.0, 91.0))
    assert read_osm_file(world.write(tmp_path / "w.osm"), tally).index_of(extract_ids("abc")).tolist() != []
    assert codes(tally.dropped) == {"node-without-position": 1}


def extract_ids(letters: str):
    import numpy as np

    return np.array([node_id(letter) for letter in letters], dtype=np.int64)


def test_a_road_that_is_tagged_as_a_village_stays_a_road(tmp_path):
    extract = read(World().way(10, "ab", place="village").write(tmp_path / "w.osm"))
    assert [way.id for way in extract.ways] == [10]


def test_what_is_no_road_is_counted(tmp_path):
    tally = ImportTally()
    world = World().way(1, "ab").way(2, "bc", highway="construction").way(3, "cd", {"highway": ""}, route="ferry")
    read_osm_file(world.way(4, "de", area="yes").write(tmp_path / "w.osm"), tally)
    assert codes(tally.dropped) == {"road-under-construction": 1, "ferry": 1, "area": 1}


def fault_of(path) -> str:
    with pytest.raises(BadInputError) as caught:
        read(path)
    assert caught.value.where == str(path)
    return caught.value.code


def test_a_missing_file_is_told(tmp_path):
    assert fault_of(tmp_path / "none.osm.pbf") == "file-missing"


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("kind", ["osm", "osm.gz", "osm.bz2"])
def test_a_cut_xml_file_is_told(tmp_path, kind, share):
    xml = small_world().xml().encode()
    data = {"osm": xml, "osm.gz": gzip.compress(xml), "osm.bz2": bz2.compress(xml)}[kind]
    path = tmp_path / f"cut.{kind}"
    path.write_bytes(data[: int(len(data) * share)])
    assert fault_of(path) in {"road-file-truncated"} | ({"road-file-unreadable"} if 0 < share < 0.1 else set())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.9999])
def test_a_cut_pbf_file_is_told(tmp_path, share):
    data = shared(YONGCHENG).read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(data[: int(len(data) * share)])
    assert fault_of(path) == "road-file-truncated"


def test_a_damaged_pbf_file_is_told(tmp_path):
    data = bytearray(shared(YONGCHENG).read_bytes())
    data[len(data) // 2] ^= 0xFF
    path = tmp_path / "damaged.osm.pbf"
    path.write_bytes(data)
    assert fault_of(path) == "road-file-unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"<html><body>not found</body></html>",
        b'{"type": "FeatureCollection", "features": []}',
        b'<osmChange version="0.6"></osmChange>',
        gzip.compress(b"road_id,length\n", mtime=0),
        bz2.compress(b"road_id,length\n"),
        b'<osm version="0.7"><node id="1" lat="1" lon="1"/></osm>',
    ],
)
def test_a_file_of_another_kind_is_told_whatever_its_name(tmp_path, data):
    path = tmp_path / "roads.osm.pbf"
    path.write_bytes(data)
    assert fault_of(path) == "road-file-unreadable"


@pytest.mark.parametrize(("spoilt", "place"), [(b"guide-sign", "node/2"), (b"Qiao Road", "way/10")])
def test_a_text_that_is_no_utf8_names_its_object(tmp_path, spoilt, place):
    import osmium

    world = World().way(10, "abc", name="Qiao Road").node("b", barrier="gate", name="guide-sign")
    path = tmp_path / "world.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(path), "pbf,pbf_compression=none")) as writer:
        for one in osmium.FileProcessor(str(world.write(tmp_path / "source.osm"))):
            writer.add(one)
    path.write_bytes(path.read_bytes().replace(spoilt, b"\xff\xfe" + spoilt[2:]))
    with pytest.raises(BadInputError, match="road-file-unreadable") as fault:
        read(path)
    assert fault.value.where == f"{path}: {place}"


def test_a_folder_is_no_road_file(tmp_path):
    assert fault_of(tmp_path) == "road-file-unreadable"


def test_a_file_without_roads_is_told(tmp_path):
    assert fault_of(World().way(1, "ab", highway="footway").write(tmp_path / "w.osm")) == "road-file-without-roads"


@pytest.mark.parametrize("name", ["yongcheng_411481_henan_2017.osm.pbf", "north-bayreuth_2014.osm.gz"])
def test_real_files_are_read_whole(name):
    extract = read(shared(f"osm/{name}"))
    assert all((extract.index_of(way.nodes) >= 0).all() for way in extract.ways)
