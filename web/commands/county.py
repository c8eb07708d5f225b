"""`baotong county new|check|export`: build a county folder from a road file, check it, write out its arcs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from geodata.coordinates import COORDINATE_SYSTEMS
from geodata.policy_reading import PROFILES
from web.answer import ExitCode, answer, finding_json, finding_lines
from web.county_text import report_lines
from web.options import session_options
from web.session import Session

_FOLDER = click.Path(path_type=Path)


def _with_folder(session: Session, folder: Path | None) -> Session:
    """Return the session of the folder that was named, else as it is."""
    return session if folder is None else replace(session, county_dir=folder)


_ROADS_HELP = "GIS file of roads: GeoPackage, Shapefile, GeoJSON. / 道路 GIS 文件。"


@click.command("new", help="Build the county folder DIR from a road file. / 由道路文件建立县文件夹。")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--osm", type=_FOLDER, help=".osm.pbf, .osm.gz, .osm.bz2, .osm. / 道路文件。")
@click.option("--roads", type=_FOLDER, help=_ROADS_HELP)
@click.option("--columns", type=_FOLDER, help="TOML: which column of --roads holds what. / 字段对应表。")
@click.option("--places", type=_FOLDER, help="GeoJSON of places. / 地点文件。")
@click.option("--areas", type=_FOLDER, help="GeoJSON of areas. / 区域文件。")
@click.option(
    "--crs", type=click.Choice(COORDINATE_SYSTEMS), default="wgs84", help="Of roads, places, areas. / 坐标系。"
)
@click.option("--name", default="", help="Name of the county; the folder's by default. / 县名。")
@click.option("--area-code", default="", help="Six digits. / 行政区划代码。")
@click.option("--timezone", default="Asia/Shanghai", show_default=True, help="Time zone. / 时区。")
@click.option("--public-url", default="http://127.0.0.1:8000", show_default=True, help="Of the passes. / 公开网址。")
@click.option("--country", default="CN", show_default=True, help="Chinese road numbers are read for CN. / 国家。")
@click.option("--profile", type=click.Choice(PROFILES), default=PROFILES[0], show_default=True, help="Regime. / 规则。")
@session_options
def new(session: Session, folder: Path, **said: Any) -> None:
    """Build the county folder DIR from an OpenStreetMap or GIS file."""
    from geodata.county_building import NewCounty, SourceFiles, build_county

    source = SourceFiles(**{key: said.pop(key) for key in ("osm", "places", "areas", "crs", "roads", "columns")})
    source.road_file  # noqa: B018 - a wrong choice of files is told before anything is read
    given = {key: value.strip() for key, value in said.items() if value.strip()}
    given["name"] = given.get("name") or folder.absolute().name
    given["country"] = given.get("country", "CN").upper()
    session.tell_progress("正在读取道路、地点和转向限制……", "Reading roads, places and turn restrictions ...")
    report = build_county(folder, source, NewCounty(**given))
    done = session.say(f"已建立 {folder}", f"{folder} is ready")
    answer(session, {"ok": True, "folder": str(folder), **report}, f"{done}\n{report_lines(report, session)}")


@click.command("check", help="Say what the county DIR holds and what does not fit. / 检查县文件夹。")
@click.argument("folder", metavar="[DIR]", type=_FOLDER, required=False)
@session_options
def check(session: Session, folder: Path | None) -> None:
    """Say what the county DIR holds and what does not fit; exit code 1 where something does not."""
    from geodata.county_check import check_county

    session = _with_folder(session, folder)
    county = session.county
    report, findings = check_county(county)
    words = county.settings.policy.words
    said = [finding_json(finding, session, words) | {"subject": finding.subject} for finding in findings]
    title = session.say(f"需要处理 {len(findings)} 处", f"{len(findings)} findings") if findings else ""
    fine = session.say("没有发现问题", "Nothing was found")
    text = f"{report_lines(report, session)}\n{title or fine}\n{finding_lines(findings, session, words)}".rstrip()
    code = ExitCode.RULE_SAYS_NO if findings else ExitCode.DONE
    answer(session, {"ok": not findings, **report, "findings": said}, text, code=code)


@click.command("export", help="Write the arcs that the router uses as CSV. / 导出路网。")
@click.argument("folder", metavar="[DIR]", type=_FOLDER, required=False)
@click.option("--out", required=True, type=_FOLDER, help="CSV file to write. / 输出文件。")
@click.option("--vehicle", default="car", show_default=True, help="car, truck or a file. / 车辆。")
@session_options
def export(session: Session, folder: Path | None, out: Path, vehicle: str) -> None:
    """Write the arcs that the router uses for a vehicle as CSV."""
    from geodata.roads_file import write_arcs
    from routing.vehicle_limits import arc_duration_ms, usable_arcs
    from web.vehicle_option import read_vehicle_option

    session = _with_folder(session, folder)
    network, settings = session.county.network, session.county.settings
    chosen = read_vehicle_option(vehicle, settings)
    arcs = write_arcs(
        network,
        out,
        usable=usable_arcs(network, chosen),
        duration_ms=arc_duration_ms(network, chosen, settings.speeds_kmh),
    )
    payload = {"ok": True, "file": str(out), "arcs": arcs, "roads": network.road_count, "network": network.digest}
    answer(session, payload, session.say(f"已写出 {arcs} 条弧段到 {out}", f"{arcs} arcs written to {out}"))
