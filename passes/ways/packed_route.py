"""The route of a pass as the register keeps it: packed JSON, unpacked when somebody first looks at it.

What all passes over the same ways have in common, their roads and their lines, is kept with the ways (`driven_way`),
and their stops and sections as well (`shared_head`); with the pass itself only what is its own. A route that was kept
whole reads the same.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from passes.ways.driven_way import join_lines, way_content, way_roads
from passes.ways.shared_head import SharedHead, head_driven

#: Packing harder takes five times as long and saves a tenth.
_LEVEL: Final = 1
#: Window and memory of the deflater: 4 KB, as much as it holds; larger tables take longer to clear than it to pack.
_WINDOW, _MEMORY = 12, 6
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class PackedRoute(Mapping[str, Any]):
    """A route that is read from the register; most of those who read a pass never look at its route.

    Parameters
    ----------
    packed
        What is kept with the pass.
    ways
        What is kept with each of its ways (`DrivenWay.packed`); none where the route is kept whole.
    names
        What the ways are known by.
    head
        The head that it shares with other passes; None where its head is its own.
    """

    __slots__ = ("_packed", "_route", "_ways", "head", "names")

    def __init__(
        self,
        packed: bytes,
        ways: tuple[bytes, ...] = (),
        names: tuple[str, ...] = (),
        head: SharedHead | None = None,
    ) -> None:
        self._packed = packed
        self._ways = ways
        self._route: dict[str, Any] | None = None
        self.names = names
        self.head = head

    @property
    def packed(self) -> bytes:
        """As it is kept with the pass."""
        return self._packed

    @property
    def packed_ways(self) -> tuple[bytes, ...]:
        """What is kept with each of its ways."""
        return self._ways

    @property
    def stage_roads(self) -> tuple[int, ...]:
        """How many roads each of its stages has; none where the route is kept whole."""
        return tuple(len(way_content(one)[0]) for one in self._ways)

    @property
    def duration_s(self) -> float:
        """How long it is driven; of thousands nobody unpacks the roads."""
        return float((self._route or self._own())["duration_s"])

    @property
    def driven(self) -> tuple[tuple[str, str], ...]:
        """Its roads in order, each with its direction; of thousands nobody unpacks the lines."""
        if self._ways:
            return tuple(road for one in self._ways for road in way_roads(one))
        return tuple((row["road_id"], row["direction"]) for row in self["roads"])

    def _own(self) -> dict[str, Any]:
        """Return what is not kept with the ways."""
        if self.head is not None:
            return head_driven(self._packed, self.head.packed)
        own: dict[str, Any] = json.loads(zlib.decompress(self._packed))
        return own

    def _unpacked(self) -> dict[str, Any]:
        if self._route is None:
            route = self._own()
            if self._ways:
                parts = [way_content(one) for one in self._ways]
                route["geometry"] = join_lines(line for _, line in parts)
                route["roads"] = [road for roads, _ in parts for road in roads]
            self._route = route
        return self._route

    def __getitem__(self, key: str) -> Any:
        """Return a member of the route."""
        return self._unpacked()[key]

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the members."""
        return iter(self._unpacked())

    def __len__(self) -> int:
        """Count the members."""
        return len(self._unpacked())

    def __repr__(self) -> str:
        """Tell only how large it is."""
        return f"PackedRoute({len(self._packed)} bytes)"


def pack_json(content: Mapping[str, Any]) -> bytes:
    """Pack what is kept with a pass."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY)
    return packer.compress(_WRITTEN(dict(content)).encode()) + packer.flush()


def packed_route(route: Mapping[str, Any]) -> PackedRoute:
    """Return a route as the register keeps it."""
    return route if isinstance(route, PackedRoute) else PackedRoute(pack_json(route))
