"""Files of the register for others: the ministry's report, feeds of what is approved, tables and GIS layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, render_template
from flask_babel import lazy_gettext as _l

from geodata.errors import BadInputError
from web.closure_exchange import CIFS, GEOJSON, GPKG, REPORT, TABLE, WZDX, ExportSource, export_bytes
from web.shell.access import allow
from web.shell.navigation import ROADS, Entry
from web.site import reading, site

pages = Blueprint("closure_files", __name__)
NAVIGATION: Final = (
    Entry(
        "closure_files.overview",
        _l("Reports and files"),
        _l("The blockage report, feeds of approved closures, and the register as tables and GIS layers."),
        order=72,
        group=ROADS,
    ),
)
#: Who reports and exchanges: transport department, headquarters, supervision.
READERS: Final = ("T", "HQ", "S")


@dataclass(frozen=True, slots=True)
class _File:
    """One file that can be fetched: its format, its ending and what browsers call its kind."""

    format: str
    ending: str
    mimetype: str


_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: Final[Mapping[str, _File]] = MappingProxyType(
    {
        "report.xlsx": _File(REPORT, ".xlsx", _SHEET),
        "report.csv": _File(REPORT, ".csv", "text/csv"),
        "wzdx.geojson": _File(WZDX, ".geojson", "application/geo+json"),
        "cifs.json": _File(CIFS, ".json", "application/json"),
        "closures.geojson": _File(GEOJSON, ".geojson", "application/geo+json"),
        "closures.gpkg": _File(GPKG, ".gpkg", "application/geopackage+sqlite3"),
        "closures.csv": _File(TABLE, ".csv", "text/csv"),
        "closures.xlsx": _File(TABLE, ".xlsx", _SHEET),
    }
)


@pages.get("/closures/files")
@allow(*READERS)
def overview() -> str:
    """Show which blockages must be reported now, and every file that can be fetched."""
    from passes.exchange.blockage_report import REPORTED_AFTER, report_rows

    at = site().now()
    with reading() as connection:
        source = ExportSource.of(connection, site().county, at=at)
    rows = report_rows(source.closures, source.county, at=at, requested=source.requested)
    must = [row for row in rows if row.must_be_reported]
    hours = {road_class.value: round(most.total_seconds() / 3600) for road_class, most in REPORTED_AFTER.items()}
    return render_template("closures/files.html", must=must, count=len(rows), at=at, hours=hours)


@pages.get("/closures/files/<name>")
@allow(*READERS)
def fetch(name: str) -> Response:
    """Hand out one file, made of the register as it is now.

    Raises
    ------
    BadInputError
        `closure-file-unknown`.
    """
    wanted = FILES.get(name)
    if wanted is None:
        raise BadInputError("closure-file-unknown", name, name=name)
    at = site().now()
    with reading() as connection:
        source = ExportSource.of(connection, site().county, at=at)
    made = export_bytes(wanted.format, wanted.ending, source)
    county, stem = site().county.settings, name.rpartition(".")[0]
    saved = f"{county.area_code}-{stem}-{at.astimezone(county.timezone):%Y%m%d-%H%M}{wanted.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{saved}"', "Cache-Control": "no-store"}
    return Response(made.data, mimetype=wanted.mimetype, headers=headers)
