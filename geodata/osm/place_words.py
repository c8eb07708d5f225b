"""Words for the names that an import makes up where the map has none: Chinese in China, English elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geodata.osm.road_refs import CHINA
from geodata.road_classes import RoadClass


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Words of one language.

    Attributes
    ----------
    kinds
        Kind of place -> its word.
    compass
        North, then clockwise in eighths.
    entry
        Pattern of an entry point's name (入县口) with {road} and {side}.
    """

    kinds: dict[str, str]
    classes: dict[RoadClass, str]
    compass: tuple[str, ...]
    entry: str
    inbound: str
    outbound: str


_CHINESE: Final = PlaceWords(
    kinds={
        "village": "村庄",
        "township_seat": "乡镇",
        "hospital": "医院",
        "fire_station": "消防站",
        "rest_area": "服务区",
        "toll_station": "收费站",
    },
    classes={
        RoadClass.EXPRESSWAY: "高速公路",
        RoadClass.NATIONAL: "国道",
        RoadClass.PROVINCIAL: "省道",
        RoadClass.COUNTY: "县道",
    },
    compass=("北", "东北", "东", "东南", "南", "西南", "西", "西北"),
    entry="{road} 入县口·{side}",
    inbound=" (入)",
    outbound=" (出)",
)
_ENGLISH: Final = PlaceWords(
    kinds={
        "village": "village",
        "township_seat": "town",
        "hospital": "hospital",
        "fire_station": "fire station",
        "rest_area": "rest area",
        "toll_station": "toll station",
    },
    classes={
        RoadClass.EXPRESSWAY: "motorway",
        RoadClass.NATIONAL: "trunk road",
        RoadClass.PROVINCIAL: "primary road",
        RoadClass.COUNTY: "secondary road",
    },
    compass=("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"),
    entry="{road} entry point, {side}",
    inbound=" (in)",
    outbound=" (out)",
)


def words_of(country: str) -> PlaceWords:
    """Return the words for a country of `[roads] country`."""
    return _CHINESE if country == CHINA else _ENGLISH
