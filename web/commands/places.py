"""`baotong places|areas|townships import`: merge a file into the county, by id or by township."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geodata.coordinates import COORDINATE_SYSTEMS
from web.answer import answer
from web.options import session_options
from web.session import Session

if TYPE_CHECKING:
    from geodata.feature_files import ImportCounts

_FILE = click.Path(path_type=Path)


def _answer_counts(session: Session, counts: ImportCounts) -> None:
    created, changed, unchanged = counts.created, counts.changed, counts.unchanged
    payload = {"ok": True, "created": created, "changed": changed, "unchanged": unchanged, "errors": []}
    text = session.say(
        f"新增 {created} 条，改动 {changed} 条，未变 {unchanged} 条",
        f"{created} created, {changed} changed, {unchanged} unchanged",
    )
    answer(session, payload, text)


@click.command("import", help="Merge places from a GeoJSON FILE, by id. / 导入地点。")
@click.argument("file", type=_FILE)
@click.option("--crs", type=click.Choice(COORDINATE_SYSTEMS), default="wgs84", help="Of the file. / 坐标系。")
@session_options
def import_places(session: Session, file: Path, crs: str) -> None:
    """Merge places from a GeoJSON FILE, by id: all rows or none."""
    from geodata.feature_files import import_places as merge

    _answer_counts(session, merge(session.county, file, crs=crs))


@click.command("import", help="Merge areas from a GeoJSON FILE, by id. / 导入区域。")
@click.argument("file", type=_FILE)
@click.option("--crs", type=click.Choice(COORDINATE_SYSTEMS), default="wgs84", help="Of the file. / 坐标系。")
@session_options
def import_areas(session: Session, file: Path, crs: str) -> None:
    """Merge areas from a GeoJSON FILE, by id: all rows or none."""
    from geodata.feature_files import import_areas as merge

    _answer_counts(session, merge(session.county, file, crs=crs))


@click.command("import", help="Merge township plans and reserves from a JSON FILE. / 导入乡镇预案与储备运力。")
@click.argument("file", type=_FILE)
@session_options
def import_townships(session: Session, file: Path) -> None:
    """Merge rows {township, plan, reserve} by township: all rows or none."""
    from geodata.feature_files import import_township_plans as merge

    _answer_counts(session, merge(session.county, file))
