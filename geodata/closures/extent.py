"""Find the road parts that a closure's line or list of roads means, or say why they cannot be told.

The direction of a closure is the direction of travel that is closed, told along each road's digitised direction:
"forward" closes travel the way the road was drawn in the source, whichever way the closure's own line runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from geodata.closures.closure import ALONG, Direction, RoadSpan
from geodata.closures.line_matching import REACH_M, SAMPLE_M, Chain, LineMatcher, Piece
from geodata.closures.road_spans import SHORTEST_M, join_spans
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.polylines import Points, Polyline
from geodata.snapping import RoadIndex

Line = Sequence[tuple[float, float]]
#: A line shorter than this closes nothing.
SHORTEST_LINE_M: Final = 0.1
#: Less road than this share of the line's length means that the line runs across the road.
LEAST_ALONG: Final = 0.4
#: The end of a drawn line is this certain: (least, most) metres, between them thrice the line's distance from its road.
END_SLACK_M: Final = (0.15, 8.0)
#: Another chain as near as this is as good: metres, and share of the best chain's own distance.
PARALLEL_MARGIN: Final = (2.0, 0.75)
#: A parallel road counts only where it stands for this many metres of the line.
PARALLEL_LEAST_M: Final = 10.0


def extent_of_roads(
    road_ids: Iterable[str], network: Network, *, direction: Direction, where: str
) -> tuple[RoadSpan, ...]:
    """Return whole roads as an extent.

    Raises
    ------
    BadInputError
        `road-unknown` with the id.
    """
    spans = []
    for road_id in dict.fromkeys(road_ids):
        road = network.road_index.get(road_id)
        if road is None:
            raise BadInputError("road-unknown", where, road_id=road_id)
        spans.append(RoadSpan(road_id, direction, 0.0, float(network.length_m[road])))
    return tuple(spans)


def extent_of_line(
    line: Line, index: RoadIndex, *, direction: Direction | str, among: Sequence[str] = (), where: str
) -> tuple[RoadSpan, ...]:
    """Return the road parts along a drawn line, in the line's order.

    Parameters
    ----------
    line
        WGS-84 positions, longitude first.
    index
        The county's roads.
    direction
        Direction of travel that is closed, along each road's digitised direction; "along" for the line's own.
    among
        Ids of the roads meant, where the line alone leaves it open; none: every road.
    where
        What the line is called in an error.

    Raises
    ------
    BadInputError
        `closure-line-zero-length`, `closure-line-crosses-itself`, `closure-far-from-road` with the distance,
        `closure-off-the-roads` where it jumps from road to road, `closure-across-road` where it runs across and not
        along, `closure-on-parallel-roads` with both choices, or `road-unknown`.
    """
    drawn = _checked_line(line, index, where)
    named = {index.network.road_index[span.road_id] for span in _named(among, index, where)}
    near = index.roads_along(drawn.shape, within_m=REACH_M)
    matcher = LineMatcher(drawn, index, tuple(road for road in near if not named or road in named))
    chain = matcher.best_chain()
    if chain is None:
        raise _why_no_chain(drawn, matcher, where)
    if chain.length_on(chain.roads) < LEAST_ALONG * drawn.length_m:
        raise BadInputError("closure-across-road", where, road_ids=_ids(chain.roads, index.network))
    _refuse_parallel(chain, matcher, where)
    return _extent(chain, matcher, direction)


def _named(among: Sequence[str], index: RoadIndex, where: str) -> tuple[RoadSpan, ...]:
    return extent_of_roads(among, index.network, direction=Direction.BOTH, where=where)


def _checked_line(line: Line, index: RoadIndex, where: str) -> Polyline:
    """Return the line on the index's plane, or say why it is none."""
    points = index.plane.to_metres(np.array(line, dtype=np.float64).reshape(-1, 2))
    moved = np.any(np.diff(points, axis=0, prepend=np.nan) != 0.0, axis=1)
    points = points[moved]
    if len(points) < 2 or Polyline(points).length_m < SHORTEST_LINE_M:
        raise BadInputError("closure-line-zero-length", where)
    drawn = Polyline(points)
    if not drawn.shape.is_simple:
        lon, lat = _crossing(drawn, index)
        raise BadInputError("closure-line-crosses-itself", where, lon=lon, lat=lat)
    return drawn


def _degrees(point: Points, index: RoadIndex) -> tuple[float, float]:
    lon, lat = index.plane.to_degrees(point)
    return round(float(lon), 6), round(float(lat), 6)


def _crossing(drawn: Polyline, index: RoadIndex) -> tuple[float, float]:
    """Return the first point that the line passes twice."""
    pieces = shapely.get_parts(shapely.node(drawn.shape))
    ends = {tuple(point) for piece in pieces for point in shapely.get_coordinates(piece)[[0, -1]]}
    ends -= {tuple(drawn.points[0]), tuple(drawn.points[-1])}
    places = sorted(ends, key=lambda point: float(shapely.line_locate_point(drawn.shape, shapely.Point(point))))
    return _degrees(np.array(places[0] if places else drawn.points[0]), index)


