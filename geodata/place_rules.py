"""The check K13: every enclosed firm has a fixed receiving point inside."""

from __future__ import annotations

from collections.abc import Iterator

from geodata.findings import Finding
from geodata.places import Place, PlaceKind, Places


def firm_has_receiving_point(firm: Place, places: Places) -> Finding | None:
    """K13 (L18, L19): an enclosed firm without a fixed receiving point inside."""
    if not firm.enclosed or places.receiving_points_of(firm):
        return None
    facts = {"road": None, "id": firm.id, "name": firm.name, "township": firm.township}
    return Finding("K13", "L19", firm.id, {**facts, "lonlat": [firm.lon, firm.lat], "cure": "define-receiving-point"})


def firms_without_receiving_point(places: Places) -> Iterator[Finding]:
    """Give what K13 finds about a county's enterprises."""
    found = (firm_has_receiving_point(firm, places) for firm in places.of_kind(PlaceKind.ENTERPRISE))
    yield from (one for one in found if one is not None)
