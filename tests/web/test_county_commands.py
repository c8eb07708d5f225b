"""`baotong county new|check|export`, `places import`, `areas import`: answers, schemas, exit codes, both languages."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import jsonschema
import pytest

from geodata.geojson import write_features
from geodata.osm.tags import NOT_THERE
from tests.conftest import shared
from tests.osm_world import World
from web import cli
from web.answer import ExitCode
from web.county_text import NOTES
from web.wording.roads import CLASS_NAMES, ERRORS, FINDINGS

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests" / "schemas"


@pytest.fixture
def run(capsys):
    def run_it(*arguments):
        code = cli.run([*map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run_it


@pytest.fixture
def roads(tmp_path):
    world = World().way(1, "klmno", ref="G345").way(2, "hmr", highway="residential", oneway="yes")
    return world.node("h", place="village", name="后庄").write(tmp_path / "roads.osm")


def is_as_written(answer: dict, schema: str) -> bool:
    jsonschema.validate(answer, json.loads((SCHEMAS / schema).read_text(encoding="utf-8")))
    return True


def places_file(folder, **properties):
    point = {"type": "Point", "coordinates": [113.02, 32.98]}
    feature = {"type": "Feature", "properties": {"id": "p1", "kind": "village", **properties}, "geometry": point}
    write_features(folder / "given.geojson", [feature])
    return folder / "given.geojson"


def test_new_answers_the_report(run, roads, tmp_path):
    code, said = run("county", "new", tmp_path / "c", "--osm", roads, "--name", "小县", "--area-code", "411399")
    assert code == 0
    assert said["ok"]
    assert is_as_written(said, "county-report.json")
    assert (said["roads"], said["classes"]["national"], said["entry_points"]) == (4, 2, 2)


def test_check_of_a_new_county_is_fine_and_says_the_same(run, roads, tmp_path):
    _, new = run("county", "new", tmp_path / "c", "--osm", roads)
    code, said = run("county", "check", tmp_path / "c")
    assert (code, said["findings"]) == (0, [])
    assert is_as_written(said, "county-report.json")
    assert {key: said[key] for key in new if key != "folder"} == {key: new[key] for key in new if key != "folder"}


def test_check_ends_with_one_where_something_does_not_fit(run, small_county):
    (small_county.folder / "import-report.json").write_text(json.dumps({"network_digest": "0" * 64}))
    code, said = run("county", "check", small_county.folder)
    assert (code, said["ok"]) == (ExitCode.RULE_SAYS_NO, False)
    assert [finding["code"] for finding in said["findings"]] == ["network-not-the-imported"]


def test_check_takes_the_county_of_the_option_too(run, small_county):
    assert run("county", "check", "--county", small_county.folder)[0] == 0


def test_export_writes_the_arcs_of_the_vehicle(run, roads, tmp_path):
    run("county", "new", tmp_path / "c", "--osm", roads)
    code, said = run("county", "export", tmp_path / "c", "--out", tmp_path / "arcs.csv", "--vehicle", "truck")
    with (tmp_path / "arcs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (code, said["arcs"], len(rows)) == (0, 6, 6)
    national = next(row for row in rows if row["class"] == "national")
    assert float(national["duration_s"]) == pytest.approx(float(national["length_m"]) * 3.6 / 70, abs=0.001)


def test_a_vehicle_file_counts(run, roads, tmp_path):
    roads.write_text(World().way(1, "ab").way(2, "bc", maxheight="3").xml(), encoding="utf-8")
    run("county", "new", tmp_path / "c", "--osm", roads)
    (tmp_path / "van.json").write_text('{"access": "car", "height_m": 3.1}')
    (tmp_path / "van.toml").write_text("height_m = 2.9")
    counts = [
        run("county", "export", tmp_path / "c", "--out", tmp_path / "a.csv", "--vehicle", tmp_path / name)[1]["arcs"]
        for name in ("van.json", "van.toml")
    ]
    assert counts == [2, 4]


@pytest.mark.parametrize(("text", "code"), [("tank", "vehicle-unknown"), ("list.json", "vehicle-file-not-an-object")])
def test_a_vehicle_that_is_none_is_bad_input(run, small_county, tmp_path, monkeypatch, text, code):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.json").write_text("[]")
    answer = run("county", "export", small_county.folder, "--out", tmp_path / "a.csv", "--vehicle", text)
    assert (answer[0], answer[1]["error"]["code"]) == (ExitCode.BAD_INPUT, code)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["county", "new", "{tmp}/c", "--osm", "{tmp}/none.osm.pbf"], "file-missing"),
        (["county", "new", "{tmp}", "--osm", "{tmp}/roads.osm"], "county-folder-exists"),
        (["county", "new", "{tmp}/c", "--osm", "{tmp}/roads.osm", "--area-code", "12"], "area-code-not-six-digits"),
        (["county", "new", "{tmp}/c", "--osm", "{tmp}/roads.osm", "--places", "{tmp}/no"], "file-missing"),
        (["county", "new", "{tmp}/c", "--osm", "{tmp}"], "road-file-unreadable"),
        (["county", "check", "{tmp}/c"], "county-folder-missing"),
        (["places", "import", "{tmp}/no", "--county", "{tmp}"], "file-missing"),
    ],
)
def test_bad_input_names_code_place_and_remedy_and_leaves_nothing(run, roads, tmp_path, arguments, code):
    exit_code, said = run(*(one.format(tmp=tmp_path) for one in arguments))
    assert exit_code == ExitCode.BAD_INPUT
    assert is_as_written(said, "failure.json")
    assert said["error"]["code"] == code
    assert said["error"]["remedy"]
    assert [path.name for path in tmp_path.iterdir()] == [roads.name]


def test_places_and_areas_are_imported(run, small_county, tmp_path):
    code, said = run("places", "import", places_file(tmp_path), "--county", small_county.folder)
    assert (code, said) == (0, {"ok": True, "created": 1, "changed": 0, "unchanged": 0, "errors": []})
    ring = [[113.0, 33.0], [113.1, 33.0], [113.1, 33.1], [113.0, 33.0]]
    feature = {"type": "Feature", "properties": {"id": "t", "kind": "township"}}
    write_features(tmp_path / "areas.geojson", [feature | {"geometry": {"type": "Polygon", "coordinates": [ring]}}])
    assert run("areas", "import", tmp_path / "areas.geojson", "--county", small_county.folder)[1]["created"] == 1


def test_faults_of_a_place_file_come_row_by_row(run, small_county, tmp_path):
    code, said = run("places", "import", places_file(tmp_path, id=""), "--county", small_county.folder)
    assert code == ExitCode.BAD_INPUT
    assert [(row["row"], row["code"]) for row in said["errors"]] == [(1, "place-without-id")]


@pytest.mark.parametrize(("lang", "words"), [("zh", "国道 2"), ("en", "national 2")])
def test_the_report_reads_well_in_both_languages(capsys, roads, tmp_path, lang, words):
    assert cli.run(["county", "new", str(tmp_path / "c"), "--osm", str(roads), "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert words in out
    assert "{" not in out


def test_a_real_county_goes_through_new_check_and_export(run, tmp_path):
    source = shared("osm/yongcheng_411481_henan_2017.osm.pbf")
    assert run("county", "new", tmp_path / "c", "--osm", source)[0] == 0
    assert run("county", "check", tmp_path / "c")[0] == 0
    assert run("county", "export", tmp_path / "c", "--out", tmp_path / "arcs.csv")[1]["arcs"] == 3253


def test_every_code_of_an_import_has_its_sentence():
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "geodata").rglob("*.py")))
    counted = set(re.findall(r'tally\.(?:repair|drop)\(\s*"([a-z-]+)"', text))
    counted |= set(re.findall(r'return "(restriction-[a-z-]+)"', text))
    counted |= {*NOT_THERE.values(), "area", "ferry", "highway-unknown", "not-a-road", "path"}
    counted |= {"way-of-one-place", "way-outside-the-file"}
    assert counted - set(NOTES) == set()
    assert len(counted) > 20


def test_every_sentence_exists_in_both_languages_with_its_remedy():
    for wording in (*ERRORS.values(), *FINDINGS.values()):
        assert all((wording.zh, wording.en, wording.remedy_zh, wording.remedy_en))
    for wording in (*NOTES.values(), *CLASS_NAMES.values()):
        assert all((wording.zh, wording.en))
