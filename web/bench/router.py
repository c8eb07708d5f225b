"""What a router must do to be compared, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from web.bench.road_arcs import RoadArcs


class Found(NamedTuple):
    """A route: how long it takes and the arcs it uses, in the order of travel."""

    duration_ms: int
    arcs: Sequence[int]


class Router(Protocol):
    """A router that is ready to answer; making it is what "preprocessing" measures.

    What `route` and `what_if` return is the router's own: it must tell every road of the route without further
    search. `read` brings it into the common form and is not measured.
    """

    def route(self, origin: int, destination: int) -> Any:
        """Answer the least-time route between two junctions, with its roads."""

    def read(self, answer: Any) -> Found | None:
        """Return an answer in the common form, None where there is no route."""

    def close(self, roads: NDArray[np.int64]) -> None:
        """Close roads in both directions."""

    def reopen(self) -> None:
        """Open again what `close` closed last."""

    def what_if(self, roads: NDArray[np.int64], origin: int, destination: int) -> Any:
        """Answer as if roads were closed too, on a snapshot: the live roads stay as they are meanwhile."""

    def matrix(self, origins: NDArray[np.int64], destinations: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return milliseconds of every pair, (o, d), infinity where there is no route."""


@runtime_checkable
class RestartingRouter(Router, Protocol):
    """A router that keeps on disk what took long to prepare."""

    def keep(self, folder: Path) -> None:
        """Write down what a restart needs."""

    def restart(self, folder: Path) -> Router:
        """Return a router for the same roads, ready to answer, from what was kept."""


class Rounding(NamedTuple):
    """By how much a duration may be off: milliseconds, and a share of it."""

    ms: float = 0.0
    share: float = 0.0

    def allows(self, found_ms: ArrayLike, true_ms: ArrayLike) -> bool:
        """Tell whether durations are near enough, all of them; infinity is near nothing but itself."""
        is_same_shape = np.shape(found_ms) == np.shape(true_ms)
        return is_same_shape and bool(np.allclose(found_ms, true_ms, rtol=self.share, atol=self.ms))


def rounding_of(router: Router) -> Rounding:
    """Return by how much a router may be off since it cannot weigh in milliseconds; mostly nothing."""
    rounding = getattr(router, "rounding", Rounding())
    return Rounding(*rounding)


#: Makes a router ready for some roads.
Maker = Callable[[RoadArcs], Router]
