"""What a vehicle is, as far as roads care: its kind of access, size, weight and top speed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle class or a single vehicle.

    Attributes
    ----------
    access
        "car" or "truck": which access tags of a road apply.
    max_kmh
        Top speed; the road's own speed counts where it is lower.
    gross_weight_kg, height_m, width_m, length_m, axle_load_kg
        Zero where not known: then no limit of that kind excludes it.
    hazardous_goods
        Kinds of hazardous goods on board, as in `geodata.hazardous_goods.GOODS`; empty: none.
    """

    access: str = "car"
    max_kmh: float = 120.0
    gross_weight_kg: float = 0.0
    height_m: float = 0.0
    width_m: float = 0.0
    length_m: float = 0.0
    axle_load_kg: float = 0.0
    hazardous_goods: tuple[str, ...] = ()
