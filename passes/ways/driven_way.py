"""The ways that passes drive, each told once: its roads, when a truck is on them, and how it is answered and drawn.

A trip is driven in stages, from stop to stop, and thousands of trips share the same ways between the same stops. So a
pass keeps for each stage which way it is and when it is set out on; the two hundred roads are kept with the way.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, Final

Point = tuple[float, float]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DIGEST_BYTES: Final = 18
#: Packing harder takes three times as long and saves a seventh.
_LEVEL: Final = 1
#: Unpacked ways remembered at most; the same ones are asked for again and again.
_KEPT: Final = 512


def to_us(instant: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (instant - _EPOCH) // _MICROSECOND


def from_us(instant_us: int) -> datetime:
    """Return an instant of which the microseconds since 1970 are known."""
    return _EPOCH + timedelta(microseconds=instant_us)


@dataclass(frozen=True, slots=True)
class Passage:
    """One road of a pass in one direction, and the time within which the truck may be on it.

    Attributes
    ----------
    leg
        Place in the trip, counted from 0.
    from_at, to_at
        From the earliest start to the planned time plus the grace, within the pass's window.
    """

    leg: int
    road_id: str
    direction: int
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, eq=False)
class DrivenWay:
    """A way from one stop to the next; the four sequences are of one length.

    Attributes
    ----------
    name
        What it is known by: a digest of all that it says.
    road_ids, directions
        Its roads in the order of travel.
    on_us, off_us
        Microseconds after the start at which each road is come on and left.
    packed
        Its roads as an answer lists them, and its line; empty where these are kept with the pass itself.
    """

    name: str
    road_ids: tuple[str, ...]
    directions: tuple[int, ...]
    on_us: tuple[int, ...]
    off_us: tuple[int, ...]
    packed: bytes = b""

    @cached_property
    def driven_us(self) -> int:
        """Microseconds after the start at which the last road is left."""
        return max(self.off_us, default=0)


@dataclass(frozen=True, slots=True)
class DrivenRoads:
    """The roads of a way as they are given: see `DrivenWay`."""

    road_ids: tuple[str, ...]
    directions: tuple[int, ...]
    on_us: tuple[int, ...]
    off_us: tuple[int, ...]


def make_way(
    roads: DrivenRoads, *, rows: Sequence[dict[str, Any]] = (), line: Sequence[Sequence[float]] = ()
) -> DrivenWay:
    """Make a way.

    Parameters
    ----------
    rows
        Its roads as an answer lists them; none where these are kept with the pass itself.
    line
        Its line, longitude first.
    """
    return way_of_text(roads, _written({"roads": list(rows), "geometry": list(map(list, line))}) if rows else b"")


def way_of_text(roads: DrivenRoads, shown: bytes) -> DrivenWay:
    """Make a way whose roads and line are written already; nothing where these are kept with the pass itself."""
    driven = _written([roads.road_ids, roads.directions, roads.on_us, roads.off_us])
    digest = hashlib.sha256(hashlib.sha256(driven).digest() + hashlib.sha256(shown).digest()).digest()
    name = base64.urlsafe_b64encode(digest[:_DIGEST_BYTES]).decode("ascii")
    packed = zlib.compress(shown, _LEVEL) if shown else b""
    return DrivenWay(name, roads.road_ids, roads.directions, roads.on_us, roads.off_us, packed)


def _written(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


@lru_cache(maxsize=_KEPT)
def way_content(packed: bytes) -> tuple[tuple[dict[str, Any], ...], tuple[list[float], ...]]:
    """Return the roads of a way as an answer lists them, and its line; not to be changed."""
    content = json.loads(zlib.decompress(packed))
    return tuple(content["roads"]), tuple(content["geometry"])


@lru_cache(maxsize=_KEPT)
def way_roads(packed: bytes) -> tuple[tuple[str, str], ...]:
    """Return the roads of a way in order, each with its direction."""
    roads, _ = way_content(packed)
    return tuple((one["road_id"], one["direction"]) for one in roads)


def join_lines(lines: Iterable[Iterable[list[float]]]) -> list[list[float]]:
    """Put the lines of a trip's stages end to end, points repeated in a row left out, at least two."""
    joined: list[list[float]] = []
    for line in lines:
        for point in line:
            if not joined or joined[-1] != point:
                joined.append(point)
    return joined if len(joined) != 1 else joined * 2


@dataclass(frozen=True, slots=True)
class Stage:
    """One way of one pass, and when its truck may be there; instants are microseconds since 1970.

    Attributes
    ----------
    first_leg
        Number of its first road in the trip.
    early_us, late_us
        When it is set out on at the earliest and at the latest.
    least_us, most_us
        The pass's own window: no passage reaches beyond it.
    """

    way: DrivenWay
    first_leg: int
    early_us: int
    late_us: int
    least_us: int
    most_us: int

    @property
    def until_us(self) -> int:
        """When its truck is on none of its roads any more."""
        return min(self.most_us, self.late_us + self.way.driven_us)


def stage_of_passages(passages: Iterable[Passage]) -> tuple[Stage, ...]:
    """Return passages that are known one by one, without a gap in their legs, as the only stage of their pass."""
    known = list(passages)
    if not known:
        return ()
    start_us = to_us(known[0].from_at)
    spans = [(to_us(one.from_at) - start_us, to_us(one.to_at) - start_us) for one in known]
    roads = DrivenRoads(
        tuple(one.road_id for one in known),
        tuple(one.direction for one in known),
        tuple(on_us for on_us, _ in spans),
        tuple(off_us for _, off_us in spans),
    )
    most_us = start_us + max(off_us for _, off_us in spans)
    return (Stage(make_way(roads), known[0].leg, start_us, start_us, start_us + min(one for one, _ in spans), most_us),)
