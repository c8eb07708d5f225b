"""Shape lines for the demo generator: roughen, round corners, space evenly, shift to the side."""

from __future__ import annotations

import numpy as np

from geodata.demo.chance import Chance
from geodata.demo.graph import Edges
from geodata.demo.plane import Points, centimetres, lengths_of


def roughened(line: Points, *, chance: Chance, stage: str, share: float, rounds: int) -> Points:
    """Return a line whose every piece got a new middle, moved sideways by up to a share of the piece's length."""
    for number in range(rounds):
        along = line[1:] - line[:-1]
        side = along[:, ::-1] * np.array([-1.0, 1.0])
        amount = (chance.uniform(f"{stage}-{number}", len(along)) * 2 - 1) * share
        finer = np.empty((2 * len(line) - 1, 2))
        finer[::2] = line
        finer[1::2] = (line[1:] + line[:-1]) / 2 + side * amount[:, None]
        line = finer
    return centimetres(line)


def corners_cut(points: Points, start: Edges) -> tuple[Points, Edges]:
    """Round the corners of many lines at once (Chaikin 1974); ends stay. Line i is `points[start[i]:start[i + 1]]`."""
    last = np.zeros(len(points), dtype=np.bool_)
    last[start[1:] - 1] = True
    first = np.zeros(len(points), dtype=np.bool_)
    first[start[:-1]] = True
    piece = np.flatnonzero(~last)
    one, other = points[piece], points[piece + 1]
    near = np.where(first[piece, None], one, one * 0.75 + other * 0.25)
    far = np.where(last[piece + 1, None], other, one * 0.25 + other * 0.75)
    finer = np.stack([near, far], axis=1).reshape(-1, 2)
    return finer, np.concatenate([[0], np.cumsum(2 * (np.diff(start) - 1))])


def evenly_spaced(points: Points, start: Edges, *, spacing_m: float) -> tuple[Points, Edges]:
    """Put points at even distances of about `spacing_m` on many lines at once; ends stay."""
    step = lengths_of(np.diff(points, axis=0, prepend=points[:1]))
    step[start[:-1]] = 0.0
    along = np.cumsum(step)
    begin, end = along[start[:-1]], along[start[1:] - 1]
    pieces = np.maximum(1, np.rint((end - begin) / spacing_m)).astype(np.int64)
    new_start = np.concatenate([[0], np.cumsum(pieces + 1)])
    owner = np.repeat(np.arange(len(pieces)), pieces + 1)
    share = (np.arange(new_start[-1]) - new_start[owner]) / pieces[owner]
    # The cumulated length stands still between two lines; the line's number is added so that it never does.
    wanted = begin[owner] + share * (end - begin)[owner] + owner
    line = np.repeat(np.arange(len(pieces)), np.diff(start))
    spaced = np.stack([np.interp(wanted, along + line, points[:, axis]) for axis in (0, 1)], axis=1)
    spaced[new_start[:-1]], spaced[new_start[1:] - 1] = points[start[:-1]], points[start[1:] - 1]
    return centimetres(spaced), new_start


def smooth_line(line: Points, *, rounds: int, spacing_m: float) -> Points:
    """Return one line with rounded corners and evenly spaced points."""
    start = np.array([0, len(line)])
    for _ in range(rounds):
        line, start = corners_cut(line, start)
    return evenly_spaced(line, start, spacing_m=spacing_m)[0]


def shifted(line: Points, *, right_m: float) -> Points:
    """Return a line moved to its right-hand side."""
    along = np.empty_like(line)
    along[1:-1] = line[2:] - line[:-2]
    along[0], along[-1] = line[1] - line[0], line[-1] - line[-2]
    unit = along / lengths_of(along)[:, None]
    return centimetres(line + unit[:, ::-1] * np.array([1.0, -1.0]) * right_m)
