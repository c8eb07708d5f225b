"""Kinds of hazardous goods, as signs at roads and tunnels tell them apart, and which of them a road refuses.

The letters are the tunnel restriction codes of the ADR (chapter 8.6): B is the most dangerous load, E the least of
those that any tunnel refuses. A tunnel of category C refuses what is coded B or C, one of category E all four.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from geodata.errors import BadInputError

#: Tunnel codes from the most dangerous load to the least.
TUNNEL_CODES: Final = ("B", "C", "D", "E")
#: Bits of `Network.refused_goods`. "other" is dangerous and in no tunnel refused; "explosive" and "water" (harmful to
#: drinking water) have signs of their own.
GOODS_BIT: Final = {"B": 1, "C": 2, "D": 4, "E": 8, "other": 16, "explosive": 32, "water": 64}
#: What a vehicle may say that it carries; of "unknown" the most dangerous is assumed.
GOODS: Final = (*GOODS_BIT, "unknown")
#: A road closed to hazardous goods refuses every kind.
ALL_GOODS: Final = sum(GOODS_BIT.values())
_BITS_OF_A_LOAD: Final = {**GOODS_BIT, "unknown": ALL_GOODS & ~GOODS_BIT["water"]}


def bits_of_load(goods: Iterable[str], *, where: str) -> int:
    """Return the bits of what a vehicle carries: a road that refuses any of them refuses the vehicle.

    Raises
    ------
    BadInputError
        `vehicle-goods-unknown`.
    """
    bits = 0
    for kind in goods:
        if kind not in _BITS_OF_A_LOAD:
            raise BadInputError("vehicle-goods-unknown", where, value=str(kind), known=list(GOODS))
        bits |= _BITS_OF_A_LOAD[kind]
    return bits


def bits_of_tunnel(category: str) -> int:
    """Return what a tunnel of an ADR category refuses; category A, and what is no category, refuse nothing."""
    if category not in TUNNEL_CODES:
        return 0
    return sum(GOODS_BIT[code] for code in TUNNEL_CODES[: TUNNEL_CODES.index(category) + 1])


def names_of_bits(bits: int) -> tuple[str, ...]:
    """Return the kinds of goods that bits stand for."""
    return tuple(kind for kind, bit in GOODS_BIT.items() if bits & bit)
