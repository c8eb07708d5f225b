"""Decide a road's class from OSM's highway tag and from Chinese road numbers, dirty forms included.

Chinese numbers follow GB/T 917: G national, S provincial, X county, Y township, C village, Z special road. The digits
decide between expressways and ordinary roads: one, two or four digits (G30, G1511, S83) are expressways, three (G345,
S239) are not. A highway tag of motorway wins over any number. Z says who owns a road, not its class: the highway tag
decides. Of several numbers on one road the highest class counts.

Elsewhere, and where no number can be read, the highway tag decides:

==============================================  ==========
highway                                          class
==============================================  ==========
motorway (and its links)                         expressway
trunk                                            national
primary                                          provincial
secondary                                        county
tertiary                                         township
unclassified, road                               village
residential, living_street, service, others      street
track                                            track
==============================================  ==========
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from geodata.road_classes import ROAD_CLASSES, RoadClass

#: Country whose numbers carry the class.
CHINA: Final = "CN"
_MAIN: Final = {
    "motorway": RoadClass.EXPRESSWAY,
    "trunk": RoadClass.NATIONAL,
    "primary": RoadClass.PROVINCIAL,
    "secondary": RoadClass.COUNTY,
    "tertiary": RoadClass.TOWNSHIP,
}
#: Every highway value that is a road for motor vehicles, with its class.
CLASS_OF_HIGHWAY: Final[Mapping[str, RoadClass]] = MappingProxyType(
    {
        **_MAIN,
        **{f"{highway}_link": road_class for highway, road_class in _MAIN.items()},
        "unclassified": RoadClass.VILLAGE,
        "road": RoadClass.VILLAGE,
        "residential": RoadClass.STREET,
        "living_street": RoadClass.STREET,
        "service": RoadClass.STREET,
        "track": RoadClass.TRACK,
    }
)
_EXPRESSWAY_DIGITS: Final = frozenset({1, 2, 4})
#: G30, S83, G345, G4W2, G15W: national and provincial numbers, with the suffix of a parallel or linking expressway.
_NATIONAL_OR_PROVINCIAL: Final = re.compile(r"([GS])(\d{1,4})(?:[A-Z]\d?)?")
#: X006, XD01, Y026, CA12, C012411322: a letter of the prefecture or a six-digit area code may be part of it.
_LOCAL: Final = re.compile(r"([XYC])[A-Z]?\d{1,10}")
_SPECIAL: Final = re.compile(r"Z[A-Z]?\d{1,4}")
#: 017县道, 县道017, 县道X017, 省道.
_WORD: Final = re.compile(r"\d{0,4}(国道|省道|县道|乡道|村道)[GSXYC]?[A-Z]?\d{0,4}")
_CLASS_OF_WORD: Final = {
    "国道": RoadClass.NATIONAL,
    "省道": RoadClass.PROVINCIAL,
    "县道": RoadClass.COUNTY,
    "乡道": RoadClass.TOWNSHIP,
    "村道": RoadClass.VILLAGE,
}
_CLASS_OF_LETTER: Final = {"X": RoadClass.COUNTY, "Y": RoadClass.TOWNSHIP, "C": RoadClass.VILLAGE}
_CLEAN: Final = re.compile(r"[GSXYCZ]\d+[A-Z]?\d*(?:;[GSXYCZ]\d+[A-Z]?\d*)*")


@dataclass(frozen=True, slots=True)
class RefReading:
    """What a road number says.

    Attributes
    ----------
    road_class
        Highest class of its parts, None where none says one.
    is_clean
        Written as the standard has it ("G206;S307"); else it was read from a dirty form.
    is_read
        Every part was understood.
    """

    road_class: RoadClass | None
    is_clean: bool
    is_read: bool


def split_refs(text: str) -> tuple[str, ...]:
    """Return the numbers of a ref in half-width capitals: "g206/ S307" is ("G206", "S307")."""
    plain = unicodedata.normalize("NFKC", text).upper()
    joined = re.sub(r"(?<![A-Z])([GSXYCZ][A-Z]?)[\s\-_.]+(?=\d)", r"\1", plain)
    return tuple(part for part in re.split(r"[;/,、|+&\s]+", joined) if part)


def _class_of_number(number: str) -> tuple[RoadClass | None, bool]:
    """Return the class of one number, and whether it was understood."""
    upper = _NATIONAL_OR_PROVINCIAL.fullmatch(number)
    if upper:
        if len(upper[2]) in _EXPRESSWAY_DIGITS:
            return RoadClass.EXPRESSWAY, True
        return (RoadClass.NATIONAL if upper[1] == "G" else RoadClass.PROVINCIAL), True
    local = _LOCAL.fullmatch(number)
    if local:
        return _CLASS_OF_LETTER[local[1]], True
    word = _WORD.fullmatch(number)
    if word:
        return _CLASS_OF_WORD[word[1]], True
    return None, bool(_SPECIAL.fullmatch(number))


def highest_class(classes: Iterable[RoadClass]) -> RoadClass | None:
    """Return the class that stands first from expressway to track, None of none."""
    return min(classes, key=ROAD_CLASSES.index, default=None)


def read_ref(text: str) -> RefReading:
    """Read a Chinese ref, such as "S83", "G206;S307", "G206/ S307", "XD01" or "017县道"."""
    said = [_class_of_number(number) for number in split_refs(text)]
    return RefReading(
        road_class=highest_class(road_class for road_class, _ in said if road_class is not None),
        is_clean=_CLEAN.fullmatch(text) is not None,
        is_read=bool(said) and all(is_read for _, is_read in said),
    )


def class_of_road(tags: Mapping[str, str], *, country: str) -> RoadClass:
    """Return the class of an OSM way: motorway first, then the Chinese number, then the highway tag.

    A road without a ref whose whole name is a number ("S325", "017县道") is read by its name.
    """
    by_highway = CLASS_OF_HIGHWAY.get(tags.get("highway", ""), RoadClass.STREET)
    if by_highway is RoadClass.EXPRESSWAY or country != CHINA:
        return by_highway
    for key in ("ref", "name"):
        reading = read_ref(tags.get(key, ""))
        if reading.road_class is not None and (key == "ref" or reading.is_read):
            return reading.road_class
    return by_highway
