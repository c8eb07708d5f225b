"""Which granted passes a set of closings hits, part of road, direction and time respected; and how they could go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.network import BACKWARD, FORWARD, Network
from geodata.snapping import RoadIndex, RoadPoint
from geodata.vehicles import Vehicle
from geodata.windows import Window, parse_instant
from passes.editions.pass_register import GRANTED, PassRecord, read_passes
from passes.editions.passages_register import PassFacts, RoadPassage, pass_facts, passages_on_roads
from passes.ways.driven_way import from_us, to_us
from routing.closed_parts import ClosedPart
from routing.closing_set import ClosingSet, instant_us
from routing.engine import Engine

if TYPE_CHECKING:
    import sqlalchemy as sa

#: No trip takes longer, in microseconds: closings that begin later are met by none.
_LONGEST_TRIP_US: Final = 2 * 24 * 3_600 * 1_000_000
_ALWAYS_US: Final = (1 << 63) - 1
_WAY: Final = {Direction.FORWARD: FORWARD, Direction.BACKWARD: BACKWARD}


@dataclass(frozen=True, slots=True)
class HitPass:
    """A granted pass whose truck may meet a closing.

    Attributes
    ----------
    first_at, last_at
        Earliest and latest moment at which its truck may be on a closed part.
    last_leg
        Last road of its trip that is closed, counted from 0.
    before_s, after_s
        Driving time of its whole trip as the roads are, and with the closings; None where there is no way.
    state
        As it is kept.
    """

    jti: str
    number: str
    plate: str
    enterprise: str
    firm: str
    depart_at: datetime
    first_at: datetime
    last_at: datetime
    last_leg: int = 0
    before_s: float | None = None
    after_s: float | None = None
    state: str = GRANTED

    @property
    def added_min(self) -> float | None:
        """Minutes that the trip takes longer; None where it has no way before or after."""
        if self.before_s is None or self.after_s is None:
            return None
        return max(0.0, (self.after_s - self.before_s) / 60)


def _leg_cm(record: PassRecord, leg: int, network: Network, road: int) -> tuple[int, int]:
    """Return which part of a road a leg runs over; of a leg whose ends are not known, the whole road.

    A pass keeps each leg's length: one as long as its road is the whole road, the first leg of a trip runs to the end
    of its road and the last one begins there.
    """
    whole_cm = round(float(network.length_m[road]) * 100)
    rows = record.route["roads"]
    length_cm = round(float(rows[leg]["length_m"]) * 100) if leg < len(rows) else whole_cm
    is_first, is_last = leg == 0, leg == len(rows) - 1
    if length_cm >= whole_cm or is_first == is_last:
        return 0, whole_cm
    ends_high = is_first == (rows[leg]["direction"] == "forward")
    return (whole_cm - length_cm, whole_cm) if ends_high else (0, length_cm)


@dataclass(frozen=True, slots=True)
class _Closed:
    """A closing, as thousands of passages are held against it; its window in microseconds since 1970."""

    closing: Closing
    way: int | None
    is_whole: bool
    start_us: int
    end_us: int

    def may_stop(self, passage: RoadPassage) -> bool:
        """Tell whether a passage meets it in direction and time."""
        if self.way is not None and self.way != passage.direction:
            return False
        return self.start_us < passage.to_us and passage.from_us < self.end_us

    def stops(self, passage: RoadPassage, record: PassRecord, network: Network) -> bool:
        """Tell whether a passage that meets it in direction and time runs over the closed part."""
        closing = self.closing
        lower, upper = _leg_cm(record, passage.leg, network, closing.road)
        part = ClosedPart(round(closing.from_m * 100), round(closing.to_m * 100), closing.closure_id)
        return part.stops(lower, upper)


def _span_us(window: Window | None) -> tuple[int, int]:
    if window is None:
        return -_ALWAYS_US, _ALWAYS_US
    return to_us(window.start), _ALWAYS_US if window.end is None else to_us(window.end)


def _by_road(closings: Iterable[Closing], network: Network) -> dict[str, list[_Closed]]:
    """Return what is closed by road id; closings that let pass holders through stop nobody here."""
    found: dict[str, list[_Closed]] = {}
    for one in closings:
        if not one.lets_pass_holders_through:
            is_whole = one.from_m <= 0.0 and one.to_m >= float(network.length_m[one.road])
            closed = _Closed(one, _WAY.get(one.direction), is_whole, *_span_us(one.window))
            found.setdefault(str(network.road_id[one.road]), []).append(closed)
    return found


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A passage that meets a closing; where only a part is closed, the pass's route tells whether it runs over it."""

    passage: RoadPassage
    closed: _Closed


def _meetings(
    connection: sa.Connection, by_road: Mapping[str, list[_Closed]], window: Window, states: Collection[str]
) -> Iterator[_Meeting]:
    for passage in passages_on_roads(connection, by_road, window=window, states=states):
        if passage.from_us < passage.to_us:
            for closed in by_road[passage.road_id]:
                if closed.may_stop(passage):
                    yield _Meeting(passage, closed)


def _stopped(connection: sa.Connection, meetings: Iterable[_Meeting], network: Network) -> Iterator[_Meeting]:
    """Give the meetings that stop a truck; routes are read only of passes that meet a part of a road."""
    unsure = []
    for one in meetings:
        if one.closed.is_whole:
            yield one
        else:
            unsure.append(one)
    jtis = {one.passage.jti for one in unsure}
    records = {
        one.jti: one for is_prepared in (False, True) for one in read_passes(connection, jtis, prepared=is_prepared)
    }
    for one in unsure:
        if one.closed.stops(one.passage, records[one.passage.jti], network):
            yield one


