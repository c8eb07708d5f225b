"""How fast passes are issued, verified and re-issued on the demo county: processor time of one core, roads warm.

Bars: 5,000 hit passes found, planned, signed and kept in 10 s; 100,000 signed again in 60 s; 10,000 of a file in 10 s.
Trips go between every entry point and every firm and back, some 250 roads each: the longest that the county has.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from datetime import timedelta
from time import process_time

import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.store import transaction
from geodata.windows import Window
from passes.applications.application import read_application
from passes.applications.office import Office, all_conditions
from passes.editions.issuing import issue_pass
from passes.editions.pass_register import read_passes
from passes.editions.status_register import RegisterStatuses
from passes.keyring.key_register import open_key_ring, public_key_list
from passes.reissue.finding import Approved, look_for_hits
from passes.reissue.planning import prepare_reissues
from passes.reissue.reissue_register import FOUND, PREPARED, Asked, list_reissues
from passes.reissue.signing_again import sign_again
from passes.reissue.switch import switch_reissues
from passes.verifying.trust import Trust
from passes.verifying.verify import verify_pass
from routing.trips.trip import trip_map_of
from tests.browser_fixtures import ServedSite
from web.session import Session
from web.site import open_site

PASSES = int(os.environ.get("BAOTONG_BENCH_PASSES", "300"))
AT_ONCE = 100


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A demo county of its own, with its surroundings."""
    folder = tmp_path_factory.mktemp("passes") / "demo"
    key_file = folder.parent / "key"
    os.environ["BAOTONG_KEY_FILE"] = str(key_file)
    assert ServedSite("", folder, key_file).run("demo", "--once", "--dir", str(folder)).returncode == 0
    opened = open_site(Session(folder, "", "", as_json=False))
    yield opened
    opened.store.dispose()


def office_of(site, connection, closings=()):
    """The office, with further closings."""
    engine = site.network.engine(connection, keeps=False)
    county = site.county
    return Office(connection, county.settings, trip_map_of(county), engine.snapshot(closings=closings))


def documents(site, at):
    """Applications for trips between every entry point and firm, one after the other."""
    chance = random.Random(1)
    document = json.loads((site.county.folder / "applications" / "clean.json").read_text(encoding="utf-8"))
    places = site.county.places.by_id.values()
    owners = {one.owner for one in places if one.kind == "receiving_point"}
    firms = [one.id for one in places if one.kind == "enterprise" and one.id in owners]
    entries = [one.id for one in places if one.kind == "entry_point"]
    for number in range(PASSES):
        depart_at = at + timedelta(minutes=60 + chance.randrange(300))
        origin = {**document["origin"], "entry_point": chance.choice(entries)}
        goal = chance.choice(firms)
        yield {
            **document,
            "id": f"b{number}",
            "origin": origin,
            "destination": goal,
            "depart_at": depart_at.isoformat(),
        }


def told(what, begin, count=PASSES):
    """Print what one took, and what the same for the bar's number would take."""
    each = (process_time() - begin) / max(1, count)
    print(f"\n{what}: {1000 * each:.2f} ms each ({count}), {1 / max(each, 1e-9):,.0f} a second")


@pytest.fixture(scope="module")
def issued(site):
    """Passes, each issued as a single one is."""
    at = site.now()
    with transaction(site.store, writes=True) as connection:
        office, conditions = office_of(site, connection), all_conditions(site.county.settings)
        applications = [read_application(one, where="", conditions=conditions) for one in documents(site, at)]
        warm, *others = applications
        made = [issue_pass(warm, office, key_file=site.key_file, at=at).record]
        begin = process_time()
        made += [issue_pass(one, office, key_file=site.key_file, at=at).record for one in others]
        told("issue", begin, len(others))
    return [one for one in made if one is not None]


@pytest.mark.benchmark
def test_verifying(site, issued):
    at = site.now() + timedelta(hours=1)
    with transaction(site.store, writes=False) as connection:
        keys = public_key_list(connection, issuer=site.county.settings.area_code, at=at)
        trust = Trust(keys, RegisterStatuses(connection, at))
        for one in issued[:3]:
            verify_pass(one.token, trust, at=at)
        begin = process_time()
        for one in issued:
            verify_pass(one.token, trust, at=at)
        told("verify", begin, len(issued))


@pytest.mark.benchmark
def test_a_closure_of_the_busiest_road(site, issued):
    network, at = site.county.network, site.now()
    roads = Counter(road["road_id"] for one in issued for road in one.route["roads"])
    road = int(network.road_index[roads.most_common(1)[0][0]])
    window = Window(at + timedelta(minutes=30), at + timedelta(hours=30))
    closings = (Closing("busy", road, Direction.BOTH, 0.0, float(network.length_m[road]), window),)
    with transaction(site.store, writes=True) as connection:
        begin = process_time()
        look_for_hits(connection, [Approved("busy", closings)], network=network, at=at)
        hit = len(list_reissues(connection, FOUND))
        told("find hits", begin, hit)
    begin, states = process_time(), Counter()
    while True:
        with transaction(site.store, writes=True) as connection:
            rows = list_reissues(connection, FOUND, asked=Asked(most=AT_ONCE))
            if not rows:
                break
            done = prepare_reissues(office_of(site, connection, closings), rows, key_file=site.key_file, at=at)
            states.update(one.state for one in done)
    told(f"plan and sign {dict(states)}", begin, hit)
    begin, switched = process_time(), 0
    while True:
        with transaction(site.store, writes=True) as connection:
            rows = list_reissues(connection, PREPARED, asked=Asked(most=AT_ONCE))
            if not rows:
                break
            switched += len(switch_reissues(connection, rows, at=at))
    told("switch", begin, switched)


@pytest.mark.benchmark
def test_signing_again(site, issued):
    with transaction(site.store, writes=True) as connection:
        key = open_key_ring(connection, site.key_file, at=site.now()).current(site.now())
        records = [one for one in read_passes(connection, [each.jti for each in issued]) if one.state == "granted"]
        begin = process_time()
        url = site.county.settings.public_url
        sign_again(connection, records, key=key, public_url=url, at=site.now(), reason="benchmark")
        told("sign again", begin, len(records))
