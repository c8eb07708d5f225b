"""The demo county's invented firms and their vehicles and crews."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from geodata.demo.chance import Chance
from geodata.demo.facts import read_demo_json

#: Vehicles of the whole whitelist, each with a driver.
VEHICLES: Final = 200
#: Weights of the seventeen digits before the check digit of a resident identity number (GB 11643).
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"


@dataclass(frozen=True, slots=True)
class DemoEnterprise:
    """An invented enterprise or project on the whitelist (W1)."""

    id: str
    name: str
    sector: str
    goods: str
    township: str
    priority: bool
    linked_to: str


@dataclass(frozen=True, slots=True)
class DemoVehicle:
    """An invented vehicle of a firm, and its driver."""

    enterprise: str
    plate: str
    link: str
    driver: str
    id_number: str
    phone: str


@lru_cache(maxsize=1)
def enterprises() -> tuple[DemoEnterprise, ...]:
    """Return the 30 invented enterprises."""
    rows = read_demo_json("enterprises.json")["enterprises"]
    return tuple(
        DemoEnterprise(
            id=row["id"],
            name=row["name"],
            sector=row["sector"],
            goods=row["goods"],
            township=row["township"],
            priority=bool(row.get("priority", False)),
            linked_to=row.get("linked_to", ""),
        )
        for row in rows
    )


def unreal_id_number(number: int) -> str:
    """Return an identity number that passes every check and is nobody's: order code 000 is never given out."""
    month, day = divmod(number, 28)
    stem = f"411322{1994 + month // 12}{month % 12 + 1:02d}{day + 1:02d}000"
    total = sum(int(digit) * weight for digit, weight in zip(stem, _WEIGHTS, strict=True))
    return stem + _CHECK_DIGITS[total % 11]


def person_name(number: int) -> str:
    """Return an invented name; after some hundred they repeat."""
    words = read_demo_json("enterprises.json")
    surnames, given = words["surnames"], words["given_names"]
    return str(surnames[number % len(surnames)] + given[(number // len(surnames) * 7 + number) % len(given)])


def demo_vehicles(chance: Chance) -> tuple[DemoVehicle, ...]:
    """Return 200 vehicles with a driver each; two in three are the firm's own, the others fixed contracted (X3)."""
    firms = enterprises()
    luck = chance.uniform("vehicle-links", VEHICLES)
    owner = np.concatenate([np.arange(len(firms)), (chance.uniform("owners", VEHICLES) * len(firms)).astype(np.int64)])
    return tuple(
        DemoVehicle(
            enterprise=firms[int(owner[number])].id,
            plate=f"豫RZ{9000 + number + number // 100 * 50 + 1}",
            link="own" if luck[number] < 0.67 or number < len(firms) else "contracted",
            driver=person_name(number),
            id_number=unreal_id_number(number),
            phone=f"000{number + 1:08d}",
        )
        for number in range(VEHICLES)
    )


def whitelist_document(chance: Chance) -> dict[str, Any]:
    """Return the whitelist file's content: `enterprises` with their `vehicles` (W5)."""
    vehicles = demo_vehicles(chance)
    rows = []
    for firm in enterprises():
        row: dict[str, Any] = {"id": firm.id, "enterprise": firm.name, "sector": firm.sector, "township": firm.township}
        row |= {"place": firm.id, "priority": firm.priority}
        if firm.linked_to:
            row["linked_to"] = firm.linked_to
        mine = [one for one in vehicles if one.enterprise == firm.id]
        row["vehicles"] = [{"plate": one.plate, "link": one.link} for one in mine]
        rows.append(row)
    return {"enterprises": rows}
