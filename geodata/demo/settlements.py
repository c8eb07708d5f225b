"""Spread villages over the demo county and give each township exactly its own number of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.demo.chance import Chance
from geodata.demo.graph import Edges
from geodata.demo.plane import Points, centimetres, lattice, lengths_of


def spread_villages(region: BaseGeometry, count: int, *, chance: Chance, stage: str) -> Points:
    """Return exactly so many points of a region, evenly spread but on no lattice, as (count, 2).

    Parameters
    ----------
    region
        Where they may lie.
    count
        How many.
    chance, stage
        Where the randomness comes from.
    """
    spacing_m = float(np.sqrt(region.area / count * 1.1547 * 0.8))
    while True:
        points = lattice(region, spacing_m=spacing_m)
        if len(points) >= count:
            break
        spacing_m *= 0.97
    keep = np.sort(np.argsort(chance.uniform(f"{stage}-chosen", len(points)), kind="stable")[:count])
    return centimetres(points[keep] + chance.shifts(f"{stage}-shift", count, most_m=spacing_m * 0.3))


def share_out(points: Points, seats: Points, counts: NDArray[np.int64]) -> Edges:
    """Give each point to a seat so that each gets its count and the sum of squared distances is least.

    A transport problem, solved by successive shortest paths between the seats (Ford and Fulkerson): starting
    from the nearest seat, one point a round moves along the cheapest chain from a seat with too many to one with
    too few.
    """
    distance = lengths_of(points[:, None, :] - seats[None, :, :])
    cost = np.rint(distance * distance / 100).astype(np.int64)
    seat: Edges = np.argmin(cost, axis=1)
    while True:
        spare = np.bincount(seat, minlength=len(seats)) - counts
        if not spare.any():
            return seat
        _move_one(seat, cost, spare)


def _move_one(seat: Edges, cost: Edges, spare: Edges) -> None:
    """Move points along the cheapest chain of seats from one with too many to one with too few, in place."""
    count = cost.shape[1]
    step = np.full((count, count), 2**60, dtype=np.int64)
    mover = np.full((count, count), -1, dtype=np.int64)
    for one in range(count):
        mine = np.flatnonzero(seat == one)
        if len(mine):
            extra = cost[mine] - cost[mine, one][:, None]
            mover[one] = mine[np.argmin(extra, axis=0)]
            step[one] = extra.min(axis=0)
    reach = np.where(spare > 0, 0, 2**60)
    parent = np.full(count, -1, dtype=np.int64)
    for _ in range(count):
        through = reach[:, None] + step
        better = np.argmin(through, axis=0)
        lower = through[better, np.arange(count)]
        changed = lower < reach
        reach, parent = np.where(changed, lower, reach), np.where(changed, better, parent)
    short = np.flatnonzero(spare < 0)
    target = int(short[np.argmin(reach[short])])
    while parent[target] >= 0:
        origin = int(parent[target])
        seat[mover[origin, target]] = target
        target = origin
