"""Trace a pass: where its truck was to be and was seen, when, by whom, and who received it (L2, X10).

A truck may go before a result is there; when the result is bad, its places, times, checkpoints and receivers are named
at once. Plan and sight stay apart: what was planned is no proof that anybody was there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from geodata.policy import TRACED_DAYS
from geodata.windows import Window, parse_instant
from passes.checkpoint.scan_register import list_scans
from passes.editions.pass_register import PassRecord, PassSearch, editions_of, find_pass, read_passes, search_passes
from passes.reports.road_report_register import list_reports
from passes.tracks.burst_register import positions_of
from passes.tracks.stop_register import list_needed_stops
from passes.tracks.track_places import near_places, stood_at
from passes.tracks.trip_mark_register import marks_of

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.places import Place, Places
    from geodata.snapping import LocalPlane

#: What a step of a trace is: a stop of the plan, or a sight.
PLANNED: Final = "planned"
AT_CHECKPOINT: Final = "at_checkpoint"
STOP_NEEDED: Final = "stop_needed"
ROAD_REPORTED: Final = "road_reported"
RECEIVED: Final = "received"
TRIP_ENDED: Final = "trip_ended"
NEAR_PLACE: Final = "near_place"
STOOD: Final = "stood"
#: Other passes of the same truck or persons are named as far back as this.
LOOK_BACK: Final = timedelta(days=TRACED_DAYS)


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One place and time of a truck.

    Attributes
    ----------
    kind
        `PLANNED`, or one of the sights.
    from_at, to_at
        From when to when; the same moment for a sight.
    place
        Id, or "" where it is no place of the county.
    name
        Of the place, or what was said of it.
    who
        Who saw it: the checkpoint's officer; "" for what the driver told.
    phone
        Of the place's contact, "" where none is known.
    edition
        The edition (jti) that was shown or planned.
    """

    kind: str
    from_at: datetime
    to_at: datetime
    place: str
    name: str
    edition: str
    who: str = ""
    phone: str = ""
    lonlat: tuple[float, float] | None = None
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that is known of where a pass's truck was.

    Attributes
    ----------
    record
        The newest edition.
    steps
        In the order of their times.
    receivers
        Places that the plan delivers to or fetches from, and where it was received, with their contacts.
    others
        Other passes of the same truck, or of persons with the same masked name and end of number, within `LOOK_BACK`.
    """

    record: PassRecord
    steps: tuple[TraceStep, ...]
    receivers: tuple[Place, ...]
    others: tuple[PassRecord, ...]


def trace_pass(
    connection: sa.Connection, number: str, places: Places, *, at: datetime, plane: LocalPlane | None = None
) -> Trace:
    """Return where a pass's truck was to be and was seen, over every edition of its number.

    Parameters
    ----------
    plane
        Of the county's roads: then the places that its phone's positions name are told too.

    Raises
    ------
    BadInputError
        `pass-unknown`.
    """
    newest = find_pass(connection, number)
    editions = read_passes(connection, editions_of(connection, newest.number))
    steps = [step for one in editions for step in _planned(one, places)]
    steps += _at_checkpoints(connection, newest.number, places)
    steps += _told_by_driver(connection, newest.number)
    steps += _marked(connection, newest.number, places)
    steps += [] if plane is None else _track_steps(connection, newest, places, plane)
    ids = dict.fromkeys(step.place for step in steps if step.kind in {PLANNED, RECEIVED})
    return Trace(
        record=newest,
        steps=tuple(sorted(steps, key=lambda one: (one.from_at, one.kind, one.place))),
        receivers=tuple(places.by_id[one] for one in ids if one in places.by_id),
        others=_others(connection, newest, at=at),
    )


def _planned(record: PassRecord, places: Places) -> Iterator[TraceStep]:
    for stop in record.route["stops"]:
        place = places.by_id.get(stop["place"] or "")
        yield TraceStep(
            kind=PLANNED,
            from_at=parse_instant(stop["arrive_at"], where=record.jti),
            to_at=parse_instant(stop["leave_at"], where=record.jti),
            place=stop["place"] or "",
            name=stop["name"],
            edition=record.jti,
            phone="" if place is None else place.phone,
            lonlat=(float(stop["lon"]), float(stop["lat"])),
        )


def _at_checkpoints(connection: sa.Connection, number: str, places: Places) -> Iterator[TraceStep]:
    for scan in list_scans(connection, number=number):
        place = places.by_id.get(scan.checkpoint)
        yield TraceStep(
            kind=AT_CHECKPOINT,
            from_at=scan.at,
            to_at=scan.at,
            place=scan.checkpoint,
            name=scan.checkpoint if place is None else place.name,
            edition=scan.jti,
            who=scan.officer,
            phone="" if place is None else place.phone,
            lonlat=None if place is None else (place.lon, place.lat),
            photo=scan.photo,
        )


def _told_by_driver(connection: sa.Connection, number: str) -> Iterator[TraceStep]:
    for stop in list_needed_stops(connection, number=number):
        lonlat = None if stop.lon is None or stop.lat is None else (stop.lon, stop.lat)
        yield TraceStep(STOP_NEEDED, stop.at, stop.at, "", stop.kind, number, lonlat=lonlat)
    for report in list_reports(connection, reporter=number):
        at, lonlat = report.observed_at, (report.lon, report.lat)
        yield TraceStep(ROAD_REPORTED, at, at, "", report.road_id, number, lonlat=lonlat, photo=report.photo)


def _track_steps(
    connection: sa.Connection, record: PassRecord, places: Places, plane: LocalPlane
) -> Iterator[TraceStep]:
    """Give the places that the phone's positions lie at, and where the truck stood, as long as they are kept."""
    fixes = positions_of(connection, record.number)
    for visit in near_places(fixes, places, plane):
        place = visit.place
        yield TraceStep(
            kind=NEAR_PLACE,
            from_at=visit.from_at,
            to_at=visit.to_at,
            place=place.id,
            name=place.name,
            edition=record.number,
            phone=place.phone,
            lonlat=(place.lon, place.lat),
        )
    for stood in stood_at(fixes, plane):
        yield TraceStep(STOOD, stood.from_at, stood.to_at, "", "", record.number, lonlat=(stood.lon, stood.lat))


def _marked(connection: sa.Connection, number: str, places: Places) -> Iterator[TraceStep]:
    """Give where the trip was received and ended, as the driver's phone told by the place's code."""
    for mark in marks_of(connection, number).values():
        place = places.by_id.get(mark.place)
        lonlat = None if mark.lon is None or mark.lat is None else (mark.lon, mark.lat)
        yield TraceStep(
            kind=RECEIVED if mark.mark == RECEIVED else TRIP_ENDED,
            from_at=mark.at,
            to_at=mark.at,
            place=mark.place,
            name=mark.place if place is None else place.name,
            edition=mark.jti,
            phone="" if place is None else place.phone,
            lonlat=lonlat if place is None else (place.lon, place.lat),
        )


def _others(connection: sa.Connection, record: PassRecord, *, at: datetime) -> tuple[PassRecord, ...]:
    """Return the passes of the same truck or persons that were valid since `LOOK_BACK`."""
    period = Window(at - LOOK_BACK, max(at, record.expires_at))
    persons = {(one["name"], one["id_tail"]) for one in record.crew}
    found = search_passes(connection, PassSearch(valid_within=period), at=at)
    return tuple(
        one
        for one in found
        if one.number != record.number
        and (one.plate == record.plate or persons & {(each["name"], each["id_tail"]) for each in one.crew})
    )
