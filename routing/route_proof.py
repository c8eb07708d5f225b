"""Prove a route without the engine: legs joined, sums right, allowed for the vehicle, no closed part, no wrong turn.

Written apart from the search on purpose, in metres and datetimes, so that one does not repeat the other's mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.findings import Finding
from geodata.hazardous_goods import names_of_bits
from geodata.network import ACCESS_BIT, BACKWARD, Network
from geodata.vehicles import Vehicle
from geodata.windows import Window
from routing.ask import KEPT
from routing.route import RoadLeg, Route
from routing.turns.turn_proof import forbidden_turns

#: Positions along a road are compared to this, in m: routes are planned in whole centimetres.
CENTIMETRE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Journey:
    """Who drives a route, and when.

    Attributes
    ----------
    until
        Where given, no closing in force at any time from departure until then may be used.
    turns
        "kept": no forbidden turn may be taken either; "ignored": turns are not looked at.
    """

    vehicle: Vehicle
    depart_at: datetime
    holder: str = "public"
    until: datetime | None = None
    turns: str = "ignored"


def _junction(network: Network, leg: RoadLeg, *, at_m: float) -> int:
    """Return the junction at a position of a leg's road, -1 where it is between two."""
    start, end = network.ends[leg.road]
    if at_m <= CENTIMETRE:
        return int(start)
    return int(end) if at_m >= float(network.length_m[leg.road]) - CENTIMETRE else -1


def _unjoined(route: Route, network: Network) -> Iterator[Finding]:
    for number, (leg, following) in enumerate(pairwise(route.legs)):
        left, taken = _junction(network, leg, at_m=leg.to_m), _junction(network, following, at_m=following.from_m)
        short = float(network.length_m[leg.road]) <= CENTIMETRE or float(network.length_m[following.road]) <= CENTIMETRE
        goes_on = leg.road == following.road and abs(leg.to_m - following.from_m) <= CENTIMETRE
        if not goes_on and not short and (left < 0 or left != taken):
            yield Finding("route-legs-not-joined", facts={"leg": number, "road": str(network.road_id[leg.road])})


def _wrong_sums(route: Route) -> Iterator[Finding]:
    if not route.legs:
        yield Finding("route-without-legs")
    sums = (("distance_m", "length_m", CENTIMETRE / 2), ("duration_s", "duration_s", 0.0005))
    for whole, part, tolerance in sums:
        said, summed = getattr(route, whole), sum(getattr(leg, part) for leg in route.legs)
        if abs(said - summed) > tolerance:
            yield Finding("route-sum-wrong", facts={"of": whole, "said": said, "summed": summed})


def _wrong_legs(route: Route, network: Network) -> Iterator[Finding]:
    for number, leg in enumerate(route.legs):
        lower, upper = sorted((leg.from_m, leg.to_m))
        forward = leg.from_m <= leg.to_m
        inside = lower >= 0 and upper <= float(network.length_m[leg.road]) + CENTIMETRE
        length_right = abs((upper - lower) - leg.length_m) <= CENTIMETRE
        way_right = lower == upper or forward == (leg.direction != BACKWARD)
        if not (inside and length_right and way_right):
            yield Finding("route-leg-wrong", facts={"leg": number, "road": str(network.road_id[leg.road])})


def _is_allowed(network: Network, leg: RoadLeg, vehicle: Vehicle) -> bool:
    limits = (
        (vehicle.gross_weight_kg, network.max_weight_kg),
        (vehicle.height_m, network.max_height_m),
        (vehicle.width_m, network.max_width_m),
        (vehicle.length_m, network.max_length_m),
        (vehicle.axle_load_kg, network.max_axle_load_kg),
    )
    # The stored limit is a float32: half of its last digit is no excess.
    within = all(value <= float(limit[leg.road]) * (1 + 1e-7) for value, limit in limits)
    refused = names_of_bits(int(network.refused_goods[leg.road, leg.direction]))
    carried = set(vehicle.hazardous_goods)
    refuses = carried & set(refused) or ("unknown" in carried and set(refused) - {"water"})
    return within and not refuses and bool(int(network.access[leg.road, leg.direction]) & ACCESS_BIT[vehicle.access])


