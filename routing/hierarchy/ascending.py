"""Numbers in ascending order, side by side: where one lies, and what two runs share or not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.kernel import kernel, part_of_kernel
from routing.metric import SHUT

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]


@part_of_kernel
def find(nodes: Numbers, begin: int, end: int, node: int) -> int:
    """Return the first place of an ascending run that holds a junction or a higher one."""
    while begin < end:
        middle = (begin + end) >> 1
        if nodes[middle] < node:
            begin = middle + 1
        else:
            end = middle
    return begin


@kernel
def count_apart(one: Numbers, other: Numbers) -> int:
    """Return how many numbers are in one of two ascending runs only."""
    left = 0
    right = 0
    same = 0
    while left < one.size and right < other.size:
        same += 1 if one[left] == other[right] else 0
        ahead = one[left] <= other[right]
        right += 1 if one[left] >= other[right] else 0
        left += 1 if ahead else 0
    return one.size + other.size - 2 * same


@kernel
def are_within(some: Numbers, all_of_them: Numbers) -> bool:
    """Tell whether all numbers of an ascending run are in another one."""
    place = 0
    for number in some:
        while place < all_of_them.size and all_of_them[place] < number:
            place += 1
        if place == all_of_them.size or all_of_them[place] != number:
            return False
    return True


@kernel
def arcs_met(path: Numbers, shut: Numbers) -> Numbers:
    """Return the arcs of a path that are in an ascending run of arcs."""
    met = np.empty(path.size, dtype=np.int32)
    many = 0
    for arc in path:
        place = find(shut, 0, shut.size, arc)
        if place < shut.size and shut[place] == arc:
            met[many] = arc
            many += 1
    return met[:many].copy()


@kernel
def set_shut(cost: Keys, key: Keys, was: Numbers, now: Numbers) -> Numbers:
    """Open the arcs that are not shut any more, shut those that are now; both runs ascend. Return what changed."""
    changed = np.empty(was.size + now.size, dtype=np.int32)
    many = 0
    left = 0
    right = 0
    while left < was.size or right < now.size:
        if right == now.size or (left < was.size and was[left] < now[right]):
            changed[many] = was[left]
            cost[was[left]] = key[was[left]]
            many += 1
            left += 1
        elif left == was.size or now[right] < was[left]:
            changed[many] = now[right]
            cost[now[right]] = SHUT
            many += 1
            right += 1
        else:
            left += 1
            right += 1
    return changed[:many]
