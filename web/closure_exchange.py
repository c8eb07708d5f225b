"""Write the register for others: closure file, GIS layer, table, the ministry's report, WZDx and CIFS feeds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from geodata.errors import BadInputError
from web.wording import barriers, blockage_report

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.closures.closure import Closure
    from geodata.county import County
    from passes.exchange.blockage_report import ReportRow

GEOJSON: Final = "geojson"
GPKG: Final = "gpkg"
TABLE: Final = "table"
REPORT: Final = "report"
WZDX: Final = "wzdx"
CIFS: Final = "cifs"
#: Endings that each format may be written to; of a file whose format is not said, the first format with its ending.
ENDINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        GEOJSON: (".geojson", ".json"),
        GPKG: (".gpkg",),
        TABLE: (".csv", ".xlsx"),
        REPORT: (".xlsx", ".csv"),
        WZDX: (".geojson", ".json"),
        CIFS: (".json",),
    }
)
FORMATS: Final = tuple(ENDINGS)


@dataclass(frozen=True, slots=True)
class ExportSource:
    """What is written: the register's closures as they are at an instant.

    Attributes
    ----------
    requested
        Ids of closures that came as requests: until they are approved or seen they stand on paper only.
    """

    county: County
    closures: tuple[Closure, ...]
    requested: frozenset[str]
    at: datetime

    @classmethod
    def of(cls, connection: sa.Connection, county: County, *, at: datetime) -> ExportSource:
        """Read the register within a transaction."""
        from geodata.closures.filings_register import requested_ids
        from geodata.closures.register import list_closures

        return cls(county, list_closures(connection), requested_ids(connection), at)

    def features(self) -> list[dict[str, Any]]:
        """Return the closures as features of the closure file."""
        from geodata.closures.features import closure_feature

        return [closure_feature(one, self.county.network) for one in self.closures]


@dataclass(frozen=True, slots=True)
class Exported:
    """A file as it is written: how many records it holds, and of the report how many must be sent."""

    data: bytes
    count: int
    must_be_reported: int | None = None


def format_of(path: Path, said: str | None) -> str:
    """Return the format of a file: as said, else by its name's ending.

    Raises
    ------
    BadInputError
        `export-format-unknown`, or `export-ending-other` where the format is not written to such a file.
    """
    ending = path.suffix.lower()
    if said is None:
        found = next((one for one, endings in ENDINGS.items() if ending in endings), None)
        if found is None:
            choices = sorted({one for endings in ENDINGS.values() for one in endings})
            raise BadInputError("export-format-unknown", str(path), ending=ending or "-", choices=choices)
        return found
    if ending not in ENDINGS[said]:
        raise BadInputError("export-ending-other", str(path), format=said, ending=ending or "-", choices=ENDINGS[said])
    return said


def write_export(path: Path, chosen: str, source: ExportSource) -> Exported:
    """Write the register's closures in a format, whole or not at all.

    Raises
    ------
    BadInputError
        What cannot be written in the format.
    SurroundingsError
        `disk-write-failed`; an older file is untouched.
    """
    from geodata.geojson import write_whole

    if chosen == GPKG:
        from geodata.exchange.gis_layer import write_gis_layer

        write_gis_layer(path, source.features())
        return Exported(b"", len(source.closures))
    made = export_bytes(chosen, path.suffix.lower(), source)
    write_whole(path, made.data)
    return made


def export_bytes(chosen: str, ending: str, source: ExportSource) -> Exported:
    """Return the file of a format."""
    if chosen == GPKG:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "closures.gpkg"
            made = write_export(path, GPKG, source)
            return Exported(path.read_bytes(), made.count)
    if chosen in (WZDX, CIFS):
        return _feed(chosen, source)
    if chosen == REPORT:
        return _report(ending, source)
    from passes.exchange.closure_tables import closure_table

    features = source.features()
    if chosen == TABLE:
        return Exported(closure_table(features, ending), len(features))
    return Exported(_json({"type": "FeatureCollection", "features": features}), len(features))


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _feed(chosen: str, source: ExportSource) -> Exported:
    from geodata.exchange.cifs import cifs_feed
    from geodata.exchange.published import published_parts
    from geodata.exchange.wzdx import wzdx_feed

    settings, network = source.county.settings, source.county.network
    parts = published_parts(source.closures, settings, network, at=source.at)
    feed = (wzdx_feed if chosen == WZDX else cifs_feed)(parts, settings, network, at=source.at)
    return Exported(_json(feed), len(parts))


def _report(ending: str, source: ExportSource) -> Exported:
    from passes.exchange.blockage_report import report_rows
    from passes.exchange.closure_tables import table_bytes

    rows = report_rows(source.closures, source.county, at=source.at, requested=source.requested)
    table = [blockage_report.TITLES, *_report_lines(rows, source.county, source.at)]
    must = sum(row.must_be_reported for row in rows)
    return Exported(table_bytes(table, ending, title="阻断信息报送"), len(rows), must)


def _report_lines(rows: Iterable[ReportRow], county: County, at: datetime) -> Iterator[list[object]]:
    words, zone = blockage_report, county.settings.timezone

    def local(instant: datetime | None) -> str:
        return "" if instant is None else instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    for number, row in enumerate(rows, start=1):
        names, numbers = _approval_words(row, county)
        barrier = barriers.BARRIER_NAMES.get(row.barrier)
        yield [
            number,
            words.MUST if row.must_be_reported else words.MAY,
            row.closure_id,
            row.ref,
            row.name,
            words.CLASSES[row.road_class.value],
            *(f"{lon:.6f},{lat:.6f}" for lon, lat in (row.start_spot, row.end_spot)),
            "",
            round(row.length_m / 1000, 3),
            "、".join(words.DIRECTIONS[one] for one in row.directions),
            county.settings.name + "、".join(row.townships),
            row.unit,
            words.PLANNED if row.is_planned else words.SUDDEN,
            words.CAUSES.get(row.cause) or county.settings.policy_for(row.cause).regime.name,
            row.reason,
            "" if barrier is None else barrier.zh,
            words.PHYSICAL[row.physical],
            _measure(row),
            local(row.started_at),
            words.UNTIL_FURTHER_NOTICE if row.expected_end is None else local(row.expected_end),
            local(row.reopened_at),
            names,
            numbers,
            "",
            county.settings.name,
            local(at),
        ]


def _measure(row: ReportRow) -> str:
    if row.reopened_at is not None:
        return blockage_report.REOPENED
    return blockage_report.PASSES_GO_THROUGH if row.lets_pass_holders_through else blockage_report.CLOSED


def _approval_words(row: ReportRow, county: County) -> tuple[str, str]:
    """Return who approved it and under which numbers; or that there is no approval on record."""
    if not row.orders:
        return blockage_report.NO_APPROVAL, ""
    policy = county.settings.policy_for(row.cause)
    bodies = [policy.authority(one.authority) for one in row.orders]
    names = [one.authority if body is None else body.name for one, body in zip(row.orders, bodies, strict=True)]
    numbers = [one.document_no or blockage_report.PAPER_TO_FOLLOW for one in row.orders]
    return "、".join(dict.fromkeys(names)), "、".join(dict.fromkeys(numbers))
