"""Open networks kept ready: one a choice of closings and what roads cost, built when first asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.once import Once
from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle
from routing.closed_parts import ClosedParts
from routing.closing_set import ALL_COUNT, FEW, ClosingSet
from routing.hierarchy.held_weights import HeldWeights
from routing.hierarchy.hierarchy import hierarchy_of
from routing.metric import Metric, build_metric
from routing.open_network import OpenNetwork

#: Open networks kept, at most; large ones fewer, by the memory that their weights take.
VIEWS_KEPT: Final = 16
VIEWS_BYTES: Final = 256 << 20


class ArcCosts:
    """What every engine on one network shares: its arcs, and what they cost each vehicle asked about so far."""

    def __init__(self, network: Network, speeds_kmh: Mapping[RoadClass, float]) -> None:
        self.network = network
        self._speeds_kmh = dict(speeds_kmh)
        self.hierarchy = hierarchy_of(network)
        self._metrics: dict[Vehicle, Metric] = {}

    @property
    def views_kept(self) -> int:
        """How many open networks are kept, if it is more than two."""
        return min(VIEWS_KEPT, VIEWS_BYTES // self.hierarchy.pool.bytes_each)

    def metric(self, vehicle: Vehicle) -> Metric:
        """Return the vehicle's costs; two threads that ask at once compute the same."""
        metric = self._metrics.get(vehicle)
        if metric is None:
            metric = self.hierarchy.shared(build_metric(self.network, vehicle, speeds_kmh=self._speeds_kmh))
            self._metrics[vehicle] = metric
        return metric


class Ready(NamedTuple):
    """What the last plain question found (`routing.plain_answer`): for whom it holds, when, and where to search.

    Attributes
    ----------
    since_us, before_us
        It holds for departures from then until before then, microseconds since 1970.
    first_end_us
        When the first of the closings that count ends.
    view
        None where closings may come in force under way: then questions are not plain.
    """

    vehicle: Vehicle
    holder: str
    since_us: int
    before_us: int
    first_end_us: int
    view: OpenNetwork | None


def _numbers(counted: NDArray[np.bool_]) -> NDArray[np.int64] | range:
    """Return which closings count."""
    count = len(counted)
    return range(count) if count <= FEW and counted is ALL_COUNT[count].counted else counted.nonzero()[0]


class OpenViews(Once):
    """The open networks of one closing set; safe to share between threads.

    Parameters
    ----------
    before
        Those of the set that this one was made from: searches begin with the weights used there last.

    Attributes
    ----------
    ready
        What the last plain question found, swapped whole.
    all_open
        Those with nothing closed, kept for when everything is open again; None: these are they, or nobody had any yet.
    """

    def __init__(self, costs: ArcCosts, closing_set: ClosingSet, *, before: OpenViews | None = None) -> None:
        self.costs = costs
        self.closing_set = closing_set
        self._kept: OrderedDict[tuple[Metric, bytes], OpenNetwork] = OrderedDict()
        self._lock = threading.Lock()
        self._last: tuple[Vehicle, NDArray[np.bool_], OpenNetwork] | None = None
        self._metric: tuple[Vehicle, Metric] | None = None
        self.ready: Ready | None = None
        self.all_open: OpenViews | None = None
        self._near: HeldWeights | None = None
        if before is not None:
            self.all_open = before.all_open if before.closing_set.closings else before
            self._near, self._metric = before.weights_used_last(), before._metric

    def with_closings(self, closing_set: ClosingSet) -> OpenViews:
        """Return the open networks of another set made from this one."""
        return OpenViews(self.costs, closing_set, before=self)

    def moved_on(self, closing_set: ClosingSet) -> OpenViews:
        """Return the open networks of another set where nobody goes on with these."""
        if closing_set is self.closing_set:
            return self
        if closing_set.closings or self.all_open is None:
            after = OpenViews(self.costs, closing_set, before=self)
            self._let_go()
            return after
        self.all_open.go_on_with(self.weights_used_last())
        return self.all_open

    def go_on_with(self, near: HeldWeights | None) -> None:
        """Begin with these weights again, if they will do."""
        last = self._last
        if near is not None and last is not None:
            last[2].weights.begin_with(near)

    def _let_go(self) -> None:
        """Hold on to no weights, so that they can be changed in place; whoever still asks finds others."""
        self._near = None
        with self._lock:
            kept = list(self._kept.values())
        for view in kept:
            view.weights.let_go()

    def weights_used_last(self) -> HeldWeights | None:
        """Return the weights that the last question was answered with, if any."""
        last = self._last
        return self._near if last is None else last[2].weights.at_hand

    def view(self, vehicle: Vehicle, counted: NDArray[np.bool_]) -> OpenNetwork:
        """Return the network for a vehicle while the closings of a (c,) mask are in force."""
        last = self._last
        if last is None or last[0] is not vehicle or last[1] is not counted:
            last = self._last = vehicle, counted, self._find(vehicle, counted)
        return last[2]

    def _find(self, vehicle: Vehicle, counted: NDArray[np.bool_]) -> OpenNetwork:
        costs, known = self.costs, self._metric
        if known is None or known[0] is not vehicle:
            known = self._metric = vehicle, costs.metric(vehicle)
        metric = known[1]
        key = (metric, counted.tobytes())
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            near, self._near = self._near, None
        closed = ClosedParts(metric, self.closing_set, _numbers(counted))
        made = OpenNetwork(costs.network, metric, closed, costs.hierarchy)
        if near is not None:
            made.weights.begin_with(near)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > 2 and len(self._kept) > costs.views_kept:
                self._kept.popitem(last=False)
        return made
