"""`baotong critical`: which single roads must never be closed, chains of two, and the worst detours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from web.answer import answer
from web.options import instant_option, session_options
from web.session import Session

if TYPE_CHECKING:
    from passes.consequence.critical_roads import CriticalityQuestion

_FILE = click.Path(path_type=Path)
FORMATS: Final = (".csv", ".geojson")
_SHOWN: Final = 30


def _write(path: Path, question: CriticalityQuestion, most_detours: int) -> None:
    from geodata.geojson import write_features, write_whole
    from passes.consequence.critical_rows import criticality_features
    from web.critical_table import table_text

    if path.suffix.lower() == ".csv":
        write_whole(path, table_text(question).encode())
    else:
        write_features(path, criticality_features(question, most_detours=most_detours)["features"])


def _name(row: Mapping[str, Any]) -> str:
    return " ".join(one for one in (row["ref"], row["name"]) if one) or str(row["road_id"])


def _ways(session: Session, counts: Mapping[str, int]) -> str:
    words = {"in": ("进不去", "no way in"), "out": ("出不来", "no way out"), "both": ("进出都断", "no way in or out")}
    return session.say("、", ", ").join(f"{session.say(*words[way])} {n}" for way, n in counts.items() if n)


def _text(session: Session, found: Mapping[str, Any]) -> str:
    roads, chains, pairs, detours = found["roads"], found["chains"], found["pairs"], found["detours"]
    lines = [
        session.say(f"单独关闭就会断开地点的道路：{len(roads)} 条", f"Roads that alone cut places off: {len(roads)}")
    ]
    for row in roads[:_SHOWN]:
        places = session.say("、", ", ").join(one["name"] for one in row["places"][:5])
        people = session.say(f"{row['people']} 人", f"{row['people']} people")
        lines.append(f"  {_name(row)} [{row['road_id']}] {people} · {_ways(session, row['counts'])} · {places}")
    lines.append(session.say(f"两条同时关闭会断开地点的路串：{len(chains)} 串", f"Chains of roads: {len(chains)}"))
    for row in chains[:_SHOWN]:
        parts = [" ".join(row["groups"][0])]
        for places, group in zip(row["between"], row["groups"][1:], strict=True):
            parts += ["(" + session.say("、", ", ").join(one["name"] for one in places) + ")", " ".join(group)]
        lines.append("  " + " – ".join(parts))
    lines.append(session.say(f"此外的成对道路：{len(pairs)} 组", f"Further pairs of roads: {len(pairs)}"))
    for row in pairs[:_SHOWN]:
        names = session.say("、", ", ").join(one["name"] for one in row["places"][:5])
        lines.append(f"  {' '.join(row['one'])} + {' '.join(row['other'])} ({names})")
    lines.append(session.say("其余道路，绕行最长的：", "Of the others, the longest detours:"))
    lines += [
        f"  {_name(row)} [{row['road_id']}] {row['place']['name']} {row['before_min']} → {row['after_min']} min"
        for row in detours[:_SHOWN]
    ]
    if found["already_cut_off"]:
        names = session.say("、", ", ").join(one["name"] for one in found["already_cut_off"])
        lines.append(session.say(f"现在已经断开（不计入）：{names}", f"Cut off already, not counted: {names}"))
    return "\n".join(lines)


@click.command("critical", help="Which single roads must never be closed. / 哪些道路一关就断。")
@click.option("--vehicle", default="car", metavar="NAME|FILE", help="car, truck or a file. / 车型。")
@click.option("--without", multiple=True, metavar="PLACE", help="A hub that does not count. / 不计入的枢纽。")
@click.option("--detours", type=click.IntRange(0), default=50, show_default=True, help="So many. / 绕行条数。")
@click.option("--out", type=_FILE, metavar="FILE", help="Also write .csv or .geojson. / 另存表格或地图文件。")
@instant_option("--at")
@session_options
def critical(session: Session, *, vehicle: str, at: datetime, out: Path | None, **options: Any) -> None:
    """List the roads whose closure alone cuts places off from every hub, exactly and directed; closings count."""
    from web.live_engine import engine_of, tell_where_kernels_are_kept
    from web.vehicle_option import read_vehicle_option

    if out is not None and out.suffix.lower() not in FORMATS:
        raise click.BadParameter(" | ".join(FORMATS), param_hint="--out")
    tell_where_kernels_are_kept(session)
    from passes.consequence.critical_roads import ask_criticality
    from passes.consequence.critical_rows import criticality_rows

    county = session.county
    chosen = read_vehicle_option(vehicle, county.settings)
    without = [county.places.find(one, where="--without").id for one in options["without"]]
    with session.transaction(writes=False) as connection:
        closings = engine_of(connection, county, session=session).closings
    question = ask_criticality(county, closings, at=at, vehicle=chosen, without=without)
    if out is not None:
        _write(out, question, options["detours"])
    found = criticality_rows(question, most_detours=options["detours"])
    answer(session, {"ok": True, **found}, _text(session, found))
