"""Applications that wait in the demo county's queue one morning: clean ones, and ones that an officer must answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from geodata.demo.applications import (
    EXAMPLE_DESTINATION,
    EXAMPLE_ORIGIN,
    FAR_ORIGIN,
    application_of,
    driver_of,
    hours_from,
    linked,
    longest_h,
    person,
)
from geodata.demo.chance import Chance
from geodata.demo.enterprises import DemoVehicle, demo_vehicles
from geodata.policy import Policy

#: Firm, hours until departure, whether it comes by the long way.
_CLEAN: Final = (("e02", 2.0, False), ("e03", 3.0, True), ("e05", 1.5, False), ("e09", 5.0, False), ("e12", 8.0, True))
_LAPSED: Final = (("e04", 2.5), ("e07", 4.0), ("e11", 6.0))


@dataclass(frozen=True, slots=True)
class DemoFiling:
    """One application of a firm; `returned` is what an officer answered it with, "" where it waits."""

    firm: str
    document: Mapping[str, Any]
    returned: str = ""


def _trip(at: datetime, hours: float, *, far: bool = False) -> dict[str, Any]:
    origin = FAR_ORIGIN if far else EXAMPLE_ORIGIN
    times = {"depart_at": hours_from(at, hours), "prereported_at": hours_from(at, -15)}
    return {"origin": origin, "round_trip": not far, **times}


def _waiting(trucks: Mapping[str, DemoVehicle], policy: Policy, at: datetime) -> list[DemoFiling]:
    """Return those with findings: conditions that have ended, a result that is not known, a vehicle of nobody."""
    oldest = longest_h(policy)
    filings = []
    for firm, hours in _LAPSED:
        crew = [driver_of(trucks[firm], hours_from(at, -oldest - hours))]
        document = application_of(firm, linked(trucks[firm]), crew, destination=firm, **_trip(at, hours))
        filings.append(DemoFiling(firm, document))
    pending = [{**driver_of(trucks["e06"], hours_from(at, -3)), "result": "pending"}]
    document = application_of("e06", linked(trucks["e06"]), pending, destination="e06", **_trip(at, 3))
    stranger = {"plate": "豫RZ9998", "link": "one_off"}
    aboard = [person(930, "driver", hours_from(at, -5))]
    one_off = application_of("e10", stranger, aboard, destination="e10", **_trip(at, 7))
    return [*filings, DemoFiling("e06", document), DemoFiling("e10", one_off)]


def _of_the_shown_firm(truck: DemoVehicle, policy: Policy, at: datetime, answer: str) -> list[DemoFiling]:
    """Return those of the firm whose dispatcher the demo signs in: one waits, one came back."""
    firm = EXAMPLE_DESTINATION
    crew = [driver_of(truck, hours_from(at, -4))]
    waits = application_of(firm, linked(truck), crew, destination=firm, **_trip(at, 9))
    late = [driver_of(truck, hours_from(at, -longest_h(policy) - 5))]
    back = application_of(firm, linked(truck), late, destination=firm, **_trip(at, 12))
    return [DemoFiling(firm, waits), DemoFiling(firm, back, answer)]


def demo_filings(policy: Policy, chance: Chance, *, at: datetime, answer: str) -> tuple[DemoFiling, ...]:
    """Return the morning's applications; times are told from the build moment.

    Among the clean ones are two persons of whom one's condition ends an hour from now, on the way: the plan stops for
    it (L4).

    Parameters
    ----------
    answer
        What an officer has answered the one that came back.
    """
    trucks = {one.enterprise: one for one in reversed(demo_vehicles(chance)) if one.link == "own"}
    clean = [
        DemoFiling(
            firm,
            application_of(
                firm,
                linked(trucks[firm]),
                [driver_of(trucks[firm], hours_from(at, -8 - hours))],
                destination=firm,
                **_trip(at, hours, far=far),
            ),
        )
        for firm, hours, far in _CLEAN
    ]
    two = [
        driver_of(trucks["e08"], hours_from(at, 1 - longest_h(policy))),
        person(931, "rider", hours_from(at, -10)),
    ]
    stop = application_of("e08", linked(trucks["e08"]), two, destination="e08", **_trip(at, 0.5, far=True))
    shown = _of_the_shown_firm(trucks[EXAMPLE_DESTINATION], policy, at, answer)
    return (*clean, DemoFiling("e08", stop), *_waiting(trucks, policy, at), *shown)
