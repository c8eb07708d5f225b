"""Read an OpenStreetMap file (.osm.pbf, .osm.gz, .osm.bz2, .osm) in two passes: ways, then the nodes they need.

The format is told by the file's content, not by its name. Memory grows with the roads, not with the file.
"""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.osm.import_tally import ImportTally
from geodata.osm.tags import KEPT_KEYS, why_no_road

ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"
#: Tags that make a node or way worth keeping as a place.
PLACE_KEYS: Final = ("place", "amenity", "highway", "barrier")
PLACE_VALUES: Final[Mapping[str, frozenset[str]]] = {
    "place": frozenset({"city", "town", "village", "hamlet"}),
    "amenity": frozenset({"hospital", "fire_station"}),
    "highway": frozenset({"rest_area", "services"}),
    "barrier": frozenset({"toll_booth"}),
}
_PLACE_TAGS: Final = frozenset({"name", "name:zh", "name:en", "population", "phone", "operator", "opening_hours"})
_KINDS: Final = {"n": "node", "w": "way", "r": "relation"}
_SNIFFED_BYTES: Final = 4096
_TRUNCATED: Final = ("unexpected eof", "no element found", "unclosed token", "read close failed", "read failed: -7")


@dataclass(frozen=True, slots=True)
class OsmWay:
    """A way with the tags that count here."""

    id: int
    tags: Mapping[str, str]
    nodes: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OsmRestriction:
    """A turn restriction relation; members are (type "n" | "w" | "r", id, role)."""

    id: int
    tags: Mapping[str, str]
    members: tuple[tuple[str, int, str], ...]


