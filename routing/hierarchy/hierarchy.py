"""One network's hierarchy: its shape, made when first needed or taken as it was kept, and weights for its queries."""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections.abc import Callable
from functools import cached_property, partial
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.snapping import LocalPlane
from routing.hierarchy.held_weights import Costs, HeldWeights
from routing.hierarchy.order import junction_order
from routing.hierarchy.query import Desk, Ends, Path, Stairs, new_desk, shortest_path, stairs_of
from routing.hierarchy.sweeps import Seeds, reach_all, reach_many
from routing.hierarchy.topology import Topology, build_topology, graph_digest
from routing.hierarchy.weight_pool import WeightPool
from routing.hierarchy.weights_on_demand import WeightsOnDemand

CostsT = TypeVar("CostsT", bound=Costs)


def arc_ends(network: Network) -> NDArray[np.int32]:
    """Return junction of departure and arrival of every arc, (2m, 2)."""
    both = np.stack([network.ends, network.ends[:, ::-1]], axis=1)
    return np.ascontiguousarray(both.reshape(-1, 2), dtype=np.int32)


def network_topology(network: Network) -> Topology:
    """Compute the hierarchy's shape; seconds for a province, so keep it (`topology_key`)."""
    at = LocalPlane(network).to_metres(network.junction_lonlat)
    order = junction_order(network.ends, at)
    return build_topology(arc_ends(network), network.junction_count, order)


def topology_key(network: Network) -> str:
    """Return under which name a network's topology is kept: it changes when another one is needed."""
    return graph_digest(network.ends, network.junction_count)


class Hierarchy:
    """Shape and weights of one graph; safe to share between threads. A network's own comes from `hierarchy_of`.

    Parameters
    ----------
    compute
        Gives the shape when it is first needed.
    """

    def __init__(self, compute: Callable[[], Topology]) -> None:
        self._compute = compute
        self._pool: WeightPool | None = None
        self._build = threading.Lock()
        self._desks = threading.local()
        self._costs: weakref.WeakValueDictionary[bytes, Costs] = weakref.WeakValueDictionary()

    @property
    def is_ready(self) -> bool:
        """Whether the shape is there."""
        return self._pool is not None

    @property
    def pool(self) -> WeightPool:
        """Where weights come from; the shape is computed when this is first needed, seconds for a province."""
        if self._pool is None:
            self.take_topology(self._compute())
        return self._pool  # type: ignore[return-value]  # set by now, and never unset

    @property
    def topology(self) -> Topology:
        """The hierarchy's shape."""
        return self.pool.topology

    def take_topology(self, topology: Topology) -> None:
        """Use a shape that was computed for this graph before; the first one stays."""
        with self._build:
            if self._pool is None:
                self._pool = WeightPool(topology)

    def shared(self, costs: CostsT) -> CostsT:
        """Return the costs that are the same for another vehicle, if there are: both then share their weights."""
        key = hashlib.sha256(np.ascontiguousarray(costs.key).data).digest()
        with self._build:
            return cast("CostsT", self._costs.setdefault(key, costs))

    def weights(self, costs: Costs, shut: NDArray[np.int32]) -> WeightsOnDemand:
        """Return the weights of a vehicle's costs while some arcs, in ascending order, are shut."""
        return WeightsOnDemand(self.pool, costs, shut)

    def weights_key(self, costs: Costs) -> str:
        """Return under which name the weights of costs are kept: it changes with the shape and with any cost."""
        digest = hashlib.sha256(b"baotong-weights-2")
        # Where arcs lie says which roads there are, and in which order their junctions were taken out.
        for array in (self.topology.rank, self.topology.slot_of_arc, costs.key):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    @property
    def desk(self) -> Desk:
        """Room for queries, one a thread."""
        desk: Desk | None = getattr(self._desks, "desk", None)
        if desk is None:
            desk = self._desks.desk = new_desk(self.topology)
        return desk

    @cached_property
    def stairs(self) -> Stairs:
        """What queries read of the shape."""
        return stairs_of(self.topology)

    def path(self, weights: HeldWeights | WeightsOnDemand, seeds: Ends, goals: Ends) -> Path:
        """Return the least-cost path from seeds to goals."""
        desk = self.desk
        return weights.least(lambda given: shortest_path(self.stairs, given.weights, (seeds, goals), desk))

    def reach_many(self, held: HeldWeights, seeds: Seeds, goals: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the least cost from each of o sets of seeds to each of g junctions, (o, g), FAR where none."""
        return reach_many(self.topology, held.weights, seeds, goals)

    def reach_all(self, held: HeldWeights, seeds: Ends, *, back: bool = False) -> NDArray[np.int64]:
        """Return the least cost from seeds to every junction, (n,), FAR where none; or back from every junction."""
        return reach_all(self.topology, held.weights, seeds, back=back)


_OF_NETWORK: weakref.WeakKeyDictionary[Network, Hierarchy] = weakref.WeakKeyDictionary()
_LOOKUP = threading.Lock()


def hierarchy_of(network: Network) -> Hierarchy:
    """Return the one hierarchy of a network; everybody who asks for this network shares it."""
    with _LOOKUP:
        hierarchy = _OF_NETWORK.get(network)
        if hierarchy is None:
            hierarchy = _OF_NETWORK[network] = Hierarchy(partial(_topology_of, weakref.ref(network)))
        return hierarchy


def _topology_of(reference: weakref.ref[Network]) -> Topology:
    """Compute the shape of a network that is not kept alive by its hierarchy."""
    network = reference()
    if network is None:
        raise AssertionError("a hierarchy was used after its network was gone")
    return network_topology(network)
