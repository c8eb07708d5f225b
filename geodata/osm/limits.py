"""Read the weight and size limits of an OSM way or node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Final

from geodata.osm.measures import NO_LIMIT, read_extent_m, read_weight_kg


@dataclass(frozen=True, slots=True)
class Limits:
    """Greatest vehicle that may pass; infinity where no limit is mapped."""

    weight_kg: float = NO_LIMIT
    height_m: float = NO_LIMIT
    width_m: float = NO_LIMIT
    length_m: float = NO_LIMIT
    axle_load_kg: float = NO_LIMIT

    def and_also(self, other: Limits) -> Limits:
        """Return the stricter of the two, limit by limit."""
        return Limits(*(min(one, two) for one, two in zip(astuple(self), astuple(other), strict=True)))


_Reader = Callable[[str], float | None]
#: Which tags hold which limit. A limit for lorries alone never bites a car: the car is below it anyway.
_TAGS: Final[Mapping[str, tuple[tuple[str, ...], _Reader]]] = {
    "weight_kg": (
        ("maxweight", "maxweight:hgv", "maxweightrating", "maxweightrating:hgv", "maxgcweight"),
        read_weight_kg,
    ),
    "height_m": (("maxheight", "maxheight:physical"), read_extent_m),
    "width_m": (("maxwidth", "maxwidth:physical"), read_extent_m),
    "length_m": (("maxlength", "maxlength:hgv"), read_extent_m),
    "axle_load_kg": (("maxaxleload",), read_weight_kg),
}


def _least(tags: Mapping[str, str], keys: Iterable[str], read: _Reader) -> tuple[float, list[str]]:
    least, unread = NO_LIMIT, []
    for key in keys:
        if key in tags:
            value = read(tags[key])
            least = least if value is None else min(least, value)
            if value is None:
                unread.append(f"{key}={tags[key]}")
    return least, unread


def read_limits(tags: Mapping[str, str]) -> tuple[Limits, tuple[str, ...]]:
    """Return the limits, and the tags "key=value" that could not be read."""
    values: dict[str, float] = {}
    unread: list[str] = []
    for name, (keys, read) in _TAGS.items():
        values[name], faults = _least(tags, keys, read)
        unread += faults
    return Limits(**values), tuple(unread)
