"""Who may be given a pass, as rules: the firm, its vehicle, the crew, the time; one rule a function.

Rules on what a person, vehicle or load must bring are the regime's conditions (`conditions`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from geodata.findings import Finding
from geodata.policy import PassPolicy
from geodata.windows import format_instant
from passes.applications.application import DRIVER, Application, crew_labels
from passes.whitelist.firms import Firm

ONE_OFF: Final = "one_off"
#: A pass is good there and, where asked, back again.
ROUND_TRIP: Final = "one_round_trip"
#: A truck may set off so much earlier than planned: loading is done sooner, the officer's clock differs.
LEAD: Final = timedelta(minutes=60)
#: Farther ahead nobody knows which roads will be closed, and a key published today does not sign yet.
FARTHEST_AHEAD: Final = timedelta(days=7)
#: A token names so many persons at most (the claim schema of `claims`).
MOST_PERSONS: Final = 8


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the rules look at.

    Attributes
    ----------
    firm
        The firm as the whitelist knows it; None where it does not.
    others
        Names of other listed firms to which the vehicle is linked.
    """

    application: Application
    policy: PassPolicy
    firm: Firm | None
    others: tuple[str, ...]
    at: datetime

    @property
    def registered_link(self) -> str:
        """How the whitelist links the vehicle to the firm, "" where it does not."""
        return self.firm.link_of(self.application.vehicle.plate) if self.firm else ""

    @property
    def is_one_off(self) -> bool:
        """Tell whether the vehicle is not the firm's, and the firm says so."""
        return not self.registered_link and self.application.vehicle.link == ONE_OFF


def _firm_facts(applicant: Applicant) -> dict[str, object]:
    return {"enterprise": applicant.firm.name if applicant.firm else applicant.application.enterprise}


def _vehicle_facts(applicant: Applicant) -> dict[str, object]:
    return {**_firm_facts(applicant), "plate": applicant.application.vehicle.plate, "path": "vehicle"}


def firm_is_known(applicant: Applicant) -> Finding | None:
    """Refuse a firm that was never on the whitelist: the pass system is for whitelist firms (X1, W5)."""
    if applicant.firm is not None:
        return None
    return Finding("enterprise-not-listed", "X1", applicant.application.enterprise, _firm_facts(applicant))


def firm_is_still_listed(applicant: Applicant) -> Finding | None:
    """Refuse a firm that was removed from the whitelist (W8), with the reason of the removal."""
    firm = applicant.firm
    if firm is None or firm.is_listed:
        return None
    return Finding("enterprise-removed", "W8", firm.id, {**_firm_facts(applicant), "reason": firm.reason})


def vehicle_is_linked(applicant: Applicant) -> Finding | None:
    """Refuse a vehicle that is neither the firm's own nor a fixed contracted one, unless it is a declared one-off.

    That is county policy: X3 gives crews of own and contracted trucks a benefit and refuses nobody a pass.
    """
    if applicant.firm is None or applicant.registered_link or applicant.is_one_off:
        return None
    facts = {**_vehicle_facts(applicant), "others": list(applicant.others)}
    return Finding("vehicle-linked-to-no-firm", "policy", applicant.application.vehicle.plate, facts)


def link_is_accepted(applicant: Applicant) -> Finding | None:
    """Refuse a kind of link that the county does not give passes to: county policy, never X3."""
    link = applicant.registered_link
    if not link or link in applicant.policy.links:
        return None
    facts = {**_vehicle_facts(applicant), "link": link, "accepted": list(applicant.policy.links)}
    return Finding("link-not-accepted", "policy", applicant.application.vehicle.plate, facts)


def one_off_is_accepted(applicant: Applicant) -> Finding | None:
    """Refuse a one-off vehicle where the county takes none, or only with the firm's guarantee (county policy)."""
    vehicle, accepted = applicant.application.vehicle, applicant.policy.one_off_vehicles
    if not applicant.is_one_off or accepted == "yes" or (accepted == "firm_guarantees" and vehicle.guaranteed):
        return None
    code = "one-off-without-guarantee" if accepted == "firm_guarantees" else "one-off-not-accepted"
    return Finding(code, "policy", vehicle.plate, _vehicle_facts(applicant))


