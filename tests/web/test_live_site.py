"""A running application follows its county: a newer map, areas and places come without a restart."""

from __future__ import annotations

import json

import pytest

from geodata.closures.register import import_closures, list_closures
from geodata.county import AREAS_FILE, NETWORK_FILE, PLACES_FILE
from geodata.geojson import read_features, write_features
from geodata.import_report import report_import
from geodata.map_edition_register import edition_name, set_register_edition
from geodata.osm.import_tally import ImportTally
from geodata.places import Places
from geodata.store import transaction
from tests.closure_cases import NOON, closed
from tests.conftest import JUNCTIONS, ROADS, distance_m
from tests.networks import Road, make_network
from web import cli
from web.jobs.clock import keep_board, keep_time
from web.live_site import LiveSite
from web.map_update import NewMap, put_register_onto, update_map, write_edition
from web.session import Session
from web.site import reading, site

OUTSIDE = [[113.06, 33.01], [113.09, 33.01], [113.09, 33.03], [113.06, 33.03], [113.06, 33.01]]


@pytest.fixture
def session(small_site):
    """Another process's surroundings of the same county."""
    return Session(small_site.county.folder, "", "en", as_json=False)


@pytest.fixture
def newer():
    """The same roads, but "v1" has another name: another edition of the map."""
    roads = [
        Road("v1new" if name == "v1" else name, start, end, distance_m(JUNCTIONS[start], JUNCTIONS[end]), kind, ref=ref)
        for name, start, end, kind, ref in ROADS
    ]
    network = make_network(roads, JUNCTIONS)
    report = report_import(network, (), ImportTally(), source={})
    return NewMap(network, Places({}), report)


def close_village(small_site):
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, [closed("v1", id="mound", end=None)], NOON)


def test_a_running_application_answers_on_the_newer_map(small_site, small_app, client_of, session, newer):
    close_village(small_site)
    client = client_of("S")
    assert "mound" in client.get("/closures/mound").text
    update_map(session, newer, dry_run=False)
    for address in ("/closures/mound", "/closures", "/supervision"):
        assert client.get(address).status_code == 200
    with small_app.app_context():
        assert site().county.network.digest == newer.network.digest
        with reading() as connection:
            (closure,) = list_closures(connection)
            assert site().engine(connection).closings == ()
    assert [span.road_id for span in closure.extent] == ["v1new"]
    assert "v1new" in client.get("/closures/mound").text


def test_a_form_that_is_sent_after_the_change_is_taken_once(small_site, client_of, session, newer):
    client = client_of("TW")
    update_map(session, newer, dry_run=False)
    asked = {"road_ids": "v1new", "action": "look"}
    assert client.post("/township/request", data=asked).status_code in {200, 422}


def test_a_request_under_way_finishes_on_the_map_that_it_began_with(small_site, small_app, session, newer):
    close_village(small_site)
    with small_app.app_context(), reading() as connection:
        before = site()
        update_map(session, newer, dry_run=False)
        assert site() is before
        assert [span.road_id for span in site().closures(connection)[0].extent] == ["v1"]
    with small_app.app_context():
        assert site() is not before


def test_a_request_that_comes_between_register_and_files_completes_the_change(small_site, client_of, session, newer):
    client = client_of("S")
    folder = small_site.county.folder
    write_edition(session.county, newer, small_site.county.places)
    put_register_onto(session, newer)
    assert client.get("/closures").status_code == 200
    kept = folder / "editions" / edition_name(newer.network.digest)
    assert (folder / NETWORK_FILE).read_bytes() == (kept / NETWORK_FILE).read_bytes()


def test_areas_and_places_that_are_imported_come_without_a_restart(small_site, small_app, client_of, tmp_path, capsys):
    client = client_of("P")
    assert "新应急区" not in client.get("/map").text
    area = {"id": "new", "name": "新应急区", "kind": "emergency", "start": "2022-06-01T00:00:00+08:00"}
    shape = {"type": "Polygon", "coordinates": [OUTSIDE]}
    write_features(tmp_path / "a.geojson", [{"type": "Feature", "properties": area, "geometry": shape}])
    place = {"type": "Feature", "properties": {"id": "depot", "name": "东仓", "kind": "hub"}}
    write_features(tmp_path / "p.geojson", [{**place, "geometry": {"type": "Point", "coordinates": [113.08, 33.02]}}])
    folder = str(small_site.county.folder)
    assert cli.run(["areas", "import", str(tmp_path / "a.geojson"), "--county", folder]) == 0
    assert cli.run(["places", "import", str(tmp_path / "p.geojson"), "--county", folder]) == 0
    capsys.readouterr()
    with small_app.app_context():
        assert {one.id for one in site().county.areas} >= {"new"}
        assert site().county.places.by_id["depot"].name == "东仓"
        assert site().county.network is small_site.county.network
    assert "新应急区" in client.get("/map").text


def test_a_file_that_cannot_be_read_leaves_the_county_as_it_is(small_site, caplog):
    live = LiveSite(small_site)
    path = small_site.county.folder / AREAS_FILE
    was = path.read_bytes()
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature"}]}), encoding="utf-8")
    assert live.current() is live.current() is small_site
    assert caplog.text.count("county not read again") == 1
    path.write_bytes(was)
    assert live.current().county.areas == small_site.county.areas


def test_files_that_are_written_again_with_the_same_change_nothing(small_site):
    live = LiveSite(small_site)
    path = small_site.county.folder / PLACES_FILE
    write_features(path, read_features(path))
    assert live.current().county is small_site.county


def test_a_map_that_the_folder_does_not_keep_is_told(small_site, client_of):
    client = client_of("S")
    with transaction(small_site.store, writes=True) as connection:
        set_register_edition(connection, "ab" * 32)
    page = client.get("/closures")
    assert (page.status_code, "县文件夹里没有" in page.text) == (503, True)


def test_the_clock_does_not_judge_the_newer_register_on_the_older_map(small_site, session, newer):
    close_village(small_site)
    keep_board(small_site)
    update_map(session, newer, dry_run=False)
    before = rows_of(small_site)
    keep_time(small_site)
    assert rows_of(small_site) == before
    keep_time(LiveSite(small_site).follow())
    assert {one.road_id for one in rows_of(small_site)} == {"v1new"}


def rows_of(small_site):
    from geodata.tickets.board_register import BoardQuery, list_board

    with transaction(small_site.store, writes=False) as connection:
        return [one for one in list_board(connection, BoardQuery())[0] if one.subject == "mound"]
