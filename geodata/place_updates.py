"""Add the places of a newer map to a county's own, and tell which of its places fit the newer roads no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from geodata.network import Network
from geodata.places import Place, Places
from geodata.road_distances import distance_to_roads_m
from geodata.road_lengths import distances_m
from geodata.snapping import FARTHEST_M

#: A place of the same name and kind within this distance is the same place, whatever its id.
_SAME_PLACE_M: Final = 1_000.0
#: A place that moves away from the roads by more than this is told.
_FARTHER_M: Final = 100.0


@dataclass(frozen=True, slots=True)
class PlacesFit:
    """The places on the newer map.

    Attributes
    ----------
    places
        The county's own, unchanged, and those that the newer map adds.
    added
        How many it adds.
    farther
        Rows {"id", "name", "before_m", "distance_m", "is_too_far"} of places that lie farther from the roads now.
    """

    places: Places
    added: int
    farther: tuple[Mapping[str, Any], ...]


def _is_known(place: Place, own: Places) -> bool:
    if place.id in own.by_id:
        return True
    same = [one for one in own.by_name.get(place.name, ()) if one.kind == place.kind]
    spots = np.array([(one.lon, one.lat) for one in same], dtype=np.float64).reshape(-1, 2)
    return bool(len(spots)) and float(distances_m(place.lon, place.lat, spots).min()) <= _SAME_PLACE_M


def update_places(own: Places, found: Places, old: Network, new: Network) -> PlacesFit:
    """Return a county's places with those of a newer map; nothing of its own is moved or removed."""
    added = [place for place in found.by_id.values() if not _is_known(place, own)]
    merged = {**own.by_id, **{place.id: place for place in added}}
    places = [own.by_id[key] for key in sorted(own.by_id)]
    spots = np.array([(place.lon, place.lat) for place in places], dtype=np.float64).reshape(-1, 2)
    before, after = (distance_to_roads_m(network, spots) for network in (old, new))
    farther = tuple(
        {
            "id": place.id,
            "name": place.name,
            "before_m": _metres(was),
            "distance_m": _metres(now),
            "is_too_far": bool(now > FARTHEST_M),
        }
        for place, was, now in zip(places, before, after, strict=True)
        if now - was > _FARTHER_M
    )
    return PlacesFit(Places(MappingProxyType({key: merged[key] for key in sorted(merged)})), len(added), farther)


def _metres(value: float) -> int | None:
    return round(float(value)) if np.isfinite(value) else None
