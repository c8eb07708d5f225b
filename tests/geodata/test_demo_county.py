"""The demo county's folder: whole, opens as a county, and what lies beside the roads is usable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.closures.files import read_closures
from geodata.closures.states import closings_of
from geodata.county import open_county
from geodata.county_check import check_county
from geodata.demo.chance import Chance
from geodata.demo.county import DemoCounty, build_demo_county
from geodata.demo.enterprises import demo_vehicles, enterprises, unreal_id_number
from geodata.demo.roads import SEED
from geodata.errors import BadInputError
from geodata.store import open_store, transaction
from passes.applications.application import read_application
from passes.applications.check import CheckedApplication, check_application
from passes.applications.office import Office, all_conditions
from passes.database import upgrade_database
from passes.reading.identity import check_id_number
from passes.reading.plates import is_plate
from passes.whitelist.file import read_whitelist
from passes.whitelist.register import import_whitelist
from routing.engine import Engine
from routing.trips.trip import StopKind, TripMap
from tests.demo_world import AT


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoCounty:
    return build_demo_county(tmp_path_factory.mktemp("demo") / "county", at=AT)


@pytest.fixture(scope="module")
def office(demo: DemoCounty) -> Iterator[Office]:
    county = open_county(demo.folder)
    store = open_store(f"sqlite:///{demo.folder}/test.sqlite")
    upgrade_database(store, at=AT)
    trip_map = TripMap(county.network, county.road_index, county.places, county.areas)
    closures = read_closures(demo.closures, county.road_index, county.network, county.settings)
    closings = closings_of(closures, county.settings, county.network)
    engine = Engine(county.network, speeds_kmh=county.settings.speeds_kmh, closings=closings)
    with transaction(store, writes=True) as connection:
        import_whitelist(connection, read_whitelist(demo.whitelist).entries, at=AT, where="whitelist")
        yield Office(connection, county.settings, trip_map, engine)
    store.dispose()


def checked(demo: DemoCounty, office: Office, name: str) -> CheckedApplication:
    document = json.loads(demo.applications[name].read_text(encoding="utf-8"))
    application = read_application(document, where=name, conditions=all_conditions(office.settings))
    return check_application(application, office, at=AT)


def test_the_folder_opens_as_a_county(demo: DemoCounty) -> None:
    county = open_county(demo.folder)
    assert (county.settings.name, county.settings.area_code) == ("方城县", "411322")
    assert county.settings.schematic
    assert county.settings.policy.regime.id == "fangcheng-2022"
    assert county.network.digest == demo.network_digest
    assert (county.network.junction_count, county.network.road_count) == (demo.junctions, demo.roads)
    assert len(county.places.by_id) == demo.places
    assert len(county.areas) == 22


def test_the_folder_passes_the_county_check(demo: DemoCounty) -> None:
    assert check_county(open_county(demo.folder))[1] == ()


def test_the_folder_holds_roads_to_look_at_and_the_note_of_sources(demo: DemoCounty) -> None:
    assert (demo.folder / "roads.gpkg").stat().st_size > 1_000_000
    assert "schematic" in (demo.folder / "SOURCES.md").read_text(encoding="utf-8")


def test_an_existing_folder_is_refused_and_left_alone(demo: DemoCounty) -> None:
    before = sorted(path.name for path in demo.folder.iterdir())
    with pytest.raises(BadInputError, match="county-folder-exists"):
        build_demo_county(demo.folder, at=AT)
    assert sorted(path.name for path in demo.folder.iterdir()) == before


def test_nothing_is_left_beside_the_folder(demo: DemoCounty) -> None:
    assert [path.name for path in demo.folder.parent.iterdir()] == ["county"]


def test_every_whitelist_firm_is_an_enterprise_of_the_county(demo: DemoCounty) -> None:
    places = open_county(demo.folder).places.by_id
    entries = read_whitelist(demo.whitelist).entries
    assert len(entries) == 30
    assert {places[entry.columns["place"]].name for entry in entries} == {entry.name for entry in entries}


def test_the_whitelist_has_nothing_that_nobody_reads(demo: DemoCounty) -> None:
    assert read_whitelist(demo.whitelist).ignored == ()


def test_the_whitelist_covers_five_sectors() -> None:
    assert len({firm.sector for firm in enterprises()}) == 5


def test_two_hundred_drivers_with_valid_numbers_that_belong_to_nobody() -> None:
    vehicles = demo_vehicles(Chance(SEED))
    assert len({one.id_number for one in vehicles}) == len({one.plate for one in vehicles}) == 200
    assert all(is_plate(one.plate) for one in vehicles)
    for one in vehicles:
        assert check_id_number(one.id_number, where="driver") == (one.id_number, ())
        assert one.id_number[14:17] == "000"
        assert one.phone.startswith("000")


def test_numbers_of_further_persons_are_valid_too() -> None:
    assert all(check_id_number(unreal_id_number(number), where="x")[1] == () for number in range(0, 1_200, 7))


def test_links_are_own_or_contracted_and_every_firm_has_its_own_truck() -> None:
    vehicles = demo_vehicles(Chance(SEED))
    assert {one.link for one in vehicles} == {"own", "contracted"}
    assert {one.enterprise for one in vehicles if one.link == "own"} == {firm.id for firm in enterprises()}


def test_the_clean_application_has_no_findings(demo: DemoCounty, office: Office) -> None:
    answer = checked(demo, office, "clean")
    assert answer.findings == ()
    assert answer.trip is not None
    assert [stop.place_id for stop in answer.trip.stops][1] == f"rp-{demo.example_destination}"
    assert any(area.kind == "emergency" for area in answer.trip.areas)


def test_the_second_application_needs_a_stop_on_the_way(demo: DemoCounty, office: Office) -> None:
    answer = checked(demo, office, "sampling-stop")
    assert answer.findings == ()
    assert answer.trip is not None
    assert StopKind.SAMPLING in [stop.kind for stop in answer.trip.stops]


def test_the_third_application_is_refused(demo: DemoCounty, office: Office) -> None:
    findings = {one.code: one.clause for one in checked(demo, office, "refused").findings}
    assert findings == {"one-off-without-guarantee": "policy", "condition-expired": "L4"}


def test_roads_and_places_do_not_depend_on_the_moment(demo: DemoCounty, tmp_path: Path) -> None:
    other = build_demo_county(tmp_path / "later", at=AT.replace(year=2030))
    assert other.network_digest == demo.network_digest
    for name in ("places.geojson", "whitelist.json", "county.toml"):
        assert (other.folder / name).read_bytes() == (demo.folder / name).read_bytes()
