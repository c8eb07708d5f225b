"""The route of a pass as the register keeps it: packed JSON, unpacked when somebody first looks at it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

#: Packing harder takes five times as long and saves a tenth.
_LEVEL: Final = 1


class PackedRoute(Mapping[str, Any]):
    """A route that is read from the register; most of those who read a pass never look at its route."""

    __slots__ = ("_packed", "_route")

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._route: dict[str, Any] | None = None

    @property
    def packed(self) -> bytes:
        """As it is kept."""
        return self._packed

    def _unpacked(self) -> dict[str, Any]:
        if self._route is None:
            self._route = json.loads(zlib.decompress(self._packed))
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


def pack_route(route: Mapping[str, Any]) -> bytes:
    """Pack a route as the register keeps it."""
    if isinstance(route, PackedRoute):
        return route.packed
    return zlib.compress(json.dumps(dict(route), ensure_ascii=False, separators=(",", ":")).encode(), _LEVEL)
