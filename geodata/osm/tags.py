"""Read the tags of an OSM way: is it a road for motor vehicles, and if so of what class, for whom, how fast."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geodata.network import BRIDGE, TUNNEL
from geodata.osm.access import EVERYBODY, Oneway, access_bits, read_oneway, unknown_access
from geodata.osm.hazmat import refused_goods, unknown_hazmat
from geodata.osm.import_tally import ImportTally
from geodata.osm.limits import Limits, read_limits
from geodata.osm.measures import read_speed_kmh
from geodata.osm.road_refs import CHINA, CLASS_OF_HIGHWAY, class_of_road, read_ref
from geodata.road_classes import RoadClass

#: Values of `highway` that are no roads for motor vehicles unless a motor access tag opens them.
_PATHS: Final = frozenset(
    {
        "pedestrian",
        "footway",
        "path",
        "cycleway",
        "bridleway",
        "steps",
        "corridor",
        "platform",
        "busway",
        "bus_guideway",
    }
)
#: Values of `highway` for roads that cannot be driven on yet, or any more, with the code of the report.
NOT_THERE: Final = {
    "construction": "road-under-construction",
    **dict.fromkeys(("proposed", "planned"), "road-only-planned"),
    **dict.fromkeys(("abandoned", "disused", "razed", "demolished", "dismantled", "removed"), "road-abandoned"),
}
#: Further highway values that stand for something else than a road to drive on.
_OTHER_THINGS: Final = frozenset(
    {
        "raceway",
        "services",
        "rest_area",
        "elevator",
        "escape",
        "emergency_bay",
        "emergency_access_point",
        "via_ferrata",
        "bus_stop",
        "traffic_island",
        "crossing",
        "trailhead",
        "ladder",
        "no",
    }
)
#: Keys read of a way; each also with suffixes such as ":forward", ":hgv", ":conditional".
KEPT_KEYS: Final = frozenset(
    {
        "highway",
        "route",
        "area",
        "abandoned",
        "junction",
        "oneway",
        "access",
        "vehicle",
        "motor_vehicle",
        "motorcar",
        "goods",
        "hgv",
        "hazmat",
        "adr_tunnel_cat",
        "maxspeed",
        "maxweight",
        "maxweightrating",
        "maxgcweight",
        "maxheight",
        "maxwidth",
        "maxlength",
        "maxaxleload",
        "name",
        "ref",
        "bridge",
        "tunnel",
        "covered",
        "layer",
        "surface",
    }
)
LONGEST_NAME: Final = 100
LONGEST_WORD: Final = 40
_NO: Final = frozenset({"", "no", "false", "0"})


def why_no_road(tags: Mapping[str, str]) -> str:
    """Return why a way is no road for motor vehicles, as a code of the report's "dropped", or "" for a road."""
    highway = tags.get("highway", "")
    if not highway:
        return "ferry" if tags.get("route") == "ferry" else "not-a-road"
    if highway in NOT_THERE or tags.get("abandoned") == "yes":
        return NOT_THERE.get(highway, "road-abandoned")
    if tags.get("area") in {"yes", "true", "1"}:
        return "area"
    if highway in CLASS_OF_HIGHWAY:
        return ""
    if highway in _PATHS:
        return "" if access_bits({k: v for k, v in tags.items() if k != "access"}, default=0) else "path"
    return "not-a-road" if highway in _OTHER_THINGS else "highway-unknown"


@dataclass(frozen=True, slots=True)
class WayReading:
    """What the tags of a road say, for every piece of it; pairs are (forward, backward).

    Attributes
    ----------
    speed_kmh
        Signed limits, 0 where none gives a figure.
    access
        Bits of `ACCESS_BIT`; 0 is nobody.
    structure
        Bits BRIDGE and TUNNEL.
    refused_goods
        Bits of `GOODS_BIT`.
    """

    road_class: RoadClass
    name: str
    ref: str
    speed_kmh: tuple[float, float]
    access: tuple[int, int]
    limits: Limits
    structure: int
    layer: int
    surface: str
    refused_goods: tuple[int, int] = (0, 0)


