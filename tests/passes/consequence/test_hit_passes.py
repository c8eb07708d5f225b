"""Trips of hit passes are timed as the engine would, whatever was asked before and whenever closings begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from geodata.windows import format_instant
from passes.consequence.hit_passes import HitPass, TripTimer
from routing.engine import Engine
from tests.issuing_office import closing
from tests.pass_applications import NOW
from tests.passes.editions.test_pass_register import RECORD

HOUR = timedelta(hours=1)
HIT = HitPass("j", "n", "p", "e", "f", NOW, NOW, NOW)
CLINIC, DOCK = (113.02, 33.02), (113.02, 33.04)


def record(leave_h, hours=3.0, stops=(CLINIC, DOCK)):
    """A pass over these stops, left so many hours from now one after the other."""
    rows = [
        {"lon": lon, "lat": lat, "leave_at": format_instant(NOW + (leave_h + number) * HOUR)}
        for number, (lon, lat) in enumerate(stops)
    ]
    return replace(RECORD, route={"stops": rows}, expires_at=NOW + (leave_h + hours) * HOUR)


@pytest.fixture
def timer(small_county):
    """Time trips now, and with a county road closed from the tenth hour on."""
    settings = small_county.settings
    now = Engine(small_county.network, speeds_kmh=settings.speeds_kmh)
    then = now.snapshot(closings=[closing(small_county, "c1", NOW + 10 * HOUR, NOW + 20 * HOUR)])
    return TripTimer(now, then, index=small_county.road_index, truck=settings.vehicles["truck"])


def test_the_same_way_is_longer_only_while_the_closing_counts(timer):
    for leave_h, longer in ((1, False), (12, True), (2, False), (21, False), (13, True)):
        hit = timer.timed(HIT, record(leave_h))
        assert (hit.added_min > 0) == longer, leave_h


def test_a_closing_that_begins_before_the_pass_ends_counts_from_the_start(timer):
    assert timer.timed(HIT, record(8, hours=1.5)).added_min == 0
    assert timer.timed(HIT, record(8, hours=2.5)).added_min > 0


def test_there_and_back_is_the_sum_of_both_ways(timer):
    there, back = (timer.timed(HIT, record(1, stops=way)).before_s for way in ((CLINIC, DOCK), (DOCK, CLINIC)))
    assert timer.timed(HIT, record(1, stops=(CLINIC, DOCK, CLINIC))).before_s == pytest.approx(there + back)


def test_a_trip_of_one_stop_takes_no_time(timer):
    assert timer.timed(HIT, record(1, stops=(CLINIC,))).added_min == 0
