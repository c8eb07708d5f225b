"""The index road -> pass answers for open passes, their time and their roads, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.store import transaction
from geodata.windows import Window
from passes.applications.sealed_applications import APPLICATIONS
from passes.editions.pass_register import WITHDRAWN, add_passes, read_passes, set_state
from passes.editions.passages_register import passages_on_roads
from passes.ways.driven_way import stage_of_passages
from tests.pass_applications import NOW
from tests.passes.editions.test_pass_register import RECORD, passage


def window(start_h, end_h):
    return Window(NOW + timedelta(hours=start_h), None if end_h is None else NOW + timedelta(hours=end_h))


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as open_connection:
        open_connection.execute(
            sa.insert(APPLICATIONS).values(id="a" * 64, content="c", firm="firm", received_at=NOW, sealed=b"")
        )
        yield open_connection


def found(connection, roads, when):
    return [(one.jti, one.road_id, one.leg) for one in passages_on_roads(connection, roads, window=when)]


def test_passages_overlap_the_window_half_open(connection):
    add_passes(connection, [(RECORD, stage_of_passages([passage("r1", 1, 2), passage("r2", 2, 3, leg=1)]))])
    assert found(connection, {"r1", "r2"}, window(0, 2)) == [(RECORD.jti, "r1", 0)]
    assert found(connection, {"r1", "r2"}, window(2, None)) == [(RECORD.jti, "r2", 1)]


def test_a_withdrawn_pass_is_on_no_road(connection):
    add_passes(connection, [(RECORD, stage_of_passages([passage("r1", 1, 2)]))])
    set_state(connection, RECORD, WITHDRAWN)
    assert found(connection, {"r1"}, window(0, None)) == []


def test_more_roads_than_one_query_takes_are_all_asked(connection):
    add_passes(connection, [(RECORD, stage_of_passages([passage("r1", 1, 2), passage("r1999", 1, 2, leg=1)]))])
    assert len(found(connection, {f"r{number}" for number in range(2000)}, window(0, None))) == 2


def test_passes_are_read_by_jti_and_unknown_ones_left_out(connection):
    other = replace(RECORD, jti="411399000002", number="411399000002")
    for record in (other, RECORD):
        add_passes(connection, [(record, [])])
    assert read_passes(connection, [other.jti, RECORD.jti, "none"]) == (RECORD, other)
