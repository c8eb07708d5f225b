"""Which rules an area's kind has under its own regime."""

from __future__ import annotations

from geodata.county_settings import CountySettings
from geodata.policy import AreaKind, Policy


def policy_of_area(kind: str, regime: str, settings: CountySettings) -> Policy | None:
    """Return the regime whose rules an area's kind has: the one the area names, the county's own, else the first.

    None where no regime of the county knows the kind; a township has none, as it is no area of a regime.
    """
    own = settings.policies.get(regime, settings.policy)
    policies = (own, settings.policy, *settings.policies.values())
    return next((policy for policy in policies if kind in policy.area_kinds), None)


def rule_of_area(kind: str, regime: str, settings: CountySettings) -> AreaKind | None:
    """Return the rules of an area kind, None where no regime of the county knows it (see `policy_of_area`)."""
    policy = policy_of_area(kind, regime, settings)
    return None if policy is None else policy.area_kinds[kind]