def find_hits(
    connection: sa.Connection,
    closings: Iterable[Closing],
    *,
    network: Network,
    window: Window,
    states: Collection[str] = (GRANTED,),
) -> tuple[HitPass, ...]:
    """Return the passes in some kept states that closings stop at some time of a window, by departure.

    Closings that let pass holders through stop nobody here.
    """
    met: dict[str, list[RoadPassage]] = {}
    for one in _stopped(connection, _meetings(connection, _by_road(closings, network), window, states), network):
        met.setdefault(one.passage.jti, []).append(one.passage)
    hits = [_hit(facts, met[facts.jti]) for facts in pass_facts(connection, met)]
    return tuple(sorted(hits, key=lambda one: (one.depart_at, one.jti)))


def find_hit_passes(
    connection: sa.Connection, closings: Iterable[Closing], *, network: Network, window: Window
) -> tuple[tuple[HitPass, PassRecord], ...]:
    """Return the granted passes that closings stop, as `find_hits`, with their records."""
    hits = find_hits(connection, closings, network=network, window=window)
    records = {one.jti: one for one in read_passes(connection, [one.jti for one in hits])}
    return tuple((one, records[one.jti]) for one in hits)


def count_hit_passes(
    connection: sa.Connection, closings: Iterable[Closing], *, network: Network, window: Window
) -> dict[str, int]:
    """Return how many granted passes each closure's closings stop at some time of a window; those without any lack."""
    hit: dict[str, set[str]] = {}
    for one in _stopped(connection, _meetings(connection, _by_road(closings, network), window, (GRANTED,)), network):
        hit.setdefault(one.closed.closing.closure_id, set()).add(one.passage.jti)
    return {closure_id: len(passes) for closure_id, passes in hit.items()}


def _hit(facts: PassFacts, met: list[RoadPassage]) -> HitPass:
    return HitPass(
        jti=facts.jti,
        number=facts.number,
        plate=facts.plate,
        enterprise=facts.enterprise,
        firm=facts.firm,
        depart_at=facts.depart_at,
        first_at=from_us(min(one.from_us for one in met)),
        last_at=from_us(max(one.to_us for one in met)),
        last_leg=max(one.leg for one in met),
        state=facts.state,
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """One way between two stops of a pass, driven while its pass is valid."""

    origin: RoadPoint
    destination: RoadPoint
    leave_at: datetime
    until: datetime


class _StageTimer:
    """Times stages on one state of the roads; the same way under the same closings is looked for once."""

    def __init__(self, engine: Engine, truck: Vehicle) -> None:
        self._engine = engine
        self._truck = truck
        self._closings = ClosingSet(engine.closings)
        self._known: dict[tuple[object, ...], float] = {}

    def seconds(self, stage: _Stage) -> float:
        """Return the driving time, infinity where there is no way."""
        key = (stage.origin, stage.destination, *self._closings_met(stage))
        if key not in self._known:
            self._known[key] = self._looked_for(stage)
        return self._known[key]

    def _closings_met(self, stage: _Stage) -> tuple[bytes, ...]:
        """Return which closings may count: those until the pass ends, and those that begin while it runs late."""
        leave_us, until_us = (instant_us(one, where="") for one in (stage.leave_at, stage.until))
        spans = ((leave_us, max(until_us, leave_us + 1)), (leave_us, max(until_us, leave_us) + _LONGEST_TRIP_US))
        return tuple(np.packbits(self._closings.in_force(*span)).tobytes() for span in spans)

    def _looked_for(self, stage: _Stage) -> float:
        found = self._engine.matrix(
            [stage.origin],
            [stage.destination],
            vehicle=self._truck,
            depart_at=stage.leave_at,
            holder="pass",
            until=stage.until if stage.until > stage.leave_at else None,
        )
        return float(found.duration_s[0, 0])


class TripTimer:
    """Times the trips of passes on two states of the roads, avoiding every closing until the pass ends.

    A pass keeps neither the truck's measures nor its weight, so the county's usual truck is driven.
    """

    def __init__(self, now: Engine, then: Engine, *, index: RoadIndex, truck: Vehicle) -> None:
        self._index = index
        self._usable = now.usable_roads(truck)
        self._timers = tuple(_StageTimer(engine, truck) for engine in (now, then))
        self._points: dict[tuple[float, float], RoadPoint] = {}

    def timed(self, hit: HitPass, record: PassRecord) -> HitPass:
        """Return a hit pass with the driving time of its whole trip over its stops, now and then."""
        stages = list(self._stages(record))
        before, after = (sum(timer.seconds(stage) for stage in stages) for timer in self._timers)
        return replace(hit, before_s=_finite(before), after_s=_finite(after))

    def _point(self, lon: float, lat: float) -> RoadPoint:
        if (lon, lat) not in self._points:
            self._points[lon, lat] = self._index.snap(lon, lat, usable=self._usable)
        return self._points[lon, lat]

    def _stages(self, record: PassRecord) -> Iterator[_Stage]:
        stops: list[Mapping[str, Any]] = record.route["stops"]
        points = [self._point(float(one["lon"]), float(one["lat"])) for one in stops]
        for stop, (origin, destination) in zip(stops, pairwise(points), strict=False):
            leave_at = parse_instant(stop["leave_at"], where=record.number)
            yield _Stage(origin, destination, leave_at, record.expires_at)


def _finite(seconds: float) -> float | None:
    return seconds if seconds < float("inf") else None
