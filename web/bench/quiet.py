"""Conditions under which measuring is fair: one core for everybody, no garbage collection meanwhile, memory counted."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_STATM: Final = Path("/proc/self/statm")


@contextmanager
def on_one_core() -> Iterator[int | None]:
    """Keep this process to one core and give its number; None where the system cannot."""
    if sys.platform != "linux":
        yield None
        return
    allowed = os.sched_getaffinity(0)
    core = max(allowed)
    os.sched_setaffinity(0, {core})
    try:
        yield core
    finally:
        os.sched_setaffinity(0, allowed)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leave garbage alone meanwhile: one router's millions of objects would be walked on another one's time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def memory_bytes() -> int | None:
    """Return what this process holds in memory after handing back what it does not need; None where unknown."""
    gc.collect()
    if not _STATM.exists():
        return None
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
