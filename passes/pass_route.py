"""The route of a pass as it is answered and kept: stops and sections, its roads, and when it is on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from geodata.network import Network
from geodata.policy import PassPolicy
from passes.eligibility import LEAD
from passes.pass_window import PassWindow
from routing.route_summary import road_rows
from routing.trips.summary import trip_summary
from routing.trips.trip import Trip


@dataclass(frozen=True, slots=True)
class Passage:
    """One road of a pass in one direction, and the time within which the truck may be on it.

    Attributes
    ----------
    leg
        Place in the trip, counted from 0.
    from_at, to_at
        From the earliest start to the planned time plus the grace, within the pass's window.
    """

    leg: int
    road_id: str
    direction: int
    from_at: datetime
    to_at: datetime


def pass_route(trip: Trip, network: Network) -> dict[str, Any]:
    """Return a trip with its roads as JSON-ready values, roads as the answer to `route` lists them."""
    return {**trip_summary(trip), "roads": road_rows(trip.legs, network)}


def passages_of(trip: Trip, network: Network, *, window: PassWindow, policy: PassPolicy) -> Iterator[Passage]:
    """Give every road of a trip with the time within which the truck may be on it: the index road -> pass."""
    late = timedelta(minutes=policy.grace_min)
    leg_number = 0
    for stop, route in zip(trip.stops[:-1], trip.routes, strict=True):
        on_at = stop.leave_at
        for leg in route.legs:
            off_at = on_at + timedelta(seconds=leg.duration_s)
            yield Passage(
                leg=leg_number,
                road_id=str(network.road_id[leg.road]),
                direction=leg.direction,
                from_at=max(window.not_before, on_at - LEAD),
                to_at=min(window.expires_at, off_at + late),
            )
            on_at, leg_number = off_at, leg_number + 1
