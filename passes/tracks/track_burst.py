"""Read a burst of positions as a phone sends it, with its clock set right; what cannot be is named, the rest is taken.

{"track": name, "sent_at": time, "datum": "wgs84" or "gcj02",
"points": [{"seq", "at", "lon", "lat", "accuracy_m"?}, ...]}
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from geodata.coordinates import to_wgs84
from geodata.errors import BadInputError
from geodata.windows import parse_instant
from passes.tracks.burst_register import SeenPosition
from routing.tracks.track import Fix

MOST_POINTS: Final = 2_000
#: A burst is no larger: a phone sends more in several.
LARGEST_BYTES: Final = 500_000
DATUMS: Final = ("wgs84", "gcj02", "cgcs2000")
_TRACK: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MOST_SEQ: Final = 10_000_000
_VAGUEST_M: Final = 100_000.0
#: A clock that is off by less is right: the network takes its time.
_CLOCK_SLACK: Final = timedelta(seconds=30)
#: After its clock was set right a phone may still be so much ahead.
_AHEAD: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class RefusedPoint:
    """A position that was not taken: its number (or place in the list), and why."""

    seq: int
    code: str


@dataclass(frozen=True, slots=True)
class Burst:
    """A burst as it was read.

    Attributes
    ----------
    clock_off
        How far the phone's clock is behind the office's; nought where it is right.
    positions
        By number, each once; their times are the office's.
    """

    track: str
    clock_off: timedelta
    positions: tuple[SeenPosition, ...]
    refused: tuple[RefusedPoint, ...]


def read_burst(document: Any, *, at: datetime) -> Burst:
    """Read a burst.

    Raises
    ------
    BadInputError
        `burst-not-an-object`, `burst-track-unusable`, `burst-without-points`, `burst-too-many-points`,
        `burst-datum-unusable`, or a time without offset: then nothing is taken.
    """
    if not isinstance(document, dict):
        raise BadInputError("burst-not-an-object", "body")
    track, datum = document.get("track"), document.get("datum", "wgs84")
    if not isinstance(track, str) or not _TRACK.fullmatch(track):
        raise BadInputError("burst-track-unusable", "track")
    if datum not in DATUMS:
        raise BadInputError("burst-datum-unusable", "datum", value=str(datum)[:20], choices=list(DATUMS))
    points = document.get("points")
    if not isinstance(points, list) or not points:
        raise BadInputError("burst-without-points", "points")
    if len(points) > MOST_POINTS:
        raise BadInputError("burst-too-many-points", "points", most=MOST_POINTS, count=len(points))
    behind = at - parse_instant(str(document.get("sent_at", "")), where="sent_at")
    clock_off = behind if abs(behind) > _CLOCK_SLACK else timedelta()
    taken: dict[int, SeenPosition] = {}
    refused: list[RefusedPoint] = []
    for number, point in enumerate(points):
        seq = _seq_of(point)
        try:
            seen = _position(point, str(datum), clock_off, at)
            taken.setdefault(seen.seq, seen)
        except BadInputError as error:
            refused.append(RefusedPoint(number if seq is None else seq, error.code))
    return Burst(track, clock_off, tuple(taken[seq] for seq in sorted(taken)), tuple(refused))


def _seq_of(point: Any) -> int | None:
    seq = point.get("seq") if isinstance(point, dict) else None
    return seq if type(seq) is int and 0 <= seq <= _MOST_SEQ else None


def _number(point: Mapping[str, Any], name: str, most: float) -> float:
    value = point.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > most:
        raise BadInputError("point-unusable", name)
    return float(value)


def _position(point: Any, datum: str, clock_off: timedelta, at: datetime) -> SeenPosition:
    seq = _seq_of(point)
    if seq is None:
        raise BadInputError("point-unusable", "seq")
    lon, lat = _number(point, "lon", 180), _number(point, "lat", 90)
    accuracy_m = 0.0 if point.get("accuracy_m") is None else _number(point, "accuracy_m", _VAGUEST_M)
    if accuracy_m < 0:
        raise BadInputError("point-unusable", "accuracy_m")
    try:
        seen_at = parse_instant(str(point.get("at", "")), where="at") + clock_off
    except OverflowError:
        raise BadInputError("point-unusable", "at") from None
    if seen_at > at + _AHEAD:
        raise BadInputError("point-in-future", "at")
    lon, lat = to_wgs84(lon, lat, crs=datum, where="lon")
    return SeenPosition(seq, Fix(seen_at, lon, lat, accuracy_m))
