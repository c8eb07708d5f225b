"""Report a blocked road: snap the place to a road, find the case it belongs to, and add the sighting to it.

A driver's word makes a blockage credible (K7), so that new routes avoid it at once; it makes no closure, and no report
ever approves or closes anything. A report of the same barrier is one more sighting of the same case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.areas import township_at
from geodata.closures.closure import BARRIERS, OBSERVERS, Closure, Observation
from geodata.closures.near import barrier_span, case_of_sighting
from geodata.closures.register import import_closures, list_closures
from geodata.closures.sightings import BLOCKED
from geodata.county import County
from geodata.errors import BadInputError
from geodata.snapping import RoadPoint
from geodata.store import raise_counter
from passes.reports.road_report_register import KeptReport, add_report, count_reports

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Farther from every road than this, the reporter is asked once more.
ASK_BEYOND_M: Final = 200.0
#: One reporter may send so many reports within a day.
MOST_A_DAY: Final = 20
LONGEST_NOTE: Final = 500
_DAY: Final = timedelta(hours=24)
_CASE_SERIAL: Final = "blockage_serial"


@dataclass(frozen=True, slots=True)
class RoadReport:
    """What somebody says about a blocked road.

    Attributes
    ----------
    at
        When it was seen.
    source
        One of `OBSERVERS`: "driver", "checkpoint", "township" or "inspection".
    reporter
        Pass number, id of the checkpoint, or name of the township.
    barrier
        One of `BARRIERS`.
    photo
        Digest of a kept photo, "" where there is none.
    is_sure
        The reporter was asked about a place far from any road and stays with it.
    """

    at: datetime
    source: str
    reporter: str
    lon: float
    lat: float
    barrier: str
    photo: str = ""
    note: str = ""
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class FiledReport:
    """What became of a report.

    Attributes
    ----------
    kept
        The report, with the case it was counted to.
    is_new_case
        Nobody had reported this barrier before, and no closure in force is registered there.
    is_registered
        The case is a registered closure, which somebody asked for; not a bare blockage.
    """

    kept: KeptReport
    is_new_case: bool
    is_registered: bool


def file_report(connection: sa.Connection, report: RoadReport, county: County, *, at: datetime) -> FiledReport:
    """Take a report into the register of closures and blockages, within the caller's transaction (L9, K7).

    Raises
    ------
    BadInputError
        `report-barrier-unknown`, `report-source-unknown`, `report-note-too-long`, `report-too-many`;
        `position-not-a-number`, `position-far-from-road` beyond 2,000 m; `report-far-from-road` beyond 200 m unless
        the reporter is sure.
    """
    _check(connection, report, at)
    index = county.road_index
    everywhere = np.ones(county.network.road_count, dtype=np.bool_)
    point = index.snap(report.lon, report.lat, usable=everywhere, where="position")
    if point.distance_m > ASK_BEYOND_M and not report.is_sure:
        facts = {"distance_m": round(point.distance_m), "ask_m": round(ASK_BEYOND_M), "road": _name_of(point, county)}
        raise BadInputError("report-far-from-road", "position", **facts)
    case = case_of_sighting(list_closures(connection), index, point, at=report.at)
    seen = Observation(report.at, BLOCKED, report.source, report.barrier, report.photo)
    sighting = Closure(
        id=new_case_id(connection) if case is None else case.id,
        version=1,
        extent=(barrier_span(point, county.network),),
        window=None,
        observations=(seen,),
    )
    import_closures(connection, [sighting], at)
    kept = add_report(connection, _row(report, sighting.id, point, county, at=at))
    return FiledReport(kept, case is None, case is not None and not case.is_blockage_only)


def _check(connection: sa.Connection, report: RoadReport, at: datetime) -> None:
    if report.barrier not in BARRIERS:
        raise BadInputError("report-barrier-unknown", "barrier", value=report.barrier, choices=list(BARRIERS))
    if report.source not in OBSERVERS:
        raise BadInputError("report-source-unknown", "source", value=report.source, choices=list(OBSERVERS))
    if len(report.note) > LONGEST_NOTE:
        raise BadInputError("report-note-too-long", "note", most=LONGEST_NOTE)
    sent = count_reports(connection, source=report.source, reporter=report.reporter, since=at - _DAY)
    if sent >= MOST_A_DAY:
        raise BadInputError("report-too-many", "", most=MOST_A_DAY)


def new_case_id(connection: sa.Connection) -> str:
    """Return the id of a blockage that nobody reported before."""
    return f"blockage-{raise_counter(connection, _CASE_SERIAL):06d}"


def _name_of(point: RoadPoint, county: County) -> str:
    network = county.network
    return str(network.name[point.road]) or str(network.ref[point.road]) or str(network.road_id[point.road])


def _row(report: RoadReport, case_id: str, point: RoadPoint, county: County, *, at: datetime) -> dict[str, object]:
    return {
        "case_id": case_id,
        "observed_at": report.at,
        "received_at": at,
        "source": report.source,
        "reporter": report.reporter,
        "lon": report.lon,
        "lat": report.lat,
        "road_id": str(county.network.road_id[point.road]),
        "offset_m": point.offset_m,
        "distance_m": point.distance_m,
        "township": township_at(county.areas, point.lon, point.lat),
        "barrier": report.barrier,
        "photo": report.photo,
        "note": report.note,
    }
