"""Export and import of closures in every format, and the county built from a GIS file, by command line."""

from __future__ import annotations

import json

import openpyxl
import pytest

from geodata.coordinates import to_gcj02
from geodata.county import open_county
from tests.gis_writing import CROSSROADS, line, write_layer
from tests.wzdx_schemas import faults_of
from web import cli
from web.wording.blockage_report import TITLES

HQ = {
    "authority": "疫情防控指挥部",
    "decision": "approved",
    "document_no": "1号",
    "decided_at": "2022-06-21T20:00:00+08:00",
}
AT = "2022-06-22T12:00:00+08:00"


def closure(closure_id, coordinates, **more):
    known = {"id": closure_id, "start": "2022-06-22T08:00:00+08:00", "end": "2022-06-24T08:00:00+08:00"}
    geometry = {"type": "LineString", "coordinates": coordinates}
    return {"type": "Feature", "properties": {**known, "requested_by": "杨集乡", **more}, "geometry": geometry}


NATIONAL = closure("n", [[113.02, 33.02], [113.05, 33.02]], decisions=[HQ])
COUNTY = closure("c", [[113.02, 33.02], [113.02, 33.04]], decisions=[HQ], direction="forward")
UNAPPROVED = closure("u", [[113.02, 33.02], [113.02, 33.0]])


@pytest.fixture
def run(used_county, capsys):
    def run_json(*words):
        code = cli.run([*map(str, words), "--json", "--county", str(used_county.folder)])
        return code, json.loads(capsys.readouterr().out)

    return run_json


@pytest.fixture
def registered(run, tmp_path):
    path = tmp_path / "given.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [NATIONAL, COUNTY, UNAPPROVED]}), encoding="utf-8"
    )
    assert run("closures", "import", path)[0] == 0
    return run


@pytest.mark.parametrize("name", ["z.geojson", "z.gpkg", "z.csv", "z.xlsx"])
def test_what_is_exported_is_imported_without_a_change(registered, tmp_path, name):
    code, said = registered("closures", "export", tmp_path / name)
    assert (code, said["closures"]) == (0, 3)
    code, said = registered("closures", "import", tmp_path / name)
    assert (code, said["created"], said["changed"], said["unchanged"]) == (0, 0, 0, 3)


def test_the_report_marks_what_must_be_reported(registered, tmp_path):
    code, said = registered("closures", "export", tmp_path / "r.xlsx", "--format", "report", "--at", AT)
    assert (code, said["format"], said["must_be_reported"]) == (0, "report", 1)
    lines = [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / "r.xlsx").active.iter_rows()]
    assert tuple(lines[0]) == TITLES
    told = dict(zip(TITLES, lines[1], strict=True))
    assert (told["须上报"], told["阻断编号"], told["技术等级"], told["批准单位"]) == (
        "是",
        "n",
        "国道",
        "疫情防控指挥部",
    )
    assert [line[1:3] for line in lines[2:]] == [["否", "c"], ["否", "u"]]


def test_feeds_hold_the_approved_closures_only(registered, tmp_path):
    assert registered("closures", "export", tmp_path / "w.geojson", "--format", "wzdx", "--at", AT)[1]["closures"] == 3
    feed = json.loads((tmp_path / "w.geojson").read_text(encoding="utf-8"))
    assert {one["properties"]["trafficRegulationOrder"]["closureId"] for one in feed["features"]} == {"n", "c"}
    assert faults_of(feed) == []
    assert registered("closures", "export", tmp_path / "c.json", "--format", "cifs", "--at", AT)[1]["closures"] == 3


def test_a_feed_of_ones_own_changes_nothing_and_each_event_is_told_as_known(registered, tmp_path):
    registered("closures", "export", tmp_path / "w.geojson", "--format", "wzdx", "--at", AT)
    before = registered("closures", "list")
    code, said = registered("closures", "import", tmp_path / "w.geojson")
    assert (code, said["created"], said["changed"], said["errors"]) == (0, 0, 0, [])
    assert [(one["code"], one["closure"]) for one in said["left_out"]] == [
        ("own-closure", "c"),
        ("own-closure", "n"),
        ("own-closure", "n"),
    ]
    assert registered("closures", "list") == before


