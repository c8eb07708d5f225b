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
_FAR_ORIGIN: Final = {"area_code": "410423", "name": "鲁山", "entry_point": "entry-lushan"}
_FAR_DESTINATION: Final = "e08"
_TRUCK: Final = {"gross_weight_t": 18, "height_m": 3.8, "width_m": 2.5, "length_m": 9.6, "axles": 3}


def _hours(at: datetime, hours: float) -> str:
    return format_instant(at + timedelta(hours=hours))


def _longest_h(policy: Policy) -> float:
    """Return the longest age that the regime's conditions on the crew allow."""
    ages = [one.max_age_h for one in policy.conditions if one.subject == "crew" and one.max_age_h is not None]
    return min(ages, default=24.0)


def _person(number: int, role: str, sampled_at: str) -> dict[str, Any]:
    return {
        "name": person_name(number),
        "id_number": unreal_id_number(number),
        "phone": f"000{number + 1:08d}",
        "role": role,
        "sampled_at": sampled_at,
        "result": "negative",
        "proof": "seen",
    }


def _driver(vehicle: DemoVehicle, sampled_at: str) -> dict[str, Any]:
    known = {"name": vehicle.driver, "id_number": vehicle.id_number, "phone": vehicle.phone}
    return _person(0, "driver", sampled_at) | known


def _linked(vehicle: DemoVehicle) -> dict[str, str]:
    return {"plate": vehicle.plate, "link": vehicle.link}


def _application(firm: str, vehicle: Mapping[str, Any], crew: list[dict[str, Any]], **trip: Any) -> dict[str, Any]:
    applicant = next(one for one in enterprises() if one.id == firm)
    named = {"enterprise": applicant.name, "goods": applicant.goods}
    return {**named, "vehicle": {**vehicle, **_TRUCK}, "crew": crew, "via": [], **trip}


def demo_applications(policy: Policy, chance: Chance, *, at: datetime) -> dict[str, dict[str, Any]]:
    """Return the applications by name: "clean", "sampling-stop", "refused"; times are told from the build moment.

    In the second the driver's condition ends 20 minutes after departure, on the way (L4). In the third a one-off
    vehicle comes without the firm's guarantee (county policy) and the rider's condition has ended (L4).
    """
    oldest_h = _longest_h(policy)
    trucks = {one.enterprise: one for one in reversed(demo_vehicles(chance)) if one.link == "own"}
    plan = {"depart_at": _hours(at, 1), "round_trip": True, "prereported_at": _hours(at, -20)}
    there = {"origin": EXAMPLE_ORIGIN, "destination": EXAMPLE_DESTINATION, **plan}
    far = {**plan, "origin": _FAR_ORIGIN, "destination": _FAR_DESTINATION, "round_trip": False}
    here, other = trucks[EXAMPLE_DESTINATION], trucks[_FAR_DESTINATION]
    clean = [_driver(here, _hours(at, -6)), _person(900, "rider", _hours(at, -7))]
    lapsing = [_driver(other, _hours(at, 1 + 1 / 3 - oldest_h))]
    lapsed = [_person(901, "driver", _hours(at, -5)), _person(902, "rider", _hours(at, -oldest_h - 2))]
    return {
        "clean": _application(EXAMPLE_DESTINATION, _linked(here), clean, **there),
        "sampling-stop": _application(_FAR_DESTINATION, _linked(other), lapsing, **far),
        "refused": _application(EXAMPLE_DESTINATION, {"plate": "豫RZ9999", "link": "one_off"}, lapsed, **there),
    }
