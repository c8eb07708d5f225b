"""The check K13: every enclosed firm has a fixed receiving point inside."""

from __future__ import annotations

from collections.abc import Iterator

from geodata.findings import Finding
from geodata.places import Place, PlaceKind, Places


def firm_has_receiving_point(firm: Place, owners: frozenset[str]) -> Finding | None:
    """K13 (L18, L19): an enclosed firm without a fixed receiving point inside.

    Parameters
    ----------
    firm
        An enterprise.
    owners
        Ids and names that receiving points say they belong to.
    """
    if not firm.enclosed or {firm.id, firm.name} & owners:
        return None
    facts = {"road": None, "enterprise": firm.name, "township": firm.township, "cure": "define-receiving-point"}
    return Finding("K13", "L19", firm.id, {**facts, "lonlat": [firm.lon, firm.lat]})


def firms_without_receiving_point(places: Places) -> Iterator[Finding]:
    """Give what K13 finds about a county's enterprises."""
    owners = frozenset(one.owner for one in places.of_kind(PlaceKind.RECEIVING_POINT) if one.owner)
    for firm in places.of_kind(PlaceKind.ENTERPRISE):
        finding = firm_has_receiving_point(firm, owners)
        if finding is not None:
            yield finding
