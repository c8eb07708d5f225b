"""Read who may use an OSM way, and in which direction: access tags from the general to the special, and oneway.

The hierarchy is that of the OSM wiki's Key:access; the most special tag that is present decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from geodata.network import ACCESS_BIT

#: Keys from the general to the special, for each kind of vehicle.
ACCESS_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "car": ("access", "vehicle", "motor_vehicle", "motorcar"),
    "truck": ("access", "vehicle", "motor_vehicle", "goods", "hgv"),
}
EVERYBODY: Final = ACCESS_BIT["car"] | ACCESS_BIT["truck"]
#: Open for goods traffic: with destination, customers and delivery the truck has business there.
_OPEN: Final = frozenset(
    {
        "yes",
        "permissive",
        "designated",
        "official",
        "public",
        "destination",
        "customers",
        "delivery",
        "residents",
        "local",
        "discouraged",
        "unknown",
    }
)
_CLOSED: Final = frozenset(
    {
        "no",
        "private",
        "permit",
        "agricultural",
        "forestry",
        "military",
        "emergency",
        "bus",
        "psv",
        "taxi",
        "use_sidepath",
        "dismount",
        "none",
    }
)
_ONE_WAY: Final = frozenset({"yes", "true", "1"})
_AGAINST: Final = frozenset({"-1", "reverse"})
_BOTH_WAYS: Final = frozenset({"no", "false", "0", "alternating"})


def is_open(value: str) -> bool | None:
    """Tell whether an access value lets ordinary goods traffic in; None where the value is not known.

    A list such as "agricultural;destination" is open when any of its values is.
    """
    parts = [part.strip().lower() for part in re.split(r"[;,|]", value) if part.strip()]
    if any(part in _OPEN for part in parts):
        return True
    return False if parts and all(part in _CLOSED for part in parts) else None


def access_bits(tags: Mapping[str, str], *, default: int, suffix: str = "") -> int:
    """Return the bits of `ACCESS_BIT` that the tags leave open.

    Parameters
    ----------
    default
        Bits where no tag speaks; an unknown value changes nothing.
    suffix
        ":forward" or ":backward": such keys count before the plain key of the same rank.
    """
    bits = 0
    for vehicle, keys in ACCESS_KEYS.items():
        is_allowed = bool(default & ACCESS_BIT[vehicle])
        for key in keys:
            value = (tags.get(key + suffix) if suffix else None) or tags.get(key)
            said = None if value is None else is_open(value)
            is_allowed = is_allowed if said is None else said
        bits |= ACCESS_BIT[vehicle] if is_allowed else 0
    return bits


def has_access_tag(tags: Mapping[str, str]) -> bool:
    """Tell whether any access tag for cars or trucks is present."""
    return any(key in tags for keys in ACCESS_KEYS.values() for key in keys)


def unknown_access(tags: Mapping[str, str]) -> str:
    """Return the first access tag whose value is not known, as "key=value", or ""."""
    keys = dict.fromkeys(key for chain in ACCESS_KEYS.values() for key in chain)
    said = [key + suffix for key in keys for suffix in ("", ":forward", ":backward") if key + suffix in tags]
    return next((f"{key}={tags[key]}" for key in said if is_open(tags[key]) is None), "")


class Oneway(Enum):
    """In which directions a way is open: (forward, backward)."""

    BOTH = (True, True)
    FORWARD = (True, False)
    BACKWARD = (False, True)
    NEITHER = (False, False)


#: Motorways and roundabouts are one-way without saying so. Motorway links are not: untagged ones are often
#: the two-way stem of a Chinese toll plaza, and taking them as one-way makes the exit unreachable.
_IMPLIED_JUNCTIONS: Final = frozenset({"roundabout", "circular"})


def is_oneway_implied(tags: Mapping[str, str]) -> bool:
    """Tell whether a way is one-way by what it is, no oneway tag being needed."""
    return tags.get("highway") == "motorway" or tags.get("junction") in _IMPLIED_JUNCTIONS


def read_oneway(tags: Mapping[str, str]) -> tuple[Oneway, bool]:
    """Read the direction of a way, and whether its oneway tag could be read.

    A reversible way changes direction by a timetable that the map does not hold: it is closed, so that no route
    runs against the traffic. An alternating one (one lane, traffic lights) is open both ways.
    """
    value = (tags.get("oneway:motor_vehicle") or tags.get("oneway", "")).strip().lower()
    if value in _ONE_WAY:
        return Oneway.FORWARD, True
    if value in _AGAINST:
        return Oneway.BACKWARD, True
    if value in _BOTH_WAYS:
        return Oneway.BOTH, True
    if value == "reversible":
        return Oneway.NEITHER, True
    return (Oneway.FORWARD if is_oneway_implied(tags) else Oneway.BOTH), value == ""
