"""What counts as inside an area: the share of a road along its edge, and bridges and tunnels over or under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

INSIDE_SHARE: Final = 0.5
#: What bridges and tunnels count as: "joined" where they join an inside road, else always "inside" or never ("kept").
Structures = Literal["joined", "inside", "kept"]


@dataclass(frozen=True, slots=True)
class AreaRule:
    """What counts as inside a polygon, as `geodata.area_roads.find_area_parts`."""

    inside_share: float = INSIDE_SHARE
    structures: Structures = "joined"
