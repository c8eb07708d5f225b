"""An area of another regime is closed to the public and open to pass holders, at one time and by command."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime

import pytest
import shapely
from shapely.geometry import mapping

from geodata.areas import area_feature
from geodata.county import AREAS_FILE, open_county
from geodata.geojson import write_features
from geodata.policy_reading import profile_text
from geodata.store import open_store, transaction
from passes.database import ready_database
from routing.engine import Ask
from routing.route import Route
from tests.conftest import write_small_county
from tests.networks import on_road
from tests.routing.oracle import CAR
from web import cli
from web.answer import ExitCode
from web.live_network import LiveNetwork


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The small county, with the zone of an animal disease round the firm at C."""
    folder = write_small_county(tmp_path_factory.mktemp("areas") / "county")
    (folder / "regimes").mkdir(exist_ok=True)
    text = profile_text("animal-disease")
    buffers = [line for line in text.splitlines() if line.startswith("buffer_km")]
    for line in buffers:
        text = text.replace(line, "buffer_km = 0")
    assert tomllib.loads(text)["area_kind"]["infected_zone"]["transit"] == "pass"
    (folder / "regimes" / "asf.toml").write_text(text, encoding="utf-8")
    zone = {"id": "z1", "name": "疫区", "kind": "infected_zone", "regime": "asf", "start": "2022-06-01T00:00:00Z"}
    corner = shapely.box(113.01, 33.03, 113.035, 33.05)
    features = [area_feature(one) for one in open_county(folder).areas]
    write_features(
        folder / AREAS_FILE, [*features, {"type": "Feature", "properties": zone, "geometry": mapping(corner)}]
    )
    return folder


def ask(folder, capsys, *arguments):
    ends = ("--from", "clinic", "--to", "firm", "--depart", "2022-07-01T08:00:00Z", "--lang", "en")
    code = cli.run(["route", "--county", str(folder), *ends, *arguments])
    return code, capsys.readouterr().out


def test_the_public_is_told_which_area_stops_it(folder, capsys):
    code, out = ask(folder, capsys, "--json")
    assert (code, json.loads(out)["blocking"]) == (ExitCode.NO_ROUTE, ["area:z1"])
    assert "the area “疫区”" in ask(folder, capsys)[1]


def test_a_pass_holder_drives_in(folder, capsys):
    code, out = ask(folder, capsys, "--json", "--holder", "pass")
    assert (code, [road["road_id"] for road in json.loads(out)["roads"]]) == (ExitCode.DONE, ["c1"])


def test_a_server_answers_both_from_one_live_network(folder):
    county = open_county(folder)
    network = county.network
    store = open_store(county.database_url)
    ready_database(store, at=datetime(2022, 7, 1, tzinfo=UTC))
    live = LiveNetwork(county)
    with transaction(store, writes=False) as connection:
        engine = live.engine(connection, keeps=True)
    store.dispose()
    ends = on_road(network, "c1", 100), on_road(network, "c3", 100)
    for holder, is_there in (("public", False), ("pass", True), ("public", False)):
        found = engine.route(Ask(*ends, CAR, datetime(2022, 7, 1, tzinfo=UTC), holder))
        assert isinstance(found, Route) is is_there
