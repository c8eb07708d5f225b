from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from geodata.store import transaction
from passes.applications.sealed_applications import APPLICATIONS
from passes.checkpoint.expected_register import find_by_plate, list_expected
from passes.editions.pass_register import PassRecord, add_passes
from passes.ways.driven_way import Passage, Stage, stage_of_passages
from tests.pass_applications import NOW
from tests.passes.editions.test_pass_register import RECORD

ROADS = ("n1",)


@pytest.fixture
def connection(store: sa.Engine) -> Iterator[sa.Connection]:
    with transaction(store, writes=True) as open_connection:
        open_connection.execute(
            sa.insert(APPLICATIONS).values(id="a" * 64, content="c", firm="firm", received_at=NOW, sealed=b"")
        )
        yield open_connection


def issued(serial: int, plate: str, **changes: Any) -> PassRecord:
    number = f"411399{serial:06}"
    return replace(RECORD, jti=number, number=number, plate=plate, **changes)


def on_road(start_h: float, end_h: float, road_id: str = "n1") -> tuple[Stage, ...]:
    begin, end = (NOW + timedelta(hours=hour) for hour in (start_h, end_h))
    return stage_of_passages([Passage(0, road_id, 0, begin, end)])


def found(connection: sa.Connection, part: str) -> list[str]:
    return [one.plate for one in find_by_plate(connection, part, road_ids=ROADS, at=NOW)]


def test_four_digits_find_the_plate(connection):
    add_passes(connection, [(issued(1, "豫R12345"), [])])
    add_passes(connection, [(issued(2, "豫R99999"), [])])
    assert found(connection, "2345") == ["豫R12345"]
    assert found(connection, "２３ ４５") == ["豫R12345"]


@pytest.mark.parametrize("part", ["", "23", "%%%%", "____", "0000"])
def test_what_is_no_part_of_a_plate_finds_nothing(connection, part):
    add_passes(connection, [(issued(1, "豫R12345"), [])])
    assert found(connection, part) == []


def test_the_truck_expected_here_now_comes_first(connection):
    add_passes(connection, [(issued(1, "豫R12345"), on_road(-1, 1))])
    add_passes(connection, [(issued(2, "豫S12345"), on_road(3, 5))])
    add_passes(connection, [(issued(3, "豫T12345"), on_road(-1, 1, "c1"))])
    assert found(connection, "2345") == ["豫R12345", "豫S12345", "豫T12345"]
    first, second, third = find_by_plate(connection, "2345", road_ids=ROADS, at=NOW)
    assert [one.is_expected(NOW) for one in (first, second, third)] == [True, False, False]
    assert (third.from_at, third.to_at) == (None, None)


def test_a_plate_that_ends_so_comes_before_one_that_holds_it(connection):
    add_passes(connection, [(issued(1, "豫R23456"), [])])
    add_passes(connection, [(issued(2, "豫R02345"), [])])
    assert found(connection, "2345") == ["豫R02345", "豫R23456"]


def test_replaced_editions_are_left_out_and_ended_passes_tell_their_state(connection):
    add_passes(connection, [(issued(1, "豫R12345", state="replaced"), [])])
    add_passes(connection, [(issued(2, "豫S12345", expires_at=NOW - timedelta(hours=1)), [])])
    add_passes(connection, [(issued(3, "豫T12345", state="withdrawn"), [])])
    add_passes(connection, [(issued(4, "豫U12345", expires_at=NOW - timedelta(days=8)), [])])
    states = {one.plate: one.state for one in find_by_plate(connection, "2345", road_ids=ROADS, at=NOW)}
    assert states == {"豫S12345": "expired", "豫T12345": "withdrawn"}


def test_trucks_expected_within_a_window_are_listed_as_they_come(connection):
    add_passes(connection, [(issued(1, "豫R11111"), on_road(2, 3))])
    add_passes(connection, [(issued(2, "豫R22222"), on_road(1, 2))])
    add_passes(connection, [(issued(3, "豫R33333"), on_road(9, 10))])
    add_passes(connection, [(issued(4, "豫R44444", state="withdrawn"), on_road(1, 2))])
    expected = list_expected(connection, ROADS, from_at=NOW, to_at=NOW + timedelta(hours=4))
    assert [one.plate for one in expected] == ["豫R22222", "豫R11111"]
    assert expected[0].from_at == NOW + timedelta(hours=1)
