"""The eight road classes, from expressway to track, and the letters of Chinese road numbers that stand for them."""

from __future__ import annotations

from enum import StrEnum


class RoadClass(StrEnum):
    """Administrative class of a road, the key of approval and hard-isolation rules (L9, L10)."""

    EXPRESSWAY = "expressway"
    NATIONAL = "national"
    PROVINCIAL = "provincial"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    STREET = "street"
    TRACK = "track"


#: Order of the classes in arrays: `Network.road_class` holds indices into this tuple.
ROAD_CLASSES: tuple[RoadClass, ...] = tuple(RoadClass)

#: Classes whose roads carry the traffic between counties (L13 交通大动脉).
ARTERIAL_CLASSES: frozenset[RoadClass] = frozenset({RoadClass.EXPRESSWAY, RoadClass.NATIONAL, RoadClass.PROVINCIAL})
