"""Take bursts of positions from the phone of a pass: kept once, and shown to the closures and blockages they passed.

Bursts come late, twice, and in any order. What they show of the roads (K8, doubtful reports, turns) is looked for each
time in the new part and a little before it, as in any other track.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.errors import BadInputError
from passes.editions.pass_register import PassRecord, editions_of, read_passes
from passes.tracks.burst_register import (
    SeenPosition,
    TrackKey,
    add_run,
    is_track_of_another,
    known_ranges,
    positions_of,
)
from passes.tracks.track_burst import Burst, RefusedPoint, read_burst
from passes.tracks.track_file import SentTrack
from passes.tracks.track_intake import TrackDesk

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.county import County
    from routing.engine import Engine

#: A recording may begin so long before its pass and go on so long after it.
_BESIDE_PASS: Final = timedelta(hours=12)
#: No trip leads so far away from the county: nought degrees, or another continent.
_FARTHEST_M: Final = 1_000_000.0
#: So many positions before the new ones are looked at again, so that nothing is missed between two bursts.
_AGAIN: Final = 30


@dataclass(frozen=True, slots=True)
class TakenBurst:
    """What became of a burst.

    Attributes
    ----------
    taken, known
        New positions, and those that were kept before.
    refused
        Those that cannot be, by number, each with its code.
    clock_off_s
        By how much the phone's clock was set right.
    """

    taken: int
    known: int
    refused: tuple[RefusedPoint, ...]
    clock_off_s: float


@dataclass(frozen=True, slots=True)
class TrackRoads:
    """The county and its roads without any closing: what was driven, not what may be."""

    county: County
    engine: Engine


def take_burst(
    connection: sa.Connection, record: PassRecord, document: Any, roads: TrackRoads, *, at: datetime
) -> TakenBurst:
    """Keep a burst of a pass.

    Parameters
    ----------
    connection
        A writer's transaction.
    record
        Any edition of the pass.

    Raises
    ------
    BadInputError
        As `read_burst`, or `burst-track-unusable`: a recording of another pass has that name.
    """
    burst = read_burst(document, at=at)
    key = TrackKey(record.number, burst.track)
    if is_track_of_another(connection, key):
        raise BadInputError("burst-track-unusable", "track")
    known = known_ranges(connection, key)
    right, wrong = _sorted_out(burst, read_passes(connection, editions_of(connection, record.number)), roads.county)
    fresh = [one for one in right if not any(low <= one.seq <= high for low, high in known)]
    clock_off_s = burst.clock_off.total_seconds()
    for run in _runs(fresh):
        add_run(connection, key, run, clock_off_s=clock_off_s, at=at)
    if fresh:
        _show_roads(connection, key, fresh, roads, at=at)
    return TakenBurst(len(fresh), len(right) - len(fresh), (*burst.refused, *wrong), clock_off_s)


def _sorted_out(
    burst: Burst, editions: Sequence[PassRecord], county: County
) -> tuple[list[SeenPosition], list[RefusedPoint]]:
    """Return the positions that may be of this trip, and those that cannot be."""
    first = min(one.not_before for one in editions) - _BESIDE_PASS
    last = max(one.expires_at for one in editions) + _BESIDE_PASS
    plane, corners = county.road_index.plane, county.network.junction_lonlat
    middle = plane.to_metres((corners.min(axis=0) + corners.max(axis=0)) / 2)
    right, wrong = [], []
    for one in burst.positions:
        away_m = float(np.hypot(*(plane.to_metres(np.array([one.fix.lon, one.fix.lat])) - middle)))
        if not first <= one.fix.at <= last:
            wrong.append(RefusedPoint(one.seq, "point-outside-pass"))
        elif away_m > _FARTHEST_M:
            wrong.append(RefusedPoint(one.seq, "point-too-far"))
        else:
            right.append(one)
    return right, wrong


def _runs(positions: Sequence[SeenPosition]) -> Iterator[list[SeenPosition]]:
    """Give positions in runs whose numbers follow each other."""
    run: list[SeenPosition] = []
    for one in positions:
        if run and one.seq != run[-1].seq + 1:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _show_roads(
    connection: sa.Connection, key: TrackKey, fresh: Sequence[SeenPosition], roads: TrackRoads, *, at: datetime
) -> None:
    """Look for passages and turns in the new part of a recording."""
    since = max(fresh[0].seq - _AGAIN, 0)
    fixes = [one for one in positions_of(connection, key.number, track=key.track, since_seq=since) if one.at <= at]
    if len(fixes) > 1:
        name = f"{key.number}:{key.track}:{fresh[0].seq}"
        sent = SentTrack(name, key.number, "", tuple(replace(one, accuracy_m=0.0) for one in fixes))
        TrackDesk(connection, roads.county, roads.engine, at).take([sent])
