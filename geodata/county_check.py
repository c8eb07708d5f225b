"""Check a county folder: what its roads hold, and what in it does not fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from geodata.county import County
from geodata.findings import Finding
from geodata.import_report import read_stored_report, report_network
from geodata.place_rules import firms_without_receiving_point
from geodata.places import PlaceKind
from geodata.road_distances import distance_to_roads_m
from geodata.snapping import FARTHEST_M


def places_far_from_roads(county: County) -> Iterator[Finding]:
    """Find places that no route can reach: farther from every open road than a position may be."""
    places = [county.places.by_id[key] for key in sorted(county.places.by_id)]
    positions = np.array([(place.lon, place.lat) for place in places], dtype=np.float64).reshape(-1, 2)
    for place, metres in zip(places, distance_to_roads_m(county.network, positions), strict=True):
        if metres > FARTHEST_M:
            distance = round(float(metres)) if np.isfinite(metres) else None
            facts = {"id": place.id, "name": place.name, "distance_m": distance, "most_m": FARTHEST_M}
            yield Finding("place-far-from-road", subject=place.id, facts=facts)


def receiving_points_without_enterprise(county: County) -> Iterator[Finding]:
    """Find receiving points whose owner is no enterprise of the county (L19)."""
    enterprises = county.places.of_kind(PlaceKind.ENTERPRISE)
    owners = {name for one in enterprises for name in (one.id, one.name)}
    for point in county.places.of_kind(PlaceKind.RECEIVING_POINT):
        if point.owner not in owners:
            facts = {"id": point.id, "name": point.name, "owner": point.owner}
            yield Finding("receiving-point-without-enterprise", "L19", point.id, facts)


def enterprises_without_receiving_point(county: County) -> Iterator[Finding]:
    """Find enclosed enterprises inside which no fixed receiving point is drawn (K13, L18, L19)."""
    if county.settings.policy.is_on("K13"):
        yield from firms_without_receiving_point(county.places)


def network_not_the_imported(county: County) -> Iterator[Finding]:
    """Find a network that is not the one of the report: whatever was derived from that one no longer fits."""
    recorded = read_stored_report(county.folder).get("network_digest")
    if recorded is not None and recorded != county.network.digest:
        yield Finding("network-not-the-imported", facts={"recorded": recorded, "found": county.network.digest})


CHECKS: Final[tuple[Callable[[County], Iterator[Finding]], ...]] = (
    network_not_the_imported,
    places_far_from_roads,
    receiving_points_without_enterprise,
    enterprises_without_receiving_point,
)


def check_county(county: County) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the report of a county as it is now, and the findings.

    What the import repaired and dropped is as the import recorded it. Parts that are not connected are reported,
    never found fault with: expressways enter and leave every county.

    Raises
    ------
    BadInputError
        A file of the folder is missing or cannot be read.
    """
    stored = read_stored_report(county.folder)
    county.areas  # noqa: B018 - a file that cannot be read is told here
    report = {
        **report_network(county.network, county.places.by_id.values()),
        "repaired": list(stored.get("repaired", [])),
        "dropped": list(stored.get("dropped", [])),
        "network_digest": county.network.digest,
    }
    if "source" in stored:
        report["source"] = stored["source"]
    return report, tuple(finding for check in CHECKS for finding in check(county))
