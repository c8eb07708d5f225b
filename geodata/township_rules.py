"""The check K12: every township in an area in force has its distribution plan and its reserve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

import shapely

from geodata.areas import TOWNSHIP, Area
from geodata.findings import Finding
from geodata.policy import Policy
from geodata.township_plans import TownshipPlan
from geodata.windows import format_instant

#: Less of a township than this share inside an area is two borders drawn differently.
LEAST_SHARE: Final = 0.01


def township_is_prepared(township: Area, area: Area, plan: TownshipPlan | None) -> Finding | None:
    """K12 (L16, L17): a township that an area in force covers, without distribution plan or without reserve.

    Parameters
    ----------
    township, area
        The township, and the area in force that it lies in.
    plan
        Its row in the county's list; None where it has none.
    """
    lacks = (plan or TownshipPlan(township.name)).lacks
    if not lacks:
        return None
    spot = township.polygon.intersection(area.polygon).representative_point()
    since = None if area.window is None else format_instant(area.window.start)
    facts = {"road": None, "township": township.name, "lacks": list(lacks), "area": area.id, "area_name": area.name}
    more = {"since": since, "lonlat": [spot.x, spot.y], "cure": "make-plan-and-reserve"}
    return Finding("K12", "L16", township.name, {**facts, **more})


def townships_in_force(
    areas: Iterable[Area], policies: Mapping[str, Policy], *, at: datetime
) -> Iterator[tuple[Area, Area]]:
    """Give each township that lies in an area in force with the first such area, where goods need passes there (L3)."""
    areas = tuple(areas)
    kinds = {kind.id: kind for policy in policies.values() for kind in policy.area_kinds.values()}
    closed_loop = [
        one for one in areas if one.kind in kinds and kinds[one.kind].passes_required_for != "none" and one.in_force(at)
    ]
    for township in (one for one in areas if one.kind == TOWNSHIP):
        for area in closed_loop:
            share = township.polygon.intersection(area.polygon).area / max(township.polygon.area, 1e-12)
            if share >= LEAST_SHARE and not shapely.is_empty(township.polygon):
                yield township, area
                break
