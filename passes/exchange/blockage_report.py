"""Gather what the ministry's blockage report asks for: one row a closure or blockage and route, and which must be sent.

The fields are those of 交公路发〔2011〕183号: route, time, position, managing unit, district, cause (planned or
sudden), measures, losses. Expressways controlled or closed for over 2 h and national or provincial roads blocked for
over 5 h must be reported; other rows stand in the sheet without that mark. What nobody recorded is left empty for the
unit to fill in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

import shapely

from geodata.areas import TOWNSHIP
from geodata.closures import sightings
from geodata.closures.approval import Approval, approval_of
from geodata.closures.asking import is_only_asked
from geodata.closures.closure import Closure, Decision, RoadSpan
from geodata.closures.road_spans import join_spans, length_of
from geodata.closures.states import LET_THROUGH
from geodata.closures.unmatched import matched_part
from geodata.county import County
from geodata.network import Network
from geodata.road_classes import RoadClass
from geodata.townships import spots_of

#: A blockage that lasts longer than this must be reported, by road class.
REPORTED_AFTER: Final[Mapping[RoadClass, timedelta]] = MappingProxyType(
    {
        RoadClass.EXPRESSWAY: timedelta(hours=2),
        RoadClass.NATIONAL: timedelta(hours=5),
        RoadClass.PROVINCIAL: timedelta(hours=5),
    }
)
#: What was reopened is in the sheet for this long after.
_TOLD_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One closure or blockage on one route.

    Attributes
    ----------
    ref, name
        Of the route, "" where it has none.
    start_spot, end_spot
        WGS-84 positions of the stretch's ends.
    directions
        "both", "forward", "backward".
    is_planned
        Decided before it stood; else it came suddenly.
    expected_end
        As approved or set up; None until further notice.
    reopened_at
        When somebody saw the road open again.
    orders
        The approvals that stand; none where not every body that must decide has approved.
    must_be_reported
        Lasts, or will last, longer than its class allows unreported.
    """

    closure_id: str
    road_class: RoadClass
    ref: str
    name: str
    start_spot: tuple[float, float]
    end_spot: tuple[float, float]
    length_m: float
    directions: tuple[str, ...]
    townships: tuple[str, ...]
    unit: str
    is_planned: bool
    cause: str
    reason: str
    barrier: str
    lets_pass_holders_through: bool
    started_at: datetime
    expected_end: datetime | None
    reopened_at: datetime | None
    orders: tuple[Decision, ...]
    physical: str
    must_be_reported: bool


@dataclass(frozen=True, slots=True)
class _Times:
    """When a road was closed, until when it is meant to be, and when it was seen open."""

    started_at: datetime
    expected_end: datetime | None
    reopened_at: datetime | None

    def lasts(self, at: datetime) -> timedelta | None:
        """Return how long it lasted, or will last; None without end in sight."""
        if self.reopened_at is not None:
            return self.reopened_at - self.started_at
        if self.expected_end is None:
            return None
        return max(self.expected_end, at) - self.started_at


def report_rows(
    closures: Iterable[Closure], county: County, *, at: datetime, requested: Collection[str] = ()
) -> tuple[ReportRow, ...]:
    """Return the rows of the sheet at an instant: what stands, what is approved to come, what was reopened today.

    Parameters
    ----------
    closures
        Newest versions of the register.
    county
        Its roads, rules and townships.
    at
        When the sheet is filled in.
    requested
        Ids of closures that came as requests: until they are approved or seen they stand on paper only.
    """
    matched = ((one, matched_part(one, county.network)) for one in closures)
    rows = [row for one, part in matched for row in _rows(part, county, at, is_request=one.id in requested)]
    return tuple(sorted(rows, key=lambda row: (not row.must_be_reported, row.started_at, row.closure_id, row.ref)))


def _times(closure: Closure, county: County, at: datetime, *, is_request: bool) -> _Times | None:
    """Return the times of what stands, comes or was reopened; None where there is nothing to report."""
    run = sightings.blocked_run(closure.observations, at)
    word = sightings.last_word(closure.observations, at)
    if closure.window is None:
        return _seen_times(closure, at)
    on_paper = is_request and is_only_asked(closure, county.settings, county.network, at=at)
    if (on_paper or closure.window.start > at) and not _is_decided(closure, county, at):
        return None
    start = min(closure.window.start, run[0].at) if run else closure.window.start
    is_open = word is not None and word.state == sightings.OPEN and word.at > closure.window.start
    reopened = word.at if word is not None and is_open else None
    end = closure.window.end
    is_over = reopened is None and end is not None and end <= at and not run
    ended = end if is_over else reopened
    if ended is not None and ended < at - _TOLD_FOR:
        return None
    return _Times(start, end, ended)


