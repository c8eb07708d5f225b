"""Each finding says where, whose, since when, who is cut off behind it and which passes it hits."""

from dataclasses import replace

import pytest

from geodata.closures.register import import_closures
from geodata.store import transaction
from passes.audit.audit import run_audit
from passes.audit.finding_facts import with_consequences
from routing.engine import Engine
from tests.closure_cases import EIGHT, HQ, NOON, blocked, closed, hours, says, sees, settings, span, utc
from tests.passes.check_fixtures import FIXTURES, World

MOUND = blocked(span("v1", 500, 520), observations=[sees("blocked", hours(1), "driver", "earth_mound")])


@pytest.fixture
def world(store, small_county):
    with transaction(store, writes=True) as connection:
        yield World(connection, small_county)


def facts(world, at=NOON):
    """Return {(check, subject): facts} with consequences."""
    county, connection = world.county, world.connection
    audit = run_audit(connection, county, at=at)
    closures = {one.id: one for one in audit.closures}
    engine = Engine(county.network, speeds_kmh=settings().speeds_kmh)
    told = with_consequences(audit.findings, closures, county, lambda: engine, connection=connection, at=at)
    return {(one.code, one.subject): one.facts for one in told}


def test_a_closure_says_its_place_township_time_and_cure(world):
    world.have_township()
    world.register(closed(span("c3", 0, 1400)))
    found = facts(world)["K1", "z1"]
    assert found["lonlat"] == pytest.approx([113.0275, 33.04], abs=1e-3)
    assert (found["township"], found["since"]) == ("北乡", utc(EIGHT))
    assert found["cure"] == "approve-or-reopen"


def test_a_mound_says_who_lives_behind_it_and_since_when_it_was_seen(world):
    world.register(MOUND)
    found = facts(world)["K7", "b1"]
    assert found["places_behind"] == [{"id": "village", "name": "后庄村", "way": "both"}]
    assert (found["people_behind"], found["passes_hit"], found["since"]) == (800, 0, utc(hours(1)))
    assert facts(world)["K6", "b1"]["since"] == utc(hours(1))


def test_where_nobody_is_cut_off_the_list_is_empty(world):
    world.register(closed("c1"))
    assert facts(world)["K1", "z1"]["places_behind"] == []


def test_an_ended_approval_counts_from_its_end(world):
    world.register(closed("c1", decisions=[says(HQ, end=hours(3))]))
    assert facts(world)["K5", "z1"]["since"] == utc(hours(3))


def test_with_too_many_closures_nothing_behind_them_is_looked_at(world, monkeypatch):
    monkeypatch.setattr("passes.audit.finding_facts.MOST_CLOSURES", 1)
    world.register(closed("c1"), closed("c2", id="z2"))
    assert facts(world)["K1", "z1"]["places_behind"] is None


@pytest.mark.parametrize("check", ["K9", "K10", "K12", "K13", "K14"])
def test_findings_about_the_county_have_a_place_too(world, check):
    FIXTURES[check].found(world)
    found = next(told for (code, _), told in facts(world).items() if code == check)
    assert found["lonlat"] is not None
    assert "township" in found


def test_an_altered_record_is_shown_at_its_closure(world):
    import_closures(world.connection, [replace(closed("c1", decisions=[says(HQ)]))], NOON)
    world.connection.exec_driver_sql("UPDATE closure_decisions SET document_no = 'x'")
    assert facts(world)["K14", "z1"]["lonlat"] == pytest.approx([113.02, 33.03], abs=5e-3)
