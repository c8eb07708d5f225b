"""The network as the search reads it: arcs by their tail and by their head, in arrays of compressed rows.

An arc is a road in one direction, numbered `2 * road + direction`; so parallel roads and roads from a junction to
itself need no special care.
"""

from __future__ import annotations

import threading
import weakref
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network


class ArcGraph(NamedTuple):
    """Arcs of a network; n junctions, 2m arcs. A named tuple, because that is what a kernel takes.

    Attributes
    ----------
    out_start : (n + 1,) int64
        `out_arc[out_start[j]:out_start[j + 1]]` are the arcs that leave junction j, in ascending order.
    out_arc : (2m,) int32
    in_start : (n + 1,) int64
        Likewise the arcs that enter junction j.
    in_arc : (2m,) int32
    tail : (2m,) int32
        Junction where the arc begins.
    head : (2m,) int32
        Junction where it ends.
    """

    out_start: NDArray[np.int64]
    out_arc: NDArray[np.int32]
    in_start: NDArray[np.int64]
    in_arc: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]


def _rows(junction: NDArray[np.int32], count: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Group arcs by a junction of theirs."""
    start = np.concatenate([[0], np.cumsum(np.bincount(junction, minlength=count))]).astype(np.int64)
    return start, np.argsort(junction, kind="stable").astype(np.int32)


def build_arc_graph(network: Network) -> ArcGraph:
    """Return the arcs of a network, whoever may use them."""
    tail = np.ascontiguousarray(network.ends, dtype=np.int32).ravel()
    head = np.ascontiguousarray(network.ends[:, ::-1], dtype=np.int32).ravel()
    out_start, out_arc = _rows(tail, network.junction_count)
    in_start, in_arc = _rows(head, network.junction_count)
    return ArcGraph(out_start, out_arc, in_start, in_arc, tail, head)


_OF_NETWORK: Final[weakref.WeakKeyDictionary[Network, ArcGraph]] = weakref.WeakKeyDictionary()
_LOOKUP: Final = threading.Lock()


def arc_graph_of(network: Network) -> ArcGraph:
    """Return the one arc graph of a network; it is made when first asked for."""
    with _LOOKUP:
        graph = _OF_NETWORK.get(network)
        if graph is None:
            graph = _OF_NETWORK[network] = build_arc_graph(network)
        return graph


def arc_tails(network: Network) -> NDArray[np.int32]:
    """Return the junction where each arc begins, (2m,); the network's own array where that will do."""
    return np.require(network.ends, dtype=np.int32, requirements=["C", "W"]).reshape(-1)
