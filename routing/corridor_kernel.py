"""Inner loops of corridors: how much each bend of a line matters, and how far the line lies from a coarser one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from routing.corridor_distance import METRES_PER_DEGREE
from routing.kernel import kernel, part_of_kernel

#: A piece is looked at closely unless both its ends are nearer by this share, and so many metres: the plane turns.
_SHARE = 1.002
_SLACK_M = 0.05


@part_of_kernel
def _distance_m(x: float, y: float, run: float, rise: float) -> float:
    """Return the distance from (0, 0) to the piece that starts at (x, y) and goes by (run, rise)."""
    square = run * run + rise * rise
    share = 0.0
    if square > 0.0:
        share = min(1.0, max(0.0, -(x * run + y * rise) / square))
    return math.hypot(x + share * run, y + share * rise)


@kernel
def bend_weights(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each vertex of a line the tolerance at which Douglas and Peucker drop it; the ends are never."""
    count = len(x)
    weight = np.zeros(count)
    weight[0] = weight[count - 1] = np.inf
    starts, ends = np.empty(count, np.int64), np.empty(count, np.int64)
    limits = np.empty(count)
    starts[0], ends[0], limits[0] = 0, count - 1, np.inf
    left = 1
    while left:
        left -= 1
        start, end, limit = starts[left], ends[left], limits[left]
        run, rise = x[end] - x[start], y[end] - y[start]
        farthest, at = -1.0, -1
        for one in range(start + 1, end):
            far = _distance_m(x[start] - x[one], y[start] - y[one], run, rise)
            if far > farthest:
                farthest, at = far, one
        if at < 0:
            continue
        weight[at] = min(limit, farthest)
        for low, high in ((start, at), (at, end)):
            if high - low > 1:
                starts[left], ends[left], limits[left] = low, high, weight[at]
                left += 1
    return weight


@kernel
def legs_until_repeated(
    road: NDArray[np.int32], lower_m: NDArray[np.float64], upper_m: NDArray[np.float64], same_m: float
) -> int:
    """Return the number of legs up to the last one that no earlier leg covers, in either direction.

    Parameters
    ----------
    lower_m, upper_m
        Which part of its road each leg runs over.
    same_m
        Ends closer than this are the same spot.
    """
    order = np.argsort(road, kind="mergesort")
    last = 0
    for place in range(len(order)):
        leg, earlier, is_new = order[place], place - 1, True
        while is_new and earlier >= 0 and road[order[earlier]] == road[leg]:
            other = order[earlier]
            is_new = lower_m[other] - same_m > lower_m[leg] or upper_m[leg] > upper_m[other] + same_m
            earlier -= 1
        if is_new:
            last = max(last, leg)
    return int(last) + 1


@part_of_kernel
def _to_piece_m(lon: float, lat: float, line: NDArray[np.float64], piece: int) -> float:
    """Return the distance from a position to a piece of a line, on the plane that touches the globe there."""
    scale = METRES_PER_DEGREE * math.cos(math.radians(lat))
    start, end = line[piece], line[piece + 1]
    return _distance_m(
        (start[0] - lon) * scale,
        (start[1] - lat) * METRES_PER_DEGREE,
        (end[0] - start[0]) * scale,
        (end[1] - start[1]) * METRES_PER_DEGREE,
    )


@part_of_kernel
def _to_line_m(lon: float, lat: float, line: NDArray[np.float64]) -> float:
    """Return the distance from a position to the nearest piece of a line."""
    nearest = np.inf
    for piece in range(len(line) - 1):
        nearest = min(nearest, _to_piece_m(lon, lat, line, piece))
    return nearest


@kernel
def largest_deviation_m(
    bends: NDArray[np.float64], kept: NDArray[np.int64], corridor: NDArray[np.float64], step_m: float
) -> float:
    """Return how far a line lies from a corridor at most, looked at in every bend and at least once a step.

    Parameters
    ----------
    bends
        (p, 2) degrees of the line.
    kept
        (k,) which bends the corridor keeps, first and last among them.
    corridor
        (k, 2) degrees where it keeps them.
    step_m
        Metres between two looks. A piece of the line between two bends is passed over where neither end is farther
        from its own piece of the corridor than what was found before: between them it is no farther either.
    """
    farthest, at = 0.0, 0
    for piece in range(len(kept) - 1):
        for bend in range(kept[piece], kept[piece + 1] + 1):
            far = _to_piece_m(bends[bend, 0], bends[bend, 1], corridor, piece)
            if far > farthest:
                farthest, at = far, bend
    largest = _to_line_m(bends[at, 0], bends[at, 1], corridor)
    for piece in range(len(kept) - 1):
        before = _to_piece_m(bends[kept[piece], 0], bends[kept[piece], 1], corridor, piece)
        for bend in range(kept[piece] + 1, kept[piece + 1] + 1):
            lon, lat = bends[bend - 1, 0], bends[bend - 1, 1]
            run, rise = bends[bend, 0] - lon, bends[bend, 1] - lat
            here = _to_piece_m(lon + run, lat + rise, corridor, piece)
            if max(before, here) * _SHARE + _SLACK_M > largest:
                scale = METRES_PER_DEGREE * math.cos(math.radians(lat))
                steps = max(1, math.ceil(math.hypot(run * scale, rise * METRES_PER_DEGREE) / step_m))
                for step in range(steps + 1):
                    share = step / steps
                    far = _to_line_m(lon + share * run, lat + share * rise, corridor)
                    largest = max(largest, far)
            before = here
    return largest
