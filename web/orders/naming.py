"""Name closed roads and ways round for people who know no road ids: by number, by name, or by the next village."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from geodata.closures.closure import Direction, RoadSpan
from geodata.snapping import LocalPlane
from web.closures.dossier import one_direction
from web.map.county_map import county_map
from web.site import site
from web.wording.roads import CLASS_NAMES
from web.wording.wording import Wording

#: Counter-clockwise from the east, an eighth of the circle each.
HEADINGS: Final = (
    _l("towards the east only"),
    _l("towards the north-east only"),
    _l("towards the north only"),
    _l("towards the north-west only"),
    _l("towards the west only"),
    _l("towards the south-west only"),
    _l("towards the south only"),
    _l("towards the south-east only"),
)
BOTH_WAYS: Final = _l("Both directions")
_NEAR: Final = Wording(zh="{kind}（{village}附近）", en="{kind} road near {village}")
_SUCH: Final = Wording(zh="{kind}", en="{kind} roads")


def road_names_in(extent: Iterable[RoadSpan], tongue: str) -> tuple[str, ...]:
    """Return what people call an extent's roads, each once; one without number and name by the village next to it."""
    network = site().county.network
    roads = [network.road_index[one.road_id] for one in extent if one.road_id in network.road_index]
    return tuple(dict.fromkeys(_called(one) or _by_village(one, tongue) for one in roads))


def way_names_in(roads: Iterable[int], tongue: str) -> tuple[str, ...]:
    """Return the numbered and named roads of a way, each once; where it has none, their classes."""
    roads = tuple(roads)
    called = dict.fromkeys(name for road in roads if (name := _called(road)))
    return tuple(called or dict.fromkeys(_SUCH.text(tongue, {"kind": _kind(road, tongue)}) for road in roads))


def _called(road: int) -> str:
    network = site().county.network
    return " ".join(one for one in (str(network.ref[road]), str(network.name[road])) if one)


def _kind(road: int, tongue: str) -> str:
    return CLASS_NAMES[site().county.network.class_of(road).value].text(tongue, {})


def _by_village(road: int, tongue: str) -> str:
    village = county_map().village_near(road)
    if not village:
        return f"{_kind(road, tongue)} {site().county.network.road_id[road]}"
    return _NEAR.text(tongue, {"kind": _kind(road, tongue), "village": village})


def heading_of(extent: tuple[RoadSpan, ...]) -> LazyString:
    """Return which way of travel is closed, by the compass: nobody on the road knows how it was drawn."""
    direction = one_direction(extent)
    if direction == Direction.BOTH:
        return BOTH_WAYS
    network = site().county.network
    plane, way = LocalPlane(network), np.zeros(2)
    for one in extent:
        line = network.line_of(network.road_index[one.road_id])
        way += np.diff(plane.to_metres(line[[0, -1]]), axis=0)[0]
    if direction == Direction.BACKWARD:
        way = -way
    return HEADINGS[round(float(np.degrees(np.arctan2(way[1], way[0]))) / 45) % 8]
