"""Turn OSM ways into runs: unbroken stretches of at least two nodes that the file holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.osm.file import OsmExtract
from geodata.osm.import_tally import ImportTally

#: Two nodes nearer than this (degrees, about a millimetre) are one place.
_SAME_PLACE_DEGREES: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Runs:
    """Unbroken stretches of ways, one after the other.

    Attributes
    ----------
    way : (k,) int64
        Index into the extract's ways, position by position.
    node : (k,) int64
        Index into the extract's nodes.
    starts, ends : (k,) bool
        The position is the first, or the last, of its run.
    is_cut : (k,) bool
        The way went on beyond this first or last position, over a node that the file does not hold.
    stands_for : (n,) int64
        For each of the extract's nodes the one that stands for it here; several nodes at one place are one.
    """

    way: NDArray[np.int64]
    node: NDArray[np.int64]
    starts: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    is_cut: NDArray[np.bool_]
    stands_for: NDArray[np.int64]

    def node_indices(self, extract: OsmExtract, node_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where OSM nodes stand in `node`'s numbering, -1 for those the file does not hold."""
        at = extract.index_of(node_ids)
        return np.where(at >= 0, self.stands_for[at], -1) if len(self.stands_for) else at


def _root(stands_for: NDArray[np.int64], node: int) -> int:
    while stands_for[node] != node:
        node = int(stands_for[node])
    return node


def joined_places(pairs: NDArray[np.int64], node_count: int) -> NDArray[np.int64]:
    """Return for each node the node that stands for it, the (p, 2) pairs being one place each."""
    stands_for = np.arange(node_count, dtype=np.int64)
    for one, two in pairs:
        low, high = sorted((_root(stands_for, int(one)), _root(stands_for, int(two))))
        stands_for[high] = low
    for node in np.unique(pairs):
        stands_for[node] = _root(stands_for, int(node))
    return stands_for


def _pairs_at_one_place(
    way: NDArray[np.int64], node: NDArray[np.int64], lonlat: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return the (k - 1,) mask of neighbours on a way that are two nodes at one place."""
    known = (node[:-1] >= 0) & (node[1:] >= 0) & (way[:-1] == way[1:]) & (node[:-1] != node[1:])
    apart = np.abs(lonlat[node[:-1]] - lonlat[node[1:]]).max(axis=1)
    return np.asarray(known & (apart < _SAME_PLACE_DEGREES), dtype=np.bool_)


def _join_places(
    way: NDArray[np.int64], node: NDArray[np.int64], extract: OsmExtract, tally: ImportTally
) -> NDArray[np.int64]:
    """Return what each node stands for when those at one place are joined, so that no piece has no length."""
    is_pair = _pairs_at_one_place(way, node, extract.node_lonlat)
    for position in np.flatnonzero(is_pair):
        tally.repair("nodes-at-one-place-joined", f"way/{extract.ways[way[position]].id}")
    return joined_places(np.column_stack((node[:-1][is_pair], node[1:][is_pair])), len(extract.node_id))


def _tally_missing(
    way: NDArray[np.int64], is_missing: NDArray[np.bool_], extract: OsmExtract, tally: ImportTally
) -> None:
    for index, count in zip(*np.unique(way[is_missing], return_counts=True), strict=True):
        tally.repair("nodes-missing", f"way/{extract.ways[int(index)].id}", count=int(count))


def _tally_lost(used: NDArray[np.int64], extract: OsmExtract, tally: ImportTally) -> None:
    """Count the ways of which nothing is left: drawn at one place only, or with fewer than two nodes in the file."""
    lost = np.ones(len(extract.ways), dtype=np.bool_)
    lost[used] = False
    for index in np.flatnonzero(lost).tolist():
        way = extract.ways[index]
        is_whole = bool((extract.index_of(way.nodes) >= 0).all())
        tally.drop("way-of-one-place" if is_whole else "way-outside-the-file", f"way/{way.id}")


def find_runs(extract: OsmExtract, tally: ImportTally) -> Runs:
    """Cut every way where nodes are missing; drop repeated nodes and what is left with fewer than two.

    Raises
    ------
    BadInputError
        `road-file-without-roads`: the file holds no node of any way.
    """
    way = np.repeat(np.arange(len(extract.ways)), [len(one.nodes) for one in extract.ways])
    node = extract.index_of(np.concatenate([np.empty(0, dtype=np.int64), *(one.nodes for one in extract.ways)]))
    is_missing = node < 0
    if is_missing.all():
        raise BadInputError("road-file-without-roads", "", reason="no way has its nodes in the file")
    stands_for = _join_places(way, node, extract, tally)
    node = np.where(is_missing, -1, stands_for[node])
    _tally_missing(way, is_missing, extract, tally)
    same_way = way[:-1] == way[1:]
    repeats = np.append(False, same_way & (node[:-1] == node[1:]) & ~is_missing[1:])
    before = np.append(False, same_way & is_missing[:-1])
    after = np.append(same_way & is_missing[1:], False)
    first = np.append(True, ~same_way) | before
    run = np.cumsum(first)
    kept = ~is_missing & ~repeats
    length = np.bincount(run[kept], minlength=len(way) + 2)
    kept &= length[run] >= 2
    run, way, node = run[kept], way[kept], node[kept]
    _tally_lost(way, extract, tally)
    edge = run[:-1] != run[1:] if len(run) else np.empty(0, dtype=np.bool_)
    starts, ends = np.append(True, edge)[: len(run)], np.append(edge, True)[: len(run)]
    return Runs(way, node, starts, ends, (before[kept] & starts) | (after[kept] & ends), stands_for)
