"""A void pass that was let pass unknowingly is made known to the checkpoints that its truck comes to next (story 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.store import transaction
from passes.checkpoint.ahead_register import void_ahead, void_let_pass
from passes.checkpoint.scan_register import Scan, add_scan
from passes.ways.ways_register import PASSAGES
from tests.road_world import issue_now

HOUR = timedelta(hours=1)


@pytest.fixture
def passing(small_site):
    return issue_now(small_site.store, small_site.county, small_site.key_file, origin="east")


@pytest.fixture
def road(small_site, passing):
    """One road of the pass's route, and when its truck is there."""
    with transaction(small_site.store, writes=False) as connection:
        return connection.execute(sa.select(PASSAGES).where(PASSAGES.c.jti == passing.jti)).first()


@pytest.fixture
def let_pass(passing, road):
    """The pass was void, and another checkpoint let it pass before that road."""
    at = road.from_at - HOUR
    return Scan("k1", at, "elsewhere", "c", passing.plate, passing.jti, "red", ("withdrawn",), "let_pass")


def ahead(site, road, *scans, roads=None):
    with transaction(site.store, writes=True) as connection:
        for one in scans:
            add_scan(connection, one, at=one.at)
        found = void_ahead(
            connection, [road.road_id] if roads is None else roads, checkpoint="check", since=road.from_at - 24 * HOUR
        )
        return [one.scan.key for one in found]


def test_the_checkpoint_further_on_is_told(small_site, road, let_pass):
    assert ahead(small_site, road, let_pass) == ["k1"]


def test_one_whose_roads_the_truck_does_not_use_is_not(small_site, road, let_pass):
    assert ahead(small_site, road, let_pass, roads=["not-a-road"]) == []


def test_a_good_pass_is_no_news(small_site, road, let_pass):
    assert ahead(small_site, road, replace(let_pass, reasons=("pass-valid",), verdict="green")) == []


def test_the_checkpoint_that_let_it_pass_itself_is_not_told(small_site, road, let_pass):
    assert ahead(small_site, road, replace(let_pass, checkpoint="check")) == []


def test_one_that_has_dealt_with_the_truck_since_is_done(small_site, road, let_pass):
    here = replace(let_pass, key="k2", checkpoint="check", at=let_pass.at + HOUR, outcome="not_let_pass")
    assert ahead(small_site, road, let_pass, here) == []


def test_a_truck_that_is_long_past_is_no_news(small_site, road, let_pass):
    assert ahead(small_site, road, replace(let_pass, at=road.to_at + 5 * HOUR)) == []


def test_the_office_sees_every_one(small_site, road, let_pass):
    with transaction(small_site.store, writes=True) as connection:
        add_scan(connection, let_pass, at=let_pass.at)
        add_scan(connection, replace(let_pass, key="k2", outcome="not_let_pass"), at=let_pass.at)
        assert [one.key for one in void_let_pass(connection, since=let_pass.at - HOUR)] == ["k1"]
