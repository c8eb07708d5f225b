"""The part of a kept route that a truck has driven already: its stops, its roads and when it was on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, pairwise
from typing import Any, Final

import numpy as np

from geodata.network import BACKWARD, FORWARD
from geodata.windows import parse_instant
from passes.applications.eligibility import LEAD
from passes.editions.pass_register import PassRecord
from passes.tracks.whereabouts import Whereabouts
from passes.ways.driven_way import DrivenRoads, DrivenWay, Stage, make_way, to_us
from passes.ways.packed_route import PackedRoute

_MICROSECOND: Final = timedelta(microseconds=1)
_LEAST_DRIVE: Final = timedelta(minutes=1)
_WAY: Final = {"forward": FORWARD, "backward": BACKWARD}


@dataclass(frozen=True, slots=True)
class DrivenPart:
    """What a truck has driven of its pass's route until it was seen last.

    Attributes
    ----------
    where
        Where it was seen.
    lonlat
        The same on the map.
    stops
        Those that are behind it.
    ways, packed, stages
        The whole stages behind it, and the one that it is on, cut where it was seen; how each is answered and drawn.
    left_rows
        Roads that were ahead of it, the one it is on first.
    """

    where: Whereabouts
    lonlat: tuple[float, float]
    stops: tuple[Mapping[str, Any], ...]
    ways: tuple[DrivenWay, ...]
    packed: tuple[bytes, ...]
    stages: tuple[Stage, ...]
    left_rows: tuple[Mapping[str, Any], ...]

    @property
    def is_on_way_back(self) -> bool:
        """Tell whether the destination is behind it."""
        return any(one["kind"] == "destination" for one in self.stops)


def driven_part(record: PassRecord, where: Whereabouts) -> DrivenPart | None:
    """Return what a truck has driven; None where its route is kept in a form that does not tell its stages."""
    route = record.route
    if not isinstance(route, PackedRoute) or len(route.stage_roads) != len(route["stops"]) - 1:
        return None
    rows, counts = list(route["roads"]), route.stage_roads
    bounds = list(accumulate(counts, initial=0))
    lengths = [sum(float(row["length_m"]) for row in rows[first:last]) for first, last in pairwise(bounds)]
    begins = list(accumulate(lengths, initial=0.0))
    on = next((number for number, end in enumerate(begins[1:]) if end > where.here_m), None)
    if on is None or where.here_m <= 0.0:
        return None
    cut, left = _cut(rows[bounds[on] : bounds[on + 1]], where.here_m - begins[on])
    if not cut:
        return None
    line = _line_until(route["geometry"], where.here_m / begins[-1], begins[on] / begins[-1])
    parts = [rows[first:last] for first, last in pairwise(bounds[: on + 1])]
    ways = [_way(part, _drive(route, number), name=route.names[number]) for number, part in enumerate(parts)]
    since = where.at - parse_instant(route["stops"][on]["leave_at"], where="leave_at")
    roads = _driven(cut, max(since, _LEAST_DRIVE))
    ways.append(make_way(roads, rows=cut, line=line))
    return DrivenPart(
        where=where,
        lonlat=(line[-1][0], line[-1][1]),
        stops=tuple(route["stops"][: on + 1]),
        ways=tuple(ways),
        packed=(*route.packed_ways[:on], ways[-1].packed),
        stages=tuple(_stages(record, ways, bounds)),
        left_rows=(*left, *rows[bounds[on + 1] :]),
    )


def _cut(rows: Sequence[dict[str, Any]], until_m: float) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Divide the roads of a stage where a truck is: driven, and left; the one that it is on is in both."""
    driven: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        length_m = float(row["length_m"])
        if length_m >= until_m:
            if until_m > 0.0:
                driven.append({**row, "length_m": round(until_m, 2)})
            return driven, [dict(one) for one in rows[number:]]
        driven.append(dict(row))
        until_m -= length_m
    return driven, []


def _drive(route: Mapping[str, Any], stage: int) -> timedelta:
    """Return how long a stage was planned to take."""
    leave, arrive = route["stops"][stage]["leave_at"], route["stops"][stage + 1]["arrive_at"]
    return parse_instant(arrive, where="arrive_at") - parse_instant(leave, where="leave_at")


def _driven(rows: Sequence[Mapping[str, Any]], drive: timedelta) -> DrivenRoads:
    """Return roads with the time on each, by their share of the length."""
    ends = np.cumsum([float(row["length_m"]) for row in rows])
    whole_us = max(drive // _MICROSECOND, 1)
    times = [0, *(int(whole_us * end / max(float(ends[-1]), 0.01)) for end in ends)]
    return DrivenRoads(
        tuple(str(row["road_id"]) for row in rows),
        tuple(_WAY[row["direction"]] for row in rows),
        tuple(times[:-1]),
        tuple(times[1:]),
    )


def _way(rows: Sequence[Mapping[str, Any]], drive: timedelta, *, name: str) -> DrivenWay:
    """Return a whole stage that is kept already, under its name."""
    roads = _driven(rows, drive)
    return DrivenWay(name, roads.road_ids, roads.directions, roads.on_us, roads.off_us)


def _stages(record: PassRecord, ways: Sequence[DrivenWay], bounds: Sequence[int]) -> Iterator[Stage]:
    lead_us = LEAD // _MICROSECOND
    window = to_us(record.not_before), to_us(record.expires_at)
    for way, first_leg, stop in zip(ways, bounds, record.route["stops"], strict=False):
        begin_us = to_us(parse_instant(stop["leave_at"], where="leave_at"))
        yield Stage(way, first_leg, begin_us - lead_us, begin_us, *window)


def _line_until(geometry: Sequence[Sequence[float]], until: float, since: float) -> list[list[float]]:
    """Return the part of a line between two shares of its length, at least two points."""
    line = np.array(geometry, dtype=np.float64)
    scale = np.array([np.cos(np.radians(line[:, 1].mean())), 1.0])
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*(np.diff(line, axis=0) * scale).T))])
    ends = np.array([since, until]) * walked[-1]
    inner = line[(walked > ends[0]) & (walked < ends[1])]
    first, last = (np.array([np.interp(end, walked, line[:, axis]) for axis in (0, 1)]) for end in ends)
    points: list[list[float]] = np.round(np.vstack([first, inner, last]), 6).tolist()
    return points
