"""The checks that look at the county and not at one closure: each gives what it finds; `audit` runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from geodata.closures.closure import Closure
from geodata.closures.rules import Case
from geodata.closures.states import closings_of
from geodata.closures.unmatched import matched_part
from geodata.county import County
from geodata.findings import Finding
from geodata.place_rules import firms_without_receiving_point
from geodata.policy import Policy
from geodata.township_rules import township_is_prepared, townships_in_force
from passes.audit.refusal_rules import no_forbidden_reason, valid_pass_is_honoured
from passes.audit.traffic_rules import closed_road_is_empty
from passes.checkpoint.scan_register import BARRED, NOT_LET_PASS, Scan, list_scans
from passes.consequence.channel_watch import hubs_in_areas, watch_channels
from passes.tracks.track_register import THROUGH, TrackSign, list_signs
from routing.green_channels import hub_has_working_channel

if TYPE_CHECKING:
    import sqlalchemy as sa

    from routing.engine import Engine

#: So many refusals are looked at, the newest; a county with more has another problem.
_MOST_SCANS: Final = 20_000


@dataclass(frozen=True)
class CountyCase:
    """The county as these rules look at it.

    Attributes
    ----------
    connection
        The caller's transaction.
    at
        The instant.
    closures
        Newest versions of those that can be read, without mere requests; some may lie on roads that are gone
        (`geodata.closures.unmatched.matched_part`).
    ready_engine
        Returns the engine with every closing of the register, where one is ready.
    """

    connection: sa.Connection
    county: County
    at: datetime
    closures: tuple[Closure, ...] = ()
    ready_engine: Callable[[], Engine] | None = None

    @property
    def policy(self) -> Policy:
        """The county's own regime, which switches these checks."""
        return self.county.settings.policy

    @cached_property
    def engine(self) -> Engine:
        """The roads with every closing of the register; made on first need, as that takes seconds."""
        if self.ready_engine is not None:
            return self.ready_engine()
        from routing.engine import Engine

        settings, network = self.county.settings, self.county.network
        closings = closings_of(self.closures, settings, network)
        return Engine(network, speeds_kmh=settings.speeds_kmh, closings=closings)

    @cached_property
    def refusals(self) -> tuple[Scan, ...]:
        """Trucks that were not let pass within the days that the regime names, and tries to refuse one."""
        since = self.at - timedelta(days=self.policy.refusals_within_days)
        outcomes = (NOT_LET_PASS, BARRED)
        scans = list_scans(self.connection, outcomes=outcomes, since=since, most=_MOST_SCANS)
        return tuple(one for one in scans if one.at <= self.at)


CountyRule: TypeAlias = Callable[[CountyCase], Iterator[Finding]]


def forbidden_reasons(case: CountyCase) -> Iterator[Finding]:
    """K9 (L6): see `refusal_rules.no_forbidden_reason`."""
    found = (no_forbidden_reason(one, case.policy, case.county.places) for one in case.refusals)
    yield from (one for one in found if one is not None)


def refused_passes(case: CountyCase) -> Iterator[Finding]:
    """K10 (ours): see `refusal_rules.valid_pass_is_honoured`."""
    found = (valid_pass_is_honoured(one, case.policy, case.county.places) for one in case.refusals)
    yield from (one for one in found if one is not None)


def unprepared_townships(case: CountyCase) -> Iterator[Finding]:
    """K12 (L16, L17): see `township_rules.township_is_prepared`."""
    plans = {one.township: one for one in case.county.township_plans}
    pairs = townships_in_force(case.county.areas, case.county.settings.policies, at=case.at)
    found = (township_is_prepared(township, area, plans.get(township.name)) for township, area in pairs)
    yield from (one for one in found if one is not None)


def missing_receiving_points(case: CountyCase) -> Iterator[Finding]:
    """K13 (L18, L19): see `place_rules.firm_has_receiving_point`."""
    yield from firms_without_receiving_point(case.county.places)


def traffic_on_closed_roads(case: CountyCase) -> Iterator[Finding]:
    """K8 (ours): see `traffic_rules.closed_road_is_empty`."""
    signs: dict[str, list[TrackSign]] = {}
    for sign in list_signs(case.connection, sign=THROUGH, until=case.at):
        signs.setdefault(sign.closure_id, []).append(sign)
    settings, network = case.county.settings, case.county.network
    for closure in case.closures:
        if closure.id not in signs and all(one.source != "track" for one in closure.observations):
            continue
        known = matched_part(closure, network)
        if known.extent:
            one = Case(known, settings.policy_for(closure.cause), network, case.at)
            finding = closed_road_is_empty(one, signs.get(closure.id, ()))
            if finding is not None:
                yield finding


def hubs_without_channel(case: CountyCase) -> Iterator[Finding]:
    """K11 (L12): see `green_channels.hub_has_working_channel`."""
    if next(hubs_in_areas(case.county, case.at), None) is None:
        return
    if case.ready_engine is not None:
        closings = case.engine.closings
    else:
        may_close = [one for one in case.closures if one.observations or (one.decisions and _holds(one, case.at))]
        closings = closings_of(may_close, case.county.settings, case.county.network)
    watch = watch_channels(case.connection, case.county, closings, at=case.at)
    found = (hub_has_working_channel(one.channels) for one in watch.hubs)
    yield from (one for one in found if one is not None)


def _holds(closure: Closure, at: datetime) -> bool:
    return closure.window is not None and closure.window.holds(at)


#: Every rule about the county, by its check.
COUNTY_RULES: Final[tuple[tuple[str, CountyRule], ...]] = (
    ("K8", traffic_on_closed_roads),
    ("K9", forbidden_reasons),
    ("K10", refused_passes),
    ("K11", hubs_without_channel),
    ("K12", unprepared_townships),
    ("K13", missing_receiving_points),
)


def county_findings(case: CountyCase) -> Iterator[Finding]:
    """Give what the rules that the regime switches on find."""
    for check, rule in COUNTY_RULES:
        if case.policy.is_on(check):
            yield from rule(case)
