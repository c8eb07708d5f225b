"""The register on a newer map: new versions with their decisions restated, never an edit, and the log verifies."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from geodata.closures.closure import Direction, RoadSpan
from geodata.closures.features import closure_feature
from geodata.closures.filings_register import filing_leaves, list_filings
from geodata.closures.map_matching import MapMatcher, edition_name
from geodata.closures.records import TABLES, record_leaves
from geodata.closures.register import import_closures, list_closures, read_rows
from geodata.closures.rematch_register import REMATCHED, rematch_closures
from geodata.closures.road_spans import same_extent
from geodata.closures.states import approval_state, closings_of
from geodata.ledger.register import read_ledger
from geodata.store import transaction
from tests.closure_cases import EIGHT, HQ, NOON, closed, hours, says, sees, settings, span
from tests.map_editions import matcher, newer, older

RULES = settings()
OLD, NEW = older(), newer()
LENGTH = float(OLD.length_m[OLD.road_index["turned"]])


@pytest.fixture
def connection(store: sa.Engine):
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def take(connection, *closures, at=EIGHT):
    import_closures(connection, closures, at)


def update(connection, between=None):
    return rematch_closures(connection, between or matcher(), account="county update", at=NOON)


def only(connection):
    (closure,) = list_closures(connection)
    return closure


def is_altered(connection):
    """Tell whether any record differs from its leaf in the log."""
    found = [*record_leaves(read_rows(connection)), *filing_leaves(connection)]
    kept = {leaf.position: leaf.hash for leaf in read_ledger(connection).leaves}
    return {leaf.position: leaf.hash for leaf in found} != kept


TURNED = closed(RoadSpan("turned", Direction.FORWARD, 100.0, 600.0), decisions=[says(HQ)])


def test_a_closure_gets_a_new_version_with_its_approval_and_the_old_ones_stay(connection):
    take(connection, TURNED)
    before = {kind: list(rows) for kind, rows in read_rows(connection).items()}
    fit = update(connection)
    now = only(connection)
    assert ([one.closure_id for one in fit.changed], now.version) == (["z1"], 2)
    assert [one.direction for one in now.extent] == [Direction.BACKWARD]
    assert approval_state(now, RULES.policy_for, NEW, NOON) == "approved"
    after = read_rows(connection)
    assert all(row in after[kind] for kind, rows in before.items() for row in rows)
    assert not is_altered(connection)


def test_a_closure_on_roads_that_are_the_same_is_not_touched(connection):
    take(connection, closed(span("same", 0.0, 500.0), decisions=[says(HQ)]))
    assert (update(connection).unchanged, only(connection).version) == (1, 1)
    assert list_filings(connection, act=REMATCHED) == ()


def test_the_filing_tells_the_maps_and_the_distance(connection):
    take(connection, closed(span("turned", 100.0, 900.0), span("moved", 100.0, 900.0)))
    update(connection)
    (filing,) = list_filings(connection, act=REMATCHED)
    assert (filing.version, filing.about) == (2, edition_name(NEW.digest))
    assert (filing.seen["from_map"], filing.seen["to_map"]) == (OLD.digest, NEW.digest)
    assert filing.seen["distance_m"] == pytest.approx(4.0, abs=0.05)


def test_less_than_asked_stays_less_than_asked(connection):
    part = (RoadSpan("turned", Direction.FORWARD, 100.0, 300.0),)
    take(connection, replace(TURNED, decisions=(says(HQ, extent=part, end=hours(6)),)))
    update(connection)
    now = only(connection)
    (decision,) = now.decisions
    assert same_extent(decision.extent, (RoadSpan("turned", Direction.BACKWARD, LENGTH - 300, LENGTH - 100),))
    assert approval_state(now, RULES.policy_for, NEW, NOON) == "partly_approved"
    assert [round(one.to_m - one.from_m) for one in closings_of([now], RULES, NEW)] == [200]


def test_an_approval_of_an_earlier_version_is_written_out_on_the_newer_map(connection):
    take(connection, TURNED)
    longer = RoadSpan("turned", Direction.FORWARD, 100.0, 900.0)
    take(connection, replace(TURNED, extent=(longer,)), at=hours(1))
    update(connection)
    now = only(connection)
    assert now.version == 3
    assert round(sum(one.to_m - one.from_m for one in now.decisions[0].extent)) == 500
    assert approval_state(now, RULES.policy_for, NEW, NOON) == "partly_approved"


def test_the_same_file_changes_nothing_after_the_update_and_a_withdrawal_still_counts(connection):
    take(connection, TURNED)
    update(connection)
    again = replace(only(connection), version=1)
    assert import_closures(connection, [again], hours(5)).unchanged == 1
    withdrawn = says(HQ, "withdrawn", at=hours(2))
    take(connection, replace(again, decisions=(*again.decisions, withdrawn)), at=hours(5))
    assert approval_state(only(connection), RULES.policy_for, NEW, NOON) == "withdrawn"


def test_a_later_version_carries_the_restated_approval_once(connection):
    take(connection, TURNED)
    update(connection)
    now = only(connection)
    take(connection, replace(now, extent=(replace(now.extent[0], from_m=now.extent[0].from_m + 100),)), at=hours(5))
    later = only(connection)
    assert (later.version, len(later.decisions)) == (3, 1)
    assert later.decisions[0].extent == now.extent


def test_a_withdrawal_before_the_update_cannot_be_left_out_after_it(connection):
    take(connection, replace(TURNED, decisions=(says(HQ), says(HQ, "withdrawn", at=hours(1)))))
    update(connection)
    now = only(connection)
    take(connection, replace(now, barrier="staffed", decisions=now.decisions[:1]), at=hours(5))
    assert [one.decision for one in only(connection).decisions] == ["approved", "withdrawn"]


def test_a_road_that_is_gone_closes_nothing_and_is_not_lost(connection):
    take(connection, closed(span("gone", 0.0, 500.0), span("same", 0.0, 500.0), decisions=[says(HQ)]))
    (fit,) = update(connection).changed
    now = only(connection)
    assert [one.span.road_id for one in fit.misfits] == [f"{edition_name(OLD.digest)}:gone"]
    assert {NEW.road_id[one.road] for one in closings_of([now], RULES, NEW)} == {"same"}
    assert len(closure_feature(now, NEW)["geometry"]["coordinates"]) == 2


def test_going_back_puts_everything_where_it_was(connection):
    closures = (TURNED, closed(span("gone", 0.0, 500.0)), closed("w1-2"), closed(span("moved", 10.0, 800.0)))
    named = [
        replace(one, id=f"z{number}", extent=tuple(_within(each) for each in one.extent))
        for number, one in enumerate(closures)
    ]
    take(connection, *named)
    update(connection)
    update(connection, MapMatcher(NEW, OLD, {edition_name(OLD.digest): OLD}))
    back = list_closures(connection)
    # The road that only moved is still the same part of the same road: its record says so as it is.
    assert [one.version for one in back] == [3, 3, 3, 1]
    assert all(same_extent(one.extent, was.extent) for one, was in zip(back, named, strict=True))
    assert not is_altered(connection)


def _within(part):
    return replace(part, to_m=min(part.to_m, float(OLD.length_m[OLD.road_index[part.road_id]])))


def test_a_blockage_goes_to_the_newer_map_with_its_sights(connection):
    seen = replace(closed(span("turned", 100.0, 120.0), observations=[sees("blocked", hours(1))]), window=None)
    take(connection, replace(seen, cause="", requested_by=""))
    update(connection)
    now = only(connection)
    assert (now.version, len(now.observations), now.is_blockage_only) == (2, 1, True)
    assert len(closings_of([now], RULES, NEW)) == 1


def test_what_was_first_asked_goes_along(connection):
    asked = {"parts": [["turned", "forward", 0.0, 900.0]], "length_m": 900.0}
    take(connection, replace(TURNED, requested=asked))
    update(connection)
    (part,) = only(connection).requested["parts"]
    assert part[1] == "backward"
    assert (only(connection).requested["length_m"], set(TABLES)) == (900.0, set(read_rows(connection)))
