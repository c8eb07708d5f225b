"""A county built out of an OSM file: complete or not at all."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import textwrap

import pytest

from geodata.county import open_county
from geodata.county_building import NewCounty, SourceFiles, build_county, settings_text
from geodata.county_check import check_county
from geodata.errors import BadInputError
from geodata.geojson import write_features
from geodata.policy_reading import PROFILES
from tests.conftest import shared
from tests.osm_world import World

REAL = (
    "yongcheng_411481_henan_2017.osm.pbf",
    "lixin_341623_2017.osm.pbf",
    "north-bayreuth_2014.osm.gz",
    "liechtenstein_2021.osm.pbf",
    "liechtenstein_2022.osm.pbf",
)


@pytest.fixture
def source(tmp_path):
    world = World().way(1, "klmno", ref="G345").way(2, "hmr", highway="residential").way(3, "mz", highway="track")
    return SourceFiles(world.node("h", place="village", name="后庄").write(tmp_path / "roads.osm"))


def build(folder, source, **further):
    return build_county(folder, source, NewCounty(name="小县", **further))


def test_a_county_folder_holds_everything(tmp_path, source):
    build(tmp_path / "county", source)
    assert {path.name for path in (tmp_path / "county").iterdir()} == {
        "county.toml",
        "network.npz",
        "roads.gpkg",
        "places.geojson",
        "areas.geojson",
        "import-report.json",
    }


def test_the_folder_opens_with_its_own_settings(tmp_path, source):
    build(tmp_path / "county", source, area_code="411399", public_url="https://pass.example")
    county = open_county(tmp_path / "county")
    assert (county.settings.name, county.settings.area_code) == ("小县", "411399")
    assert county.settings.attribution.startswith("© OpenStreetMap contributors")
    assert sorted(place.name for place in county.places.by_id.values()) == ["G345 入县口·东", "G345 入县口·西", "后庄"]


@pytest.mark.parametrize("profile", PROFILES)
def test_either_regime_is_appended_whole(tmp_path, source, profile):
    build(tmp_path / "county", source, profile=profile)
    assert open_county(tmp_path / "county").settings.policy.regime.id


def test_the_report_names_source_network_and_what_was_mended(tmp_path, source):
    report = build(tmp_path / "county", source)
    assert report["source"] == {"file": "roads.osm", "sha256": hashlib.sha256(source.osm.read_bytes()).hexdigest()}
    assert report["network_digest"] == open_county(tmp_path / "county").network.digest
    assert [row["code"] for row in report["repaired"]] == ["nodes-missing"]
    assert json.loads((tmp_path / "county" / "import-report.json").read_text()) == report


def test_given_places_win_over_found_ones_and_areas_are_read(tmp_path, source):
    point = {"type": "Point", "coordinates": [113.02, 32.98]}
    given = {"type": "Feature", "properties": {"id": "osm-n8", "name": "新庄", "kind": "village"}, "geometry": point}
    ring = [[113.0, 33.0], [113.1, 33.0], [113.1, 33.1], [113.0, 33.0]]
    area = {"type": "Feature", "properties": {"id": "t", "kind": "township"}}
    write_features(tmp_path / "places.geojson", [given])
    write_features(tmp_path / "areas.geojson", [area | {"geometry": {"type": "Polygon", "coordinates": [ring]}}])
    build(tmp_path / "county", SourceFiles(source.osm, tmp_path / "places.geojson", tmp_path / "areas.geojson"))
    county = open_county(tmp_path / "county")
    assert county.places.by_id["osm-n8"].name == "新庄"
    assert [one.id for one in county.areas] == ["t"]


def test_an_existing_folder_is_not_touched(tmp_path, source):
    (tmp_path / "county").mkdir()
    with pytest.raises(BadInputError, match="county-folder-exists"):
        build(tmp_path / "county", source)
    assert list((tmp_path / "county").iterdir()) == []


def test_a_folder_needs_a_place_to_stand(tmp_path, source):
    with pytest.raises(BadInputError, match="parent-folder-missing"):
        build(tmp_path / "no" / "county", source)


@pytest.mark.parametrize(
    ("further", "code"),
    [
        ({"area_code": "41"}, "area-code-not-six-digits"),
        ({"timezone": "Mars/Olympus"}, "timezone-unknown"),
        ({"profile": "zombies"}, "profile-unknown"),
        ({"country": "China"}, "country-not-two-letters"),
    ],
)
def test_a_slip_in_the_settings_is_told_and_nothing_is_left(tmp_path, source, further, code):
    with pytest.raises(BadInputError, match=code):
        build(tmp_path / "county", source, **further)
    assert [path.name for path in tmp_path.iterdir()] == ["roads.osm"]


@pytest.mark.parametrize("data", [b"", b"<osm", b"PNG", b'<osm version="0.6"></osm>'])
def test_a_bad_road_file_leaves_nothing(tmp_path, data):
    (tmp_path / "roads.osm").write_bytes(data)
    with pytest.raises(BadInputError, match="road-file-"):
        build(tmp_path / "county", SourceFiles(tmp_path / "roads.osm"))
    assert [path.name for path in tmp_path.iterdir()] == ["roads.osm"]


FULL_DISK = """
    import resource, sys
    from pathlib import Path
    from geodata.county_building import NewCounty, SourceFiles, build_county
    from geodata.errors import SurroundingsError
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
    try:
        build_county(Path(sys.argv[1]), SourceFiles(Path(sys.argv[2])), NewCounty("x"))
    except SurroundingsError as error:
        print(error.code, error.where)
"""


@pytest.mark.parametrize("most_bytes", [1_000, 20_000, 100_000])
def test_a_full_disk_leaves_nothing_behind(tmp_path, most_bytes):
    pytest.importorskip("resource")
    ways = World()
    for number, row in enumerate(("abcde", "fghij", "klmno", "pqrst", "uvwxy", "afkpu", "bglqv", "chmrw"), start=1):
        ways.way(number, row)
    ways.write(tmp_path / "roads.osm")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(FULL_DISK),
            tmp_path / "county",
            tmp_path / "roads.osm",
            str(most_bytes),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["disk-write-failed", str(tmp_path / "county")], done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["roads.osm"]


@pytest.mark.parametrize("name", REAL)
def test_every_real_file_becomes_a_county_without_findings(tmp_path, name):
    country = "CN" if "2017" in name else "LI"
    report = build_county(tmp_path / "c", SourceFiles(shared(f"osm/{name}")), NewCounty("实县", country=country))
    again, findings = check_county(open_county(tmp_path / "c"))
    assert (findings, again) == ((), report)


@pytest.mark.parametrize(
    ("name", "roads", "largest"),
    [("yongcheng_411481_henan_2017.osm.pbf", 1706, 1182), ("lixin_341623_2017.osm.pbf", 811, 491)],
)
def test_real_counties_keep_the_parts_that_are_not_connected(tmp_path, name, roads, largest):
    report = build_county(tmp_path / "c", SourceFiles(shared(f"osm/{name}")), NewCounty("实县"))
    sizes = [part["junctions"] for part in report["components"]]
    assert (report["roads"], sizes[0]) == (roads, largest)
    assert sum(sizes) + report["junctions_without_cars"] == report["junctions"]


def test_county_toml_of_a_strange_name_can_be_read_again(tmp_path, source):
    name = 'a "quoted"\\name\n[pass]'
    assert name.encode("unicode_escape") != settings_text(NewCounty(name)).encode()
    build_county(tmp_path / "county", source, NewCounty(name))
    assert open_county(tmp_path / "county").settings.name == name
