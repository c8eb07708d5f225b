"""Take tracks in: what drove through a closure or a blockage, and which trucks turned back before a road.

A passage is an observation "open" by a track (K8, and three of them make a blockage doubtful). Trucks that a closure
lets through, with a pass or exempt, say nothing about it and are left out. A turn of a pass's truck before a road of
its route is a sign that the road is blocked; it becomes an observation where another truck turned there within a day,
or where a case is known there already. Nothing here opens or closes anything by itself, and no case is ever closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.closures import sightings
from geodata.closures.closure import Closure, Observation, RoadSpan
from geodata.closures.near import REACH_M, REACH_TIME, barrier_span, case_of_sighting
from geodata.closures.register import import_closures, list_closures
from geodata.closures.states import LET_THROUGH, PASSABLE
from geodata.county import County
from geodata.errors import BadInputError
from geodata.snapping import RoadPoint
from passes.editions.pass_register import SUSPENDED, WITHDRAWN, PassRecord, find_pass
from passes.reports.road_reporting import new_case_id
from passes.tracks.track_file import SentTrack
from passes.tracks.track_register import (
    EXEMPT,
    OTHER,
    PASS,
    THROUGH,
    TURNED_BACK,
    TrackSign,
    add_sign,
    add_track,
    count_signs,
    known_tracks,
    list_signs,
    passes_of,
)
from routing.engine import Engine
from routing.tracks.matching import Matcher, Stretch
from routing.tracks.passing import passed_through
from routing.tracks.track import Track, track_of
from routing.tracks.turning_back import turned_back

if TYPE_CHECKING:
    import sqlalchemy as sa

#: A phone's clock may be so much ahead.
_AHEAD: Final = timedelta(minutes=5)
#: What one truck shows twice at one place within this is one passage.
_SAME: Final = timedelta(minutes=15)
#: A turn so near to a road's end is before the next road.
_AT_END_M: Final = 40.0
_TRACK: Final = "track"


@dataclass(frozen=True, slots=True)
class TakenTracks:
    """What became of tracks.

    Attributes
    ----------
    taken, known
        New ones, and those taken in before.
    passages, turns
        Signs kept.
    observations
        How many of them were counted to a closure or blockage.
    """

    taken: int
    known: int
    passages: int
    turns: int
    observations: int


@dataclass(frozen=True)
class TrackDesk:
    """Takes tracks in within one transaction.

    Attributes
    ----------
    engine
        Without any closing: what was driven, not what may be.
    at
        Now.
    """

    connection: sa.Connection
    county: County
    engine: Engine
    at: datetime

    @cached_property
    def _closures(self) -> dict[str, Closure]:
        """Newest versions by id, kept as they become."""
        return {one.id: one for one in list_closures(self.connection)}

    def take(self, tracks: Sequence[SentTrack]) -> TakenTracks:
        """Take tracks in; one that is known already is left alone.

        Raises
        ------
        BadInputError
            `track-pass-unknown` or `track-in-future`.
        """
        known = known_tracks(self.connection, [one.key for one in tracks])
        fresh = sorted((one for one in tracks if one.key not in known), key=lambda one: one.fixes[-1].at)
        passes = {one.key: self._pass_of(one) for one in fresh}
        before = count_signs(self.connection)
        seen = sum(self._take_one(one, passes[one.key]) for one in fresh)
        signs = count_signs(self.connection)
        through, turns = (signs.get(one, 0) - before.get(one, 0) for one in (THROUGH, TURNED_BACK))
        return TakenTracks(len(fresh), len(known), through, turns, seen)

    def _pass_of(self, sent: SentTrack) -> PassRecord | None:
        latest = max(one.at for one in sent.fixes)
        if latest > self.at + _AHEAD:
            raise BadInputError("track-in-future", sent.key, id=sent.key, latest=latest.isoformat())
        if not sent.pass_number:
            return None
        try:
            return find_pass(self.connection, sent.pass_number)
        except BadInputError:
            raise BadInputError("track-pass-unknown", sent.key, id=sent.key, number=sent.pass_number) from None

    def _take_one(self, sent: SentTrack, record: PassRecord | None) -> int:
        """Keep one track with its signs; return how many observations it made."""
        times = [one.at for one in sent.fixes]
        is_good = record is not None and _was_good(record, times)
        who = EXEMPT if sent.vehicle else PASS if is_good else OTHER
        number = "" if record is None else record.number
        span = (min(times), max(times), len(times))
        add_track(self.connection, sent.key, who=who, pass_number=number, span=span, at=self.at)
        track = track_of(sent.fixes, self.county.road_index.plane)
        if len(track.fixes) < 2:
            return 0
        through = [one for one in self._passages(sent.key, who, track) if not self._is_told(one, number)]
        made = sum(self._pass_through(sign) for sign in through)
        turn = None if record is None else self._turn(sent.key, track, record)
        return made + (0 if turn is None or self._is_told(turn, number) else self._turn_back(turn))

    def _is_told(self, sign: TrackSign, number: str) -> bool:
        """Tell whether an earlier part of the same drive showed the same: a phone sends its track in parts."""
        if not number:
            return False
        near = list_signs(self.connection, sign=sign.sign, since=sign.at - _SAME, until=sign.at + _SAME)
        same = [one for one in near if one.road_id == sign.road_id and sign.closure_id in {"", one.closure_id}]
        numbers = passes_of(self.connection, {one.track for one in same})
        return any(numbers[one.track] == number for one in same)

    def _passages(self, key: str, who: str, track: Track) -> Iterator[TrackSign]:
        """Give every closure and blockage that the track went through while it was one."""
        vehicle = self.county.settings.vehicles["car"]
        stretches = Matcher(self.county.road_index, self.engine, vehicle).match(track)
        driven = {run.road for stretch in stretches for run in stretch.runs}
        roads = {str(self.county.network.road_id[road]) for road in driven}
        for closure in list(self._closures.values()):
            for span in closure.extent:
                at = self._when_through(stretches, span) if span.road_id in roads else None
                if at is not None and at <= self.at and _concerns(closure, who, at):
                    yield self._sign(key, THROUGH, at, who, span, closure.id)
                    break

    def _when_through(self, stretches: Iterable[Stretch], span: RoadSpan) -> datetime | None:
        road = self.county.network.road_index[span.road_id]
        part = (span.from_m, min(span.to_m, float(self.county.network.length_m[road])))
        found = (passed_through(one, road, part=part, direction=span.direction) for one in stretches)
        return next((at for at in found if at is not None), None)

    def _sign(self, key: str, kind: str, at: datetime, who: str, span: RoadSpan, closure_id: str) -> TrackSign:
        middle_m = (span.from_m + span.to_m) / 2
        lon, lat = self._spot(span.road_id, middle_m)
        return TrackSign(key, kind, at, who, closure_id, span.road_id, middle_m, lon, lat)

    def _spot(self, road_id: str, offset_m: float) -> tuple[float, float]:
        """Return where a road is after so many metres."""
        network = self.county.network
        line, plane = self.county.road_index.lines[network.road_index[road_id]], self.county.road_index.plane
        share = offset_m / float(network.length_m[network.road_index[road_id]])
        spot = line.interpolate(min(max(share, 0.0), 1.0), normalized=True)
        lon, lat = plane.to_degrees(np.array([spot.x, spot.y]))
        return float(lon), float(lat)

    def _pass_through(self, sign: TrackSign) -> int:
        add_sign(self.connection, sign)
        seen = Observation(sign.at, sightings.OPEN, _TRACK)
        return self._observe(sign.closure_id, self._closures[sign.closure_id].extent, (seen,))

    def _observe(self, case_id: str, extent: tuple[RoadSpan, ...], seen: tuple[Observation, ...]) -> int:
        """Add observations to a closure or blockage, new where it is not known; return how many were new."""
        sighting = Closure(case_id, 1, extent, None, observations=seen)
        made = import_closures(self.connection, [sighting], self.at).observations
        self._closures.update({one.id: one for one in list_closures(self.connection, [case_id])})
        return made

    def _turn(self, key: str, track: Track, record: PassRecord) -> TrackSign | None:
        """Return where a pass's truck turned back before a road of its route."""
        rows = [one for one in record.route["roads"] if one["road_id"] in self.county.network.road_index]
        if not rows:
            return None
        lines = [self._line(one) for one in rows]
        stops = self._stops(record, np.vstack(lines))
        turn = turned_back(track, np.vstack(lines), stops_m=stops)
        if turn is None or turn.at > self.at:
            return None
        number, rest = _which(lines, turn.along_m)
        length = _length(lines[number])
        if length - rest <= _AT_END_M and number + 1 < len(rows):
            number, rest, length = number + 1, 0.0, _length(lines[number + 1])
        row = rows[number]
        whole = float(self.county.network.length_m[self.county.network.road_index[row["road_id"]]])
        share = rest / length if length else 0.0
        offset = whole * (1 - share if row["direction"] == "backward" else share)
        lon, lat = self._spot(row["road_id"], offset)
        return TrackSign(key, TURNED_BACK, turn.at, PASS, "", row["road_id"], offset, lon, lat)

    def _line(self, row: dict[str, Any]) -> np.ndarray:
        road = self.county.network.road_index[row["road_id"]]
        line = self.county.road_index.plane.to_metres(self.county.network.line_of(road))
        return line[::-1] if row["direction"] == "backward" else line

    def _stops(self, record: PassRecord, line: np.ndarray) -> list[float]:
        """Return where along the route its stops are, its ends among them."""
        from shapely import LineString, Point

        whole, plane = LineString(line), self.county.road_index.plane
        spots = [one for one in record.route["stops"] if one.get("lon") is not None]
        places = [plane.to_metres(np.array([one["lon"], one["lat"]])) for one in spots]
        return [0.0, whole.length, *(float(whole.project(Point(*place))) for place in places)]

    def _turn_back(self, sign: TrackSign) -> int:
        """Keep a turn; count it, and an earlier one beside it, to a case where the two or a known case agree."""
        network = self.county.network
        point = RoadPoint(network.road_index[sign.road_id], sign.offset_m, 0.0, sign.lon, sign.lat)
        case = case_of_sighting(self._closures.values(), self.county.road_index, point, at=sign.at)
        beside = [one for one in self._turns_near(sign) if not one.closure_id]
        if case is None and not beside:
            add_sign(self.connection, sign)
            return 0
        case_id = new_case_id(self.connection) if case is None else case.id
        add_sign(self.connection, replace(sign, closure_id=case_id))
        seen = tuple(Observation(one.at, sightings.BLOCKED, _TRACK) for one in [*beside, sign])
        return self._observe(case_id, (barrier_span(point, network),), seen)

    def _turns_near(self, sign: TrackSign) -> list[TrackSign]:
        """Return turns of trucks with other passes before the same spot within a day."""
        since, until = sign.at - REACH_TIME, sign.at + REACH_TIME
        signs = list_signs(self.connection, sign=TURNED_BACK, since=since, until=until)
        near = [one for one in signs if self._metres_between(one, sign) <= REACH_M]
        numbers = passes_of(self.connection, {sign.track, *(one.track for one in near)})
        return [one for one in near if numbers[one.track] != numbers[sign.track]]

    def _metres_between(self, one: TrackSign, other: TrackSign) -> float:
        spots = self.county.road_index.plane.to_metres(np.array([(one.lon, one.lat), (other.lon, other.lat)]))
        return float(np.hypot(*(spots[0] - spots[1])))


def _was_good(record: PassRecord, times: Sequence[datetime]) -> bool:
    """Tell whether a pass held for the whole of a track."""
    is_void = record.state in {WITHDRAWN, SUSPENDED}
    return not is_void and record.not_before <= min(times) and max(times) < record.expires_at


def _concerns(closure: Closure, who: str, at: datetime) -> bool:
    """Tell whether a passage says something of a closure at that time: not where it lets this truck through."""
    if sightings.credible_blockage(closure.observations, at) is not None and closure.is_blockage_only:
        return True
    window = closure.window
    if window is None or not window.holds(at):
        return False
    if closure.barrier not in PASSABLE:
        return True
    return not (who == EXEMPT or (who == PASS and closure.pass_holders == LET_THROUGH))


def _length(line: np.ndarray) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _which(lines: Sequence[np.ndarray], along_m: float) -> tuple[int, float]:
    """Return the line in a row of lines that lies so many metres from the beginning, and the metres on it."""
    rest = along_m
    for number, line in enumerate(lines):
        length = _length(line)
        if rest <= length or number == len(lines) - 1:
            return number, min(rest, length)
        rest -= length
    return 0, 0.0