def _seen_times(closure: Closure, at: datetime) -> _Times | None:
    """Return the times of a bare blockage."""
    run = sightings.blocked_run(closure.observations, at)
    if run and sightings.credible_blockage(closure.observations, at) is not None:
        return _Times(run[0].at, at, None)
    word = sightings.last_word(closure.observations, at)
    before = sightings.blocked_run([one for one in closure.observations if word is None or one.at < word.at], at)
    if word is None or word.state != sightings.OPEN or not before or word.at < at - _TOLD_FOR:
        return None
    return _Times(before[0].at, None, word.at)


def _approval(closure: Closure, county: County) -> Approval:
    return approval_of(closure, county.settings.policy_for(closure.cause), county.network)


def _is_decided(closure: Closure, county: County, at: datetime) -> bool:
    return _approval(closure, county).is_decided(at)


def _orders(closure: Closure, county: County, at: datetime) -> tuple[Decision, ...]:
    """Return the approvals that stand; none where not every body that must decide has approved."""
    if closure.window is None:
        return ()
    approval = _approval(closure, county)
    if not approval.is_decided(at):
        return ()
    grants = (grant for one in approval.requirements for grant in one.standing(at))
    return tuple(dict.fromkeys(grant.decision for grant in grants))


def _routes(extent: Iterable[RoadSpan], network: Network) -> Iterator[tuple[RoadClass, str, str, list[RoadSpan]]]:
    """Give the parts of an extent route by route: by number, else by name."""
    found: dict[tuple[RoadClass, str], list[RoadSpan]] = {}
    for span in extent:
        road = network.road_index[span.road_id]
        key = (network.class_of(road), str(network.ref[road]) or str(network.name[road]))
        found.setdefault(key, []).append(span)
    for (road_class, _), spans in found.items():
        first = network.road_index[spans[0].road_id]
        yield road_class, str(network.ref[first]), str(network.name[first]), spans


def _townships(spots: Iterable[tuple[float, float]], county: County) -> tuple[str, ...]:
    own = [area for area in county.areas if area.kind == TOWNSHIP]
    points = [shapely.Point(*spot) for spot in spots]
    return tuple(area.name for area in own if any(area.polygon.covers(point) for point in points))


def _must_be_reported(road_class: RoadClass, times: _Times, at: datetime) -> bool:
    most = REPORTED_AFTER.get(road_class)
    if most is None:
        return False
    lasts = times.lasts(at)
    return lasts is None or lasts > most


def _rows(closure: Closure, county: County, at: datetime, *, is_request: bool) -> Iterator[ReportRow]:
    times = _times(closure, county, at, is_request=is_request)
    if times is None or not closure.extent:
        return
    network, orders = county.network, _orders(closure, county, at)
    seen = sightings.seen_barrier(closure.observations, at)
    for road_class, ref, name, spans in _routes(closure.extent, network):
        start, end = spots_of(spans[0], network, (0.0,))[0], spots_of(spans[-1], network, (1.0,))[0]
        middles = [spots_of(span, network, (0.5,))[0] for span in spans]
        yield ReportRow(
            closure_id=closure.id,
            road_class=road_class,
            ref=ref,
            name=name,
            start_spot=start,
            end_spot=end,
            length_m=length_of(join_spans(spans)),
            directions=tuple(dict.fromkeys(span.direction.value for span in spans)),
            townships=_townships((start, *middles, end), county),
            unit=closure.requested_by,
            is_planned=any(one.decided_at <= times.started_at for one in orders),
            cause=closure.cause,
            reason=closure.reason,
            barrier=seen or ("" if closure.window is None else closure.barrier),
            lets_pass_holders_through=closure.pass_holders == LET_THROUGH,
            started_at=times.started_at,
            expected_end=None if closure.window is None else times.expected_end,
            reopened_at=times.reopened_at,
            orders=orders,
            physical=sightings.physical_state(closure.observations, at),
            must_be_reported=_must_be_reported(road_class, times, at),
        )
