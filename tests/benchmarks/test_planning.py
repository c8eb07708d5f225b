"""What planning costs a pass: many checked and made ready to sign, and the same one at a time; processor time.

Pairs that repeat are trips between entry points and firms; distinct pairs are positions near any two villages. "One at
a time" is an office nobody used before for each pass, on a map and on closings that nobody asked about: what a single
application costs. Figures are milliseconds a pass.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from datetime import timedelta
from time import process_time

import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.collector import collector_resting
from geodata.errors import BaotongError
from geodata.store import transaction
from geodata.windows import Window
from passes.applications.application import read_application
from passes.applications.check import check_application, check_applications
from passes.applications.office import Office, all_conditions
from passes.editions.pass_edition import Edition, unsigned_editions
from routing.engine import Engine
from routing.errors import NoRouteError
from routing.trips.closed_loop import planner_on
from routing.trips.trip import trip_map_of
from tests.browser_fixtures import ServedSite
from web.session import Session
from web.site import open_site

PASSES = int(os.environ.get("BAOTONG_BENCH_PASSES", "400"))
ALONE = 20
pytestmark = pytest.mark.benchmark


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A demo county of its own, with its surroundings."""
    folder = tmp_path_factory.mktemp("planning") / "demo"
    os.environ["BAOTONG_KEY_FILE"] = str(folder.parent / "key")
    served = ServedSite("", folder, folder.parent / "key")
    assert served.run("demo", "--once", "--dir", str(folder)).returncode == 0
    opened = open_site(Session(folder, "", "", as_json=False))
    yield opened
    opened.store.dispose()


def applications(site, count, *, are_distinct, seed=1):
    """Round trips, spread over five hours."""
    chance, county, at = random.Random(seed), site.county, site.now()
    document = json.loads((county.folder / "applications" / "clean.json").read_text(encoding="utf-8"))
    places = list(county.places.by_id.values())
    owners = {one.owner for one in places if one.kind == "receiving_point"}
    firms = [one.id for one in places if one.kind == "enterprise" and one.id in owners]
    entries = [one.id for one in places if one.kind == "entry_point"]
    villages = [one for one in places if one.kind == "village"]

    def near(place):
        return {"lon": round(place.lon + chance.uniform(-0.002, 0.002), 5), "lat": round(place.lat, 5)}

    for _ in range(count):
        ends = {"origin": {**document["origin"], "entry_point": chance.choice(entries)}}
        ends["destination"] = chance.choice(firms)
        if are_distinct:
            ends = dict(zip(("origin", "destination"), map(near, chance.sample(villages, 2)), strict=True))
        depart_at = (at + timedelta(minutes=60 + chance.randrange(300))).isoformat()
        asked = {**document, **ends, "depart_at": depart_at}
        yield read_application(asked, where="", conditions=all_conditions(county.settings))


def fresh_office(site, connection):
    """An office on a map and on closings that nobody asked about."""
    county = site.county
    closings = site.network.engine(connection, keeps=False).closings
    engine = Engine(county.network, speeds_kmh=county.settings.speeds_kmh, closings=closings)
    return Office(connection, county.settings, replace(trip_map_of(county)), engine)


def ready(checked, office, at):
    """Make editions ready to be signed."""
    good = [one for one in checked if not isinstance(one, BaotongError)]
    wanted = [(one, Edition(f"411322{number:06d}", "a")) for number, one in enumerate(good)]
    return sum(one is not None for one in unsigned_editions(wanted, office, at=at))


def timed(work):
    """Return milliseconds of the processor, and what came of it."""
    with collector_resting():
        begin = process_time()
        result = work()
        return 1000 * (process_time() - begin), result


@pytest.mark.parametrize("are_distinct", [False, True], ids=["repeated-pairs", "distinct-pairs"])
def test_many_passes_are_made_ready(site, are_distinct):
    at = site.now()
    asked = list(applications(site, PASSES, are_distinct=are_distinct))
    with transaction(site.store, writes=False) as connection:
        office = fresh_office(site, connection)
        ready(check_applications(asked[:3], office, at=at), office, at)
        office = fresh_office(site, connection)
        for what in ("first", "again"):
            check_ms, checked = timed(lambda: check_applications(asked, office, at=at))
            ready_ms, good = timed(lambda checked=checked: ready(checked, office, at))
            told = f"checked {check_ms / PASSES:.2f} + made ready {ready_ms / PASSES:.2f} ms a pass"
            print(f"\n{PASSES} passes, distinct={are_distinct}, {what}: {told}; {good} ready")
        alone_ms = 0.0
        for one in asked[:ALONE]:
            lonely = fresh_office(site, connection)
            lonely.engine.usable_roads(site.county.settings.vehicles["truck"])
            alone_ms += timed(lambda one=one, lonely=lonely: check_application(one, lonely, at=at))[0]
    print(f"checked one at a time by an office of its own: {alone_ms / ALONE:.2f} ms a pass")


def test_many_trips_are_routed_anew_round_a_closure(site):
    at = site.now()
    asked = list(applications(site, PASSES, are_distinct=False, seed=2))
    with transaction(site.store, writes=False) as connection:
        office = fresh_office(site, connection)
        checked = check_applications(asked, office, at=at)
    trips = [(one.request, one.trip) for one in checked if not isinstance(one, BaotongError) and one.trip]
    roads = [road for _, trip in trips for road in set(trip.roads.tolist())]
    busiest = max(set(roads), key=roads.count)
    length_m = float(site.county.network.length_m[busiest])
    window = Window(at + timedelta(minutes=30), at + timedelta(hours=30))
    closed = office.engine.snapshot(closings=[Closing("busy", busiest, Direction.BOTH, 0.0, length_m, window)])
    hit = [request for request, trip in trips if busiest in trip.roads.tolist()]

    def plan_all():
        planner, planned = planner_on(closed, office.trip_map), 0
        for request in hit:
            try:
                planner.plan(request)
                planned += 1
            except NoRouteError:
                continue
        return planned

    took_ms, planned = timed(plan_all)
    print(f"\n{len(hit)} hit trips, {planned} with another way: {took_ms / max(1, len(hit)):.2f} ms a trip")
