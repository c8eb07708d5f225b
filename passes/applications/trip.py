"""Plan the trip that an application asks for, or say why there is none; and which areas ask it something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import shapely

from geodata.errors import BadInputError
from geodata.findings import Finding
from passes.applications.application import Application
from passes.applications.conditions import Standing
from passes.applications.office import Office
from routing.errors import NoRouteError
from routing.trips.closed_loop import TripPlanner
from routing.trips.ground import ground_of
from routing.trips.pass_need import PassNeed
from routing.trips.trip import ConditionEnd, Trip, TripEnd, TripRequest

RECEIVING_POINT_MISSING: Final = "receiving-point-missing"


@dataclass(frozen=True, slots=True)
class AskingArea:
    """An area in force whose conditions count for a trip: its kind, and the regime that it names ("": none)."""

    kind: str
    regime: str


def _ends(application: Application) -> list[tuple[str, Any]]:
    vias = ((f"via[{number}]", via) for number, via in enumerate(application.via))
    back = () if application.returns_to is None else (("returns_to", application.returns_to),)
    return [("origin", application.origin), *vias, ("destination", application.destination), *back]


def request_trip(
    application: Application, office: Office, *, planner: TripPlanner, at: datetime
) -> tuple[TripRequest | None, list[Finding]]:
    """Make the request for a trip, which begins now where the departure planned is just over.

    An enclosed firm without a fixed receiving point is a finding (L19, K13), not an error: the firm has to define one.

    Raises
    ------
    BadInputError
        An end that is unknown, ambiguous, unreadable or far from any road.
    """
    vehicle = application.vehicle.on_roads(office.settings.vehicles["truck"])
    on_roads = planner.on_roads_of(vehicle)
    resolved: list[TripEnd] = []
    findings: list[Finding] = []
    for path, end in _ends(application):
        try:
            resolved.append(on_roads.end(end, where=path))
        except BadInputError as error:
            if error.code != RECEIVING_POINT_MISSING:
                raise
            facts = {**error.facts, "path": path}
            findings.append(Finding(error.code, "L19", str(error.facts.get("enterprise", "")), facts))
    if findings:
        return None, findings
    back = None if application.returns_to is None else resolved.pop()
    request = TripRequest(
        origin=resolved[0],
        destination=resolved[-1],
        depart_at=max(application.depart_at, at),
        vehicle=vehicle,
        via=tuple(resolved[1:-1]),
        round_trip=application.round_trip,
        entry_point=application.entry_point,
        returns_to=back,
    )
    return request, []


def faults_of_ends(document: Mapping[str, Any], planner: TripPlanner) -> list[BadInputError]:
    """Return what `request_trip` would say of each end that a document names, whatever else is wrong with it."""
    settings = planner.trip_map.settings
    if settings is None:
        return []
    on_roads = planner.on_roads_of(settings.vehicles["truck"])
    via = document.get("via")
    ends = [("origin", document.get("origin")), ("destination", document.get("destination"))]
    ends += [(f"via[{number}]", one) for number, one in enumerate(via if isinstance(via, list) else [])]
    faults = []
    for path, end in ends:
        if end and isinstance(end, str | Mapping):
            try:
                on_roads.end(end, where=path)
            except BadInputError as error:
                if error.code != RECEIVING_POINT_MISSING:
                    faults.append(error)
    return faults


def plan_or_say_why(planner: TripPlanner, request: TripRequest) -> tuple[Trip | None, list[Finding]]:
    """Plan a trip, or return a finding that names the closures which cut it (L5)."""
    try:
        return planner.plan(request), []
    except NoRouteError as error:
        return None, [Finding(error.code, "L5", facts=dict(error.facts))]


def areas_asking(trip: Trip, need: PassNeed) -> frozenset[AskingArea]:
    """Return the areas in force whose conditions count for a planned trip.

    Those in which it starts, stops or ends (L3), and those that need a pass to be driven through; passing through any
    other is never asked about (L6). An area that is not in force asks nothing: its state switches the rules (P4).
    """
    ends = (one for one in trip.areas if one.how != "through")
    return frozenset(AskingArea(one.kind, one.regime) for one in (*need.required_by, *ends))


def areas_at_points(office: Office, request: TripRequest) -> frozenset[AskingArea]:
    """Return the same for a trip that has no route: areas in force at departure in which an end lies (L3, P4)."""
    back = () if request.returns_to is None else (request.returns_to,)
    ends = (request.origin, *request.via, request.destination, *back)
    spots = [spot for one in ends if (spot := one.place or one.point) is not None]
    lonlat = np.array([(spot.lon, spot.lat) for spot in spots]).reshape(-1, 2)
    points = shapely.points(office.trip_map.road_index.plane.to_metres(lonlat))
    return frozenset(
        AskingArea(area.kind, area.regime)
        for area, outline in ground_of(office.trip_map).outlines
        if area.in_force(request.depart_at) and shapely.intersects(outline, points).any()
    )


def condition_ends(standings: Iterable[Standing]) -> tuple[ConditionEnd, ...]:
    """Return what the planner must know of conditions that lapse: whose, when, and where each can be met again (L4)."""
    return tuple(
        ConditionEnd(
            subject=one.label,
            condition=one.condition.id,
            ends_at=one.ends_at,
            nearest=one.condition.nearest,
            renewed_h=one.condition.max_age_h if one.condition.kind == "max_age" else None,
            clause=one.condition.clause or "policy",
            applies_to=one.condition.applies_to,
        )
        for one in standings
        if one.ends_at is not None
    )


def with_conditions(request: TripRequest, standings: Iterable[Standing]) -> TripRequest:
    """Return the request with the ends of its conditions."""
    return replace(request, condition_ends=condition_ends(standings))
