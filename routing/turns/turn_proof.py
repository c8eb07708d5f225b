"""Prove that a route takes no forbidden turn, from the restrictions as mapped: road by road, junction by junction.

Written apart from the search on purpose: no states, no arcs, only which road follows which at which junction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.findings import Finding
from geodata.network import BACKWARD, Network, TurnRestriction
from geodata.vehicles import Vehicle
from routing.route import Route
from routing.turns.rules import binds, counts_at, is_by_time

#: Tells whether a road may be driven in a direction.
Allowed = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class _Step:
    """A road driven: the junctions at its two ends in the order of travel, and when the vehicle comes on it."""

    road: int
    direction: int
    enter: int
    leave: int
    on_at: datetime


def _steps(route: Route, network: Network, depart_at: datetime) -> list[_Step]:
    steps, at = [], depart_at
    for leg in route.legs:
        if leg.from_m != leg.to_m:
            start, end = (int(junction) for junction in network.ends[leg.road])
            enter, leave = (end, start) if leg.direction == BACKWARD else (start, end)
            steps.append(_Step(leg.road, leg.direction, enter, leave, at))
        at += timedelta(seconds=leg.duration_s)
    return steps


def _came_along(steps: Sequence[_Step], at: int, one: TurnRestriction, network: Network) -> int:
    """Return the junction at which a restriction forbids the turn after step `at`, -1 where it does not bind there."""
    first = at - len(one.via_roads)
    if first < 0 or steps[first].road not in one.from_roads:
        return -1
    if tuple(step.road for step in steps[first + 1 : at + 1]) != one.via_roads:
        return -1
    if not one.via_roads:
        return one.via_junction if steps[at].leave == one.via_junction else -1
    if steps[first].leave not in network.ends[one.via_roads[0]]:
        return -1
    return steps[at].leave


def _breaks(steps: Sequence[_Step], at: int, one: TurnRestriction, network: Network) -> bool:
    """Tell whether going on after step `at` breaks a restriction, whatever the hour."""
    junction = _came_along(steps, at, one, network)
    if junction < 0 or not any(junction in network.ends[road] for road in one.to_roads):
        return False
    return (steps[at + 1].road in one.to_roads) != one.kind.startswith("only_")


def _turns_back(steps: Sequence[_Step], at: int, network: Network, allowed: Allowed) -> bool:
    """Tell whether the vehicle turns back on the same road although another one leads on."""
    here, following = steps[at], steps[at + 1]
    if here.road != following.road or here.direction == following.direction:
        return False
    ways_on = 0
    for road in range(network.road_count):
        for direction, junction in enumerate(network.ends[road].tolist()):
            ways_on += junction == here.leave and allowed(road, direction)
    return ways_on > 1


def forbidden_turns(
    route: Route, network: Network, *, vehicle: Vehicle, depart_at: datetime, any_hour: bool, allowed: Allowed
) -> Iterator[Finding]:
    """Give every forbidden turn of a route: `route-turn-forbidden` and `route-turns-back`.

    Parameters
    ----------
    any_hour
        Restrictions with hours count whatever the hour.
    allowed
        Tells which roads the vehicle may use: only where no other way leads on may it turn back.
    """
    steps = _steps(route, network, depart_at)
    binding = [one for one in network.turn_restrictions if binds(one, vehicle)]
    for at in range(len(steps) - 1):
        facts = {"leg": at, "road": str(network.road_id[steps[at].road])}
        if _turns_back(steps, at, network, allowed):
            yield Finding("route-turns-back", facts=facts)
        for one in binding:
            counts = any_hour or not is_by_time(one) or counts_at(one, steps[at + 1].on_at)
            if counts and _breaks(steps, at, one, network):
                yield Finding("route-turn-forbidden", subject=one.kind, facts=facts)
