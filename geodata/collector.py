"""Let the garbage collector rest while very many records are made that are all kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_resting() -> Iterator[None]:
    """Look for no garbage within the block; ten thousand closures would be walked again and again for none.

    Nothing is lost by it: what nobody holds any more goes at once, as ever, and rings of objects after the block. Of
    several blocks at a time the one that stopped the collector starts it again.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
