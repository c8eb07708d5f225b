"""Passes that drive the same ways share their roads, and answer as if each had its own; older databases come along."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from geodata.store import rebuilding, transaction
from geodata.windows import Window
from passes import database
from passes.applications.sealed_applications import APPLICATIONS
from passes.database import migrate, upgrade_database
from passes.editions.pass_register import add_passes, find_pass
from passes.editions.passages_register import passages_on_roads
from passes.migrations import REVISIONS
from passes.ways.driven_way import DrivenRoads, Passage, Stage, join_lines, make_way, to_us
from passes.ways.driven_way import stage_of_passages as one_stage
from passes.ways.packed_route import PackedRoute, pack_json
from passes.ways.ways_register import PASS_STAGES, PASS_WAYS, PASSAGES, WAY_ROADS
from tests.pass_applications import NOW
from tests.passes.editions.test_pass_register import RECORD

MINUTE = 60_000_000
ROADS = DrivenRoads(("r1", "r2"), (0, 1), (0, MINUTE), (MINUTE, 3 * MINUTE))
ROWS = [{"road_id": name, "length_m": 1.5} for name in ROADS.road_ids]
OUT = make_way(ROADS, rows=ROWS, line=[(1.0, 2.0), (1.0, 3.0)])
BACK = make_way(DrivenRoads(("r2",), (0,), (0,), (MINUTE,)), rows=ROWS[1:], line=[(1.0, 3.0), (1.0, 2.0)])


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as open_connection:
        row = {"id": "a" * 64, "content": "c", "firm": "firm", "received_at": NOW, "sealed": b""}
        open_connection.execute(sa.insert(APPLICATIONS).values(**row))
        yield open_connection


def stages(start_min=0):
    """Out and, an hour later, back; ten minutes early to thirty late, but never before the pass or after it."""
    bounds = to_us(NOW), to_us(NOW + timedelta(hours=2))
    begins = (to_us(NOW) + (start_min + later) * MINUTE for later in (0, 60))
    return tuple(
        Stage(way, first, begin - 10 * MINUTE, begin + 30 * MINUTE, *bounds)
        for way, first, begin in zip((OUT, BACK), (0, 2), begins, strict=True)
    )


def add(connection, serial=1, start_min=0):
    number = f"411399{serial:06d}"
    ways = (OUT, BACK)
    route = PackedRoute(
        pack_json({"distance_m": 4.5}), tuple(one.packed for one in ways), tuple(one.name for one in ways)
    )
    record = replace(RECORD, jti=number, number=number, route=route)
    add_passes(connection, [(record, stages(start_min))])
    return record


def passages_in(stages):
    """Every road of a pass with the time within which its truck may be on it, said in times instead of numbers."""
    for stage in stages:
        way = stage.way
        driven = zip(way.road_ids, way.directions, way.on_us, way.off_us, strict=True)
        for leg, (road_id, direction, on_us, off_us) in enumerate(driven, start=stage.first_leg):
            from_us = max(stage.least_us, stage.early_us + on_us)
            to_us = min(stage.most_us, stage.late_us + off_us)
            spans = (timedelta(microseconds=one) for one in (from_us, to_us))
            yield Passage(leg, road_id, direction, *(datetime(1970, 1, 1, tzinfo=UTC) + one for one in spans))


def passes_on(connection, road, start, end):
    return [one.jti for one in passages_on_roads(connection, [road], window=Window(start, end))]


def rows_of(connection, jti):
    query = sa.select(PASSAGES).where(PASSAGES.c.jti == jti).order_by(PASSAGES.c.leg)
    found = connection.execute(query)
    return [Passage(one.leg, one.road_id, one.direction, one.from_at, one.to_at) for one in found]


def minutes(passage):
    return passage.leg, passage.road_id, *(one - NOW for one in (passage.from_at, passage.to_at))


def test_a_pass_is_on_each_road_from_early_to_late_within_its_window():
    minute = timedelta(minutes=1)
    expected = [(0, "r1", 0, 31), (1, "r2", 0, 33), (2, "r2", 50, 91)]
    assert [minutes(one) for one in passages_in(stages())] == [(*a, b * minute, c * minute) for *a, b, c in expected]
    assert [one.to_at - NOW for one in passages_in(stages(60))][-1] == timedelta(hours=2)


def test_the_register_gives_the_passages_that_the_stages_have(connection):
    record = add(connection)
    assert rows_of(connection, record.jti) == list(passages_in(stages()))


def test_ten_passes_over_the_same_ways_keep_their_roads_once(connection):
    made = [add(connection, serial, start_min=serial) for serial in range(1, 11)]
    counts = [
        connection.scalar(sa.select(sa.func.count()).select_from(one)) for one in (PASS_WAYS, WAY_ROADS, PASS_STAGES)
    ]
    assert counts == [2, 3, 20]
    hour = timedelta(hours=1)
    assert passes_on(connection, "r1", NOW, NOW + hour) == [one.jti for one in made]
    late = NOW + timedelta(minutes=38, seconds=30)
    assert passes_on(connection, "r1", late, NOW + hour) == [one.jti for one in made[7:]]


def test_the_route_reads_as_if_it_were_kept_whole(connection):
    route = find_pass(connection, add(connection).number).route
    assert dict(route) == {
        "distance_m": 4.5,
        "geometry": [[1.0, 2.0], [1.0, 3.0], [1.0, 2.0]],
        "roads": [*ROWS, ROWS[1]],
    }


def test_lines_are_joined_without_a_point_twice_in_a_row():
    assert join_lines([[[0, 0], [1, 1]], [[1, 1], [1, 1]], [[1, 1], [2, 2]]]) == [[0, 0], [1, 1], [2, 2]]
    assert join_lines([[[0, 0], [0, 0]]]) == [[0, 0], [0, 0]]


def test_a_way_is_known_by_all_that_it_says():
    others = [
        make_way(ROADS, rows=[{**ROWS[0], "length_m": 2.0}, ROWS[1]]),
        make_way(replace(ROADS, on_us=(0, MINUTE + 1)), rows=ROWS),
        make_way(ROADS),
    ]
    assert len({OUT.name, *(one.name for one in others)}) == 4


def old_database(engine):
    """Fill a database of the revision before, two passes over the same roads in the same time and one over others."""
    with rebuilding(engine) as connection:
        migrate(connection, "0014")
        tables = sa.MetaData()
        tables.reflect(connection, only=["passes", "applications", "pass_roads"])
        known = {"id": "a" * 64, "content": "c", "firm": "firm", "received_at": NOW, "sealed": b""}
        connection.execute(sa.insert(tables.tables["applications"]), [known])
        plain = {one.name: getattr(RECORD, one.name, "") for one in tables.tables["passes"].c}
        plain |= {"packed_route": pack_json(RECORD.route), "crew": list(RECORD.crew)}
        names = [f"411399{serial:06d}" for serial in (1, 2, 3)]
        rows = [{**plain, "jti": name, "number": name, "roads_of": name} for name in names]
        connection.execute(sa.insert(tables.tables["passes"]), rows)
        driven = {name: list(old_passages(day)) for name, day in zip(names, (0, 1, 0), strict=True)}
        driven[names[2]] = driven[names[2]][:1]
        roads = [
            {"jti": name, **{key: getattr(one, key) for key in ("leg", "road_id", "direction", "from_at", "to_at")}}
            for name, passages in driven.items()
            for one in passages
        ]
        connection.execute(sa.insert(tables.tables["pass_roads"]), roads)
    return driven


def old_passages(day):
    for leg, (start, end) in enumerate([(0, 31), (0, 33), (21, 40)]):
        at = NOW + timedelta(days=day)
        yield Passage(
            leg, f"r{leg}", leg % 2, at + timedelta(minutes=start), at + timedelta(minutes=end, microseconds=7)
        )


def test_an_older_database_keeps_every_passage_and_route(empty_store):
    driven = old_database(empty_store)
    upgrade_database(empty_store, at=NOW)
    with transaction(empty_store, writes=False) as connection:
        assert {jti: rows_of(connection, jti) for jti in driven} == driven
        assert dict(find_pass(connection, "411399000002").route) == dict(RECORD.route)
        assert connection.scalar(sa.select(sa.func.count()).select_from(PASS_WAYS)) == 2


def test_an_upgrade_that_breaks_off_leaves_the_older_database(empty_store, monkeypatch):
    driven = old_database(empty_store)

    def broken_off(connection, revision):
        migrate(connection, REVISIONS[REVISIONS.index("0015")])
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(database, "migrate", broken_off)
        with pytest.raises(ZeroDivisionError):
            upgrade_database(empty_store, at=NOW)
    assert "pass_roads" in sa.inspect(empty_store).get_table_names()
    upgrade_database(empty_store, at=NOW)
    with transaction(empty_store, writes=False) as connection:
        assert {jti: rows_of(connection, jti) for jti in driven} == driven


def test_passages_known_one_by_one_come_back_from_their_stage():
    known = list(old_passages(0))
    assert list(passages_in(one_stage(known))) == known
    assert one_stage([]) == ()
