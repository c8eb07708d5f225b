"""Choose the order in which junctions are taken out; any order gives the same answers, a good one gives them sooner."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.dissection import dissection_order
from routing.hierarchy.low_degree import strip_low_degree
from routing.hierarchy.plain_graph import PlainGraph, plain_graph

#: Orders the nodes of a graph, given where they lie in a plane.
Dissection = Callable[[PlainGraph, NDArray[np.float64]], NDArray[np.int32]]
#: From so many nodes on METIS orders where it is installed: the own order is a little better, and takes much longer.
MANY_NODES: Final = 100_000


def metis_order(graph: PlainGraph, _at: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the order of METIS (Karypis and Kumar 1998), where its package is installed."""
    import pymetis

    if not len(graph.near):
        return np.arange(graph.node_count, dtype=np.int32)
    order, _ = pymetis.nested_dissection(pymetis.CSRAdjacency(graph.start.astype(np.int32), graph.near))
    return np.asarray(order, dtype=np.int32)


def dissection_for(nodes: int) -> Dissection:
    """Return what orders a graph of so many nodes: METIS has no package for some machines, where our own one does."""
    is_metis = nodes >= MANY_NODES and find_spec("pymetis") is not None
    return metis_order if is_metis else dissection_order


def junction_order(
    ends: NDArray[np.int32], at: NDArray[np.float64], *, dissection: Dissection | None = None
) -> NDArray[np.int32]:
    """Return the junctions in the order in which to take them out.

    Parameters
    ----------
    ends : (m, 2)
        Junctions that roads join.
    at : (n, 2)
        Where junctions lie, in a plane.
    dissection
        None: whichever suits the size.
    """
    graph = plain_graph(ends, len(at))
    first, kept, inner = strip_low_degree(graph)
    order = (dissection or dissection_for(len(kept)))(inner, at[kept])
    return np.concatenate([first, kept[order]]).astype(np.int32)
