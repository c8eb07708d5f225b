"""`baotong county update`: bring a newer map into use, closures, passes and places with it, or go back to an older."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.coordinates import COORDINATE_SYSTEMS
from geodata.county_building import SourceFiles
from geodata.errors import BadInputError
from web.answer import answer
from web.options import session_options
from web.session import Session

if TYPE_CHECKING:
    from geodata.closures.map_matching import Misfit
    from web.map_update import MapUpdate

_FILE = click.Path(path_type=Path)


@click.command("update", help="Bring a newer map of the county DIR into use. / 更换为新版路网。")
@click.argument("folder", metavar="[DIR]", type=_FILE, required=False)
@click.option("--osm", type=_FILE, help=".osm.pbf, .osm.gz, .osm.bz2, .osm. / 道路文件。")
@click.option("--roads", type=_FILE, help="GIS file of roads: GeoPackage, Shapefile, GeoJSON. / 道路 GIS 文件。")
@click.option("--columns", type=_FILE, help="TOML: which column of --roads holds what. / 字段对应表。")
@click.option("--crs", type=click.Choice(COORDINATE_SYSTEMS), default="wgs84", help="Of --roads. / 坐标系。")
@click.option("--edition", default="", help="Go back to a map that the county keeps. / 换回保留的旧版。")
@click.option("--dry-run", is_flag=True, help="Only tell what would change. / 只列出变化，不更换。")
@session_options
def update(session: Session, folder: Path | None, *, edition: str, dry_run: bool, **said: Any) -> None:
    """Bring a newer map into use, or only tell what that would do."""
    from web.map_update import read_kept_map, read_new_map, update_map

    session = session if folder is None else replace(session, county_dir=folder)
    session.store  # noqa: B018 - the county is whole before it is read
    county = session.county
    if edition and (said["osm"] or said["roads"]):
        raise BadInputError("road-source-not-one", "--osm, --roads, --edition")
    session.tell_progress("正在读取新版路网……", "Reading the newer map ...")
    new = read_kept_map(county, edition) if edition else read_new_map(county, SourceFiles(**said))
    session.tell_progress(
        "正在把道路关闭、通行证和地点对应到新版路网……", "Putting closures, passes and places onto it ..."
    )
    done = update_map(session, new, dry_run=dry_run)
    payload = {
        "ok": True,
        "dry_run": dry_run,
        "edition": {"before": done.before, "after": done.after},
        "closures": _closures(done),
        "passes": _passes(done),
        "channels": _channels(done),
        "places": {"added": done.places.added, "farther": [dict(one) for one in done.places.farther]},
        "repaired": list(done.report.get("repaired", [])),
        "dropped": list(done.report.get("dropped", [])),
    }
    answer(session, payload, "\n".join(_lines(done, session, dry_run)))


def _misfits(misfits: tuple[Misfit, ...]) -> list[dict[str, Any]]:
    from geodata.closures.rematch_register import misfit_row

    return [misfit_row(one) for one in misfits]


def _closures(done: MapUpdate) -> dict[str, Any]:
    changed = done.records.closures.changed
    rows = [{"id": one.closure_id, "version": one.version, "distance_m": one.distance_m} for one in changed]
    misfits = [{"id": one.closure_id, "roads": _misfits(one.misfits)} for one in changed if one.misfits]
    return {"unchanged": done.records.closures.unchanged, "rematched": rows, "misfits": misfits}


def _passes(done: MapUpdate) -> dict[str, Any]:
    changed = done.records.passes.changed
    rows = [{"number": one.number, "jti": one.jti, "distance_m": one.distance_m} for one in changed]
    misfits = [{"number": one.number, "roads": _misfits(one.misfits)} for one in changed if one.misfits]
    return {"unchanged": done.records.passes.unchanged, "rematched": rows, "misfits": misfits}


def _channels(done: MapUpdate) -> dict[str, Any]:
    changed = done.records.channels.changed
    rows = [{"hub": one.hub, "distance_m": one.distance_m} for one in changed]
    misfits = [{"hub": one.hub, "roads": _misfits(one.misfits)} for one in changed if one.misfits]
    return {"unchanged": done.records.channels.unchanged, "rematched": rows, "misfits": misfits}


def _lines(done: MapUpdate, session: Session, dry_run: bool) -> list[str]:
    """Return what changed, and one line for everything that fits no more."""
    from web.messages import error_wording

    say = session.say
    lines = [
        say(f"如更换，路网 {done.before} → {done.after}", f"Would change the map {done.before} to {done.after}")
        if dry_run
        else say(f"路网已更换：{done.before} → {done.after}", f"The map was changed: {done.before} to {done.after}")
    ]
    records = done.records
    for fits, (zh, en) in (
        (records.closures, ("道路关闭", "Closures")),
        (records.passes, ("通行证", "Passes")),
        (records.channels, ("绿色通道", "Green channels")),
    ):
        farthest = max((one.distance_m for one in fits.changed), default=0.0)
        lines.append(
            say(
                f"{zh}：不变 {fits.unchanged}，重新对应 {len(fits.changed)}（最远 {farthest} 米）",
                f"{en}: {fits.unchanged} unchanged, {len(fits.changed)} put onto it again (at most {farthest} m away)",
            )
        )
    named = [(one.closure_id, one.misfits) for one in records.closures.changed]
    named += [(one.number, one.misfits) for one in records.passes.changed]
    named += [(one.hub, one.misfits) for one in records.channels.changed]
    for name, misfits in named:
        for one in misfits:
            sides = dict(zip(("road_ids", "other_road_ids"), one.between, strict=False))
            why = error_wording(one.code).text(session.lang, {"distance_m": one.distance_m, **sides})
            metres = "" if one.distance_m is None else f", {one.distance_m} m"
            lines.append(
                say(
                    f"- {name} 对不上：{one.span.road_id}{metres}：{why}",
                    f"- {name} fits no more: {one.span.road_id}{metres}: {why}",
                )
            )
    lines.append(say(f"地点：新增 {done.places.added}", f"Places: {done.places.added} added"))
    for row in done.places.farther:
        lines.append(
            say(
                f"- {row['name']} 离道路 {row['distance_m']} 米（原 {row['before_m']} 米）",
                f"- {row['name']} is {row['distance_m']} m from the roads (was {row['before_m']} m)",
            )
        )
    if not dry_run:
        lines.append(
            say(
                f"旧版仍保留，可用 county update --edition {done.before} 换回；正在运行的 serve 会自行改用新版",
                f"The old map is kept: county update --edition {done.before} goes back. "
                "A running serve takes the new one by itself.",
            )
        )
    return lines
