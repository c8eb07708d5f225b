"""Every check finds what it is for and leaves the nearest lawful thing alone."""

import pytest

from geodata.closures.rules import RULES
from geodata.policy_reading import CHECKS
from geodata.store import METADATA, open_store, transaction
from passes.audit.audit import run_audit
from passes.audit.county_rules import COUNTY_RULES
from tests.closure_cases import NOON
from tests.passes.check_fixtures import FIXTURES, World

#: Built elsewhere; struck from here when their rules are in COUNTY_RULES.
TO_COME: set[str] = set()


@pytest.fixture
def world(small_county, tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'checks.sqlite'}")
    with transaction(store, writes=True) as connection:
        METADATA.create_all(connection)
        yield World(connection, small_county)
    store.dispose()


def found(world, check, at=NOON):
    return [one for one in run_audit(world.connection, world.county, at=at).findings if one.code == check]


def test_every_check_has_a_rule_of_its_own_and_two_fixtures():
    rules = {rule.__doc__.split()[0] for rule in RULES} | {check for check, _ in COUNTY_RULES} | {"K14"}
    assert rules == set(FIXTURES)
    assert rules | TO_COME == set(CHECKS)


@pytest.mark.parametrize("check", FIXTURES)
def test_the_check_finds_it_with_its_road_or_place_and_its_cure(world, check):
    FIXTURES[check].found(world)
    (finding,) = found(world, check)
    assert finding.subject == FIXTURES[check].subject
    assert finding.facts["cure"]
    assert "road" in finding.facts


@pytest.mark.parametrize("check", FIXTURES)
def test_the_check_leaves_the_nearest_lawful_thing_alone(world, check):
    FIXTURES[check].clean(world)
    assert found(world, check) == []


@pytest.mark.parametrize("check", [check for check, _ in COUNTY_RULES])
def test_a_check_about_the_county_can_be_switched_off(world, check):
    from tests.closure_cases import settings

    FIXTURES[check].found(world)
    world.county.__dict__["settings"] = settings(**{check: "off"})
    assert found(world, check) == []
