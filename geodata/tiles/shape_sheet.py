"""Draw shapes with properties into tiles: areas, places, and whatever else is not a road by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.tiles.grid import BUFFER, EXTENT, Tile, world_of
from geodata.tiles.layer_writer import Value, shape_layer
from geodata.tiles.road_tiles import tolerance_at

Shapes: TypeAlias = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape of a layer.

    Attributes
    ----------
    shape
        In WGS-84 degrees, longitude first.
    properties
        What the map's style and a person's tap look at.
    drawn_from
        Zoom from which it is in the tiles.
    """

    shape: Any
    properties: Mapping[str, Value]
    drawn_from: int = 0


class ShapeSheet:
    """One layer of shapes laid out for drawing, safe to share between threads.

    Parameters
    ----------
    name
        What the map's style calls the layer.
    drawn
        Its shapes; the later lies on top.
    """

    def __init__(self, name: str, drawn: Sequence[Drawn]) -> None:
        self.name = name
        shapes: Shapes = np.array([one.shape for one in drawn], dtype=np.object_)
        self._shapes: Shapes = shapely.transform(shapes, world_of)
        self._properties = [one.properties for one in drawn]
        self._drawn_from = np.array([one.drawn_from for one in drawn], dtype=np.int64)
        self._tree = shapely.STRtree(self._shapes)

    def draw(self, tile: Tile) -> bytes:
        """Return the layer in one tile; nothing where the tile has none of it."""
        found = np.sort(self._tree.query(shapely.box(*tile.bounds)))
        found = found[self._drawn_from[found] <= tile.z]
        if not len(found):
            return b""
        shapes = shapely.transform(self._shapes[found], tile.units)
        shapes = shapely.simplify(shapes, tolerance_at(tile.z))
        rim = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
        over = ~shapely.contains_properly(rim, shapes)
        shapes[over] = shapely.intersection(shapely.make_valid(shapes[over]), rim)
        rows = zip(shapes.tolist(), found.tolist(), strict=True)
        return shape_layer(self.name, [(part, self._properties[row]) for shape, row in rows for part in _plain(shape)])


def _plain(shape: Any) -> list[Any]:
    """Return a shape as a tile can hold it: rounded, and a collection (of a cut) as its parts."""
    parts = list(shape.geoms) if shape.geom_type == "GeometryCollection" else [shape]
    return [one for one in (shapely.transform(part, np.rint) for part in parts) if not one.is_empty]