@dataclass(slots=True)
class OsmExtract:
    """What one OSM file holds of roads and places.

    Attributes
    ----------
    ways
        Roads for motor vehicles, by id, each id once.
    outlines
        Ways that outline a place, such as a hospital.
    tagged_nodes
        Tags of barrier and place nodes.
    node_id : (n,) int64
        Nodes of the ways and the tagged nodes, sorted.
    node_lonlat : (n, 2) float64
    """

    ways: list[OsmWay] = field(default_factory=list)
    outlines: list[OsmWay] = field(default_factory=list)
    restrictions: list[OsmRestriction] = field(default_factory=list)
    tagged_nodes: dict[int, dict[str, str]] = field(default_factory=dict)
    node_id: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    node_lonlat: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2), dtype=np.float64))

    def index_of(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where these nodes stand in `node_id`, -1 for those the file does not hold."""
        if not len(self.node_id):
            return np.full(len(nodes), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.node_id, nodes), len(self.node_id) - 1)
        return np.where(self.node_id[at] == nodes, at, -1).astype(np.int64)


def _head(path: Path) -> tuple[str, bytes]:
    """Return the compression and the first bytes, unpacked as far as they go."""
    with path.open("rb") as file:
        raw = file.read(_SNIFFED_BYTES)
    if raw.startswith(b"\x1f\x8b"):
        return ".gz", _unpacked(lambda: gzip.open(path))
    if raw.startswith(b"BZh"):
        return ".bz2", _unpacked(lambda: bz2.open(path))
    return "", raw


def _unpacked(open_packed: Callable[[], Any]) -> bytes:
    try:
        with open_packed() as file:
            return bytes(file.read(_SNIFFED_BYTES))
    except EOFError:
        raise BadInputError("road-file-truncated", "") from None
    except (OSError, zlib.error):
        return b""


def file_format(path: Path) -> str:
    """Return the format of an OSM file as osmium names it: "pbf", "osm", "osm.gz" or "osm.bz2".

    Raises
    ------
    BadInputError
        `file-missing`, `road-file-truncated` (empty or cut in its first bytes) or `road-file-unreadable`.
    """
    if not path.exists():
        raise BadInputError("file-missing", str(path))
    try:
        packing, head = _head(path)
    except BadInputError as fault:
        raise BadInputError(fault.code, str(path), reason="unexpected end of file") from None
    except OSError as error:
        raise BadInputError("road-file-unreadable", str(path), reason=error.strerror or str(error)) from None
    if not head and not packing:
        raise BadInputError("road-file-truncated", str(path), reason="the file is empty")
    if re.search(rb"<osm[\s>]", head):
        return f"osm{packing}"
    if b"OSMHeader" in head[:64] and not packing:
        return "pbf"
    raise BadInputError("road-file-unreadable", str(path), reason="neither OSM XML nor OSM PBF")


def _objects(path: Path, file_type: str, *, entities: Any, filters: Iterable[Any]) -> Iterator[Any]:
    """Iterate over the objects of a file, turning osmium's faults into ours."""
    import osmium

    try:
        processor = osmium.FileProcessor(osmium.io.File(str(path), file_type), entities)
        for one in filters:
            processor = processor.with_filter(one)
        yield from processor
    except RuntimeError as error:
        reason = str(error)
        is_cut = any(sign in reason.lower() for sign in _TRUNCATED)
        code = "road-file-truncated" if is_cut else "road-file-unreadable"
        raise BadInputError(code, str(path), reason=reason) from None


def _kept(tags: Any, keys: frozenset[str]) -> dict[str, str]:
    return {tag.k: tag.v for tag in tags if tag.k in keys or tag.k.partition(":")[0] in keys}


def _is_place(tags: Any) -> bool:
    return any(tags.get(key) in values for key, values in PLACE_VALUES.items())


_NODE_KEYS: Final = frozenset(
    {*PLACE_KEYS, "access", "vehicle", "motor_vehicle", "motorcar", "goods", "hgv", "locked", "bollard"}
    | {"maxheight", "maxwidth", "maxweight", "hazmat"}
)


class _FirstPass:
    """Collects ways, restrictions and tagged nodes."""

    def __init__(self, extract: OsmExtract, tally: ImportTally) -> None:
        self.extract = extract
        self.tally = tally
        self.ways: dict[int, OsmWay] = {}

    def take(self, one: Any) -> None:
        if not one.visible:
            return
        if one.is_node():
            self.take_node(one)
        elif one.is_way():
            self.take_way(one)
        elif one.is_relation():
            self.take_relation(one)

    def take_node(self, node: Any) -> None:
        if "barrier" in node.tags or _is_place(node.tags):
            self.extract.tagged_nodes[node.id] = _kept(node.tags, _NODE_KEYS | _PLACE_TAGS)

    def take_way(self, way: Any) -> None:
        nodes = np.fromiter((node.ref for node in way.nodes), dtype=np.int64, count=len(way.nodes))
        tags = _kept(way.tags, KEPT_KEYS)
        reason = why_no_road(tags)
        if reason:
            if _is_place(way.tags):
                self.extract.outlines.append(OsmWay(way.id, _kept(way.tags, _NODE_KEYS | _PLACE_TAGS), nodes))
            elif "highway" in tags or reason == "ferry":
                self.tally.drop(reason, f"way/{way.id} highway={tags.get('highway', '')}".removesuffix(" highway="))
            return
        if way.id in self.ways:
            self.tally.drop("way-twice", f"way/{way.id}")
        self.ways[way.id] = OsmWay(way.id, tags, nodes)

    def take_relation(self, relation: Any) -> None:
        if relation.tags.get("type") == "restriction":
            members = tuple((one.type, one.ref, one.role) for one in relation.members)
            tags = {tag.k: tag.v for tag in relation.tags}
            self.extract.restrictions.append(OsmRestriction(relation.id, tags, members))


def _read_nodes(path: Path, file_type: str, extract: OsmExtract, tally: ImportTally) -> None:
    """Fill in the positions of every node that a way or a tag needs."""
    import osmium

    # Osmium's own id filter would take a gigabyte for the widely spread ids of a county, and knows no negative ids.
    needed = set(extract.tagged_nodes)
    for way in (*extract.ways, *extract.outlines):
        needed.update(way.nodes.tolist())
    ids, lonlat = array("q"), array("d")
    for node in _objects(path, file_type, entities=osmium.osm.NODE, filters=()):
        if node.id in needed and node.visible:
            if node.location.valid():
                ids.append(node.id)
                lonlat.extend((node.lon, node.lat))
            else:
                tally.drop("node-without-position", f"node/{node.id}")
    # Of a node that comes twice the later version counts.
    node_id = np.frombuffer(ids, dtype=np.int64)
    unique, last = np.unique(node_id[::-1], return_index=True)
    extract.node_id = unique
    extract.node_lonlat = np.frombuffer(lonlat, dtype=np.float64).reshape(-1, 2)[::-1][last]


def read_osm_file(path: Path, tally: ImportTally) -> OsmExtract:
    """Read the roads, places, barriers and turn restrictions of an OSM file.

    Raises
    ------
    BadInputError
        `file-missing`, `road-file-truncated`, `road-file-unreadable`, or `road-file-without-roads`.
    """
    import osmium

    file_type = file_format(path)
    extract = OsmExtract()
    first = _FirstPass(extract, tally)
    keys = osmium.filter.KeyFilter("highway", "route", "type", "place", "amenity", "barrier")
    for one in _objects(path, file_type, entities=osmium.osm.ALL, filters=[keys]):
        try:
            first.take(one)
        except UnicodeDecodeError as error:
            # Osmium cannot step over such a tag; in an XML file its parser refuses it likewise.
            place = f"{path}: {_KINDS[one.type_str()]}/{one.id}"
            raise BadInputError("road-file-unreadable", place, reason=f"not UTF-8: {error.object!r}") from None
    if not first.ways:
        raise BadInputError("road-file-without-roads", str(path))
    extract.ways = [first.ways[way_id] for way_id in sorted(first.ways)]
    extract.outlines.sort(key=lambda way: way.id)
    extract.restrictions.sort(key=lambda one: one.id)
    _read_nodes(path, file_type, extract, tally)
    return extract
