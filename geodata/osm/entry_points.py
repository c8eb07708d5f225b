"""Find entry points (入县口): where main roads, expressway to county road, cross the edge of the extract.

A main road crosses the edge where its way goes on over nodes that the file does not hold, or where it ends at a
junction that no other road uses and looks out of the extract: an expressway always does, for a carriageway does not
end in a field; another road does where a wide part of the horizon holds no road. A carriageway gives a point of its
own in each direction: one that traffic only comes in by can be an origin, one that it only leaves by a destination.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD, FORWARD, Network
from geodata.osm.network import BuiltNetwork
from geodata.osm.place_words import PlaceWords, words_of
from geodata.places import Place, PlaceKind
from geodata.road_classes import ROAD_CLASSES, RoadClass
from geodata.snapping import LocalPlane

#: Classes whose roads lead into a county.
MAIN_CLASSES: Final = (RoadClass.EXPRESSWAY, RoadClass.NATIONAL, RoadClass.PROVINCIAL, RoadClass.COUNTY)
#: A dead end from where this much of the horizon holds no road of the extract is taken to go on outside: ours, fits
#: the counties tried (roads known to leave see 57 degrees and more, streets that end in a town 50 and less).
_EMPTY_VIEW_DEGREES: Final = 55.0
_CELL_M: Final = 20.0


@dataclass(slots=True)
class _Crossing:
    junction: int
    road: int
    comes_in: bool
    goes_out: bool


def _thinned(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return one point of each square that holds any: enough for a horizon, and quick on large networks."""
    cell = np.floor(metres / _CELL_M).astype(np.int64)
    _, chosen = np.unique(cell[:, 0] * 2**32 + cell[:, 1], return_index=True)
    return metres[chosen]


def _widest_empty_view_degrees(place: NDArray[np.float64], points: NDArray[np.float64]) -> float:
    """Return the widest angle at a place within which none of the points lies."""
    offset = points - place
    offset = offset[np.hypot(offset[:, 0], offset[:, 1]) > _CELL_M]
    if not len(offset):
        return 360.0
    bearing = np.sort(np.arctan2(offset[:, 1], offset[:, 0]))
    return float(np.degrees(np.diff(np.append(bearing, bearing[0] + 2 * np.pi)).max()))


def _leaves_extract(network: Network, ends: NDArray[np.int64]) -> list[bool]:
    """Tell for each (road, end) of dead ends whether the road goes on outside the extract."""
    plane = LocalPlane(network)
    points = _thinned(plane.to_metres(network.shape_lonlat))
    places = plane.to_metres(network.junction_lonlat)
    expressway = ROAD_CLASSES.index(RoadClass.EXPRESSWAY)
    return [
        int(network.road_class[road]) == expressway
        or _widest_empty_view_degrees(places[network.ends[road, end]], points) >= _EMPTY_VIEW_DEGREES
        for road, end in ends
    ]


def _main_road_ends(built: BuiltNetwork) -> Iterator[tuple[int, int]]:
    """Yield (road, 0 for its start or 1 for its end) where a main road crosses the edge."""
    network = built.network
    main = [ROAD_CLASSES.index(road_class) for road_class in MAIN_CLASSES]
    is_main = np.isin(network.road_class, main) & (network.ends[:, 0] != network.ends[:, 1])
    is_main &= (network.access != 0).any(axis=1)
    road_ends = np.bincount(network.ends.ravel(), minlength=network.junction_count)
    may_cross = is_main[:, None] & ~built.end_is_barrier
    is_dead_end = may_cross & (road_ends[network.ends] == 1) & ~built.end_is_cut
    dead_ends = np.argwhere(is_dead_end)
    is_dead_end[tuple(dead_ends.T)] = _leaves_extract(network, dead_ends)
    for road, end in np.argwhere(is_dead_end | (may_cross & built.end_is_cut)):
        yield int(road), int(end)


def _crossings(built: BuiltNetwork) -> list[_Crossing]:
    network = built.network
    found: dict[int, _Crossing] = {}
    for road, end in _main_road_ends(built):
        into, out_of = (FORWARD, BACKWARD) if end == 0 else (BACKWARD, FORWARD)
        junction = int(network.ends[road, end])
        one = found.setdefault(junction, _Crossing(junction, road, comes_in=False, goes_out=False))
        one.comes_in |= bool(network.access[road, into])
        one.goes_out |= bool(network.access[road, out_of])
    return [found[junction] for junction in sorted(found, key=lambda j: int(network.junction_id[j]))]


def _side(network: Network, junction: int, words: PlaceWords) -> str:
    """Return the compass word for where a junction lies, seen from the middle of the network."""
    plane = LocalPlane(network).to_metres(network.junction_lonlat)
    east, north = plane[junction] - (plane.min(axis=0) + plane.max(axis=0)) / 2
    eighth = round(float(np.degrees(np.arctan2(east, north))) / 45.0) % 8
    return words.compass[eighth]


def _road_word(network: Network, road: int, words: PlaceWords) -> str:
    return str(network.ref[road]) or str(network.name[road]) or words.classes[network.class_of(road)]


def find_entry_points(built: BuiltNetwork, *, country: str) -> tuple[Place, ...]:
    """Return the entry points, ordered by the junction they stand at; ids and names are the same for the same file."""
    network, words = built.network, words_of(country)
    used: Counter[str] = Counter()
    places = []
    for one in _crossings(built):
        stem = words.entry.format(road=_road_word(network, one.road, words), side=_side(network, one.junction, words))
        ending = "" if one.comes_in and one.goes_out else words.inbound if one.comes_in else words.outbound
        used[stem + ending] += 1
        number = f" {used[stem + ending]}" if used[stem + ending] > 1 else ""
        lon, lat = network.junction_lonlat[one.junction]
        place_id = f"entry-{network.junction_id[one.junction]}"
        places.append(Place(place_id, f"{stem}{number}{ending}", PlaceKind.ENTRY_POINT, float(lon), float(lat)))
    return tuple(places)
