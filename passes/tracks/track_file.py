"""Read a file of tracks, one a line: {"id", "pass"?, "vehicle"?, "positions": [[lon, lat, time], ...]}."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from geodata.coordinates import to_wgs84
from geodata.errors import BadInputError, RowErrors
from geodata.json_rows import LONGEST_ID, text_of
from geodata.windows import parse_instant
from routing.tracks.track import Fix

#: More positions are no one trip.
MOST_POSITIONS: Final = 50_000


@dataclass(frozen=True, slots=True)
class SentTrack:
    """A track as it came.

    Attributes
    ----------
    key
        Its id: the same again is the same track.
    pass_number
        Number of the pass it was driven with, "" where none is named.
    vehicle
        A kind of exempt vehicle, "" where it is none.
    """

    key: str
    pass_number: str
    vehicle: str
    fixes: tuple[Fix, ...]


def read_tracks(
    lines: Sequence[str], *, where: str, exempt: Sequence[str], crs: str = "wgs84"
) -> tuple[SentTrack, ...]:
    """Read every line: all or none, with every fault named by its row; empty lines are left out.

    Parameters
    ----------
    exempt
        Kinds of vehicles that need no pass.
    crs
        Of the positions: "wgs84", "gcj02", "bd09" or "cgcs2000".

    Raises
    ------
    RowErrors
        `tracks-file-has-errors`.
    """
    tracks: dict[str, SentTrack] = {}
    faults: list[BadInputError] = []
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            track = read_track(
                _object(line, f"{where}: row {row}"), where=f"{where}: row {row}", exempt=exempt, crs=crs
            )
            if track.key in tracks:
                raise BadInputError("track-twice", f"{where}: row {row}: id", id=track.key)
            tracks[track.key] = track
        except BadInputError as fault:
            fault.facts = {**fault.facts, "row": row}
            faults.append(fault)
    if faults:
        raise RowErrors("tracks-file-has-errors", where, tuple(faults))
    return tuple(tracks.values())


def _object(line: str, where: str) -> Mapping[str, Any]:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInputError("json-unreadable", where, reason=str(error)) from None
    if not isinstance(document, dict):
        raise BadInputError("track-not-an-object", where)
    return document


def read_track(record: Mapping[str, Any], *, where: str, exempt: Sequence[str], crs: str = "wgs84") -> SentTrack:
    """Read one track.

    Raises
    ------
    BadInputError
        `track-without-id`, `track-vehicle-unknown`, `track-without-positions`, `track-position-unusable`, or a time
        without offset.
    """
    key = text_of(record, "id", where=where)
    if not key or len(key) > LONGEST_ID:
        raise BadInputError("track-without-id", f"{where}: id", most=LONGEST_ID)
    vehicle = text_of(record, "vehicle", where=where)
    if vehicle and vehicle not in exempt:
        raise BadInputError("track-vehicle-unknown", f"{where}: vehicle", value=vehicle, choices=list(exempt))
    positions = record.get("positions")
    if not isinstance(positions, list) or not 2 <= len(positions) <= MOST_POSITIONS:
        raise BadInputError("track-without-positions", f"{where}: positions", most=MOST_POSITIONS)
    fixes = tuple(_fix(one, crs, f"{where}: positions[{number}]") for number, one in enumerate(positions))
    return SentTrack(key, text_of(record, "pass", where=where), vehicle, fixes)


def _fix(position: Any, crs: str, where: str) -> Fix:
    if not isinstance(position, list) or len(position) != 3:
        raise BadInputError("track-position-unusable", where)
    lon, lat, time = position
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in (lon, lat)):
        raise BadInputError("track-position-unusable", where)
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise BadInputError("track-position-unusable", where)
    at = parse_instant(str(time), where=where)
    lon, lat = to_wgs84(float(lon), float(lat), crs=crs, where=where)
    return Fix(at, lon, lat)
