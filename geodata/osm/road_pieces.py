"""Cut runs of OSM ways into road pieces at junctions and at barriers that motor vehicles cannot pass.

A junction is where a way begins or ends, where two roads share a node, and on both sides of a blocking barrier: there
the two pieces get a junction each, so that nothing leads through. A barrier that stops some vehicles only (a height
bar, a gate for cars) is carried by the shorter of the two segments beside it, which becomes a piece of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geodata.osm.barriers import Barrier
from geodata.osm.file import OsmExtract
from geodata.osm.import_tally import ImportTally
from geodata.osm.road_runs import Runs
from geodata.road_lengths import segment_lengths_m


@dataclass(frozen=True, slots=True)
class Pieces:
    """Road pieces between junctions; m pieces, n junctions.

    Attributes
    ----------
    way : (m,) int64
        Index into the extract's ways.
    number : (m,) int64
        Running number of the piece on its way, from 1, along the digitised direction.
    ends : (m, 2) int32
        Junction indices.
    junction_node : (n,) int64
        Index into the extract's nodes.
    junction_copy : (n,) int64
        0, or 1, 2, ... for the further junctions at a blocking barrier.
    shape_start : (m + 1,) int64
    shape_node : (k,) int64
        Index into the extract's nodes.
    length_m : (m,) float64
    end_is_cut : (m, 2) bool
        The way went on there over a node that the file does not hold.
    end_is_barrier : (m, 2) bool
        A blocking barrier stands there.
    barriers
        The barriers that limit a piece, by piece.
    """

    way: NDArray[np.int64]
    number: NDArray[np.int64]
    ends: NDArray[np.int32]
    junction_node: NDArray[np.int64]
    junction_copy: NDArray[np.int64]
    shape_start: NDArray[np.int64]
    shape_node: NDArray[np.int64]
    length_m: NDArray[np.float64]
    end_is_cut: NDArray[np.bool_]
    end_is_barrier: NDArray[np.bool_]
    barriers: Mapping[int, tuple[Barrier, ...]]

    def only(self, kept: NDArray[np.bool_]) -> Pieces:
        """Return the pieces under a (m,) mask, with the junctions as they are."""
        if kept.all():
            return self
        count = np.diff(self.shape_start)
        new_index = np.cumsum(kept) - 1
        return replace(
            self,
            way=self.way[kept],
            number=self.number[kept],
            ends=self.ends[kept],
            shape_start=np.append(0, np.cumsum(count[kept])),
            shape_node=self.shape_node[np.repeat(kept, count)],
            length_m=self.length_m[kept],
            end_is_cut=self.end_is_cut[kept],
            end_is_barrier=self.end_is_barrier[kept],
            barriers={int(new_index[piece]): found for piece, found in self.barriers.items() if kept[piece]},
        )


def _road_ends(runs: Runs, node_count: int) -> NDArray[np.int64]:
    """Return for each node how many road ends meet there: 2 where a run passes through, 1 where one ends."""
    weights = np.where(runs.starts | runs.ends, 1, 2)
    return np.bincount(runs.node, weights=weights, minlength=node_count).astype(np.int64)


def _standing_barriers(
    at_node: Mapping[int, Barrier], node_id: NDArray[np.int64], ends: NDArray[np.int64], tally: ImportTally
) -> dict[int, Barrier]:
    """Return the barriers on roads that act, by node index. One on a junction of three or more road ends is ignored.

    Which of the roads it bars the map does not say; taking it for all of them would cut main roads at every
    bollard of a side street.
    """
    standing: dict[int, Barrier] = {}
    for index, barrier in at_node.items():
        if ends[index] == 0:
            continue
        example = f"node/{node_id[index]} barrier={barrier.kind}"
        if not barrier.is_known:
            tally.drop("barrier-unknown", example)
        if barrier.is_without_figure:
            tally.drop("barrier-without-figure", example)
        if barrier.cuts or barrier.limits_somebody:
            if ends[index] > 2:
                tally.drop("barrier-on-junction-ignored", example)
            else:
                standing[index] = barrier
    return standing


def _limited_segments(
    runs: Runs, limiting: Mapping[int, Barrier], lonlat: NDArray[np.float64]
) -> dict[int, tuple[Barrier, ...]]:
    """Return the shorter segment beside each limiting barrier: first position of the segment -> barriers."""
    segments: dict[int, tuple[Barrier, ...]] = {}
    order = np.argsort(runs.node, kind="stable")
    sorted_nodes = runs.node[order]
    for node in sorted(limiting):
        places = order[np.searchsorted(sorted_nodes, node) : np.searchsorted(sorted_nodes, node, side="right")]
        beside = [int(p) - 1 for p in places if not runs.starts[p]] + [int(p) for p in places if not runs.ends[p]]
        at = np.array(sorted(beside), dtype=np.int64)
        lengths = segment_lengths_m(lonlat[runs.node[at]], lonlat[runs.node[at + 1]])
        shorter = int(at[np.argmin(lengths)])
        segments[shorter] = (*segments.get(shorter, ()), limiting[node])
    return segments


def _numbers_on_way(way: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 1, 2, ... for the pieces of each way; pieces of one way stand together."""
    count = np.arange(len(way), dtype=np.int64)
    is_first = np.append(True, way[1:] != way[:-1])
    first: NDArray[np.int64] = np.maximum.accumulate(np.where(is_first, count, 0))
    return np.asarray(count - first + 1, dtype=np.int64)