def _why_no_chain(drawn: Polyline, matcher: LineMatcher, where: str) -> BadInputError:
    """Tell a line far from every road from one that jumps between roads."""
    samples = drawn.samples(SAMPLE_M)
    gaps = matcher.index.distances_m(samples)
    worst = int(gaps.argmax())
    lon, lat = _degrees(samples[worst], matcher.index)
    if gaps[worst] > REACH_M:
        distance = round(float(gaps[worst]), 1) if np.isfinite(gaps[worst]) else None
        facts = {"lon": lon, "lat": lat, "distance_m": distance, "most_m": REACH_M}
        return BadInputError("closure-far-from-road", where, **facts)
    return BadInputError("closure-off-the-roads", where, road_ids=_ids(matcher.roads, matcher.index.network))


def _ids(roads: Iterable[int], network: Network) -> list[str]:
    return [str(network.road_id[road]) for road in sorted(roads)]


def _refuse_parallel(chain: Chain, matcher: LineMatcher, where: str) -> None:
    """Refuse a line that follows other roads about as closely: whoever drew it says which are meant.

    A road beside the line is a choice only where it carries the line on to the next common junction. Carriageways a
    few metres apart are told apart as long as the line lies clearly nearer to one of them.
    """
    least_m = min(PARALLEL_LEAST_M, matcher.line.length_m / 2)
    for road in sorted(chain.roads):
        if chain.length_on(frozenset({road})) < least_m:
            continue
        other = matcher.best_chain(without=frozenset({road}))
        if other is not None and _as_good(chain, other, least_m):
            one, two = (_ids(roads, matcher.index.network) for roads in (chain.roads, other.roads))
            raise BadInputError("closure-on-parallel-roads", where, road_ids=one, other_road_ids=two)


def _as_good(chain: Chain, other: Chain, least_m: float) -> bool:
    only, instead = chain.roads - other.roads, other.roads - chain.roads
    length_m = chain.length_on(only)
    if length_m < least_m or other.length_on(instead) < length_m / 2:
        return False
    offset_m = chain.offset_m(only)
    return other.offset_m(instead) - offset_m < max(PARALLEL_MARGIN[0], PARALLEL_MARGIN[1] * offset_m)


def _extent(chain: Chain, matcher: LineMatcher, direction: Direction | str) -> tuple[RoadSpan, ...]:
    offset_m = chain.offset_m(chain.roads)
    slack_m = min(max(END_SLACK_M[0], 3 * offset_m), END_SLACK_M[1], max(matcher.line.length_m / 4, SHORTEST_M))
    pieces = _without_overshoot(list(chain.pieces), slack_m)
    lengths = {piece.road: matcher.shape_of(piece.road).length_m for piece in pieces}
    first, last = pieces[0], pieces[-1]
    pieces[0] = replace(first, enter_m=_at_end(first.enter_m, lengths[first.road], slack_m, first.leave_m))
    last = pieces[-1]
    pieces[-1] = replace(last, leave_m=_at_end(last.leave_m, lengths[last.road], slack_m, last.enter_m))
    return join_spans(_span(piece, lengths[piece.road], matcher.index.network, direction) for piece in pieces)


def _without_overshoot(pieces: list[Piece], slack_m: float) -> list[Piece]:
    """Drop what the line's ends touch beyond a junction by no more than their uncertainty."""
    for end in (0, -1):
        while len(pieces) > 1 and pieces[end].length_m <= slack_m:
            slack_m -= pieces.pop(end).length_m
    return pieces


def _at_end(offset_m: float, length_m: float, slack_m: float, other_m: float) -> float:
    """Move a free end onto the road's own end where it lies within the uncertainty of the drawing."""
    near = 0.0 if offset_m <= length_m / 2 else length_m
    return near if abs(offset_m - near) <= slack_m and abs(near - other_m) > SHORTEST_M else offset_m


def _span(piece: Piece, plane_m: float, network: Network, direction: Direction | str) -> RoadSpan:
    """Turn a piece on the plane into road metres; a part at the road's end keeps the exact length."""
    if direction == ALONG:
        direction = Direction.FORWARD if piece.leave_m > piece.enter_m else Direction.BACKWARD
    whole_m = float(network.length_m[piece.road])
    low, high = sorted((piece.enter_m / plane_m * whole_m, piece.leave_m / plane_m * whole_m))
    return RoadSpan(
        str(network.road_id[piece.road]),
        Direction(direction),
        0.0 if low < SHORTEST_M else round(low, 2),
        whole_m if whole_m - high < SHORTEST_M else round(high, 2),
    )
