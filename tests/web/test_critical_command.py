"""`baotong critical` answers as the planner's page does, writes tables and map files, and names what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from web import cli
from web.answer import ExitCode

SCHEMA = Path(__file__).parent.parent / "schemas" / "critical.json"


@pytest.fixture
def run(small_county, capsys):
    """Return a function that runs the command and returns (exit code, what was said)."""

    def run_it(*words, as_json=True):
        words = (*words, "--json") if as_json else words
        code = cli.run(["critical", "--county", str(small_county.folder), *words])
        said = capsys.readouterr().out
        return code, json.loads(said) if as_json else said

    return run_it


def test_roads_places_and_people_are_answered(run):
    code, said = run()
    (road,) = [one for one in said["roads"] if one["road_id"] == "v1"]
    assert (code, road["people"], road["counts"]) == (ExitCode.DONE, 800, {"in": 0, "out": 0, "both": 1})
    jsonschema.validate(said, json.loads(SCHEMA.read_text()))


def test_a_hub_left_out_by_name_changes_the_list(run):
    code, said = run("--without", "东入县口")
    assert (code, said["roads"]) == (ExitCode.DONE, [])
    assert "后庄村" in {one["name"] for one in said["already_cut_off"]}


def test_the_text_names_what_hangs_on_each_road(run):
    code, said = run("--lang", "en", as_json=False)
    assert code == ExitCode.DONE
    assert "后庄村" in said


def test_the_list_is_written_as_table_and_map(run, tmp_path):
    for name in ("roads.csv", "roads.geojson"):
        code, _ = run("--out", str(tmp_path / name))
        assert code == ExitCode.DONE
    assert (tmp_path / "roads.csv").read_bytes().startswith(b"\xef\xbb\xbfroad_id,ref,name")
    assert json.loads((tmp_path / "roads.geojson").read_text())["features"]


def test_another_kind_of_file_is_refused(run, tmp_path):
    code, _ = run("--out", str(tmp_path / "roads.xlsx"))
    assert code == ExitCode.USAGE
