"""Three example applications for the demo county: one clean, one that needs a stop on the way, one that is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from geodata.demo.chance import Chance
from geodata.demo.enterprises import DemoVehicle, demo_vehicles, enterprises, person_name, unreal_id_number
from geodata.policy import Policy
from geodata.windows import format_instant

#: The trip shown first: from outside the county to an enterprise inside the emergency area.
EXAMPLE_ORIGIN: Final = {"area_code": "410100", "name": "郑州", "entry_point": "entry-yexian-e"}
EXAMPLE_DESTINATION: Final = "e01"
#: The one that needs a stop comes by the longest way in.
FAR_ORIGIN: Final = {"area_code": "410423", "name": "鲁山", "entry_point": "entry-lushan"}
_FAR_DESTINATION: Final = "e08"
_TRUCK: Final = {"gross_weight_t": 18, "height_m": 3.8, "width_m": 2.5, "length_m": 9.6, "axles": 3}


def hours_from(at: datetime, hours: float) -> str:
    """Return the time so many hours after the build moment."""
    return format_instant(at + timedelta(hours=hours))


def longest_h(policy: Policy) -> float:
    """Return the longest age that the regime's conditions on the crew allow."""
    ages = [one.max_age_h for one in policy.conditions if one.subject == "crew" and one.max_age_h is not None]
    return min(ages, default=24.0)


def person(number: int, role: str, sampled_at: str) -> dict[str, Any]:
    """Return an invented person on board."""
    return {
        "name": person_name(number),
        "id_number": unreal_id_number(number),
        "phone": f"000{number + 1:08d}",
        "role": role,
        "sampled_at": sampled_at,
        "result": "negative",
        "proof": "seen",
    }


def driver_of(vehicle: DemoVehicle, sampled_at: str) -> dict[str, Any]:
    """Return the driver of a vehicle."""
    known = {"name": vehicle.driver, "id_number": vehicle.id_number, "phone": vehicle.phone}
    return person(0, "driver", sampled_at) | known


def linked(vehicle: DemoVehicle) -> dict[str, str]:
    """Return a vehicle of the whitelist as an application names it."""
    return {"plate": vehicle.plate, "link": vehicle.link}


def application_of(firm: str, vehicle: Mapping[str, Any], crew: list[dict[str, Any]], **trip: Any) -> dict[str, Any]:
    """Return an application of a firm."""
    applicant = next(one for one in enterprises() if one.id == firm)
    named = {"enterprise": applicant.name, "goods": applicant.goods}
    return {**named, "vehicle": {**vehicle, **_TRUCK}, "crew": crew, "via": [], **trip}


def demo_applications(policy: Policy, chance: Chance, *, at: datetime) -> dict[str, dict[str, Any]]:
    """Return the applications by name: "clean", "sampling-stop", "refused"; times are told from the build moment.

    In the second the driver's condition ends 20 minutes after departure, on the way (L4). In the third a one-off
    vehicle comes without the firm's guarantee (county policy) and the rider's condition has ended (L4).
    """
    oldest_h = longest_h(policy)
    trucks = {one.enterprise: one for one in reversed(demo_vehicles(chance)) if one.link == "own"}
    plan = {"depart_at": hours_from(at, 1), "round_trip": True, "prereported_at": hours_from(at, -20)}
    there = {"origin": EXAMPLE_ORIGIN, "destination": EXAMPLE_DESTINATION, **plan}
    far = {**plan, "origin": FAR_ORIGIN, "destination": _FAR_DESTINATION, "round_trip": False}
    here, other = trucks[EXAMPLE_DESTINATION], trucks[_FAR_DESTINATION]
    clean = [driver_of(here, hours_from(at, -6)), person(900, "rider", hours_from(at, -7))]
    lapsing = [driver_of(other, hours_from(at, 1 + 1 / 3 - oldest_h))]
    lapsed = [person(901, "driver", hours_from(at, -5)), person(902, "rider", hours_from(at, -oldest_h - 2))]
    return {
        "clean": application_of(EXAMPLE_DESTINATION, linked(here), clean, **there),
        "sampling-stop": application_of(_FAR_DESTINATION, linked(other), lapsing, **far),
        "refused": application_of(EXAMPLE_DESTINATION, {"plate": "豫RZ9999", "link": "one_off"}, lapsed, **there),
    }
