"""Tell which closures lie on roads that the network does not have, as after a county was built anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from geodata.closures.closure import Closure
from geodata.network import Network


def unmatched_roads(closure: Closure, network: Network) -> tuple[str, ...]:
    """Return the ids of a closure's roads that the network does not have."""
    known = network.road_index
    return tuple(dict.fromkeys(span.road_id for span in closure.extent if span.road_id not in known))


def unmatched_ids(closures: Iterable[Closure], network: Network) -> tuple[str, ...]:
    """Return the ids of the closures and blockages with such a road, in their order."""
    return tuple(closure.id for closure in closures if unmatched_roads(closure, network))


def matched_part(closure: Closure, network: Network) -> Closure:
    """Return a closure without the parts on such roads: what can still be judged and avoided of it."""
    if not unmatched_roads(closure, network):
        return closure
    return replace(closure, extent=tuple(span for span in closure.extent if span.road_id in network.road_index))
