"""Drawn tiles are kept up to a number of bytes; the longest unused go first."""

from __future__ import annotations

import gzip
import os
import threading

from web.map.tile_cache import TileCache


def drawing(size, drawn=None):
    """Return a function that draws so many bytes which cannot be compressed, and notes that it did."""

    def draw():
        if drawn is not None:
            drawn.append(size)
        return os.urandom(size)

    return draw


def test_a_tile_is_drawn_once_and_comes_compressed():
    cache, drawn = TileCache(), []
    first = cache.get("a", drawing(100, drawn))
    assert cache.get("a", drawing(100, drawn)) == first
    assert len(gzip.decompress(first)) == 100
    assert drawn == [100]


def test_an_empty_tile_stays_empty():
    assert TileCache().get("a", lambda: b"") == b""


def test_the_longest_unused_goes_first():
    cache, drawn = TileCache(most_bytes=3_500), []
    for key in ("a", "b", "c"):
        cache.get(key, drawing(1_000, drawn))
    cache.get("a", drawing(1_000, drawn))
    cache.get("d", drawing(1_000, drawn))
    assert len(drawn) == 4
    cache.get("a", drawing(1_000, drawn))
    assert len(drawn) == 4
    cache.get("b", drawing(1_000, drawn))
    assert len(drawn) == 5


def test_many_threads_get_the_same_tile():
    cache, found = TileCache(), []
    threads = [threading.Thread(target=lambda: found.append(cache.get("a", lambda: b"tile"))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {gzip.decompress(one) for one in found} == {b"tile"}
