"""Which rules an area's kind has under its own regime."""

from __future__ import annotations

from geodata.county_settings import CountySettings
from geodata.policy import AreaKind


def rule_of_area(kind: str, regime: str, settings: CountySettings) -> AreaKind | None:
    """Return the rules of an area kind: under the regime the area names, the county's own, else the first to know it.

    A township has none: it is no area of a regime.
    """
    own = settings.policies.get(regime, settings.policy)
    for policy in (own, settings.policy, *settings.policies.values()):
        if kind in policy.area_kinds:
            return policy.area_kinds[kind]
    return None
