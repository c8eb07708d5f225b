"""A pass's trace names every place, time, checkpoint and receiver; plan and sight stay apart (L2, X10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from geodata.county import County
from geodata.errors import BadInputError
from passes.checkpoint.scan_register import Scan, add_scan
from passes.editions.issuing import Office, issue_pass
from passes.editions.pass_register import PassRecord
from passes.reissue.renewal import renew_pass
from passes.tracks.stop_register import add_needed_stop
from passes.tracks.tracing import AT_CHECKPOINT, PLANNED, STOP_NEEDED, trace_pass
from tests.issuing_office import an_office, applied
from tests.pass_applications import NOW


@pytest.fixture
def office(small_county: County, tmp_path: Path) -> Iterator[Office]:
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


@pytest.fixture
def record(office: Office, tmp_path: Path) -> PassRecord:
    made = issue_pass(applied(office), office, key_file=tmp_path / "key", at=NOW).record
    assert made is not None
    return made


def seen(record: PassRecord, minutes: int) -> Scan:
    at = NOW + timedelta(minutes=minutes)
    return Scan(f"k{minutes}", at, "check", "张", record.plate, record.jti, "green", (), "let_pass")


def test_planned_stops_and_receivers_are_named_with_their_phones(office, record, small_county):
    trace = trace_pass(office.connection, record.number, small_county.places, at=NOW)
    assert {one.kind for one in trace.steps} == {PLANNED}
    assert "宏达面粉接收点" in {one.name for one in trace.steps}
    assert {one.id: one.phone for one in trace.receivers}["dock"] == "000-0001"


def test_what_was_seen_stands_between_what_was_planned(office, record, small_county):
    add_scan(office.connection, seen(record, 70), at=NOW)
    spot = (113.05, 33.03)
    add_needed_stop(
        office.connection, record.number, plate=record.plate, kind="fuel", at=NOW + timedelta(minutes=75), position=spot
    )
    trace = trace_pass(office.connection, record.number, small_county.places, at=NOW)
    sights = [(one.kind, one.who, one.lonlat) for one in trace.steps if one.kind != PLANNED]
    assert sights == [(AT_CHECKPOINT, "张", (113.065, 33.02)), (STOP_NEEDED, "", spot)]
    assert [one.from_at for one in trace.steps] == sorted(one.from_at for one in trace.steps)


def test_every_edition_of_the_number_is_traced(office, record, small_county, tmp_path):
    renew_pass(record.number, office, key_file=tmp_path / "key", at=NOW + timedelta(minutes=5))
    trace = trace_pass(office.connection, record.number, small_county.places, at=NOW)
    assert {one.edition for one in trace.steps} == {record.jti, f"{record.number}-2"}


def test_other_passes_of_the_same_crew_are_named(office, record, small_county, tmp_path):
    other = applied(office, depart_at=(NOW + timedelta(hours=3)).isoformat(), id="another")
    second = issue_pass(other, office, key_file=tmp_path / "key", at=NOW).record
    trace = trace_pass(office.connection, record.number, small_county.places, at=NOW)
    assert [one.number for one in trace.others] == [second.number]


def test_an_unknown_pass_is_named(office, small_county):
    with pytest.raises(BadInputError, match="pass-unknown"):
        trace_pass(office.connection, "411399999999", small_county.places, at=NOW)
