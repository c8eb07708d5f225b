from dataclasses import replace

import pytest

from geodata.areas import TOWNSHIP
from geodata.policy_reading import load_profile
from routing.trips.area_rules import rule_of_area


@pytest.fixture
def both_regimes(small_county):
    settings = small_county.settings
    other = load_profile("animal-disease")
    return replace(settings, policies={**settings.policies, other.regime.id: other})


def test_an_area_without_regime_follows_the_county(both_regimes):
    assert rule_of_area("emergency", "", both_regimes) is both_regimes.policy.area_kinds["emergency"]


def test_an_area_follows_the_regime_it_names(both_regimes):
    assert rule_of_area("infected_zone", "asf", both_regimes).buffer_km == 3


def test_a_kind_of_another_regime_is_found_without_naming_it(both_regimes):
    assert rule_of_area("threatened_zone", "", both_regimes).buffer_km == 10


def test_a_township_has_no_rules(both_regimes):
    assert rule_of_area(TOWNSHIP, "", both_regimes) is None
