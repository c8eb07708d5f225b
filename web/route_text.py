"""Say a route, or why there is none, to a person."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from routing.area_closings import PREFIX as AREA_PREFIX
from routing.engine import Engine
from routing.route import NoRoute
from web.messages import error_wording
from web.session import Session
from web.wording.routes import CLASSES

#: Names of roads shown of one closure.
NAMES_SHOWN: Final = 3


def length_text(metres: float) -> str:
    """Return a length as people say it: metres below a kilometre, else kilometres with one decimal."""
    return f"{metres:.0f} m" if metres < 999.5 else f"{metres / 1000:.1f} km"


def _road_name(road: Mapping[str, Any], session: Session) -> str:
    named = " ".join(part for part in (road["ref"], road["name"]) if part)
    return named or session.say(*CLASSES[road["class"]])


def route_text(session: Session, route: Mapping[str, Any], *, title: str) -> str:
    """Return the sums of a route and its roads in order, pieces of one road together."""
    minutes = round(route["duration_s"] / 60)
    km = length_text(route["distance_m"])
    lines = [session.say(f"{title}：{km}，约 {minutes} 分钟", f"{title}: {km}, about {minutes} min")]
    for name, roads in groupby(route["roads"], key=lambda road: _road_name(road, session)):
        lines.append(f"  {name}  {length_text(sum(road['length_m'] for road in roads))}")
    return "\n".join(lines)


def _closure_name(closure_id: str, session: Session, engine: Engine) -> str:
    """Return a closure's id with the names of the roads it closes, the first few; of an area its name."""
    if closure_id.startswith(AREA_PREFIX):
        area_id = closure_id.removeprefix(AREA_PREFIX)
        area = next((one.name for one in session.county.areas if one.id == area_id), area_id)
        return session.say(f"区域“{area}”", f"the area “{area}”")
    network = engine.network
    roads = [one.road for one in engine.closings if one.closure_id == closure_id]
    named = (" ".join(part for part in (str(network.ref[road]), str(network.name[road])) if part) for road in roads)
    names = list(dict.fromkeys(name for name in named if name))
    shown = session.say("、", ", ").join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")
    return f"{closure_id} ({shown})" if shown else closure_id


def no_route_text(session: Session, no_route: NoRoute, engine: Engine, *, origin: str, destination: str) -> str:
    """Say which closures cut the way, on which roads, and whether fewer might do."""
    wording = error_wording(no_route.code)
    facts = {
        "origin": origin,
        "destination": destination,
        "blocking": session.say("、", ", ").join(_closure_name(one, session, engine) for one in no_route.blocking),
    }
    lines = [wording.text(session.lang, facts), wording.remedy(session.lang, facts)]
    if not no_route.proven:
        lines.append(session.say("关闭较多，可能还有更少的组合", "There are many closures; a smaller set may exist"))
    return "\n".join(line for line in lines if line)
