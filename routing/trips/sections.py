"""Divide a trip into first mile, highway section (公路通行段) and last mile (L5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.road_classes import ARTERIAL_CLASSES, ROAD_CLASSES, RoadClass
from routing.route import Route
from routing.trips.trip import Section, SectionKind

#: Roads that make a highway section.
HIGHWAY_CLASSES: Final = ARTERIAL_CLASSES | {RoadClass.COUNTY}
_IS_HIGHWAY: Final = np.array([one in HIGHWAY_CLASSES for one in ROAD_CLASSES], dtype=np.bool_)


class Part(NamedTuple):
    """One section of a way, wherever on a trip: see `Section`; in whole units, so that sums are exact."""

    kind: SectionKind
    length_cm: int
    duration_ms: int
    roads: tuple[str, ...]


def _names(roads: NDArray[np.int32], network: Network) -> tuple[str, ...]:
    """Return the number or name of roads, each once in a row."""
    names: list[str] = []
    last = ""
    for ref, plain in zip(network.ref[roads].tolist(), network.name[roads].tolist(), strict=True):
        name = ref or plain
        if name and name != last:
            names.append(name)
            last = name
    return tuple(names)


def _bounds(roads: NDArray[np.int32], network: Network) -> list[tuple[SectionKind, int, int]]:
    """Return each part with its first leg and the one after its last."""
    on_highway = np.flatnonzero(_IS_HIGHWAY[network.road_class[roads]])
    if not len(on_highway):
        return [(SectionKind.LOCAL, 0, len(roads))]
    first, last = int(on_highway[0]), int(on_highway[-1]) + 1
    parts = [
        (SectionKind.FIRST_MILE, 0, first),
        (SectionKind.HIGHWAY, first, last),
        (SectionKind.LAST_MILE, last, len(roads)),
    ]
    return [one for one in parts if one[1] < one[2]]


def parts_of(routes: Sequence[Route], network: Network) -> tuple[Part, ...]:
    """Divide a way, driven over these routes, into its sections."""
    if not routes:
        return ()
    roads = np.concatenate([route.arcs for route in routes]) >> 1
    length_cm = np.concatenate([route.measures.length_cm for route in routes])
    duration_ms = np.concatenate([route.measures.duration_ms for route in routes])
    return tuple(
        Part(kind, int(length_cm[a:b].sum()), int(duration_ms[a:b].sum()), _names(roads[a:b], network))
        for kind, a, b in _bounds(roads, network)
    )


def sections_of(out: Sequence[Part], back: Sequence[Part]) -> tuple[Section, ...]:
    """Return the sections of the way out, and of the way back of a round trip, one following another without gap.

    The plan binds three parts: origin - road section - destination (L5). The highway section runs from the first to
    the last use of an arterial or county road, whatever lies between; the first mile leads to it, the last mile from
    it. A part that the way does not have is left out; a way that uses no such road at all is one "local" section.
    """
    sections: list[Section] = []
    for way, parts in (("out", out), ("back", back)):
        for part in parts:
            start_m = sections[-1].to_m if sections else 0.0
            end_m = round(start_m + part.length_cm / 100, 2)
            sections.append(Section(part.kind, way, start_m, end_m, part.duration_ms / 1000, part.roads))
    return tuple(sections)
