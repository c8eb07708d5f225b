"""Did the truck of a pass keep to its route: its positions against every edition, each in its time (story 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.places import PlaceKind
from geodata.windows import parse_instant
from passes.editions.pass_register import PassRecord, editions_of, events_of, find_pass, read_passes
from passes.reissue.outgoing_register import CODE_ENDED
from passes.tracks.burst_register import positions_of
from passes.tracks.trip_mark_register import ENDED, RECEIVED, TripMark, marks_of
from routing.tracks.allowed import AllowedStop, AllowedTrip, AllowedWay
from routing.tracks.conformance import Conformance, judge_loop
from routing.tracks.matching import Matcher
from routing.tracks.placing import with_end
from routing.tracks.screening import screen_line
from routing.tracks.standing import Standing, away_from, standings
from routing.tracks.track import Fix

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.county import County
    from routing.engine import Engine

#: A driver who is given another route needs so long to come to a place where it is safe to look at it.
_TURNING: Final = timedelta(minutes=10)
#: Silence at a stop of the trip beyond its planned stay.
_LONGER: Final = timedelta(minutes=15)
#: Where a truck may stand by itself: it waits there for somebody, or may rest.
_MAY_STAND: Final = (
    PlaceKind.CHECKPOINT,
    PlaceKind.ENTRY_POINT,
    PlaceKind.REST_AREA,
    PlaceKind.SAMPLING_STATION,
    PlaceKind.TRANSFER_STATION,
    PlaceKind.HANDOVER_POINT,
)
_AT_PLACE_M: Final = 250.0
_SLOWEST_MPS: Final = 3.0


@dataclass(frozen=True, slots=True)
class LoopCheck:
    """What is known of how a pass's trip went.

    Attributes
    ----------
    record
        The newest edition.
    fixes
        Every position that is kept, by time.
    loop
        Kept, left or cannot tell; None where nothing was recorded and the trip goes on.
    stood
        Where it stood long away from the allowed points.
    marks
        Receipt and end, by kind.
    """

    record: PassRecord
    fixes: tuple[Fix, ...]
    loop: Conformance | None
    stood: tuple[Standing, ...]
    marks: dict[str, TripMark]

    @property
    def entered_at(self) -> datetime:
        """When the trip began: with its first position, else as planned."""
        return self.fixes[0].at if self.fixes else self.record.depart_at


def check_loop(connection: sa.Connection, number: str, county: County, engine: Engine, *, at: datetime) -> LoopCheck:
    """Return how the trip of a pass went.

    Parameters
    ----------
    engine
        Without any closing.

    Raises
    ------
    BadInputError
        `pass-unknown`.
    """
    newest = find_pass(connection, number)
    editions = read_passes(connection, editions_of(connection, newest.number))
    editions = tuple(sorted(editions, key=lambda one: one.edition))
    marks, fixes = marks_of(connection, newest.number), positions_of(connection, newest.number)
    trip = AllowedTrip(
        _ways(connection, editions, county),
        _stops(editions, county),
        begun_at=min(newest.depart_at, fixes[0].at) if fixes else newest.depart_at,
        ended_at=marks[ENDED].at if ENDED in marks else newest.expires_at if at >= newest.expires_at else None,
    )
    seen = _vouched(fixes, marks, county)
    policy = county.settings.policy.tracks
    loop = None
    if seen or trip.ended_at is not None:
        matcher = Matcher(county.road_index, engine, county.settings.vehicles["car"])
        loop = judge_loop(seen, trip, matcher, longest_gap=timedelta(minutes=policy.longest_gap_min))
    stood = _stood(fixes, editions, county)
    return LoopCheck(newest, fixes, loop, stood, marks)


def _vouched(fixes: tuple[Fix, ...], marks: dict[str, TripMark], county: County) -> tuple[Fix, ...]:
    """Return the positions with the places whose codes the driver read: that vouches for being there."""
    for kind in (RECEIVED, ENDED):
        mark = marks.get(kind)
        place = None if mark is None else county.places.by_id.get(mark.place)
        if mark is not None and place is not None:
            spot = Fix(mark.at, place.lon, place.lat)
            fixes = with_end(fixes, spot) if kind == ENDED else tuple(sorted((*fixes, spot), key=lambda one: one.at))
    return fixes


def _ways(connection: sa.Connection, editions: Sequence[PassRecord], county: County) -> tuple[AllowedWay, ...]:
    """Return the routes of a trip that differ, each from its issue until the next one had to be taken."""
    ended = {"replaced", CODE_ENDED}
    replaced = {one.jti: one.at for one in events_of(connection, editions[0].number) if one.event in ended}
    ways: list[AllowedWay] = []
    for record in editions:
        until = replaced.get(record.jti)
        way = allowed_way(
            record.route, county, since=record.issued_at, until=None if until is None else until + _TURNING
        )
        if ways and ways[-1].roads == way.roads:
            way = allowed_way(record.route, county, since=ways.pop().since, until=way.until)
        ways.append(way)
    return tuple(ways)


def allowed_way(route: dict[str, Any] | Any, county: County, *, since: datetime, until: datetime | None) -> AllowedWay:
    """Return a kept route as positions are held against it."""
    network, plane = county.network, county.road_index.plane
    roads = frozenset(
        network.road_index[one["road_id"]] for one in route["roads"] if one["road_id"] in network.road_index
    )
    line = screen_line(plane.to_metres(np.array(route["geometry"], dtype=np.float64)))
    speed = max(float(route["distance_m"]) / max(float(route["duration_s"]), 1.0), _SLOWEST_MPS)
    return AllowedWay(line, roads, speed, since, until)


def _stops(editions: Sequence[PassRecord], county: County) -> tuple[AllowedStop, ...]:
    """Return the stops of a trip, each with how long nothing need be heard there."""
    found = []
    for stop in (stop for one in editions for stop in one.route["stops"]):
        x_m, y_m = county.road_index.plane.to_metres(np.array([stop["lon"], stop["lat"]], dtype=np.float64))
        arrive, leave = (parse_instant(stop[key], where=key) for key in ("arrive_at", "leave_at"))
        found.append(AllowedStop(float(x_m), float(y_m), leave - arrive + _LONGER))
    return tuple(found)


def _stood(fixes: Sequence[Fix], editions: Sequence[PassRecord], county: County) -> tuple[Standing, ...]:
    """Return where a truck stood long that was not meant to stand there."""
    longer = timedelta(minutes=county.settings.policy.tracks.stop_after_min)
    stood = standings(fixes, county.road_index.plane, longer_than=longer)
    stops = [(float(stop["lon"]), float(stop["lat"])) for one in editions for stop in one.route["stops"]]
    places = [(one.lon, one.lat) for one in county.places.of_kind(*_MAY_STAND)]
    return away_from(stood, [*stops, *places], county.road_index.plane, within_m=_AT_PLACE_M)
