"""The hierarchy's shape: chordal, numbered so that subtrees lie side by side, every arc in its place."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from routing.hierarchy.topology import build_topology, graph_digest
from tests.routing.arcs import grid, small_arcs


def pairs_of(topology) -> set[tuple[int, int]]:
    return set(zip(topology.tail.tolist(), topology.head.tolist(), strict=True))


@given(small_arcs())
@settings(deadline=None, max_examples=200)
def test_any_two_junctions_above_a_junction_are_joined(arcs):
    topology = arcs.topology()
    pairs = pairs_of(topology)
    for node in range(arcs.count):
        above = topology.head[topology.first[node] : topology.first[node + 1]].tolist()
        assert above == sorted(set(above))
        assert all((one, other) in pairs for one in above for other in above if one < other)
        assert topology.parent[node] == (above[0] if above else arcs.count)


@given(small_arcs())
@settings(deadline=None, max_examples=200)
def test_every_arc_lies_in_the_slot_of_its_ends_and_only_loops_in_none(arcs):
    topology = arcs.topology()
    for arc, (tail, head) in enumerate(topology.rank[arcs.ends].tolist()):
        slot = int(topology.slot_of_arc[arc])
        assert (slot < 0) == (tail == head)
        if slot >= 0:
            edge = slot >> 1
            ends = (int(topology.tail[edge]), int(topology.head[edge]))
            assert ends == ((head, tail) if slot & 1 else (tail, head))
            assert arc in topology.arc[topology.arc_first[ends[0]] : topology.arc_first[ends[0] + 1]]
    assert len(topology.arc) == (topology.slot_of_arc >= 0).sum()


def test_no_edge_is_there_that_elimination_does_not_need():
    arcs = grid(12, seed=1)
    order = np.random.default_rng(0).permutation(144).astype(np.int32)
    near = {node: set() for node in range(144)}
    for tail, head in arcs.ends.tolist():
        if tail != head:
            near[tail].add(head)
            near[head].add(tail)
    needed = 0
    for node in order.tolist():
        needed += len(near[node])
        for other in near[node]:
            near[other] = (near[other] | near[node]) - {other, node}
    assert build_topology(arcs.ends, 144, order).edge_count == needed


def test_edges_that_come_up_to_a_junction_are_listed_lowest_first():
    topology = grid(9, seed=2).topology()
    for node in range(81):
        edges = topology.low_edge[topology.low_first[node] : topology.low_first[node + 1]]
        assert (topology.head[edges] == node).all()
        assert (np.diff(topology.tail[edges]) > 0).all()


def test_a_subtree_is_one_run_of_ranks():
    topology = grid(9, seed=3).topology()
    below = [{node} for node in range(81)]
    for node, above in enumerate(topology.parent.tolist()):
        assert below[node] == set(range(node - len(below[node]) + 1, node + 1))
        if above < 81:
            below[above] |= below[node]


def test_the_digest_changes_with_the_roads_ends_and_the_number_of_junctions():
    ends = np.array([[0, 1], [1, 2]], dtype=np.int32)
    assert len({graph_digest(ends, 3), graph_digest(ends[::-1], 3), graph_digest(ends, 4)}) == 3
    assert graph_digest(ends, 3) == graph_digest(ends.astype(np.int64), 3)
