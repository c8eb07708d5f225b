"""Divide a trip into first mile, highway section (公路通行段) and last mile (L5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from geodata.network import Network
from geodata.road_classes import ARTERIAL_CLASSES, RoadClass
from routing.route import RoadLeg, Route, route_of
from routing.trips.trip import Section, SectionKind

#: Roads that make a highway section.
HIGHWAY_CLASSES: Final = ARTERIAL_CLASSES | {RoadClass.COUNTY}


def _names(legs: Sequence[RoadLeg], network: Network) -> tuple[str, ...]:
    names: list[str] = []
    for leg in legs:
        name = str(network.ref[leg.road]) or str(network.name[leg.road])
        if name and (not names or names[-1] != name):
            names.append(name)
    return tuple(names)


def _parts(legs: Sequence[RoadLeg], network: Network) -> list[tuple[SectionKind, Sequence[RoadLeg]]]:
    on_highway = np.flatnonzero([network.class_of(leg.road) in HIGHWAY_CLASSES for leg in legs])
    if not len(on_highway):
        return [(SectionKind.LOCAL, legs)]
    first, last = int(on_highway[0]), int(on_highway[-1]) + 1
    parts = [
        (SectionKind.FIRST_MILE, legs[:first]),
        (SectionKind.HIGHWAY, legs[first:last]),
        (SectionKind.LAST_MILE, legs[last:]),
    ]
    return [(kind, part) for kind, part in parts if part]


def sections_of(routes: Sequence[Route], network: Network, *, destination: int) -> tuple[Section, ...]:
    """Divide the way out, and the way back of a round trip, into sections that follow one another without gap.

    The plan binds three parts: origin - road section - destination (L5). The highway section runs from the first to
    the last use of an arterial or county road, whatever lies between; the first mile leads to it, the last mile from
    it. A part that the way does not have is left out; a way that uses no such road at all is one "local" section.

    Parameters
    ----------
    destination
        Number of the destination among the stops: so many routes lead out, the others back.
    """
    sections: list[Section] = []
    for way, some in (("out", routes[:destination]), ("back", routes[destination:])):
        legs = [leg for route in some for leg in route.legs]
        for kind, part in _parts(legs, network) if legs else []:
            whole = route_of(part)
            start_m = sections[-1].to_m if sections else 0.0
            end_m = round(start_m + whole.distance_m, 2)
            sections.append(Section(kind, way, start_m, end_m, whole.duration_s, _names(part, network)))
    return tuple(sections)
