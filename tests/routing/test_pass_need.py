from dataclasses import replace
from types import MappingProxyType

import pytest

from geodata.policy_reading import load_profile
from routing.trips.pass_need import trip_needs_pass
from tests.trips import square, world_of

ROUND_B = (113.045, 33.015, 113.055, 33.025)


@pytest.fixture
def world(small_county):
    return world_of(small_county)


@pytest.fixture
def need(world):
    """What the small county's rules, or changed ones, ask of a trip."""

    def ask(trip, **rule):
        settings = world.trip_map.settings
        kinds = {key: replace(kind, **rule) for key, kind in settings.policy.area_kinds.items()}
        policy = replace(settings.policy, area_kinds=MappingProxyType(kinds))
        return trip_needs_pass(trip, replace(settings, policy=policy, policies={policy.regime.id: policy}))

    return ask


def areas(need):
    return [one.area_id for one in need.required_by]


@pytest.mark.parametrize(("origin", "destination"), [("clinic", "firm"), ("firm", "clinic")])
def test_a_trip_into_or_out_of_an_emergency_area_needs_a_pass(world, need, origin, destination):
    assert areas(need(world.plan(origin, destination))) == ["zone"]


def test_a_trip_outside_every_area_needs_none(world, need):
    assert areas(need(world.plan("clinic", "east"))) == []


def test_a_trip_within_an_area_needs_none_unless_its_kind_says_so(world, need):
    trip = world.with_areas(square(113.0, 32.9, 113.1, 33.1)).plan("clinic", "firm")
    assert areas(need(trip)) == []
    assert areas(need(trip, passes_required_for="inside")) == ["square"]


def test_having_passed_through_an_area_is_no_reason(world, need):
    trip = world.with_areas(square(*ROUND_B, kind="risk")).plan("clinic", "east")
    assert [one.how for one in trip.areas] == ["through"]
    assert (areas(need(trip)), need(trip).findings) == ([], ())


def test_transit_asks_for_a_pass_where_the_kind_says_so(world, need):
    trip = world.with_areas(square(*ROUND_B)).plan("clinic", "east")
    assert areas(need(trip, transit="pass")) == ["square"]


def test_transit_that_the_kind_forbids_is_a_finding_with_the_area(world, need):
    (finding,) = need(world.with_areas(square(*ROUND_B)).plan("clinic", "east"), transit="no").findings
    assert (finding.code, finding.clause, finding.subject) == ("transit-not-allowed", "policy", "square")
    assert finding.facts["enter_at"].startswith("2022-06-22T00:02")


def test_a_kind_that_asks_for_nothing_needs_no_pass(world, need):
    assert areas(need(world.plan("clinic", "firm"), passes_required_for="none")) == []


def test_an_area_of_another_regime_follows_its_own_rules(world):
    settings = world.trip_map.settings
    other = load_profile("animal-disease")
    both = replace(settings, policies={**settings.policies, other.regime.id: other})
    premises = square(113.045, 33.015, 113.055, 33.025, kind="infected_premises", regime="asf")
    need = trip_needs_pass(world.with_areas(premises).plan("clinic", "east"), both)
    assert [finding.code for finding in need.findings] == ["transit-not-allowed"]


def test_a_kind_that_no_regime_knows_asks_for_nothing(world, need):
    trip = world.with_areas(square(113.015, 33.035, 113.025, 33.045, kind="unheard-of")).plan("clinic", "firm")
    assert [one.how for one in trip.areas] == ["in"]
    assert areas(need(trip)) == []