def test_a_feed_is_told_by_what_it_holds_and_its_other_events_are_named(registered, tmp_path):
    registered("closures", "export", tmp_path / "w.geojson", "--format", "wzdx", "--at", AT)
    feed = json.loads((tmp_path / "w.geojson").read_text(encoding="utf-8"))
    feed["features"][0]["properties"]["vehicle_impact"] = "some-lanes-closed"
    feed["features"][1]["geometry"]["coordinates"] = [[9.5, 47.1], [9.6, 47.1]]
    for one in feed["features"]:
        one["properties"]["core_details"]["data_source_id"] = "411323"
    (tmp_path / "w.geojson").write_text(json.dumps(feed), encoding="utf-8")
    code, said = registered("closures", "import", tmp_path / "w.geojson")
    assert (code, said["format"], said["created"]) == (0, "wzdx", 1)
    assert [(one["row"], one["code"]) for one in said["left_out"]] == [(1, "not-a-closure"), (2, "not-matched")]


def test_one_bad_row_takes_nothing_and_every_fault_has_its_row(run, tmp_path):
    (tmp_path / "z.csv").write_text(
        "编号,开始时间,道路编号\nz1,2022-06-22T08:00:00+08:00,c1\nz2,2022-06-22,c1\nz3,2022-06-22T08:00:00+08:00,c9\n",
        encoding="gbk",
    )
    code, said = run("closures", "import", tmp_path / "z.csv")
    assert (code, said["created"]) == (3, 0)
    assert [(one["row"], one["code"]) for one in said["errors"]] == [(3, "time-without-offset"), (4, "road-unknown")]
    assert run("closures", "list")[1]["closures"] == []


def test_rows_in_another_coordinate_system_are_told_which(run, tmp_path):
    shifted = [list(to_gcj02(*spot)) for spot in COUNTY["geometry"]["coordinates"]]
    mixed = [NATIONAL, {**COUNTY, "geometry": {"type": "LineString", "coordinates": shifted}}]
    path = tmp_path / "mixed.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": mixed}), encoding="utf-8")
    code, said = run("closures", "import", path)
    assert (code, [(one["row"], one["code"]) for one in said["errors"]]) == (3, [(2, "closure-in-other-coordinates")])
    path.write_text(json.dumps({"type": "FeatureCollection", "features": mixed[1:]}), encoding="utf-8")
    assert run("closures", "import", path, "--crs", "gcj02")[1]["created"] == 1


def test_an_ending_that_says_nothing_is_refused(registered, tmp_path):
    assert registered("closures", "export", tmp_path / "z.doc")[1]["error"]["code"] == "export-format-unknown"
    assert (
        registered("closures", "export", tmp_path / "z.csv", "--format", "wzdx")[1]["error"]["code"]
        == "export-ending-other"
    )


def test_a_county_is_built_from_a_gis_file_with_a_mapping(tmp_path, capsys):
    path = write_layer(tmp_path / "roads.gpkg", [line(one) for one in CROSSROADS], {"DJ": ["国道", "县道", "村道"]})
    (tmp_path / "map.toml").write_text('[columns]\nclass = "DJ"\n', encoding="utf-8")
    words = ["county", "new", str(tmp_path / "county"), "--roads", str(path), "--json"]
    assert cli.run(words) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "roads-without-class"
    assert cli.run([*words, "--columns", str(tmp_path / "map.toml")]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["roads"], said["classes"]["national"], said["source"]["file"]) == (6, 3, "roads.gpkg")
    assert open_county(tmp_path / "county").network.attribution == ""


def test_a_county_needs_exactly_one_road_file(tmp_path, capsys):
    assert cli.run(["county", "new", str(tmp_path / "county"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "road-source-not-one"
