"""Keep drawn tiles, compressed, up to a number of bytes: the longest unused go first."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

DEFAULT_BYTES: Final = 64 * 1024 * 1024
_COMPRESSION: Final = 5


class TileCache:
    """Compressed tiles by key, safe to share between threads.

    Parameters
    ----------
    most_bytes
        How much is kept.
    """

    def __init__(self, most_bytes: int = DEFAULT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._tiles: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0
        self._change = threading.Lock()

    def get(self, key: Hashable, draw: Callable[[], bytes]) -> bytes:
        """Return a tile, compressed by gzip; it is drawn where it is not kept. An empty tile is b""."""
        with self._change:
            kept = self._tiles.get(key)
            if kept is not None:
                self._tiles.move_to_end(key)
                return kept
        plain = draw()
        tile = gzip.compress(plain, _COMPRESSION, mtime=0) if plain else b""
        with self._change:
            if key not in self._tiles:
                self._tiles[key] = tile
                self._bytes += len(tile)
            while self._bytes > self._most_bytes:
                _, dropped = self._tiles.popitem(last=False)
                self._bytes -= len(dropped)
        return tile
