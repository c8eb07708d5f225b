"""A tiny OSM world written by hand: nodes a to y on a grid, about 1 km apart.

a─b─c─d─e
f─g─h─i─j      node ids: a = 1, b = 2, ... y = 25; z = 26 is never in the file
k─l─m─n─o
p─q─r─s─t
u─v─w─x─y
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from geodata.network import ACCESS_BIT
from geodata.osm.file import read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import BuiltNetwork, build_osm_network

LETTERS = "abcdefghijklmnopqrstuvwxy"
STEP = 0.01


def node_id(letter: str) -> int:
    """Return the OSM id of a node."""
    return ord(letter) - ord("a") + 1


def position(letter: str) -> tuple[float, float]:
    """Return where a node stands."""
    column, row = LETTERS.index(letter) % 5, LETTERS.index(letter) // 5
    return round(113.0 + column * STEP, 6), round(33.0 - row * STEP, 6)


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


class World:
    """Collects nodes, ways and relations, and writes them as OSM XML."""

    def __init__(self) -> None:
        self.node_tags: dict[str, dict[str, str]] = {}
        self.moved: dict[str, tuple[float, float]] = {}
        self.ways: list[str] = []
        self.relations: list[str] = []

    def node(self, letter: str, at: tuple[float, float] | None = None, **tags: str) -> World:
        """Tag or move a node."""
        self.node_tags[letter] = tags
        if at is not None:
            self.moved[letter] = at
        return self

    def way(self, way_id: int, letters: str, tags: dict[str, str] | None = None, **further: str) -> World:
        """Add a way over some nodes; highway=primary unless said otherwise."""
        refs = "".join(f'<nd ref="{node_id(letter)}"/>' for letter in letters)
        all_tags = {"highway": "primary", **(tags or {}), **further}
        self.ways.append(f'<way id="{way_id}" version="1">{refs}{_tags(all_tags)}</way>')
        return self

    def relation(self, relation_id: int, members: str, **tags: str) -> World:
        """Add a restriction; members look like "from=w1 via=nc to=w2"."""
        said = [part.split("=") for part in members.split()]
        xml = "".join(
            f'<member type="{"node" if ref[0] == "n" else "way"}" '
            f'ref="{node_id(ref[1:]) if ref[0] == "n" else int(ref[1:])}" role="{role}"/>'
            for role, ref in said
        )
        self.relations.append(
            f'<relation id="{relation_id}" version="1">{xml}{_tags({"type": "restriction"} | tags)}</relation>'
        )
        return self

    def xml(self) -> str:
        """Return the world as OSM XML."""
        nodes = ""
        for letter in LETTERS:
            lon, lat = self.moved.get(letter, position(letter))
            tags = _tags(self.node_tags.get(letter, {}))
            nodes += f'<node id="{node_id(letter)}" version="1" lat="{lat}" lon="{lon}">{tags}</node>'
        body = nodes + "".join(self.ways) + "".join(self.relations)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="tests">{body}</osm>\n'

    def write(self, path: Path) -> Path:
        """Write the world to a file."""
        path.write_text(self.xml(), encoding="utf-8")
        return path

    def build(self, folder: Path, country: str = "CN") -> tuple[BuiltNetwork, ImportTally]:
        """Build the world's network."""
        tally = ImportTally()
        extract = read_osm_file(self.write(folder / "world.osm"), tally)
        return build_osm_network(extract, country=country, tally=tally), tally


def codes(rows: list[dict]) -> dict[str, int]:
    """Return the counts of a report's "repaired" or "dropped" by code."""
    return {row["code"]: row["count"] for row in rows}


def arcs(built: BuiltNetwork, vehicle: str = "car") -> set[str]:
    """Return the arcs open to a vehicle as "ab": from node a to node b, by the ids of their junctions."""
    network, found = built.network, set()
    names = {node_id(letter): letter for letter in LETTERS}
    for road in range(network.road_count):
        start, end = (names.get(int(network.junction_id[end]), "?") for end in network.ends[road])
        for direction, text in ((0, start + end), (1, end + start)):
            if network.access[road, direction] & ACCESS_BIT[vehicle]:
                found.add(text)
    return found
