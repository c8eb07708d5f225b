"""Bad input and odd networks through `baotong route`: each is refused with what was wrong, or answered all the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from geodata.county import NETWORK_FILE
from geodata.network import TurnRestriction, save_network
from tests.conftest import small_network, write_small_county
from tests.networks import Road, make_network
from web import cli
from web.answer import ExitCode

ENDS = ("--from", "clinic", "--to", "firm")


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return write_small_county(tmp_path_factory.mktemp("route") / "county")


@pytest.fixture
def ask(county, capsys):
    """Run `baotong route --json`; return exit code and the object."""

    def run(*arguments, folder=county):
        code = cli.run(["route", "--json", "--county", str(folder), *map(str, arguments)])
        return code, json.loads(capsys.readouterr().out)

    return run


def file_of(folder: Path, *features: dict) -> Path:
    rows = [
        {"type": "Feature", "geometry": None, **one, "properties": {"start": "2022-06-01T00:00:00Z", **properties}}
        for one in features
        if (properties := one.pop("properties", {})) is not None
    ]
    path = folder / "closures.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return path


def roads(payload) -> list[str]:
    return [("" if road["direction"] == "forward" else "-") + road["road_id"] for road in payload["roads"]]


def closing(closure_id: str, *road_ids: str) -> dict:
    return {"properties": {"id": closure_id, "road_ids": list(road_ids)}}


def codes(payload) -> list[str]:
    return [row["code"] for row in payload["error"].get("rows", payload.get("errors", []))]


def test_an_unknown_road_is_refused_by_its_row(ask, tmp_path):
    code, payload = ask(*ENDS, "--closures", file_of(tmp_path, closing("w1", "nowhere")))
    assert (code, payload["error"]["code"]) == (ExitCode.BAD_INPUT, "closures-file-has-errors")
    assert "nowhere" in json.dumps(payload)


def test_one_closure_twice_in_a_file_is_refused(ask, tmp_path):
    code, payload = ask(*ENDS, "--closures", file_of(tmp_path, closing("w1", "c1"), closing("w1", "c1")))
    assert (code, payload["error"]["code"]) == (ExitCode.BAD_INPUT, "closures-file-has-errors")


def test_one_road_closed_twice_is_closed(ask, tmp_path):
    twice = file_of(tmp_path, closing("w1", "c1"), closing("w2", "c1"))
    assert roads(ask(*ENDS, "--closures", twice)[1]) == ["n2", "c2", "-c3"]


def test_a_position_five_kilometres_from_any_road_is_refused_with_the_distance(ask):
    code, payload = ask("--from", "clinic", "--to", "113.02,33.085")
    assert (code, payload["error"]["code"]) == (ExitCode.BAD_INPUT, "position-far-from-road")
    assert "5004" in json.dumps(payload["error"])


@pytest.mark.parametrize("position", ["nan,33.02", "113.02,nan", "inf,33.02", "113.02,-inf"])
def test_a_position_that_is_no_number_is_refused(ask, position):
    code, payload = ask("--from", position, "--to", "firm")
    assert code == ExitCode.BAD_INPUT
    assert (payload["error"]["code"], payload["error"]["where"]) == ("position-not-a-number", "--from")


def test_a_vehicle_too_slow_to_reckon_with_is_told_on_which_road(ask, tmp_path):
    slow = tmp_path / "slow.json"
    slow.write_text('{"max_kmh": 0.0001}', encoding="utf-8")
    code, payload = ask(*ENDS, "--vehicle", slow, "--lang", "en")
    assert (code, payload["error"]["code"]) == (ExitCode.BAD_INPUT, "road-takes-too-long")
    assert payload["error"]["text"].startswith("Road n1 is 2.8 km long")


def island(tmp_path) -> Path:
    """The small county without its only road to the village."""
    folder = write_small_county(tmp_path / "county")
    network = small_network()
    access = network.access.copy()
    access[network.road_index["v1"]] = [0, 3]
    save_network(replace(network, access=access), folder / NETWORK_FILE)
    return folder


@pytest.mark.parametrize("turns", ["ignored", "kept"])
def test_a_disconnected_end_is_unreachable_whatever_is_lifted(ask, tmp_path, turns):
    ends = ("--from", "clinic", "--to", "113.02,33.0", "--turns", turns)
    code, payload = ask(*ends, "--closures", file_of(tmp_path, closing("w1", "c1")), folder=island(tmp_path))
    assert (code, payload["code"], payload["blocking"]) == (ExitCode.NO_ROUTE, "unreachable", [])


@pytest.mark.parametrize("turns", ["ignored", "kept"])
def test_a_network_of_one_junction_is_driven_round(ask, tmp_path, turns):
    folder = write_small_county(tmp_path / "county")
    corners = ((113.021, 33.02), (113.021, 33.021))
    only = make_network([Road("loop", "A", "A", 350.0, access=(3, 0), bend=corners)], {"A": (113.02, 33.02)})
    save_network(only, folder / NETWORK_FILE)
    ends = ("--from", "113.021,33.0208", "--to", "113.0205,33.02", "--turns", turns)
    code, payload = ask(*ends, folder=folder)
    assert code == ExitCode.DONE
    assert roads(payload) == ["loop", "loop"]
    assert payload["distance_m"] < 350.0


def polygon(west: float, south: float, east: float, north: float, **properties) -> dict:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"id": "flood", **properties}}


def test_a_what_if_polygon_closes_the_roads_in_it(ask, tmp_path):
    flood = file_of(tmp_path, polygon(113.015, 33.028, 113.025, 33.032))
    assert roads(ask(*ENDS, "--closures", flood)[1]) == ["n2", "c2", "-c3"]


@pytest.mark.parametrize(
    ("corners", "code"),
    [((115.0, 35.0, 115.1, 35.1), "area-outside-county"), ((113.03, 33.025, 113.04, 33.035), "area-without-roads")],
)
def test_a_what_if_polygon_that_closes_nothing_is_refused(ask, tmp_path, corners, code):
    answer = ask(*ENDS, "--closures", file_of(tmp_path, polygon(*corners)))
    assert answer[0] == ExitCode.BAD_INPUT
    assert code in json.dumps(answer[1])


def with_ban(tmp_path, condition: str) -> Path:
    """No turn from c1 into n2 in some hours; the county's clock is eight hours ahead of UTC."""
    folder, network = write_small_county(tmp_path / "county"), small_network()
    origin, target = network.road_index["c1"], network.road_index["n2"]
    ban = TurnRestriction("no_left_turn", (origin,), (), (target,), int(network.ends[target, 0]), (), condition)
    save_network(replace(network, turn_restrictions=(ban,)), folder / NETWORK_FILE)
    return folder


