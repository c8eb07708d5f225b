"""Check an application against every rule, and give every finding at once.

1. Who may apply (`eligibility`). 2. Ends and route, and what the areas there and on the way ask (L3, L5, L19); a
departure that is refused is not planned for. 3. The regime's conditions of crew, vehicle and goods (`conditions`); one
that would end on the way gets a stop that renews it, or is a finding (L4). 4. The window of the pass (`pass_window`).
Where the trip that is left then meets areas that the first plan did not, they are asked about as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from geodata.collector import collector_resting
from geodata.errors import BaotongError
from geodata.findings import Finding
from geodata.policy import Condition
from geodata.windows import format_instant
from passes.applications.application import Application
from passes.applications.conditions import Standing, check_conditions, stays_for_review
from passes.applications.eligibility import Applicant, check_eligibility, departs_in_time, notes_on
from passes.applications.office import Office
from passes.applications.pass_window import PassWindow, fit_window
from passes.applications.trip import (
    AskingArea,
    areas_asking,
    areas_at_points,
    plan_or_say_why,
    request_trip,
    with_conditions,
)
from passes.whitelist.firms import Firm
from passes.whitelist.register import find_firm, firms_with_plate
from routing.trips.area_rules import policy_of_area
from routing.trips.closed_loop import planner_on
from routing.trips.pass_need import PassNeed, trip_needs_pass
from routing.trips.trip import Trip, TripRequest


@dataclass(frozen=True, slots=True)
class CheckedApplication:
    """What the rules say of an application at a moment.

    Attributes
    ----------
    findings
        Every reason to refuse it; none: a pass may be issued.
    notes
        What refuses nothing but should be seen: follow-ups (X6), stays (X7), odd numbers.
    request, trip, window
        None where the route could not be planned.
    standings
        How each subject stands to each condition; a person's earliest end goes into the pass.
    firm
        The firm on the whitelist, None where it is unknown.
    """

    application: Application
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    standings: tuple[Standing, ...]
    firm: Firm | None
    request: TripRequest | None = None
    trip: Trip | None = None
    window: PassWindow | None = None

    @property
    def expires_because(self) -> str:
        """What bounds the end of the pass, "" where there is none."""
        return self.window.because if self.window else ""


def _conditions(office: Office, areas: frozenset[AskingArea]) -> tuple[Condition, ...]:
    """Return the conditions of the county's regime, and of those whose areas ask something of the trip."""
    found = (policy_of_area(one.kind, one.regime, office.settings) for one in sorted(areas, key=lambda one: one.regime))
    regimes = {policy.regime.id: policy for policy in (office.policy, *found) if policy is not None}
    return tuple(dict.fromkeys(one for policy in regimes.values() for one in policy.conditions))


def _lapse_finding(finding: Finding, standings: Mapping[tuple[str, str], Standing]) -> tuple[Finding, bool]:
    """Complete the planner's finding of a condition that ends on the way; tell whether it is only followed up (X6)."""
    standing = standings[finding.subject, str(finding.facts["condition"])]
    condition = standing.condition
    facts = {
        **finding.facts,
        "name": condition.name or condition.id,
        "subject": standing.label,
        "path": standing.path,
    }
    code = "condition-follow-up" if condition.late == "follow_up" else finding.code
    if condition.late == "follow_up":
        facts["missed"] = finding.code
    return Finding(code, finding.clause, finding.subject, facts), condition.late == "follow_up"


def _too_long(trip: Trip, window: PassWindow, office: Office) -> list[Finding]:
    """Refuse a trip that the longest pass would not cover to its end (county policy)."""
    if trip.end_at <= window.expires_at:
        return []
    facts = {"end_at": format_instant(trip.end_at), "most_hours": office.policy.passes.max_hours}
    return [Finding("trip-too-long", "policy", facts=facts)]


@dataclass(frozen=True, slots=True)
class _Planned:
    """What planning gave: the trip with its window, and what it found."""

    trip: Trip | None = None
    window: PassWindow | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


