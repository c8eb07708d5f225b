"""Report what a county's roads hold, and what their import repaired and dropped: the answer of county new and check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from geodata.components import NO_PART, car_arcs, find_components, part_of_junctions, part_of_roads
from geodata.county import REPORT_FILE
from geodata.geojson import read_json
from geodata.network import Network
from geodata.osm.import_tally import ImportTally
from geodata.places import Place, PlaceKind
from geodata.road_classes import ROAD_CLASSES

#: Parts listed one by one; the others are counted in "components_not_listed".
MOST_COMPONENTS: Final = 1_000


def _components(network: Network) -> dict[str, Any]:
    """Return the parts that are strongly connected for cars, largest first; nothing is left out of the counts."""
    part = part_of_junctions(network)
    components = find_components(network, part)
    rest = components[MOST_COMPONENTS:]
    is_open = car_arcs(network).any(axis=1)
    return {
        "components": [{"junctions": one.junctions, "classes": one.classes} for one in components[:MOST_COMPONENTS]],
        "components_not_listed": {"count": len(rest), "junctions": sum(one.junctions for one in rest)},
        "roads_between_components": int((is_open & (part_of_roads(network, part) == NO_PART)).sum()),
        "roads_closed_to_cars": int((~is_open).sum()),
        "junctions_without_cars": int((part == NO_PART).sum()),
    }


def report_network(network: Network, places: Iterable[Place]) -> dict[str, Any]:
    """Return what the network and the places hold, in the shape of the contract, without "repaired" and "dropped"."""
    counts = np.bincount(network.road_class, minlength=len(ROAD_CLASSES))
    kinds = Counter(str(place.kind) for place in places)
    return {
        "roads": network.road_count,
        "junctions": network.junction_count,
        "classes": {one.value: int(count) for one, count in zip(ROAD_CLASSES, counts, strict=True)},
        "length_km": round(float(network.length_m.sum()) / 1000.0, 1),
        **_components(network),
        "turn_restrictions": len(network.turn_restrictions),
        "entry_points": kinds[PlaceKind.ENTRY_POINT],
        "places": dict(sorted(kinds.items())),
        "attribution": network.attribution,
    }


def report_import(
    network: Network, places: Iterable[Place], tally: ImportTally, *, source: Mapping[str, str]
) -> dict[str, Any]:
    """Return the whole report of an import; `source` holds "file" and "sha256" of what was read."""
    return {
        **report_network(network, places),
        "repaired": tally.repaired,
        "dropped": tally.dropped,
        "source": dict(source),
        "network_digest": network.digest,
    }


def read_stored_report(folder: Path) -> Mapping[str, Any]:
    """Return the report that the import left in a county folder; empty where there is none."""
    path = folder / REPORT_FILE
    stored = read_json(path) if path.exists() else {}
    return stored if isinstance(stored, dict) else {}
