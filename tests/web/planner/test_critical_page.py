"""The page of roads that must stay open, its files, and the red mark on requests and decisions that touch one."""

from __future__ import annotations

import csv
import io
import json

import pytest

from geodata.closures.filings_register import list_filings
from geodata.store import transaction
from tests.closure_desks import ask, send_request


@pytest.fixture
def planner(client_of):
    return client_of("P")


def test_the_page_names_roads_people_and_who_is_cut_off(planner):
    page = planner.get("/planner/critical?lang=en").text
    assert "后庄村" in page
    assert 'id="road-v1"' in page
    assert "800" in page


def test_leaving_every_hub_out_cuts_everybody_off_already(planner, small_county):
    hubs = [one.id for one in small_county.places.of_kind("hub", "entry_point")]
    page = planner.get("/planner/critical", query_string={"without": hubs, "lang": "en"}).text
    assert "There is none." in page
    assert "Cut off already, whatever is closed" in page


def test_unticked_hubs_do_not_count(planner, small_county):
    page = planner.get("/planner/critical", query_string={"hub": "nothing", "lang": "en"}).text
    assert "There is none." in page


def test_the_files_say_what_the_page_says(planner):
    table = list(csv.DictReader(io.StringIO(planner.get("/planner/critical.csv").data.decode("utf-8-sig"))))
    lines = json.loads(planner.get("/planner/critical.geojson").data)["features"]
    assert {row["road_id"]: row["places"] for row in table}["v1"] == "后庄村"
    assert {one["properties"]["list"] for one in lines} == {"critical", "chain", "detour"}
    assert planner.get("/planner/critical.json").json["roads"][0]["road_id"]
    assert planner.get("/planner/critical.xyz").status_code == 404


def test_an_unknown_hub_or_vehicle_is_told(planner):
    assert planner.get("/planner/critical?without=nowhere").status_code == 404
    assert planner.get("/planner/critical?vehicle=tank").status_code == 404


def test_a_request_that_touches_one_carries_a_red_mark_and_keeps_it(client_of, small_site):
    looked = client_of("TW").post("/township/request", data={**ask(), "action": "look"}).text
    assert "<strong>不可关闭</strong>" in looked
    assert "单关这一条，就有 1 处 800 人断开" in looked
    number = send_request(client_of("TW"))
    assert "<strong>不可关闭</strong>" in client_of("HQ").get(f"/headquarters/closures/{number}").text
    with transaction(small_site.store, writes=False) as connection:
        (filing,) = list_filings(connection)
    assert filing.seen["critical"] == [
        {"road_id": "v1", "people": 800, "count": 1, "places": ["后庄村"], "way": "both"}
    ]


def test_a_request_beside_them_carries_none(client_of):
    looked = client_of("TW").post("/township/request", data={**ask(roads="c3"), "action": "look"}).text
    assert "单关这一条" not in looked
