"""What an application is checked against: the register, the county's rules, its map, and its roads as they are open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.county_settings import CountySettings
from geodata.policy import Condition, Policy

if TYPE_CHECKING:
    import sqlalchemy as sa

    from routing.engine import Engine
    from routing.trips.closed_loop import TripPlanner
    from routing.trips.trip import TripMap


@dataclass(frozen=True, eq=False)
class Office:
    """The issuing office within one transaction.

    Attributes
    ----------
    connection
        The caller's transaction: what is read here is what is true when the pass is kept.
    engine
        With every closing of the register.
    """

    connection: sa.Connection
    settings: CountySettings
    trip_map: TripMap
    engine: Engine

    @property
    def policy(self) -> Policy:
        """The county's own regime."""
        return self.settings.policy

    @property
    def planner(self) -> TripPlanner:
        """Plans trips on the roads as they are open at this moment; one planner serves many trips best."""
        from routing.trips.closed_loop import planner_on

        return planner_on(self.engine, self.trip_map)


def all_conditions(settings: CountySettings) -> tuple[Condition, ...]:
    """Return the conditions of every regime of the county: what an application may hold data for."""
    return tuple(dict.fromkeys(one for policy in settings.policies.values() for one in policy.conditions))
