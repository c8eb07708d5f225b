"""The roads of one township, to pick from a list where the map cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geodata.areas import TOWNSHIP
from web.closures.dossier import road_label
from web.site import site

#: So many roads are offered at once.
MOST: Final = 40


@dataclass(frozen=True, slots=True)
class ListedRoad:
    """A road as the list offers it."""

    id: str
    label: str
    road_class: str
    length_m: float


def find_roads(township: str, asked: str) -> tuple[ListedRoad, ...]:
    """Return roads whose number, name or id holds what was asked, those in the township; of all where it is unknown."""
    words = asked.strip().casefold()
    if not words:
        return ()
    network = site().county.network
    named = [network.ref, network.name, network.road_id]
    hits = np.zeros(network.road_count, dtype=np.bool_)
    for column in named:
        hits |= np.char.find(np.char.lower(column), words) >= 0
    own = next((area for area in site().county.areas if area.kind == TOWNSHIP and area.name == township), None)
    if own is not None:
        middle = (network.shape_start[:-1] + network.shape_start[1:] - 1) // 2
        hits &= shapely.contains_xy(own.polygon, *network.shape_lonlat[middle].T)
    roads = np.flatnonzero(hits)
    order = sorted(roads, key=lambda road: (road_label(int(road)), -float(network.length_m[road])))
    return tuple(
        ListedRoad(
            str(network.road_id[road]), road_label(int(road)), network.class_of(int(road)).value, network.length_m[road]
        )
        for road in order[:MOST]
    )