def trips_are_accepted(applicant: Applicant) -> Finding | None:
    """Refuse a way back on the same pass where the county gives each way its own (county policy)."""
    application = applicant.application
    if not application.round_trip or applicant.policy.trips_per_pass == ROUND_TRIP:
        return None
    return Finding("round-trip-not-accepted", "policy", application.vehicle.plate, {"path": "round_trip"})


def has_crew(applicant: Applicant) -> Finding | None:
    """Refuse an application without anybody on board (L2)."""
    return None if applicant.application.crew else Finding("crew-empty", "L2", facts={"path": "crew"})


def has_driver(applicant: Applicant) -> Finding | None:
    """Refuse a crew in which nobody drives (L2)."""
    crew = applicant.application.crew
    if not crew or any(one.role == DRIVER for one in crew):
        return None
    return Finding("driver-missing", "L2", facts={"path": "crew", "roles": [one.role for one in crew]})


def nobody_is_named_twice(applicant: Applicant) -> Finding | None:
    """Refuse one identity number for two persons (L2)."""
    crew = applicant.application.crew
    numbers = [one.id_number for one in crew]
    twice = next((index for index, number in enumerate(numbers) if number in numbers[:index]), None)
    if twice is None:
        return None
    label = crew_labels(crew)[twice]
    return Finding("crew-twice", "L2", label, {"subject": label, "path": f"crew[{twice}].id_number"})


def crew_fits(applicant: Applicant) -> Finding | None:
    """Refuse more persons than the cab has seats, or than a pass can name (L2)."""
    crew, seats = applicant.application.crew, applicant.application.vehicle.seats
    most = min(MOST_PERSONS, int(seats) if seats is not None else MOST_PERSONS)
    if len(crew) <= most:
        return None
    return Finding("crew-too-many", "L2", facts={"path": "crew", "persons": len(crew), "most": most})


def departs_in_time(applicant: Applicant) -> Finding | None:
    """Refuse a departure that is over, or so far ahead that no route can be vouched for (L5, county policy)."""
    depart_at = applicant.application.depart_at
    if applicant.at - LEAD <= depart_at <= applicant.at + FARTHEST_AHEAD:
        return None
    facts = {"path": "depart_at", "depart_at": format_instant(depart_at), "at": format_instant(applicant.at)}
    if depart_at < applicant.at:
        return Finding("departure-over", "policy", facts=facts)
    return Finding("departure-too-far-ahead", "policy", facts={**facts, "most_days": FARTHEST_AHEAD.days})


RULES: Final[tuple[Callable[[Applicant], Finding | None], ...]] = (
    firm_is_known,
    firm_is_still_listed,
    vehicle_is_linked,
    link_is_accepted,
    one_off_is_accepted,
    trips_are_accepted,
    has_crew,
    has_driver,
    nobody_is_named_twice,
    crew_fits,
    departs_in_time,
)


def check_eligibility(applicant: Applicant) -> tuple[Finding, ...]:
    """Return every rule's no."""
    return tuple(finding for rule in RULES if (finding := rule(applicant)) is not None)


def notes_on(applicant: Applicant) -> tuple[Finding, ...]:
    """Return what an officer should see though it refuses nothing: odd numbers, a link other than the register's."""
    application = applicant.application
    notes = [
        Finding(code, "policy", label, {"subject": label, "path": f"{one.stated.path}.id_number"})
        for one, label in zip(application.crew, crew_labels(application.crew), strict=True)
        for code in one.id_notes
    ]
    said, registered = application.vehicle.link, applicant.registered_link
    if registered and said and said != registered:
        facts = {**_vehicle_facts(applicant), "said": said, "registered": registered}
        notes.append(Finding("link-differs", "policy", application.vehicle.plate, facts))
    return tuple(notes)