@pytest.mark.parametrize(("depart", "turns"), [("2022-07-01T00:00:00Z", False), ("2022-07-01T08:00:00Z", True)])
def test_hours_of_turns_are_read_on_the_countys_clock(ask, tmp_path, depart, turns):
    folder = with_ban(tmp_path, "(07:00-09:00)")
    ends = ("--from", "firm", "--to", "113.035,33.02", "--turns", "kept", "--depart", depart)
    assert (roads(ask(*ends, folder=folder)[1]) == ["-c1", "n2"]) is turns


def test_the_county_may_say_that_turns_are_kept(ask, tmp_path):
    folder = with_ban(tmp_path, "")
    ends = ("--from", "firm", "--to", "113.035,33.02")
    assert roads(ask(*ends, folder=folder)[1]) == ["-c1", "n2"]
    settings = folder / "county.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[roads]\nturns = "kept"\n', encoding="utf-8")
    assert roads(ask(*ends, folder=folder)[1]) != ["-c1", "n2"]
    assert roads(ask(*ends, "--turns", "ignored", folder=folder)[1]) == ["-c1", "n2"]


def test_people_are_told_on_which_roads_the_closures_lie(county, tmp_path, capsys):
    both = file_of(tmp_path, closing("w1", "n1"))
    words = ("--from", "clinic", "--to", "east", "--closures", str(both), "--lang", "en", "--county", str(county))
    assert cli.run(["route", *words]) == ExitCode.NO_ROUTE
    assert "cut by closures w1 (G999)" in capsys.readouterr().out