class ApplicationDesk:
    """Checks applications within one transaction; what they have in common is looked up once: firms, places, ways."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._planner = office.planner
        self._firms: dict[str, Firm | None] = {}
        self._last_need: tuple[Trip, PassNeed] | None = None

    def _need(self, trip: Trip) -> PassNeed:
        """Return what the areas ask of a trip; the same trip is asked about several times in a row."""
        last = self._last_need
        if last is None or last[0] is not trip:
            last = self._last_need = trip, trip_needs_pass(trip, self._office.settings)
        return last[1]

    def _areas_asking(self, request: TripRequest | None, trip: Trip | None) -> frozenset[AskingArea]:
        """Return the areas whose conditions count, none where an end is missing."""
        if trip is not None:
            return areas_asking(trip, self._need(trip))
        return areas_at_points(self._office, request) if request is not None else frozenset()

    def _kinds_asked(self, trip: Trip | None, areas: frozenset[AskingArea]) -> frozenset[str]:
        """Return the area kinds whose conditions count: those of the areas that ask something of the trip (L3, L4).

        Where no area asks for a pass, nobody can tell which one the pass is wanted for, so every condition counts: a
        pass never vouches for less than the county asks, and whoever needs none is told so.
        """
        kinds = frozenset(one.kind for one in areas)
        unneeded = trip is not None and not self._need(trip).required_by
        return kinds | frozenset(self._office.policy.area_kinds) if unneeded or not areas else kinds

    def _firm(self, name: str) -> Firm | None:
        if name not in self._firms:
            self._firms[name] = find_firm(self._office.connection, name)
        return self._firms[name]

    def _applicant(self, application: Application, at: datetime) -> Applicant:
        plate = application.vehicle.plate
        firm = self._firm(application.enterprise)
        others: tuple[str, ...] = ()
        if firm is not None and not firm.link_of(plate):
            others = firms_with_plate(self._office.connection, plate)
        named = tuple(name for name in others if firm is None or name != firm.name)
        return Applicant(application, self._office.policy.passes, firm, named, at)

    def _plan(self, request: TripRequest, first: Trip, standings: tuple[Standing, ...], at: datetime) -> _Planned:
        """Plan again where a condition ends on the way, and fit the pass's window to the closings."""
        office, planner = self._office, self._planner
        asked = with_conditions(request, standings)
        lapsing = any(one.ends_at < first.end_at for one in asked.condition_ends)
        trip, why = plan_or_say_why(planner, asked) if lapsing else (first, [])
        if trip is None:
            return _Planned(findings=tuple(why))
        trip, window = fit_window(
            trip,
            lambda engine: planner_on(engine, office.trip_map).plan(asked),
            planner.engine,
            vehicle=request.vehicle,
            policy=office.policy.passes,
            at=at,
        )
        known = {(one.label, one.condition.id): one for one in standings}
        lapses = [_lapse_finding(one, known) for one in trip.findings]
        need = self._need(trip)
        unneeded = () if need.required_by else (Finding("pass-not-needed", "L3"),)
        findings = [one for one, follow_up in lapses if not follow_up]
        return _Planned(
            trip,
            window,
            (*findings, *need.findings, *_too_long(trip, window, office)),
            (*(one for one, follow_up in lapses if follow_up), *unneeded),
        )

    def _conditions_and_plan(
        self, application: Application, *, request: TripRequest | None, first: Trip | None, at: datetime
    ) -> tuple[tuple[Condition, ...], tuple[Standing, ...], _Planned]:
        """Ask the conditions of every area that asks something, and plan with them.

        A plan round a closing or to a stop that renews a condition may meet further areas; these are asked about too,
        until the plan meets none that was not.
        """
        office = self._office
        areas = self._areas_asking(request, first)
        kinds = self._kinds_asked(first, areas)
        while True:
            conditions = _conditions(office, areas)
            standings = check_conditions(application, conditions, area_kinds=kinds, at=at)
            planned = self._plan(request, first, standings, at) if request and first else _Planned()
            more = areas | (self._areas_asking(request, planned.trip) if planned.trip else frozenset())
            if more == areas:
                return conditions, standings, planned
            areas, kinds = more, kinds | self._kinds_asked(planned.trip, more)

    def check(self, application: Application, *, at: datetime) -> CheckedApplication:
        """Check an application at a moment; see `check_application`.

        Raises
        ------
        BadInputError
            As `check_application`.
        """
        applicant = self._applicant(application, at)
        unfit = check_eligibility(applicant)
        request, end_findings = request_trip(application, self._office, planner=self._planner, at=at)
        first: Trip | None = None
        route_findings: list[Finding] = []
        if request is not None and departs_in_time(applicant) is None:
            first, route_findings = plan_or_say_why(self._planner, request)
        conditions, standings, planned = self._conditions_and_plan(application, request=request, first=first, at=at)
        asked = [finding for one in standings for finding in one.findings]
        follow_ups = [note for one in standings for note in one.notes]
        stays = stays_for_review(application, conditions)
        return CheckedApplication(
            application=application,
            findings=(*unfit, *end_findings, *asked, *route_findings, *planned.findings),
            notes=(*follow_ups, *stays, *notes_on(applicant), *planned.notes),
            standings=standings,
            firm=applicant.firm,
            request=request,
            trip=planned.trip,
            window=planned.window,
        )


def check_application(application: Application, office: Office, *, at: datetime) -> CheckedApplication:
    """Check an application at a moment; nothing is kept.

    Raises
    ------
    BadInputError
        An end of the trip that is unknown, ambiguous or far from any road: `where` names it.
    """
    return ApplicationDesk(office).check(application, at=at)


def check_applications(
    applications: Sequence[Application], office: Office, *, at: datetime | Sequence[datetime]
) -> tuple[CheckedApplication | BaotongError, ...]:
    """Check many applications as `check_application` does each; in place of one that it refuses stands its error.

    Parameters
    ----------
    at
        The moment of asking; or one for each application.
    """
    desk = ApplicationDesk(office)
    moments = [at] * len(applications) if isinstance(at, datetime) else at
    checked: list[CheckedApplication | BaotongError] = []
    with collector_resting():
        for application, moment in zip(applications, moments, strict=True):
            try:
                checked.append(desk.check(application, at=moment))
            except BaotongError as error:
                checked.append(error)
    return tuple(checked)
