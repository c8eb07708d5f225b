"""Passes in force on a newer map: what they use of it is brought along, what they were signed with stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.closures.map_matching import MapMatcher
from geodata.county_building import SourceFiles, read_roads
from geodata.store import transaction
from geodata.windows import Window
from passes.applications.sealed_applications import APPLICATIONS
from passes.consequence.hit_passes import find_hit_passes
from passes.editions.pass_register import WITHDRAWN, add_passes, events_of, find_pass
from passes.editions.rematch_register import REMATCHED, rematch_passes
from passes.ways.driven_way import Passage, stage_of_passages
from passes.ways.ways_register import PASSAGES
from tests.conftest import shared
from tests.issuing_office import fresh_store
from tests.map_editions import matcher, newer, older
from tests.pass_applications import NOW
from tests.passes.editions.test_pass_register import RECORD

OLD, NEW = older(), newer()


@pytest.fixture
def connection(store: sa.Engine):
    with transaction(store, writes=True) as open_connection:
        row = {"id": "a" * 64, "content": "c", "firm": "firm", "received_at": NOW, "sealed": b""}
        open_connection.execute(sa.insert(APPLICATIONS).values(**row))
        yield open_connection


def row(network, road_id, direction="forward", length_m=None):
    road = network.road_index[road_id]
    known = {"osm_way_id": None, "name": "", "ref": "", "class": network.class_of(road).value}
    return {"road_id": road_id, **known, "direction": direction, "length_m": length_m or float(network.length_m[road])}


def add(connection, rows, **changes):
    """Add a pass over these roads, half an hour on each."""
    ways = {"forward": 0, "backward": 1}
    passages = [
        Passage(leg, one["road_id"], ways[one["direction"]], at(leg), at(leg + 1)) for leg, one in enumerate(rows)
    ]
    record = replace(RECORD, network_digest=OLD.digest, route={**RECORD.route, "roads": rows}, **changes)
    add_passes(connection, [(record, stage_of_passages(passages))])
    return record


def at(leg):
    return NOW + timedelta(minutes=30 * leg)


def roads_of(connection, jti=RECORD.jti):
    query = sa.select(PASSAGES).where(PASSAGES.c.jti == jti).order_by(PASSAGES.c.leg)
    return [(one.road_id, one.direction, one.from_at, one.to_at) for one in connection.execute(query)]


def test_the_index_of_roads_follows_the_map_and_the_pass_stays_as_signed(connection):
    before = add(connection, [row(OLD, "w1-1"), row(OLD, "w1-2")])
    (fit,) = rematch_passes(connection, matcher(), at=NOW).changed
    after = find_pass(connection, before.number)
    assert [one["road_id"] for one in after.route["roads"]] == ["w1-1", "w1-2"]
    assert after.route["roads"][0]["length_m"] == pytest.approx(float(NEW.length_m[0]), abs=1.0)
    assert (after.token, after.jti, after.state, fit.misfits) == (before.token, before.jti, before.state, ())
    assert after.network_digest == NEW.digest
    assert [one[0] for one in roads_of(connection)] == ["w1-1", "w1-2"]
    assert roads_of(connection)[0][2:] == (at(0), at(2))


def test_the_event_keeps_what_stood_there_before(connection):
    add(connection, [row(OLD, "w1-2")])
    rematch_passes(connection, matcher(), at=NOW)
    (event,) = events_of(connection, RECORD.number)
    assert (event.event, event.facts["from_map"], event.facts["to_map"]) == (REMATCHED, OLD.digest, NEW.digest)
    assert event.facts["roads_before"][0][:2] == ["w1-2", "forward"]


def test_a_road_that_was_turned_round_is_driven_the_other_way(connection):
    add(connection, [row(OLD, "turned")])
    rematch_passes(connection, matcher(), at=NOW)
    assert [one[:2] for one in roads_of(connection)] == [("turned", 1)]
    against = Closing("z", NEW.road_index["turned"], Direction.FORWARD, 0.0, 500.0)
    along = against._replace(direction=Direction.BACKWARD)
    window = Window(NOW, NOW + timedelta(hours=1))
    assert find_hit_passes(connection, [against], network=NEW, window=window) == ()
    assert len(find_hit_passes(connection, [along], network=NEW, window=window)) == 1


def test_a_pass_whose_road_is_gone_is_told(connection):
    add(connection, [row(OLD, "same"), row(OLD, "gone")])
    (fit,) = rematch_passes(connection, matcher(), at=NOW).changed
    assert [(one.span.road_id[-5:], one.code) for one in fit.misfits] == [(":gone", "closure-far-from-road")]
    assert len(roads_of(connection)) == 2


@pytest.mark.parametrize("changes", [{"state": WITHDRAWN}, {"expires_at": NOW}])
def test_passes_that_are_over_stay_as_they_are(connection, changes):
    before = add(connection, [row(OLD, "w1-2")], **changes)
    found = rematch_passes(connection, matcher(), at=NOW)
    assert (found.unchanged, found.changed) == (0, ())
    assert find_pass(connection, before.number) == before


def test_a_pass_over_roads_that_are_the_same_is_not_touched(connection):
    before = add(connection, [row(OLD, "same", "backward", 700.0)])
    assert rematch_passes(connection, matcher(), at=NOW).unchanged == 1
    assert find_pass(connection, before.number) == before
    assert events_of(connection, RECORD.number) == ()


# The two real editions: routes planned on the older one.


@pytest.fixture(scope="module")
def liechtenstein():
    files = [shared(f"osm/liechtenstein_{year}.osm.pbf") for year in (2021, 2022)]
    return [read_roads(SourceFiles(file), country="LI").network for file in files]


def driven(network, count, most=40):
    """Return trips over so many roads, each turning into any other road where one ends."""
    chance = np.random.default_rng(3)
    at_junction = {}
    for road, (start, end) in enumerate(network.ends):
        at_junction.setdefault(int(start), []).append((road, 0))
        at_junction.setdefault(int(end), []).append((road, 1))
    while count:
        here, last, rows = int(chance.integers(network.junction_count)), -1, []
        while len(rows) < most:
            ways = [way for way in at_junction.get(here, []) if way[0] != last]
            if not ways:
                break
            last, side = ways[chance.integers(len(ways))]
            here = int(network.ends[last, 1 - side])
            rows.append(row(network, str(network.road_id[last]), ("forward", "backward")[side]))
        if len(rows) == most:
            count -= 1
            yield rows


def shape_of(network, roads):
    lines = [network.line_of(network.road_index[one["road_id"]]) for one in roads]
    return shapely.MultiLineString([np.array(line) * [75_000.0, 111_195.0] for line in lines])


@pytest.fixture
def one_store(tmp_path):
    engine = fresh_store(tmp_path)
    with transaction(engine, writes=True) as open_connection:
        row = {"id": "a" * 64, "content": "c", "firm": "firm", "received_at": NOW, "sealed": b""}
        open_connection.execute(sa.insert(APPLICATIONS).values(**row))
        yield open_connection
    engine.dispose()


def test_trips_of_one_edition_lie_on_the_next_where_they_lay(one_store, liechtenstein):
    connection, (old, new) = one_store, liechtenstein
    for number, rows in enumerate(driven(old, 25)):
        add(connection, rows, jti=f"41139900{number:04}", number=f"41139900{number:04}")
    found = rematch_passes(connection, MapMatcher(old, new, {}), at=NOW)
    assert len(found.changed) >= 10
    for fit in found.changed:
        before = next(one for one in events_of(connection, fit.number)).facts["roads_before"]
        after = find_pass(connection, fit.number).route["roads"]
        fitting = [one for one in after if one["road_id"] in new.road_index]
        lost = {one["road_id"] for one in after} - new.road_index.keys()
        assert lost == {one.span.road_id for one in fit.misfits}
        # The middle of the route, in an independent plane: the ends are parts of roads.
        was = shape_of(old, [{"road_id": one[0]} for one in before[1:-1]])
        gap = shapely.hausdorff_distance(was, shape_of(new, fitting), densify=0.05)
        assert fit.misfits or shapely.distance(was, shape_of(new, fitting)) < 1.0
        outside = shapely.difference(was, shapely.buffer(shape_of(new, fitting), 35.0))
        assert fit.misfits or outside.length < 1.0, gap
        assert sum(one["length_m"] for one in after) == pytest.approx(sum(one[2] for one in before), rel=0.05)
