"""Roads of every class, each on its own row, and short ways to say a closure about them.

x  expressway   ────────── 2.8 km each, west to east, a kilometre or two apart
n  national     ──────────
p  provincial   ──────────   `c` goes on as `c+`: one line over two roads
c  county       ──────────────────── c+
t  township     ──────────
v  village      ──────────
s  street       ──────────
k  track        ──────────
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType

from geodata.areas import Area
from geodata.closures.closure import Closure, Decision, Direction, Observation, RoadSpan
from geodata.county import County
from geodata.county_settings import CountySettings, read_settings
from geodata.network import Network
from geodata.places import Place, Places
from geodata.policy_reading import profile_text, read_policy
from geodata.road_classes import ROAD_CLASSES
from tests.networks import Road, make_network

LENGTH_M = 2800.0
WEST, EAST, FAR_EAST = 113.0, 113.03, 113.06
ROWS = dict(zip("xnpctvsk", range(8), strict=True))
#: Eight in the morning of the plan's day, on the county's clock.
EIGHT = datetime(2022, 6, 22, 8, 0, tzinfo=timezone(timedelta(hours=8)))
NOON = EIGHT + timedelta(hours=4)
HQ, UPPER, POLICE, TRANSPORT = "epidemic_hq", "upper_hq", "road_police", "transport"


def hours(count: float) -> datetime:
    """The time so many hours after eight."""
    return EIGHT + timedelta(hours=count)


def latitude(road_id: str) -> float:
    """Where a road's row lies."""
    return 33.0 + 0.02 * ROWS[road_id[0]]


def class_network():
    """One road of every class, and `c+` which continues `c`."""
    roads, at = [], {}
    for road_id, row in ROWS.items():
        at[f"w{row}"], at[f"e{row}"] = (WEST, latitude(road_id)), (EAST, latitude(road_id))
        roads.append(Road(road_id, f"w{row}", f"e{row}", LENGTH_M, ROAD_CLASSES[row], name=f"{road_id}路"))
    at["end"] = (FAR_EAST, latitude("c"))
    roads.append(Road("c+", f"e{ROWS['c']}", "end", LENGTH_M, ROAD_CLASSES[ROWS["c"]]))
    return make_network(roads, at)


def settings(profile: str = "fangcheng-2022", **changes: object) -> CountySettings:
    """Settings with a shipped profile; `changes` replace values of [hard_isolation] or [checks]."""
    document = tomllib.loads(profile_text(profile))
    for key, value in changes.items():
        table = "hard_isolation" if key == "rule" else "checks"
        document.setdefault(table, {})[key] = value
    return read_settings({"area_code": "411322", **document}, where="county.toml")


def both_regimes() -> CountySettings:
    """The county's own regime, and the animal-disease one beside it."""
    other = read_policy(tomllib.loads(profile_text("animal-disease")), where="regimes/asf.toml")
    document = tomllib.loads(profile_text("fangcheng-2022"))
    return read_settings({"area_code": "411322", **document}, where="county.toml", further=(other,))


def county_of(
    network: Network, regime: CountySettings | None = None, *, places: Iterable[Place] = (), areas: Iterable[Area] = ()
) -> County:
    """A county without a folder: roads, rules, places and areas."""
    county = County(Path("nowhere"), regime or settings())
    known = Places(MappingProxyType({one.id: one for one in places}))
    county.__dict__.update(network=network, places=known, areas=tuple(areas), township_plans=())
    return county


def span(road_id: str, from_m: float = 0.0, to_m: float = LENGTH_M, way: Direction = Direction.BOTH) -> RoadSpan:
    """Part of a road."""
    return RoadSpan(road_id, way, from_m, to_m)


def says(authority: str, decision: str = "approved", *, at: datetime | None = None, **more: object) -> Decision:
    """A written decision, an hour before eight unless said otherwise."""
    known = {"form": "written", "document_no": "方疫指〔2022〕12号", **more}
    return Decision(authority, decision, decided_at=at or hours(-1), **known)


def sees(state: str, at: datetime, source: str = "inspection", barrier: str = "") -> Observation:
    """What somebody saw."""
    return Observation(at, state, source, barrier)


def closed(*roads: str | RoadSpan, decisions=(), observations=(), **more: object) -> Closure:
    """A closure from eight in the morning for ten hours, of a county road unless said otherwise."""
    from geodata.windows import Window

    extent = tuple(span(one) if isinstance(one, str) else one for one in roads or ("c",))
    window = Window(more.pop("start", EIGHT), more.pop("end", hours(10)))
    base = Closure("z1", 1, extent, window, cause="epidemic", requested_by="杨集乡")
    return replace(base, decisions=tuple(decisions), observations=tuple(observations), **more)


def blocked(*roads: str | RoadSpan, observations=(), id: str = "b1") -> Closure:  # noqa: A002 - the file's word
    """A blockage that nobody registered."""
    extent = tuple(span(one) if isinstance(one, str) else one for one in roads or ("c",))
    return Closure(id, 1, extent, None, observations=tuple(observations))


def line(road_id: str, start: float = 0.0, end: float = 1.0, *, north_m: float = 0.0) -> dict[str, object]:
    """A GeoJSON line along a part of a road's row, in shares of its length."""
    lat = latitude(road_id) + north_m / 111_195.0
    xs = [WEST + (EAST - WEST) * share for share in (start, (start + end) / 2, end)]
    return {"type": "LineString", "coordinates": [[round(x, 7), round(lat, 7)] for x in xs]}


def feature(geometry: object = None, **properties: object) -> dict[str, object]:
    """A closure feature; what is not said is as `closed` has it."""
    known = {
        "id": "z1",
        "start": "2022-06-22T08:00:00+08:00",
        "end": "2022-06-22T18:00:00+08:00",
        "requested_by": "杨集乡",
        **properties,
    }
    known = {key: value for key, value in known.items() if value is not ...}
    return {"type": "Feature", "properties": known, "geometry": geometry}


def utc(instant: datetime) -> str:
    """An instant as facts write it."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