def _forbidden_legs(route: Route, network: Network, journey: Journey) -> Iterator[Finding]:
    for number, leg in enumerate(route.legs):
        if leg.from_m != leg.to_m and not _is_allowed(network, leg, journey.vehicle):
            yield Finding("route-road-not-allowed", facts={"leg": number, "road": str(network.road_id[leg.road])})


def _runs_through(leg: RoadLeg, closing: Closing, *, length_m: float) -> bool:
    """Tell whether a leg enters a closed part or holds it whole; touching its edge from outside is no harm."""
    travelled = Direction.BACKWARD if leg.direction == BACKWARD else Direction.FORWARD
    if leg.road != closing.road or leg.from_m == leg.to_m or closing.direction not in {Direction.BOTH, travelled}:
        return False
    lower, upper = sorted((leg.from_m, leg.to_m))
    start, end = (min(max(metres, 0.0), length_m) for metres in (closing.from_m, closing.to_m))
    holds_it = lower <= start and end <= upper
    return holds_it or min(upper, end) - max(lower, start) > CENTIMETRE


def _counts(closing: Closing, journey: Journey, *, under_way: Window) -> bool:
    if closing.lets_pass_holders_through and journey.holder == "pass":
        return False
    if closing.window is None:
        return True
    watched = Window(journey.depart_at, journey.until) if journey.until else None
    return closing.window.overlaps(under_way) or (watched is not None and closing.window.overlaps(watched))


def _closed_parts_used(
    route: Route, network: Network, *, closings: Iterable[Closing], journey: Journey
) -> Iterator[Finding]:
    by_road: dict[int, list[Closing]] = {}
    for closing in closings:
        by_road.setdefault(closing.road, []).append(closing)
    on_at = journey.depart_at
    for number, leg in enumerate(route.legs):
        off_at = on_at + timedelta(seconds=leg.duration_s)
        under_way = Window(on_at, off_at + timedelta(microseconds=1))
        length_m = float(network.length_m[leg.road])
        for closing in by_road.get(leg.road, ()):
            if _runs_through(leg, closing, length_m=length_m) and _counts(closing, journey, under_way=under_way):
                facts = {"leg": number, "road": str(network.road_id[leg.road])}
                yield Finding("route-uses-closed-road", subject=closing.closure_id, facts=facts)
        on_at = off_at


def _forbidden_turns(route: Route, network: Network, journey: Journey) -> Iterator[Finding]:
    if journey.turns != KEPT:
        return

    def allowed(road: int, direction: int) -> bool:
        return _is_allowed(network, RoadLeg(road, direction, 0.0, 0.0, 0.0, 0.0), journey.vehicle)

    yield from forbidden_turns(
        route,
        network,
        vehicle=journey.vehicle,
        depart_at=journey.depart_at,
        any_hour=journey.until is not None,
        allowed=allowed,
    )


def prove_route(
    route: Route, network: Network, *, closings: Iterable[Closing], journey: Journey
) -> tuple[Finding, ...]:
    """Return everything that is wrong with a route; nothing where it holds.

    Codes: `route-without-legs`, `route-legs-not-joined`, `route-leg-wrong`, `route-sum-wrong`,
    `route-road-not-allowed`, `route-uses-closed-road` with the closure's id, `route-turn-forbidden` and
    `route-turns-back`.
    """
    return (
        *_wrong_sums(route),
        *_wrong_legs(route, network),
        *_unjoined(route, network),
        *_forbidden_legs(route, network, journey),
        *_closed_parts_used(route, network, closings=closings, journey=journey),
        *_forbidden_turns(route, network, journey),
    )
