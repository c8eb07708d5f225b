"""Write one layer of a vector tile: features with their properties, each key and each value kept once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import mapbox_vector_tile
from mapbox_vector_tile.Mapbox import vector_tile_pb2

from geodata.tiles.grid import EXTENT

Value: TypeAlias = str | int | bool
_VERSION: Final = 2


class LineLayer:
    """A layer of lines whose commands are made already (`geodata.tiles.line_commands`).

    Parameters
    ----------
    name
        What the map's style calls the layer.
    """

    def __init__(self, name: str) -> None:
        self._tile: Any = vector_tile_pb2.tile()
        self._layer = self._tile.layers.add(name=name, version=_VERSION, extent=EXTENT)
        self._keys: dict[str, int] = {}
        self._values: dict[tuple[type, Value], int] = {}

    def add(self, commands: Sequence[int], properties: Mapping[str, Value], *, number: int | None = None) -> None:
        """Add one line; `number` is the feature's id, by which a map can mark it."""
        feature = self._layer.features.add(type=vector_tile_pb2.tile.LineString)
        if number is not None:
            feature.id = number
        feature.tags.extend(tag for key, value in properties.items() for tag in (self._key(key), self._value(value)))
        feature.geometry.extend(commands)

    def encoded(self) -> bytes:
        """Return the layer as a tile of its own; tiles written one after the other are one tile."""
        data: bytes = self._tile.SerializeToString() if self._layer.features else b""
        return data

    def _key(self, key: str) -> int:
        if key not in self._keys:
            self._keys[key] = len(self._keys)
            self._layer.keys.append(key)
        return self._keys[key]

    def _value(self, value: Value) -> int:
        known = (type(value), value)
        if known not in self._values:
            self._values[known] = len(self._values)
            kind = {bool: "bool_value", int: "sint_value", str: "string_value"}[type(value)]
            self._layer.values.add(**{kind: value})
        return self._values[known]


def shape_layer(name: str, features: Iterable[tuple[Any, Mapping[str, Value]]]) -> bytes:
    """Return a layer of shapes in tile units (y downward) with their properties, as a tile of its own."""
    rows = [{"geometry": shape, "properties": dict(properties)} for shape, properties in features]
    if not rows:
        return b""
    data: bytes = mapbox_vector_tile.encode({"name": name, "features": rows}, default_options={"y_coord_down": True})
    return data
