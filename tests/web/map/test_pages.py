"""The map's page, its tiles and its roads, as a browser asks for them."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from mapbox_vector_tile import decode

from geodata.closures.register import import_closures
from geodata.store import transaction
from geodata.tiles.grid import tile_at
from tests.closure_cases import HQ, blocked, closed, says, sees
from tests.web_fixtures import OPENED_AT
from web.session import now


@pytest.fixture
def closures(small_site):
    """One road lawfully closed, one closed with no approval on record, one that a driver reported as blocked."""
    from dataclasses import replace
    from datetime import timedelta

    from geodata.windows import Window

    at = now()
    window = Window(at - timedelta(hours=1), at + timedelta(hours=5))
    seen = [sees("blocked", at - timedelta(minutes=5), "driver", "trench")]
    rows = [
        replace(closed("c1", decisions=[says(HQ, at=at - timedelta(hours=2))]), id="lawful", window=window),
        replace(closed("c3"), id="open-question", window=window),
        blocked("v1", observations=seen, id="reported"),
    ]
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, rows, at)


def settings_of(page):
    found = re.search(r'data-county-map="([^"]*)"', page.get_data(as_text=True)).group(1)
    return json.loads(found.replace("&#34;", '"').replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))


def tile_of(client, pattern, key=""):
    spot = tile_at(113.04, 33.02, 10)
    address = pattern.replace("{key}", key)
    for name in "zxy":
        address = address.replace(f"{{{name}}}", str(getattr(spot, name)))
    answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    layers = decode(gzip.decompress(answer.data)) if answer.data else {}
    return answer, {name: [one["properties"] for one in layer["features"]] for name, layer in layers.items()}


def test_everybody_sees_what_is_public_and_an_account_everything(client_of, closures):
    public, office = (client_of(role).get("/map?lang=en").get_data(as_text=True) for role in ("", "S"))
    assert "Closed, approved" in public
    assert "no approval on record</" not in public.split("map-lists")[1]
    assert "row-reported-blocked" not in public
    for row in ("row-lawful-approved", "row-open-question-unapproved", "row-reported-blocked"):
        assert row in office


def test_the_map_draws_what_the_list_says(client_of, closures):
    for role, expected in (("", {"lawful"}), ("HQ", {"lawful", "open-question", "reported"})):
        client = client_of(role)
        settings = settings_of(client.get("/map"))
        _, layers = tile_of(client, settings["moment"], settings["key"])
        assert {one["id"] for one in layers["closure_marks"]} == expected


def test_tiles_of_what_stands_are_kept_for_a_year_and_compressed(client_of):
    client = client_of("")
    settings = settings_of(client.get("/map"))
    answer, layers = tile_of(client, settings["base"])
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert {one["class"] for one in layers["roads"]} == {"national", "county", "township", "village"}
    assert {one["name"] for one in layers["places"]} == {"东入县口", "检查点", "接驳站", "采样点", "县医院"}


def test_a_client_that_takes_no_gzip_gets_the_tile_plain(client_of):
    client = client_of("")
    spot = tile_at(113.04, 33.02, 10)
    base = settings_of(client.get("/map"))["base"].format(z=spot.z, x=spot.x, y=spot.y)
    answer = client.get(base, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert "roads" in decode(answer.data)


def test_an_older_key_gives_the_newest_state_that_is_not_kept(client_of, closures):
    client = client_of("")
    answer, layers = tile_of(client, settings_of(client.get("/map"))["moment"], "0-0")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert layers["closure_marks"]


def test_the_state_changes_with_the_register(client_of, small_site):
    client = client_of("")
    before = client.get("/map/state").get_json()["key"]
    assert client.get("/map/state").get_json()["key"] == before
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, [blocked("v1", observations=[sees("blocked", OPENED_AT)], id="new")], OPENED_AT)
    assert client.get("/map/state").get_json()["key"] != before


def test_what_the_office_sees_is_not_for_everybody(client_of, closures):
    settings = settings_of(client_of("C").get("/map"))
    assert "/tiles/office/" in settings["moment"]
    answer, _ = tile_of(client_of("C"), settings["moment"], settings["key"])
    assert answer.headers["Cache-Control"].startswith("private")
    assert client_of("").get("/tiles/office/0-0/0/0/0").status_code == 303


@pytest.mark.parametrize("spot", ["15/0/0", "3/8/0", "3/0/99"])
def test_there_is_no_such_tile(client_of, spot):
    assert client_of("").get(f"/tiles/base/none/{spot}").status_code == 404


def test_a_tile_without_anything_is_empty(client_of):
    assert client_of("").get("/tiles/base/none/10/0/0").status_code == 204


@pytest.mark.parametrize(
    ("query", "ids"), [("q=g999", ["n1", "n2"]), ("id=c3&id=gone", ["c3"]), ("q=", []), ("q=Q1", [])]
)
def test_roads_are_told_to_the_script_with_their_lines(client_of, query, ids):
    answer = client_of("").get(f"/map/roads?{query}", headers={"Accept": "application/json"}).get_json()
    assert sorted(one["properties"]["id"] for one in answer["features"]) == ids
    assert all(len(one["geometry"]["coordinates"]) > 1 for one in answer["features"])


def test_roads_are_found_without_a_map_or_a_script(client_of):
    text = client_of("").get("/map/roads?q=G999&lang=en").get_data(as_text=True)
    assert "<code>n1</code>" in text
    assert "G999 (National road)" in text
    assert "No road is called that." in client_of("").get("/map/roads?q=ZZZ&lang=en").get_data(as_text=True)


def test_what_was_asked_for_is_shown_as_text(client_of):
    text = client_of("").get("/map/roads?q=%3Cscript%3E").get_data(as_text=True)
    assert "<script>alert" not in text
    assert 'value="&lt;script&gt;"' in text


def test_a_row_leads_to_the_record_of_the_closure_where_the_role_may_read_it(client_of, closures):
    assert 'href="/closures/lawful"' in client_of("HQ").get("/map").get_data(as_text=True)
    assert 'href="/closures/lawful"' not in client_of("C").get("/map").get_data(as_text=True)
    assert 'href="/closures/lawful"' not in client_of("").get("/map").get_data(as_text=True)


def test_records_that_cannot_be_drawn_are_named_and_hide_nothing_else(small_site, client_of, closures):
    import sqlalchemy as sa

    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, [blocked("gone", observations=[sees("blocked", OPENED_AT)], id="lost")], OPENED_AT)
        connection.execute(sa.text("UPDATE closure_versions SET extent = 'x' WHERE closure_id = 'lawful'"))
    text = client_of("S").get("/map?lang=en").get_data(as_text=True)
    assert "not in the network: lawful, lost" in text
    assert "row-open-question-unapproved" in text
    assert "not in the network" not in client_of("").get("/map?lang=en").get_data(as_text=True)


def test_a_township_officer_first_sees_the_own_township(small_site, client_of):
    from shapely.geometry import box

    from geodata.areas import Area

    town = Area("town-1", "东镇", "township", box(113.04, 33.01, 113.09, 33.05))
    small_site.county.__dict__["areas"] = (*small_site.county.areas, town)
    assert settings_of(client_of("TW").get("/map"))["view"] == [113.04, 33.01, 113.09, 33.05]
    assert settings_of(client_of("HQ").get("/map"))["view"] is None