def _junctions(
    node: NDArray[np.int64], blocked: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Number the junctions of (2m,) piece ends; every end at a blocking barrier gets one of its own.

    Returns
    -------
    The (m, 2) junctions of the pieces, and node and copy of each junction.
    """
    copy = np.zeros(len(node), dtype=np.int64)
    seen: dict[int, int] = {}
    for end in np.flatnonzero(blocked):
        copy[end] = seen.get(int(node[end]), 0)
        seen[int(node[end])] = int(copy[end]) + 1
    keys, index = np.unique(np.column_stack((node, copy)), axis=0, return_inverse=True)
    return index.reshape(-1, 2).astype(np.int32), keys[:, 0], keys[:, 1]


def _concatenated_ranges(first: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return first[0], first[0] + 1, ... (count[0] of them), first[1], ..."""
    start = np.cumsum(count) - count
    return np.asarray(np.arange(int(count.sum())) + np.repeat(first - start, count), dtype=np.int64)


def _at_nodes(extract: OsmExtract, runs: Runs, barriers: Mapping[int, Barrier]) -> dict[int, Barrier]:
    """Return the barriers by node index; of two at one place the one that cuts counts."""
    ids = np.fromiter(sorted(barriers), dtype=np.int64, count=len(barriers))
    at_node: dict[int, Barrier] = {}
    for node_id, index in zip(ids, runs.node_indices(extract, ids), strict=True):
        barrier = barriers[int(node_id)]
        if index >= 0 and (barrier.cuts or int(index) not in at_node):
            at_node[int(index)] = barrier
    return at_node


def cut_pieces(extract: OsmExtract, runs: Runs, barriers: Mapping[int, Barrier], tally: ImportTally) -> Pieces:
    """Cut runs into pieces.

    Parameters
    ----------
    barriers
        Barriers by OSM node id, on roads or not.
    """
    lonlat = extract.node_lonlat
    road_ends = _road_ends(runs, len(lonlat))
    standing = _standing_barriers(_at_nodes(extract, runs, barriers), extract.node_id, road_ends, tally)
    blocking = np.zeros(len(lonlat), dtype=np.bool_)
    blocking[[node for node, one in standing.items() if one.cuts]] = True
    limited = _limited_segments(runs, {node: one for node, one in standing.items() if not one.cuts}, lonlat)
    is_cut = runs.starts | runs.ends | (road_ends[runs.node] > 2) | blocking[runs.node]
    for position in limited:
        is_cut[[position, position + 1]] = True
    cuts = np.flatnonzero(is_cut)
    first, last = cuts[:-1][~runs.ends[cuts[:-1]]], cuts[1:][~runs.starts[cuts[1:]]]
    return _pieces(runs, first, last, _EndFacts(lonlat, blocking, limited))


@dataclass(frozen=True, slots=True)
class _EndFacts:
    """What the pieces are measured and marked by."""

    lonlat: NDArray[np.float64]
    blocking: NDArray[np.bool_]
    limited: Mapping[int, tuple[Barrier, ...]]


def _pieces(runs: Runs, first: NDArray[np.int64], last: NDArray[np.int64], facts: _EndFacts) -> Pieces:
    """Make the pieces that reach from position `first[i]` to position `last[i]` of the runs."""
    count = last - first + 1
    shape = _concatenated_ranges(first, count)
    end_positions = np.column_stack((first, last))
    end_nodes = runs.node[end_positions]
    blocked = facts.blocking[end_nodes]
    ends, junction_node, junction_copy = _junctions(end_nodes.ravel(), blocked.ravel())
    segment = segment_lengths_m(facts.lonlat[runs.node[:-1]], facts.lonlat[runs.node[1:]])
    so_far = np.append(0.0, np.cumsum(np.where(runs.ends[:-1], 0.0, segment)))
    return Pieces(
        way=runs.way[first],
        number=_numbers_on_way(runs.way[first]),
        ends=ends,
        junction_node=junction_node,
        junction_copy=junction_copy,
        shape_start=np.append(0, np.cumsum(count)),
        shape_node=runs.node[shape],
        length_m=so_far[last] - so_far[first],
        end_is_cut=runs.is_cut[end_positions],
        end_is_barrier=blocked,
        barriers={piece: facts.limited[int(at)] for piece, at in enumerate(first) if int(at) in facts.limited},
    )
