"""`baotong county update`: a newer map with everything that stands on it, and nothing lost or half done when killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from geodata.closures.register import list_closures
from geodata.county import NETWORK_FILE, PLACES_FILE, REPORT_FILE, open_county
from geodata.county_building import SourceFiles
from geodata.editions import edition_in_use, keep_edition_in_use, list_editions
from geodata.map_edition_register import edition_name
from passes.audit.audit import run_audit
from tests.gis_writing import line, write_layer
from tests.osm_world import World, position
from web import cli
from web.map_update import put_register_onto, read_new_map, write_edition
from web.session import Session

HQ = {
    "authority": "疫情防控指挥部",
    "decision": "approved",
    "document_no": "1号",
    "decided_at": "2022-06-21T20:00:00+08:00",
}
#: Way 1 runs a-b-c-d-e; in the newer edition way 9 begins at c, so that "w1-2" is another piece.
OLD = (
    World()
    .way(1, "abcde", ref="G345")
    .way(2, "bg", ref="X001")
    .way(3, "kl", ref="X002")
    .node("g", place="village", name="后庄")
)
NEW = (
    World()
    .way(1, "abcde", ref="G345")
    .way(9, "ch", ref="X009")
    .way(4, "gb", ref="X001")
    .node("g", place="village", name="后庄")
)


def closure(closure_id, *spots, **more):
    known = {
        "id": closure_id,
        "start": "2022-06-22T08:00:00+08:00",
        "requested_by": "杨集乡",
        "decisions": [HQ],
        **more,
    }
    geometry = {"type": "LineString", "coordinates": [list(spot) for spot in spots]}
    return {"type": "Feature", "properties": known, "geometry": geometry}


CLOSURES = (
    closure("main", (113.012, 33.0), (113.028, 33.0)),
    closure("turned", (113.01, 32.998), (113.01, 32.992), direction="along"),
    closure("gone", (113.0, 32.98), (113.01, 32.98)),
)


@pytest.fixture
def run(tmp_path, capsys):
    """Return a function that runs a command on the county with --json."""

    def run_json(*words):
        code = cli.run([*map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run_json


@pytest.fixture
def folder(tmp_path, run):
    """A county on the older map, with closures."""
    place = tmp_path / "county"
    assert run("county", "new", place, "--osm", OLD.write(tmp_path / "old.osm"))[0] == 0
    NEW.write(tmp_path / "new.osm")
    (tmp_path / "z.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": CLOSURES}), encoding="utf-8"
    )
    assert run("closures", "import", tmp_path / "z.geojson", "--county", place)[0] == 0
    return place


def session_of(folder):
    return Session(folder, "", "en", as_json=True)


def versions(folder):
    with session_of(folder).transaction(writes=False) as connection:
        return {one.id: one.version for one in list_closures(connection)}


def check_whole(folder):
    """Everything in the folder is of one edition, the register is on it, and no record was altered."""
    session = session_of(folder)
    session.store  # noqa: B018 - what was cut short is completed by any command
    county = open_county(folder)
    assert edition_in_use(folder) == edition_name(county.network.digest)
    with session.transaction(writes=False) as connection:
        audit = run_audit(connection, county, at=session_now())
    assert "K14" not in {one.code for one in audit.findings}
    return edition_in_use(folder)


def session_now():
    from web.session import now

    return now()


def test_closures_go_along_and_what_fits_no_more_is_listed(folder, run, tmp_path):
    code, said = run("county", "update", folder, "--osm", tmp_path / "new.osm")
    assert (code, said["ok"], said["dry_run"]) == (0, True, False)
    assert {one["id"] for one in said["closures"]["rematched"]} == {"main", "turned", "gone"}
    (misfit,) = said["closures"]["misfits"]
    assert (misfit["id"], misfit["roads"][0]["code"]) == ("gone", "closure-far-from-road")
    assert misfit["roads"][0]["distance_m"] > 1000
    assert open_county(folder).network.digest.startswith(said["edition"]["after"])
    assert run("county", "check", folder)[0] == 0
    assert run("log", "verify", "--county", folder)[0] == 0
    listed = {one["id"]: one for one in run("closures", "list", "--county", folder)[1]["closures"]}
    assert [listed[one]["approval"] for one in ("main", "turned")] == ["approved", "approved"]
    assert listed["main"]["version"] == 2


def test_what_is_exported_after_an_update_is_imported_without_a_change(folder, run, tmp_path):
    run("county", "update", folder, "--osm", tmp_path / "new.osm")
    for name in ("z.geojson", "z.gpkg", "z.csv", "z.xlsx"):
        assert run("closures", "export", tmp_path / name, "--county", folder)[1]["closures"] == 3
        code, said = run("closures", "import", tmp_path / name, "--county", folder)
        assert (code, said.get("unchanged"), said.get("errors")) == (0, 3, []), name
    gone = next(
        one for one in json.loads((tmp_path / "z.geojson").read_text())["features"] if one["properties"]["id"] == "gone"
    )
    gone["properties"]["reason"] = "说法不同"
    (tmp_path / "other.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [gone]}))
    assert run("closures", "import", tmp_path / "other.geojson", "--county", folder)[0] == 3


def test_a_dry_run_says_the_same_and_changes_nothing(folder, run, tmp_path):
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    _, told = run("county", "update", folder, "--osm", tmp_path / "new.osm", "--dry-run")
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert {name for name in after if after[name] != before.get(name)} <= {"baotong.sqlite-wal", "baotong.sqlite-shm"}
    assert (versions(folder), list_editions(folder)) == ({"gone": 1, "main": 1, "turned": 1}, ())
    _, done = run("county", "update", folder, "--osm", tmp_path / "new.osm")
    assert {**told, "dry_run": False} == done


def test_the_old_map_is_kept_and_can_be_gone_back_to(folder, run, tmp_path):
    was = open_county(folder).network
    done = run("county", "update", folder, "--osm", tmp_path / "new.osm")[1]
    assert run("county", "update", folder, "--edition", "000000000000")[1]["error"]["code"] == "edition-unknown"
    code, back = run("county", "update", folder, "--edition", done["edition"]["before"])
    assert (code, back["closures"]["misfits"]) == (0, [])
    assert open_county(folder).network.digest == was.digest
    assert versions(folder) == {"gone": 3, "main": 3, "turned": 3}
    assert run("log", "verify", "--county", folder)[0] == 0


def test_the_same_map_again_is_told(folder, run, tmp_path):
    code, said = run("county", "update", folder, "--osm", tmp_path / "old.osm")
    assert (code, said["error"]["code"]) == (3, "map-is-the-same")
    assert run("county", "update", folder)[1]["error"]["code"] == "road-source-not-one"


def test_a_file_that_cannot_be_read_leaves_everything_as_it_was(folder, run, tmp_path):
    (tmp_path / "bad.osm").write_bytes(b"<osm><way")
    assert run("county", "update", folder, "--osm", tmp_path / "bad.osm")[0] == 3
    assert (versions(folder), list_editions(folder)) == ({"gone": 1, "main": 1, "turned": 1}, ())


def test_places_that_the_county_drew_stay(folder, run, tmp_path):
    rows = json.loads((folder / PLACES_FILE).read_text(encoding="utf-8"))
    point = {"type": "Point", "coordinates": [113.02, 33.0]}
    rows["features"].append(
        {"type": "Feature", "properties": {"id": "own", "name": "卡点", "kind": "checkpoint"}, "geometry": point}
    )
    (folder / PLACES_FILE).write_text(json.dumps(rows), encoding="utf-8")
    run("county", "update", folder, "--osm", tmp_path / "new.osm")
    places = open_county(folder).places.by_id
    assert places["own"].name == "卡点"
    assert len({one.name for one in places.values()}) == len(places)


def prepared(folder, tmp_path):
    """Do what comes before the transaction that decides."""
    session = session_of(folder)
    new = read_new_map(session.county, SourceFiles(tmp_path / "new.osm"))
    keep_edition_in_use(session.county)
    write_edition(session.county, new, session.county.places)
    return session, new


def test_killed_before_the_register_decided_everything_is_as_it_was(folder, tmp_path):
    was = edition_in_use(folder)
    prepared(folder, tmp_path)
    assert check_whole(folder) == was
    assert versions(folder) == {"gone": 1, "main": 1, "turned": 1}


@pytest.mark.parametrize("swapped", [(), (NETWORK_FILE,), (NETWORK_FILE, PLACES_FILE)])
def test_killed_after_it_decided_the_next_command_completes_the_swap(folder, tmp_path, run, swapped):
    session, new = prepared(folder, tmp_path)
    put_register_onto(session, new)
    after = edition_name(new.network.digest)
    for file in swapped:
        (folder / file).write_bytes((folder / "editions" / after / file).read_bytes())
    code, said = run("closures", "list", "--county", folder)
    assert (code, {one["id"]: one["version"] for one in said["closures"]}) == (0, {"gone": 2, "main": 2, "turned": 2})
    assert check_whole(folder) == after
    assert json.loads((folder / REPORT_FILE).read_text(encoding="utf-8"))["network_digest"] == new.network.digest


def killed_after(seconds, folder, tmp_path):
    """Run the command in a process of its own and kill it; return whether it had ended by itself."""
    words = [sys.executable, "-m", "web", "county", "update", str(folder), "--osm", str(tmp_path / "new.osm"), "--json"]
    words[1:3] = ["-c", "from web.cli import main; main()"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait() != -signal.SIGKILL


def kill_and_check(folder, tmp_path, seconds):
    was = edition_in_use(folder)
    killed_after(seconds, folder, tmp_path)
    now = check_whole(folder)
    changed = set(versions(folder).values()) != {1}
    assert (now != was) == changed
    leftovers = [
        path.name for path in (*folder.iterdir(), *(folder / "editions").glob("*")) if path.name.endswith(".part")
    ]
    assert all(name.startswith(".") for name in leftovers)


@pytest.mark.parametrize("seconds", [0.9, 1.5])
def test_a_killed_update_leaves_one_edition_or_the_other(folder, tmp_path, seconds):
    kill_and_check(folder, tmp_path, seconds)


@pytest.mark.long
@pytest.mark.parametrize("seconds", np.linspace(0.3, 3.0, 40).round(2).tolist())
def test_an_update_killed_at_any_time_leaves_one_edition_or_the_other(folder, tmp_path, seconds):
    kill_and_check(folder, tmp_path, seconds)


def test_a_gis_file_of_the_same_roads_takes_everything_along(folder, run, tmp_path):
    lines = [line([position(letter) for letter in letters]) for letters in ("abcde", "bg", "kl")]
    roads = write_layer(tmp_path / "roads.gpkg", lines, {"LXBM": ["G345", "X001", "X002"], "LXBH": ["1", "2", "3"]})
    (tmp_path / "map.toml").write_text('[columns]\nref = "LXBM"\nid = "LXBH"\n', encoding="utf-8")
    code, said = run("county", "update", folder, "--roads", roads, "--columns", tmp_path / "map.toml")
    assert (code, said["closures"]["misfits"], len(said["closures"]["rematched"])) == (0, [], 3)
    assert sorted(open_county(folder).network.road_id) == ["1-1", "1-2", "2", "3"]
    listed = run("closures", "list", "--county", folder)[1]["closures"]
    assert {one["approval"] for one in listed} == {"approved"}
    assert run("log", "verify", "--county", folder)[0] == 0


def test_what_an_update_records_has_its_words():
    from geodata.closures import rematch_register as closures
    from passes.editions import rematch_register as passes
    from web.closures.words import ACTS
    from web.wording.passes import EVENTS

    assert closures.REMATCHED in ACTS
    assert passes.REMATCHED in EVENTS
