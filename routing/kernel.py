"""Compile the inner loops to machine code, kept on disk only where a folder was prepared for exactly this source.

A kernel that calls another one of a changed file would be taken from an old cache with silently wrong results, so
nothing is kept beside the source: only NUMBA_CACHE_DIR counts, a folder named after the sources (`web.kernel_cache`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba

#: Whether compiled kernels are kept on disk; if not, each process compiles them anew.
KEPT: Final = bool(getattr(numba.config, "CACHE_DIR", ""))

KernelT = TypeVar("KernelT", bound=Callable[..., Any])


def kernel(function: KernelT) -> KernelT:
    """Compile a function when it is first called; it runs without holding the interpreter lock."""
    return cast("KernelT", numba.njit(cache=KEPT, nogil=True)(function))
