"""Which areas a trip needs a pass for, and which it may not pass through, by the rules of each area's kind (L3)."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.county_settings import CountySettings
from geodata.findings import Finding
from geodata.windows import format_instant
from routing.trips.area_rules import rule_of_area
from routing.trips.trip import AreaCrossing, Trip


@dataclass(frozen=True, slots=True)
class PassNeed:
    """What the areas crossed ask of a trip.

    Attributes
    ----------
    required_by
        Crossings that need a pass, first to last; none: the trip needs no pass.
    findings
        `transit-not-allowed` for each area whose kind lets nobody through.
    """

    required_by: tuple[AreaCrossing, ...]
    findings: tuple[Finding, ...]


def _needs_pass(crossing: AreaCrossing, settings: CountySettings) -> bool:
    rule = rule_of_area(crossing.kind, crossing.regime, settings)
    if rule is None:
        return False
    if crossing.how == "through":
        return rule.transit == "pass"
    if rule.passes_required_for == "in_out":
        return crossing.how in ("in", "out")
    return rule.passes_required_for == "inside"


def _transit_finding(crossing: AreaCrossing, settings: CountySettings) -> Finding | None:
    rule = rule_of_area(crossing.kind, crossing.regime, settings)
    if rule is None or crossing.how != "through" or rule.transit != "no":
        return None
    return Finding(
        "transit-not-allowed",
        clause="policy",
        subject=crossing.area_id,
        facts={"area": crossing.name, "kind": rule.name, "enter_at": format_instant(crossing.enter_at)},
    )


def trip_needs_pass(trip: Trip, settings: CountySettings) -> PassNeed:
    """Tell for which areas a trip needs a pass (L3) and which let nobody through.

    L3 names vehicles that enter or leave an emergency-management area: `passes_required_for = "in_out"` asks for a
    pass when a trip has an end inside and leaves or reaches it across the edge; trips wholly inside or wholly outside
    are not named. "inside" asks for one at every end inside. Passing through counts only where the kind's `transit` is
    "pass" or "no"; where it is "free", a crossing is information and no reason at all (L6).
    """
    findings = (_transit_finding(crossing, settings) for crossing in trip.areas)
    return PassNeed(
        required_by=tuple(crossing for crossing in trip.areas if _needs_pass(crossing, settings)),
        findings=tuple(finding for finding in findings if finding is not None),
    )
