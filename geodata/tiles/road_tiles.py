"""Draw a network's roads into tiles: by class and zoom, each road by itself where one can be picked, and their names.

Far out the roads of one class are one feature, near enough each road carries its id. Names lie on the joined lines of
each number or name: pieces between two junctions are too short to write on.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.network import BACKWARD, FORWARD, Network
from geodata.road_classes import ROAD_CLASSES, RoadClass
from geodata.tiles.grid import FINEST, Points, Tile, world_of
from geodata.tiles.layer_writer import LineLayer, Value
from geodata.tiles.line_commands import TileLines, Whole, commands_of, cut_to_tile

#: From which zoom each class is drawn, and from which its number or name is written.
DRAWN_FROM: Final = {
    RoadClass.EXPRESSWAY: 0,
    RoadClass.NATIONAL: 0,
    RoadClass.PROVINCIAL: 0,
    RoadClass.COUNTY: 7,
    RoadClass.TOWNSHIP: 9,
    RoadClass.VILLAGE: 10,
    RoadClass.STREET: 11,
    RoadClass.TRACK: 12,
}
NAMED_FROM: Final = {
    RoadClass.EXPRESSWAY: 7,
    RoadClass.NATIONAL: 7,
    RoadClass.PROVINCIAL: 7,
    RoadClass.COUNTY: 9,
    RoadClass.TOWNSHIP: 11,
    RoadClass.VILLAGE: 13,
    RoadClass.STREET: 13,
    RoadClass.TRACK: 14,
}
#: From this zoom on each road is a feature of its own, so that it can be picked.
PICKABLE_FROM: Final = 12
#: Bends of fewer units are dropped: half a pixel, less in the finest tiles because they are enlarged.
_TOLERANCE: Final = 4.0
_FINEST_TOLERANCE: Final = 1.0
_DRAWN_FROM: Final = np.array([DRAWN_FROM[one] for one in ROAD_CLASSES], dtype=np.int64)
_NAMED_FROM: Final = tuple(NAMED_FROM[one] for one in ROAD_CLASSES)
ROADS: Final = "roads"
ROAD_NAMES: Final = "road_names"
_SEPARATOR: Final = "\x1f"


def tolerance_at(z: int) -> float:
    """Return how far a drawn line may lie from the true one, in tile units."""
    return _FINEST_TOLERANCE if z == FINEST else _TOLERANCE


class RoadSheet:
    """A network laid out for drawing; one a network, safe to share between threads.

    Parameters
    ----------
    network
        The roads.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.world: Points = world_of(network.shape_lonlat)
        owner = np.repeat(np.arange(network.road_count), np.diff(network.shape_start))
        self.lines: NDArray[np.object_] = np.asarray(shapely.linestrings(self.world, indices=owner), dtype=np.object_)
        self._tree = shapely.STRtree(self.lines)
        self._drawn_from = _DRAWN_FROM[network.road_class]

    def roads_in(self, tile: Tile) -> NDArray[np.int64]:
        """Return the roads drawn in a tile, by class and index."""
        found = np.sort(self._tree.query(shapely.box(*tile.bounds)))
        found = found[self._drawn_from[found] <= tile.z]
        return found[np.argsort(self.network.road_class[found], kind="stable")].astype(np.int64)

    def draw(self, tile: Tile) -> bytes:
        """Return the tile's layers `roads` and `road_names`."""
        roads = self.roads_in(tile)
        lines = cut_to_tile(shapely.transform(self.lines[roads], tile.units), tolerance=tolerance_at(tile.z))
        layer = LineLayer(ROADS)
        if tile.z >= PICKABLE_FROM:
            self._add_each(layer, roads, lines)
        else:
            self._add_classes(layer, roads, lines)
        return layer.encoded() + self._names.draw(tile)

    def _add_classes(self, layer: LineLayer, roads: Whole, lines: TileLines) -> None:
        """Add one feature a class."""
        of_part = self.network.road_class[roads[lines.owner]].astype(np.int64)
        classes, feature = np.unique(of_part, return_inverse=True)
        commands, starts = commands_of(lines, feature.astype(np.int64))
        for number, one in enumerate(classes.tolist()):
            layer.add(commands[starts[number] : starts[number + 1]].tolist(), {"class": ROAD_CLASSES[one].value})

    def _add_each(self, layer: LineLayer, roads: Whole, lines: TileLines) -> None:
        """Add one feature a road, with what a person picks it by."""
        drawn, feature = np.unique(lines.owner, return_inverse=True)
        commands, starts = commands_of(lines, feature.astype(np.int64))
        all_commands, bounds = commands.tolist(), starts.tolist()
        for number, road in enumerate(roads[drawn].tolist()):
            layer.add(all_commands[bounds[number] : bounds[number + 1]], self._properties(road), number=road)

    def _properties(self, road: int) -> dict[str, Value]:
        network = self.network
        known: dict[str, Value] = {"id": str(network.road_id[road]), "class": network.class_of(road).value}
        for key, text in (("ref", network.ref[road]), ("name", network.name[road])):
            if text:
                known[key] = str(text)
        way = self._one_way[road]
        if way:
            known["way"] = int(way)
        return known

    @cached_property
    def _one_way(self) -> NDArray[np.int8]:
        """1 where traffic runs forward only, -1 backward only, 0 both ways or not at all."""
        forward, backward = self.network.access[:, FORWARD] > 0, self.network.access[:, BACKWARD] > 0
        return forward.astype(np.int8) - backward.astype(np.int8)

    @cached_property
    def _names(self) -> NameSheet:
        return NameSheet(self.network, self.lines)


class NameSheet:
    """The joined lines of each road number or name, to write on.

    Parameters
    ----------
    network
        The roads.
    lines
        Their shapes in shares of the world.
    """

    def __init__(self, network: Network, lines: NDArray[np.object_]) -> None:
        named = np.flatnonzero((network.ref != "") | (network.name != ""))
        keys = np.char.add(network.road_class[named].astype(np.str_), _SEPARATOR)
        keys = np.char.add(np.char.add(np.char.add(keys, network.ref[named]), _SEPARATOR), network.name[named])
        labels, group = np.unique(keys, return_inverse=True)
        order = np.argsort(group, kind="stable")
        joined = shapely.line_merge(shapely.multilinestrings(lines[named[order]], indices=group[order]))
        self._lines, owner = shapely.get_parts(joined, return_index=True)
        rows = [label.split(_SEPARATOR, 2) for label in labels.tolist()]
        self._rows = [(ROAD_CLASSES[int(one)].value, ref, name) for one, ref, name in rows]
        self._row = owner
        drawn_from = np.array([_NAMED_FROM[int(one)] for one, _, _ in rows], dtype=np.int64)
        self._drawn_from = drawn_from[owner] if rows else drawn_from
        self._tree = shapely.STRtree(self._lines)

    def draw(self, tile: Tile) -> bytes:
        """Return the tile's layer `road_names`."""
        found = np.sort(self._tree.query(shapely.box(*tile.bounds)))
        found = found[self._drawn_from[found] <= tile.z]
        lines = cut_to_tile(shapely.transform(self._lines[found], tile.units), tolerance=tolerance_at(tile.z))
        commands, starts = commands_of(lines, np.arange(len(lines.owner)))
        layer = LineLayer(ROAD_NAMES)
        for number, line in enumerate(found[lines.owner].tolist()):
            road_class, ref, name = self._rows[self._row[line]]
            known = {"class": road_class, "ref": ref, "name": name}
            told = {key: text for key, text in known.items() if text}
            layer.add(commands[starts[number] : starts[number + 1]].tolist(), told)
        return layer.encoded()
