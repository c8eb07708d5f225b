"""Receive a trip without a signature or a touch: the driver reads the receiving point's code and is done (L19).

A round trip is received at its destination and is over when the truck is back where the pass leads it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.errors import BadInputError
from geodata.road_lengths import distances_m
from passes.editions.pass_register import (
    COMPLETED,
    GRANTED,
    PassEvent,
    PassRecord,
    editions_of,
    record_event,
    refuse_unless,
    set_state,
)
from passes.editions.status_register import change_status
from passes.loop.place_code_register import place_of_code, read_code
from passes.reading.positions import Point
from passes.tracks.burst_register import positions_of
from passes.tracks.trip_mark_register import ENDED, RECEIVED, TripMark, add_mark, marks_of
from passes.verifying.status_list import Status

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.county import County

#: A position of the track that is not older tells where the truck is.
_FRESH: Final = timedelta(minutes=10)
_KM: Final = 1_000.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a driver's phone tells at a place.

    Attributes
    ----------
    code
        What was scanned or typed, "" where the trip ends without a code.
    at
        When, by the office's clock.
    position
        None where the phone did not tell.
    """

    code: str
    at: datetime
    position: Point | None = None


def goal_of(record: PassRecord) -> dict[str, Any] | None:
    """Return the stop that a trip delivers to."""
    return next((dict(one) for one in record.route["stops"] if one["kind"] == "destination"), None)


def end_of(record: PassRecord) -> dict[str, Any]:
    """Return the stop at which a trip is over."""
    return dict(record.route["stops"][-1])


def is_round_trip(record: PassRecord) -> bool:
    """Tell whether the way back is part of the pass."""
    return any(one["kind"] == "return" for one in record.route["stops"])


def receive(
    connection: sa.Connection, record: PassRecord, arrival: Arrival, county: County, *, at: datetime
) -> TripMark:
    """Keep a receipt at the place whose code was read; a trip one way is over with it. The same again changes nothing.

    Raises
    ------
    BadInputError
        `receipt-code-unreadable`, `receipt-code-unknown`, `receipt-elsewhere` (the place is not this pass's goal),
        `receipt-too-far` (the phone is not there), `receipt-outside-pass` (the time), or `pass-not-open`.
    """
    code = read_code(arrival.code)
    if not code:
        raise BadInputError("receipt-code-unreadable", "code")
    place = county.places.by_id.get(place_of_code(connection, code))
    if place is None:
        raise BadInputError("receipt-code-unknown", "code")
    goal = goal_of(record)
    if goal is None or goal["place"] != place.id:
        raise BadInputError("receipt-elsewhere", "code", name=place.name, goal="-" if goal is None else goal["name"])
    known = marks_of(connection, record.number).get(RECEIVED)
    if known is not None:
        return known
    mark = _mark(connection, record, replace(arrival, code=code), (place.lon, place.lat), county, at=at)
    mark = replace(mark, mark=RECEIVED, place=place.id)
    add_mark(connection, mark)
    record_event(connection, PassEvent(record.jti, at, RECEIVED, place.name, {"place": place.id}))
    if not is_round_trip(record):
        _complete(connection, record, replace(mark, mark=ENDED), at=at)
    return mark


def end_trip(
    connection: sa.Connection, record: PassRecord, arrival: Arrival, county: County, *, at: datetime
) -> TripMark:
    """End a round trip where its pass leads back to; the same again changes nothing.

    Raises
    ------
    BadInputError
        `trip-not-received`: its goods have not been received yet; else as `receive`.
    """
    marks = marks_of(connection, record.number)
    if ENDED in marks:
        return marks[ENDED]
    if RECEIVED not in marks:
        raise BadInputError("trip-not-received", "")
    stop = end_of(record)
    mark = _mark(connection, record, arrival, (float(stop["lon"]), float(stop["lat"])), county, at=at)
    mark = replace(mark, mark=ENDED, place=stop["place"] or "")
    _complete(connection, record, mark, at=at)
    return mark


def _mark(
    connection: sa.Connection, record: PassRecord, arrival: Arrival, spot: Point, county: County, *, at: datetime
) -> TripMark:
    """Return a mark without its kind, once time and position are plausible."""
    refuse_unless(record, GRANTED)
    if not record.not_before <= arrival.at < record.expires_at or arrival.at > at:
        raise BadInputError("receipt-outside-pass", "", ends_at=record.expires_at.isoformat())
    position = arrival.position or _last_seen(connection, record.number, arrival.at)
    if position is None:
        return TripMark(record.number, "", record.jti, "", arrival.at, at)
    away_m = float(distances_m(*spot, np.array([position]))[0])
    if away_m > county.settings.policy.tracks.receipt_within_m:
        raise BadInputError("receipt-too-far", "position", km=round(away_m / _KM, 1))
    return TripMark(record.number, "", record.jti, "", arrival.at, at, *position, away_m)


def _last_seen(connection: sa.Connection, number: str, at: datetime) -> Point | None:
    """Return where the phone was a moment ago, None where it did not tell."""
    near = [one for one in positions_of(connection, number) if at - _FRESH <= one.at <= at]
    return (near[-1].lon, near[-1].lat) if near else None


def _complete(connection: sa.Connection, record: PassRecord, mark: TripMark, *, at: datetime) -> None:
    """End the trip: its pass lets nobody through any more."""
    add_mark(connection, mark)
    set_state(connection, record, COMPLETED)
    for jti in editions_of(connection, record.number):
        change_status(connection, jti, Status.WITHDRAWN, at=at)
    record_event(connection, PassEvent(record.jti, at, COMPLETED, "", {"place": mark.place}))
