"""Passes issued on a real county: no road of any is closed in its window, and each is issued quickly."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.county import County, open_county
from geodata.county_building import NewCounty, SourceFiles, build_county
from geodata.store import transaction
from geodata.windows import Window
from passes.applications.office import Office
from passes.editions.issuing import issue_pass
from passes.editions.pass_register import PassRecord
from tests.conftest import shared
from tests.issuing_office import applied, fresh_store, office_of, put_on_whitelist
from tests.pass_applications import NOW

REAL = "osm/yongcheng_411481_henan_2017.osm.pbf"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    source = shared(REAL)
    folder = tmp_path_factory.mktemp("real") / "county"
    build_county(folder, SourceFiles(osm=source), NewCounty("永城"))
    return open_county(folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = fresh_store(tmp_path)
    with transaction(engine, writes=True) as connection:
        put_on_whitelist(connection, {"name": "宏达面粉", "plate": "豫R12345", "link": "own"})
    yield engine
    engine.dispose()


def random_closings(county: County, chance: random.Random, count: int) -> list[Closing]:
    """Close parts of roads, one way or both, in windows around the time of the trips."""
    closings = []
    for order in range(count):
        road = chance.randrange(county.network.road_count)
        length_m = float(county.network.length_m[road])
        start, end = sorted(chance.uniform(0, length_m) for _ in range(2))
        begin = NOW + timedelta(minutes=chance.uniform(-600, 600))
        window = Window(begin, begin + timedelta(minutes=chance.uniform(1, 600)))
        direction = chance.choice(list(Direction))
        closings.append(Closing(f"closure-{order}", road, direction, start, end, window))
    return closings


def random_application(county: County, chance: random.Random, office: Office) -> Any:
    low, high = county.network.junction_lonlat.min(axis=0), county.network.junction_lonlat.max(axis=0)
    lonlat = county.network.junction_lonlat
    ends = [lonlat[chance.randrange(len(lonlat))] + 0.0003 * (high - low) for _ in range(2)]
    origin, destination = (f"{lon:.5f},{lat:.5f}" for lon, lat in ends)
    depart_at = NOW + timedelta(minutes=chance.uniform(0, 300))
    return applied(
        office,
        origin=origin,
        destination=destination,
        depart_at=depart_at.isoformat(),
        round_trip=chance.random() < 0.3,
        driver={"sampled_at": (NOW - timedelta(hours=chance.uniform(0, 40))).isoformat()},
    )


def overlap(closing: Closing, from_at: datetime, to_at: datetime) -> bool:
    window = closing.window
    return window is None or (window.start < to_at and (window.end is None or from_at < window.end))


def closed_parts_of(record: PassRecord, office: Office, legs: Any) -> list[str]:
    """Find closed parts that a pass runs over: brute force, apart from everything that planned it."""
    found = []
    for leg in legs:
        lower, upper = sorted((leg.from_m, leg.to_m))
        ways = {Direction.BOTH, Direction.BACKWARD if leg.direction else Direction.FORWARD}
        for closing in office.engine.closings:
            same = closing.road == leg.road and closing.direction in ways
            runs_over = same and min(upper, closing.to_m) - max(lower, closing.from_m) > 0.05
            if runs_over and overlap(closing, record.not_before, record.expires_at):
                found.append(closing.closure_id)
    return found


def issue_many(county: County, store: sa.Engine, key_file: Path, *, trips: int, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    counts = {"issued": 0, "refused": 0}
    for _ in range(trips // 10):
        closings = random_closings(county, chance, 60)
        for _ in range(10):
            with transaction(store, writes=True) as connection:
                office = office_of(connection, county, closings=closings)
                application = random_application(county, chance, office)
                outcome = issue_pass(application, office, key_file=key_file, at=NOW)
            if outcome.record is None:
                counts["refused"] += 1
                assert {one.code for one in outcome.checked.findings} <= {"no-route", "unreachable"}
                continue
            counts["issued"] += 1
            assert outcome.checked.trip is not None
            assert closed_parts_of(outcome.record, office, outcome.checked.trip.legs) == []
    return counts


def test_no_pass_on_real_roads_runs_over_a_road_closed_in_its_window(
    county: County, store: sa.Engine, tmp_path: Path
) -> None:
    counts = issue_many(county, store, tmp_path / "key", trips=60, seed=1)
    assert counts["issued"] > 40


@pytest.mark.long
def test_no_pass_of_a_thousand_random_trips_runs_over_a_closed_road(
    county: County, store: sa.Engine, tmp_path: Path
) -> None:
    counts = issue_many(county, store, tmp_path / "key", trips=1000, seed=2)
    assert counts["issued"] > 700
