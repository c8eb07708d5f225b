"""Join road parts head to tail into lines in the direction of travel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from geodata.closures.closure import Direction, RoadSpan
from geodata.network import Network
from geodata.polylines import Polyline
from geodata.snapping import LocalPlane

#: A part that reaches this near to a road's end reaches its junction.
_AT_END_M: Final = 0.5
Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class TravelLine:
    """Positions in the direction of travel, and the road parts under them in that order, each in one direction."""

    line: Line
    spans: tuple[RoadSpan, ...]


@dataclass(frozen=True, slots=True)
class _Arc:
    """A road part in one direction of travel, and the junctions that it comes from and leads to (-1: none)."""

    span: RoadSpan
    tail: int
    head: int


def line_of_span(span: RoadSpan, network: Network, plane: LocalPlane) -> Line:
    """Return the positions along a part of a road that the network has, longitude first, as the road is digitised."""
    road = network.road_index[span.road_id]
    points = network.line_of(road)
    whole_m = float(network.length_m[road])
    if span.from_m > 0 or span.to_m < whole_m:
        line = Polyline(plane.to_metres(points))
        scale = line.length_m / whole_m
        points = plane.to_degrees(line.part(span.from_m * scale, span.to_m * scale).points)
    return tuple((round(float(lon), 7), round(float(lat), 7)) for lon, lat in points)


def travel_lines(spans: Iterable[RoadSpan], network: Network) -> tuple[TravelLine, ...]:
    """Return the lines along which travel is closed; a part in both directions gives two, one each way."""
    plane = LocalPlane(network)
    return tuple(TravelLine(_line(chain, network, plane), chain) for chain in _chains(spans, network))


def _arcs(spans: Iterable[RoadSpan], network: Network) -> list[_Arc]:
    arcs = []
    for span in spans:
        road = network.road_index[span.road_id]
        start = int(network.ends[road, 0]) if span.from_m <= _AT_END_M else -1
        end = int(network.ends[road, 1]) if span.to_m >= float(network.length_m[road]) - _AT_END_M else -1
        if span.direction is not Direction.BACKWARD:
            arcs.append(_Arc(replace(span, direction=Direction.FORWARD), start, end))
        if span.direction is not Direction.FORWARD:
            arcs.append(_Arc(replace(span, direction=Direction.BACKWARD), end, start))
    return arcs


def _chains(spans: Iterable[RoadSpan], network: Network) -> list[tuple[RoadSpan, ...]]:
    """Join parts where exactly one closed way leads on, so that each stretch is one line."""
    arcs = _arcs(spans, network)
    leaving: dict[int, list[int]] = {}
    coming: dict[int, list[int]] = {}
    for number, arc in enumerate(arcs):
        leaving.setdefault(arc.tail, []).append(number)
        coming.setdefault(arc.head, []).append(number)
    follows = {}
    for number, arc in enumerate(arcs):
        after = _others(arc, leaving.get(arc.head, []), arcs) if arc.head >= 0 else []
        if len(after) == 1 and len(_others(arcs[after[0]], coming[arc.head], arcs)) == 1:
            follows[number] = after[0]
    led_to = set(follows.values())
    chains: list[tuple[RoadSpan, ...]] = []
    used: set[int] = set()
    for first in (*(one for one in range(len(arcs)) if one not in led_to), *range(len(arcs))):
        chain, number = [], first
        while number not in used:
            used.add(number)
            chain.append(arcs[number].span)
            number = follows.get(number, number)
        if chain:
            chains.append(tuple(chain))
    return chains


def _others(arc: _Arc, numbers: Sequence[int], arcs: Sequence[_Arc]) -> list[int]:
    """Return the arcs that are of another road: turning back on the spot is no way on."""
    return [one for one in numbers if arcs[one].span.road_id != arc.span.road_id]


def _line(chain: Iterable[RoadSpan], network: Network, plane: LocalPlane) -> Line:
    points: list[tuple[float, float]] = []
    for span in chain:
        part = line_of_span(span, network, plane)
        part = part[::-1] if span.direction is Direction.BACKWARD else part
        points.extend(part[1:] if points and points[-1] == part[0] else part)
    return tuple(points)
