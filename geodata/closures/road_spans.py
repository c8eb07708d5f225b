"""Join, cut and measure extents: sets of road parts, each in one or both directions of travel."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from geodata.closures.closure import Direction, RoadSpan

#: Parts shorter than this are rounding, not road.
SHORTEST_M: Final = 0.01
Interval = tuple[float, float]
Intervals = list[Interval]
#: Closed intervals of one road: forward and backward.
Sides = tuple[Intervals, Intervals]


def _join(intervals: Iterable[Interval]) -> Intervals:
    joined: Intervals = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1] + SHORTEST_M:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _common(left: Intervals, right: Intervals) -> Intervals:
    found = [(max(a, c), min(b, d)) for a, b in left for c, d in right]
    return [(start, end) for start, end in found if end - start > SHORTEST_M]


def _without(left: Intervals, right: Intervals) -> Intervals:
    rest = left
    for start, end in right:
        pieces = [piece for a, b in rest for piece in ((a, min(b, start)), (max(a, end), b))]
        rest = [(a, b) for a, b in pieces if b - a > SHORTEST_M]
    return rest


def _sides(extent: Iterable[RoadSpan]) -> dict[str, Sides]:
    sides: dict[str, Sides] = {}
    for span in extent:
        forward, backward = sides.setdefault(span.road_id, ([], []))
        if span.direction is not Direction.BACKWARD:
            forward.append((span.from_m, span.to_m))
        if span.direction is not Direction.FORWARD:
            backward.append((span.from_m, span.to_m))
    return {road: (_join(forward), _join(backward)) for road, (forward, backward) in sides.items()}


def _spans(sides: dict[str, Sides]) -> tuple[RoadSpan, ...]:
    spans = []
    for road, (forward, backward) in sides.items():
        by_direction = {
            Direction.BOTH: _common(forward, backward),
            Direction.FORWARD: _without(forward, backward),
            Direction.BACKWARD: _without(backward, forward),
        }
        parts = [RoadSpan(road, way, start, end) for way, found in by_direction.items() for start, end in found]
        spans.extend(sorted(parts, key=lambda span: (span.from_m, span.to_m, span.direction)))
    return tuple(spans)


def _combine(
    left: Iterable[RoadSpan], right: Iterable[RoadSpan], rule: Callable[[Intervals, Intervals], Intervals]
) -> tuple[RoadSpan, ...]:
    others = _sides(right)
    empty: Sides = ([], [])
    return _spans(
        {
            road: (rule(forward, others.get(road, empty)[0]), rule(backward, others.get(road, empty)[1]))
            for road, (forward, backward) in _sides(left).items()
        }
    )


def join_spans(extent: Iterable[RoadSpan]) -> tuple[RoadSpan, ...]:
    """Return the same extent with parts that touch or overlap made one; roads keep the order they came in."""
    return _spans(_sides(extent))


def common_spans(left: Iterable[RoadSpan], right: Iterable[RoadSpan]) -> tuple[RoadSpan, ...]:
    """Return what both extents hold, road, part and direction."""
    return _combine(left, right, _common)


def spans_without(left: Iterable[RoadSpan], right: Iterable[RoadSpan]) -> tuple[RoadSpan, ...]:
    """Return what the first extent holds and the second does not."""
    left, right = tuple(left), tuple(right)
    if left == right:
        return ()
    return _combine(left, right, _without)


def length_of(extent: Iterable[RoadSpan]) -> float:
    """Return the metres of road in an extent; a metre in both directions counts once."""
    return sum(end - start for sides in _sides(extent).values() for start, end in _join([*sides[0], *sides[1]]))


def same_extent(left: tuple[RoadSpan, ...], right: tuple[RoadSpan, ...], *, within_m: float = 1.0) -> bool:
    """Tell whether two extents are one: the same roads and directions, each end within so many metres."""
    if left == right:
        return True
    one, other = _sides(left), _sides(right)
    return one.keys() == other.keys() and all(
        len(mine) == len(theirs)
        and all(abs(a - c) <= within_m and abs(b - d) <= within_m for (a, b), (c, d) in zip(mine, theirs, strict=True))
        for road in one
        for mine, theirs in zip(one[road], other[road], strict=True)
    )
