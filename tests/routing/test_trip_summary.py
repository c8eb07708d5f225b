import json

import pytest

from routing.trips.summary import trip_head
from tests.trips import test_end, world_of


@pytest.fixture
def world(small_county):
    return world_of(small_county)


def test_a_summary_is_json_with_the_agreed_keys(world):
    summary = trip_head(world.plan("410100 郑州市", "firm", round_trip=True))
    assert json.loads(json.dumps(summary)) == summary
    assert {
        "distance_m",
        "duration_s",
        "depart_at",
        "arrive_at",
        "end_at",
        "stops",
        "sections",
        "checkpoints",
        "areas",
    } <= set(summary)


def test_a_summary_tells_stops_with_place_times_and_reason(world):
    summary = trip_head(world.plan("410100 郑州市", "firm", condition_ends=(test_end("王*明", 6),)))
    entry, sampling, destination = summary["stops"]
    assert (entry["place"], entry["outside"]) == ("east", "410100 郑州市")
    assert sampling["because"] == [{"subject": "王*明", "condition": "test", "ends_at": "2022-06-22T00:06:00Z"}]
    assert (destination["kind"], destination["name"]) == ("destination", "宏达面粉接收点")
    assert destination["arrive_at"] == summary["arrive_at"]


def test_a_summary_tells_sections_checkpoints_and_areas(world):
    summary = trip_head(world.plan("east", "firm"))
    assert [section["kind"] for section in summary["sections"]] == ["highway"]
    assert [checkpoint["place"] for checkpoint in summary["checkpoints"]] == ["check"]
    assert [(area["area"], area["how"]) for area in summary["areas"]] == [("zone", "in")]