def _read_access(way: str, tags: Mapping[str, str], tally: ImportTally) -> tuple[int, int]:
    """Return who may use the way in each direction, and count what was implied, closed or not understood."""
    oneway, is_read = read_oneway(tags)
    if not is_read:
        tally.drop("oneway-unreadable", f"{way} oneway={tags.get('oneway', '')}")
    if oneway is Oneway.NEITHER:
        tally.repair("oneway-reversible-closed", way)
    if "oneway" not in tags and tags.get("highway") == "motorway":
        tally.repair("motorway-without-oneway", way)
    if "oneway" not in tags and tags.get("highway") == "motorway_link":
        tally.repair("link-without-oneway-kept-two-way", way)
    unknown = unknown_access(tags)
    if unknown:
        tally.drop("access-unreadable", f"{way} {unknown}")
    default = 0 if tags["highway"] in _PATHS else EVERYBODY
    forward, backward = oneway.value
    return (
        access_bits(tags, default=default, suffix=":forward") if forward else 0,
        access_bits(tags, default=default, suffix=":backward") if backward else 0,
    )


def _read_speeds(way: str, tags: Mapping[str, str], tally: ImportTally) -> tuple[float, float]:
    speeds = []
    for suffix in (":forward", ":backward"):
        key = f"maxspeed{suffix}" if f"maxspeed{suffix}" in tags else "maxspeed"
        kmh = read_speed_kmh(tags[key]) if key in tags else 0.0
        if kmh is None and (key != "maxspeed" or suffix == ":forward"):
            tally.drop("speed-unreadable", f"{way} {key}={tags[key]}")
        speeds.append(kmh or 0.0)
    return speeds[0], speeds[1]


def _read_limits(way: str, tags: Mapping[str, str], tally: ImportTally) -> Limits:
    limits, unread = read_limits(tags)
    for fault in unread:
        tally.drop("limit-unreadable", f"{way} {fault}")
    return limits


def _read_goods(way: str, tags: Mapping[str, str], tally: ImportTally) -> tuple[int, int]:
    unknown = unknown_hazmat(tags)
    if unknown:
        tally.drop("hazmat-unreadable", f"{way} {unknown}")
    return refused_goods(tags, suffix=":forward"), refused_goods(tags, suffix=":backward")


def _count_conditions(way: str, tags: Mapping[str, str], tally: ImportTally) -> None:
    """Count tags that hold at certain hours or in certain weather: they are not used."""
    key = next((key for key in tags if key.endswith(":conditional")), "")
    if key:
        tally.drop("conditional-tag-ignored", f"{way} {key}={tags[key]}")


def _count_ref(way: str, tags: Mapping[str, str], tally: ImportTally) -> None:
    ref = tags.get("ref", "")
    if not ref:
        return
    reading = read_ref(ref)
    if not reading.is_read:
        tally.drop("ref-unreadable", f"{way} ref={ref}")
    elif not reading.is_clean:
        tally.repair("ref-in-unusual-form", f"{way} ref={ref}")


def _read_structure(tags: Mapping[str, str]) -> int:
    bridge = BRIDGE if tags.get("bridge", "") not in _NO else 0
    tunnel = TUNNEL if tags.get("tunnel", "") not in _NO or tags.get("covered") == "yes" else 0
    return bridge | tunnel


def _read_layer(way: str, tags: Mapping[str, str], tally: ImportTally) -> int:
    text = unicodedata.normalize("NFKC", tags.get("layer", "0")).strip()
    try:
        layer = int(text)
    except ValueError:
        layer = 99
    if abs(layer) > 20:
        tally.drop("layer-unreadable", f"{way} layer={tags['layer']}")
        return 0
    return layer


def read_way(way_id: int, tags: Mapping[str, str], *, country: str, tally: ImportTally) -> WayReading:
    """Read a road's tags; what is mended or ignored is counted in the tally.

    Parameters
    ----------
    country
        `[roads] country` of county.toml: Chinese road numbers are read for "CN" only.
    """
    way = f"way/{way_id}"
    _count_conditions(way, tags, tally)
    if country == CHINA:
        _count_ref(way, tags, tally)
    return WayReading(
        road_class=class_of_road(tags, country=country),
        name=(tags.get("name") or tags.get("name:zh") or tags.get("name:en") or "").strip()[:LONGEST_NAME],
        ref=tags.get("ref", "").strip()[:LONGEST_WORD],
        speed_kmh=_read_speeds(way, tags, tally),
        access=_read_access(way, tags, tally),
        limits=_read_limits(way, tags, tally),
        structure=_read_structure(tags),
        layer=_read_layer(way, tags, tally),
        surface=tags.get("surface", "").strip()[:LONGEST_WORD],
        refused_goods=_read_goods(way, tags, tally),
    )
