"""Read which hazardous goods an OSM way or barrier refuses: `hazmat`, its suffixes, and the category of a tunnel.

`hazmat=no` refuses all of them; `hazmat:water=no` and `hazmat:explosive=no` what they say; `hazmat:D=no` and
`hazmat:adr_tunnel_cat=D` what a tunnel of category D refuses. `hazmat:A=no` is a sign that some countries have for any
load, so it counts like `hazmat=no`. A sign that lets some goods in after all (`hazmat:E=yes`) counts before the plain
one. A value that is not understood refuses nothing and is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geodata.hazardous_goods import ALL_GOODS, GOODS_BIT, TUNNEL_CODES, bits_of_tunnel
from geodata.osm.access import is_open

_CATEGORY_KEYS: Final = ("hazmat:adr_tunnel_cat", "hazmat:tunnel_cat", "adr_tunnel_cat")
_SUFFIXED: Final[Mapping[str, int]] = {
    "A": ALL_GOODS,
    **{code: bits_of_tunnel(code) for code in TUNNEL_CODES},
    "explosive": GOODS_BIT["explosive"],
    "water": GOODS_BIT["water"],
}


def _value(tags: Mapping[str, str], key: str, suffix: str) -> str | None:
    return tags.get(key + suffix) or tags.get(key)


def _said(tags: Mapping[str, str], key: str, suffix: str) -> bool | None:
    value = _value(tags, key, suffix)
    return None if value is None else is_open(value)


def refused_goods(tags: Mapping[str, str], *, suffix: str = "") -> int:
    """Return the bits of `GOODS_BIT` that the tags refuse.

    Parameters
    ----------
    suffix
        ":forward" or ":backward": such keys count before the plain key of the same rank.
    """
    bits = ALL_GOODS if _said(tags, "hazmat", suffix) is False else 0
    for kind, refused in _SUFFIXED.items():
        said = _said(tags, f"hazmat:{kind}", suffix)
        if said is False:
            bits |= refused
        elif said is True and kind in GOODS_BIT:
            bits &= ~GOODS_BIT[kind]
    for key in _CATEGORY_KEYS:
        bits |= bits_of_tunnel((_value(tags, key, suffix) or "").strip().upper())
    return bits


def unknown_hazmat(tags: Mapping[str, str]) -> str:
    """Return the first tag about hazardous goods whose value is not known, as "key=value", or ""."""
    ways = ("", ":forward", ":backward")
    for key in ("hazmat", *(f"hazmat:{kind}" for kind in _SUFFIXED)):
        for one in (key + way for way in ways):
            if one in tags and is_open(tags[one]) is None:
                return f"{one}={tags[one]}"
    for key in (key + way for key in _CATEGORY_KEYS for way in ways):
        if key in tags and tags[key].strip().upper() not in ("A", *TUNNEL_CODES):
            return f"{key}={tags[key]}"
    return ""
