"""`baotong route` as a whole command: answers, forms, what-ifs, batches, and what it refuses."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import numpy as np
import pytest

from geodata.closures.closure import Closure, Direction, Observation, RoadSpan
from geodata.closures.register import import_closures
from geodata.county import NETWORK_FILE
from geodata.network import TurnRestriction, load_network, save_network
from geodata.store import open_store, transaction
from passes.database import ready_database
from tests.conftest import small_network, write_small_county
from web import cli
from web.answer import ExitCode

SCHEMAS = Path(__file__).parent.parent / "schemas"
NOW = datetime(2022, 7, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return write_small_county(tmp_path_factory.mktemp("route") / "county")


@pytest.fixture
def ask(county, capsys):
    """Run `baotong route`; return exit code, stdout and stderr."""

    def run(*arguments, folder=county):
        code = cli.run(["route", "--county", str(folder), *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def ask_json(ask):
    """Run `baotong route --json`; return exit code and the object."""

    def run(*arguments, **further):
        code, out, _ = ask(*arguments, "--json", **further)
        return code, json.loads(out)

    return run


def matches(payload, schema: str) -> bool:
    jsonschema.validate(payload, json.loads((SCHEMAS / f"{schema}.json").read_text()))
    return True


def closures_file(folder: Path, *features: dict) -> Path:
    """Write a closure file; each feature names its roads."""
    rows = [
        {"type": "Feature", "geometry": None, "properties": {"start": "2022-06-01T00:00:00+08:00", **one}}
        for one in features
    ]
    path = folder / "closures.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    return path


def roads(payload) -> list[str]:
    return [("" if road["direction"] == "forward" else "-") + road["road_id"] for road in payload["roads"]]


def test_a_route_is_answered_as_the_contract_says(ask_json):
    code, payload = ask_json("--from", "县医院", "--to", "宏达面粉")
    assert code == ExitCode.DONE
    assert matches(payload, "route")
    assert set(payload) == {"ok", "distance_m", "duration_s", "roads", "geometry", "closure_set_version"}
    assert roads(payload) == ["c1"]
    assert payload["geometry"] == [[113.02, 33.02], [113.02, 33.04]]
    assert payload["distance_m"] == round(sum(road["length_m"] for road in payload["roads"]), 2)


@pytest.mark.parametrize("origin", ["clinic", "县医院", "113.02,33.02", " 113.02 , 33.02 "])
def test_an_end_is_a_place_or_a_position(ask_json, origin):
    assert roads(ask_json("--from", origin, "--to", "village")[1]) == ["v1"]


def test_turn_restrictions_are_kept_where_that_is_asked_for(ask_json, county, tmp_path):
    ends = ("--from", "village", "--to", "dock")
    plain = roads(ask_json(*ends)[1])
    folder = Path(shutil.copytree(county, tmp_path / "restricted"))
    network = load_network(folder / NETWORK_FILE)
    first, second = (network.road_index[road.lstrip("-")] for road in plain[:2])
    junction = next(int(end) for end in network.ends[first] if end in network.ends[second])
    turn = TurnRestriction("no_left_turn", (first,), (), (second,), junction)
    save_network(replace(network, turn_restrictions=(turn,)), folder / NETWORK_FILE)
    assert roads(ask_json(*ends, folder=folder)[1]) == plain
    code, payload = ask_json(*ends, "--turns", "kept", folder=folder)
    assert code == ExitCode.NO_ROUTE or roads(payload)[:2] != plain[:2]


def test_via_points_are_visited_in_their_order(ask_json):
    _, payload = ask_json("--from", "clinic", "--via", "village", "--via", "park", "--to", "dock")
    assert roads(payload) == ["v1", "-v1", "n2", "c2", "-c3"]


def test_an_end_outside_the_county_is_reached_by_the_entry_point(ask_json):
    _, payload = ask_json("--from", "410100 郑州市", "--to", "县医院")
    assert roads(payload) == ["-n1", "-n2"]


def test_origin_that_is_the_destination_is_a_route_of_length_zero(ask_json):
    code, payload = ask_json("--from", "clinic", "--to", "clinic")
    assert (code, payload["distance_m"], payload["duration_s"]) == (ExitCode.DONE, 0, 0)
    assert matches(payload, "route")


def test_people_get_a_text_in_their_language(ask):
    assert "路线：2.2 km，约 3 分钟" in ask("--from", "clinic", "--to", "firm", "--lang", "zh")[1]
    assert "Route: 2.2 km, about 3 min" in ask("--from", "clinic", "--to", "firm", "--lang", "en")[1]


def test_a_what_if_closes_the_roads_of_a_file_approved_or_not(ask_json, tmp_path):
    what_if = closures_file(tmp_path, {"id": "w1", "road_ids": ["c1"]})
    assert roads(ask_json("--from", "clinic", "--to", "firm", "--closures", what_if)[1]) == ["n2", "c2", "-c3"]
    assert roads(ask_json("--from", "clinic", "--to", "firm")[1]) == ["c1"]


def test_a_what_if_counts_in_its_window_only(ask_json, tmp_path):
    what_if = closures_file(tmp_path, {"id": "w1", "road_ids": ["c1"], "start": "2022-07-01T00:00:00+08:00"})
    ends = ("--from", "clinic", "--to", "firm", "--closures", what_if, "--depart")
    assert roads(ask_json(*ends, "2022-06-30T12:00:00+08:00")[1]) == ["c1"]
    assert roads(ask_json(*ends, "2022-07-01T00:00:00+08:00")[1]) == ["n2", "c2", "-c3"]


def test_no_route_names_the_smallest_set_of_closures(ask_json, tmp_path):
    both = ({"id": "w1", "road_ids": ["c1"]}, {"id": "w2", "road_ids": ["c3", "n1"]})
    code, payload = ask_json("--from", "clinic", "--to", "firm", "--closures", closures_file(tmp_path, *both))
    assert code == ExitCode.NO_ROUTE
    assert payload in [{"ok": False, "code": "no-route", "blocking": [one], "proven": True} for one in ("w1", "w2")]
    assert matches(payload, "route-none")


def test_no_route_is_told_to_people_with_the_closures(ask, tmp_path):
    what_if = closures_file(tmp_path, {"id": "mound", "road_ids": ["v1"]})
    code, out, _ = ask("--from", "clinic", "--to", "village", "--closures", what_if, "--lang", "en")
    assert code == ExitCode.NO_ROUTE
    assert "cut by closures mound" in out


def test_a_vehicle_too_tall_for_every_way_is_told_unreachable(ask_json, tmp_path):
    folder = write_small_county(tmp_path / "county")
    heights = np.where(np.isin(small_network().road_id, ["c1", "c2"]), 3.5, np.inf).astype(np.float32)
    save_network(replace(small_network(), max_height_m=heights), folder / "network.npz")
    (tmp_path / "tall.json").write_text('{"height_m": 3.6}')
    (tmp_path / "fits.json").write_text('{"height_m": 3.5}')
    ends = ("--from", "clinic", "--to", "113.035,33.04", "--vehicle")
    code, payload = ask_json(*ends, tmp_path / "tall.json", folder=folder)
    assert (code, payload) == (
        ExitCode.NO_ROUTE,
        {"ok": False, "code": "unreachable", "blocking": [], "proven": True},
    )
    assert ask_json(*ends, tmp_path / "fits.json", folder=folder)[0] == ExitCode.DONE


def test_pass_holders_go_where_they_are_let_through(ask_json, tmp_path):
    what_if = closures_file(
        tmp_path, {"id": "post", "road_ids": ["c1"], "pass_holders": "let_through", "barrier": "staffed"}
    )
    ends = ("--from", "clinic", "--to", "firm", "--closures", what_if)
    assert roads(ask_json(*ends)[1]) == ["n2", "c2", "-c3"]
    assert roads(ask_json(*ends, "--holder", "pass")[1]) == ["c1"]


def test_the_register_counts_and_raises_the_version(ask_json, tmp_path):
    folder = write_small_county(tmp_path / "county")
    store = open_store(f"sqlite:///{folder / 'baotong.sqlite'}")
    ready_database(store, at=NOW)
    seen = Observation(NOW, "blocked", "inspection", "earth_mound")
    blockage = Closure("mound", 1, (RoadSpan("c1", Direction.BOTH, 100.0, 120.0),), None, observations=(seen,))
    with transaction(store, writes=True) as connection:
        import_closures(connection, [blockage], NOW)
    store.dispose()
    code, payload = ask_json("--from", "clinic", "--to", "firm", folder=folder)
    assert (code, roads(payload)) == (ExitCode.DONE, ["n2", "c2", "-c3"])
    assert payload["closure_set_version"] > 0


def test_alternatives_come_with_the_least_time_route_first(ask_json):
    _, payload = ask_json("--from", "clinic", "--to", "park", "--alternatives", "3")
    ways = [roads(one) for one in payload["alternatives"]]
    assert ways == [["n2", "c2"], ["c1", "c3"]]
    assert roads(payload) == ways[0]


@pytest.mark.parametrize("form", ["json", "geojson"])
def test_json_and_geojson_are_printed_as_one_document(ask, form):
    code, out, _ = ask("--from", "clinic", "--to", "park", "--format", form)
    document = json.loads(out)
    assert code == ExitCode.DONE
    line = document["geometry"] if form == "json" else document["features"][0]["geometry"]["coordinates"]
    assert line == [[113.02, 33.02], [113.05, 33.02], [113.05, 33.04]]


@pytest.mark.parametrize(("form", "tag"), [("gpx", "{*}trkpt"), ("kml", "{*}coordinates")])
def test_gpx_and_kml_are_printed_as_xml(ask, form, tag):
    code, out, _ = ask("--from", "clinic", "--to", "park", "--format", form)
    found = ET.fromstring(out).findall(f".//{tag}")
    points = [f"{one.get('lon')},{one.get('lat')}" for one in found] if form == "gpx" else found[0].text.split()
    assert code == ExitCode.DONE
    assert points == ["113.0200000,33.0200000", "113.0500000,33.0200000", "113.0500000,33.0400000"]


def test_a_document_with_json_is_one_object_that_holds_it(ask_json):
    _, payload = ask_json("--from", "clinic", "--to", "park", "--format", "gpx")
    assert matches(payload, "route")
    assert payload["document"].startswith("<?xml")


def test_no_route_leaves_no_half_document_on_stdout(ask, tmp_path):
    what_if = closures_file(tmp_path, {"id": "mound", "road_ids": ["v1"]})
    code, out, err = ask("--from", "clinic", "--to", "village", "--closures", what_if, "--format", "gpx")
    assert (code, out) == (ExitCode.NO_ROUTE, "")
    assert "mound" in err


@pytest.mark.parametrize(
    ("arguments", "error", "where"),
    [
        (("--from", "nowhere", "--to", "clinic"), "place-unknown", "--from"),
        (("--from", "clinic", "--via", "nowhere", "--to", "clinic"), "place-unknown", "--via"),
        (("--from", "clinic", "--to", "113.02,33.09"), "position-far-from-road", "--to"),
        (("--from", "clinic", "--to", "33.02,113.02"), "position-latitude-first", "--to"),
        (("--from", "clinic", "--to", "park", "--depart", "2022-07-01T08:00"), "time-without-offset", "--depart"),
        (("--from", "clinic", "--to", "park", "--vehicle", "boat"), "vehicle-unknown", "--vehicle"),
        (("--from", "clinic", "--to", "park", "--closures", "gone.geojson"), "file-missing", "gone.geojson"),
        (("--batch", "gone.jsonl", "--out", "r.jsonl"), "file-missing", "gone.jsonl"),
    ],
)
def test_bad_input_names_the_place_and_the_remedy(ask_json, arguments, error, where):
    code, payload = ask_json(*arguments)
    assert code == ExitCode.BAD_INPUT
    assert matches(payload, "failure")
    assert (payload["error"]["code"], payload["error"]["where"]) == (error, where)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "clinic"),
        ("--batch", "q.jsonl"),
        ("--out", "r.jsonl", "--from", "clinic", "--to", "park"),
        ("--batch", "q.jsonl", "--out", "r.jsonl", "--from", "clinic"),
        ("--from", "clinic", "--via", "village", "--to", "park", "--alternatives", "2"),
        ("--from", "clinic", "--to", "park", "--holder", "friend"),
    ],
)
def test_options_that_do_not_fit_together_are_a_usage_error(ask_json, arguments):
    code, payload = ask_json(*arguments)
    assert (code, payload["error"]["code"]) == (ExitCode.USAGE, "usage")


def batch(folder: Path, *lines: str | dict) -> tuple[str, ...]:
    """Write a batch file and return the options that answer it."""
    text = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines)
    (folder / "q.jsonl").write_text(text, encoding="utf-8")
    return "--batch", str(folder / "q.jsonl"), "--out", str(folder / "r.jsonl")


def answers(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "r.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_batch_answers_every_line_in_its_order(ask_json, tmp_path):
    lines = [{"id": 7, "from": "clinic", "to": "firm"}, {"id": "b", "from": "park", "to": "clinic", "vehicle": "truck"}]
    code, payload = ask_json(*batch(tmp_path, *lines))
    first, second = answers(tmp_path)
    assert (code, payload["asked"], payload["routed"]) == (ExitCode.DONE, 2, 2)
    assert (first["id"], roads(first), second["id"], roads(second)) == (7, ["c1"], "b", ["-c2", "-n2"])
    assert matches(first, "route")


def test_lines_without_a_route_are_answered_and_the_batch_is_done(ask_json, tmp_path):
    what_if = closures_file(tmp_path, {"id": "mound", "road_ids": ["v1"]})
    lines = [{"id": "cut", "from": "clinic", "to": "village"}, {"id": "open", "from": "clinic", "to": "firm"}]
    code, payload = ask_json(*batch(tmp_path, *lines), "--closures", what_if)
    cut, other = answers(tmp_path)
    assert (code, payload["without_route"]) == (ExitCode.DONE, 1)
    assert cut == {"id": "cut", "ok": False, "code": "no-route", "blocking": ["mound"], "proven": True}
    assert other["ok"]


@pytest.mark.parametrize(
    ("line", "code", "where"),
    [
        ("not json", "batch-line-unreadable", "line 1"),
        ("[1]", "batch-line-unreadable", "line 1"),
        ({"id": "x", "from": "clinic"}, "batch-key-missing", "line 1: to"),
        ({"from": "clinic", "to": "park"}, "batch-key-missing", "line 1: id"),
        ({"id": "x", "from": "clinic", "to": "park", "departs": "now"}, "batch-key-unknown", "line 1: departs"),
        ({"id": "x", "from": "nowhere", "to": "park"}, "place-unknown", "line 1: from"),
        ({"id": "x", "from": "clinic", "to": "park", "depart": "2022-07-01"}, "time-without-offset", "line 1: depart"),
        ({"id": "x", "from": "clinic", "to": "park", "depart": 5}, "batch-value-unreadable", "line 1: depart"),
        ({"id": "x", "from": "clinic", "to": "park", "via": "village"}, "batch-value-unreadable", "line 1: via"),
        (
            {"id": "x", "from": "clinic", "to": "park", "vehicle": {"wings": 2}},
            "vehicle-key-unknown",
            "line 1: vehicle: wings",
        ),
        ({"id": "x", "from": "clinic", "to": "park", "holder": "friend"}, "holder-unknown", "line 1: holder"),
        ({"id": "x", "from": 5, "to": "park"}, "end-unreadable", "line 1: from"),
    ],
)
def test_a_bad_line_gets_its_error_and_stops_nobody_else(ask_json, tmp_path, line, code, where):
    done, payload = ask_json(*batch(tmp_path, line, "", {"id": "good", "from": "clinic", "to": "firm"}))
    bad, good = answers(tmp_path)
    assert (done, payload["errors"], payload["routed"]) == (ExitCode.DONE, 1, 1)
    assert (bad["ok"], bad["error"]["code"], bad["error"]["where"]) == (False, code, where)
    assert bad["error"]["remedy"]
    assert good["id"] == "good"


def test_a_line_may_say_via_points_time_vehicle_and_holder(ask_json, tmp_path):
    further = {"via": ["village"], "depart": "2022-07-01T08:00:00+08:00", "vehicle": {"height_m": 3}, "holder": "pass"}
    ask_json(*batch(tmp_path, {"id": "x", "from": "clinic", "to": "firm", **further}))
    assert roads(answers(tmp_path)[0]) == ["v1", "-v1", "c1"]


def test_answers_that_cannot_be_written_leave_no_file(ask_json, tmp_path):
    options = batch(tmp_path, {"id": "x", "from": "clinic", "to": "firm"})
    code, payload = ask_json(*options[:3], tmp_path / "no folder" / "r.jsonl")
    assert (code, payload["error"]["code"]) == (ExitCode.SURROUNDINGS, "disk-write-failed")
    assert not (tmp_path / "no folder").exists()


def test_a_batch_file_that_is_no_text_is_refused(ask_json, tmp_path):
    (tmp_path / "q.jsonl").write_bytes(b"\xff\xfe\x00")
    code, payload = ask_json("--batch", tmp_path / "q.jsonl", "--out", tmp_path / "r.jsonl")
    assert (code, payload["error"]["code"]) == (ExitCode.BAD_INPUT, "batch-unreadable")
