"""Compile the inner loops to machine code, kept on disk only where a folder was prepared for exactly this source.

A kernel that calls another one of a changed file would be taken from an old cache with silently wrong results, so
nothing is kept beside the source: only NUMBA_CACHE_DIR counts, a folder named after the sources (`web.kernel_cache`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
from numba.core import event

from routing.kernel_place import KeptKernels

#: Whether compiled kernels are kept on disk; if not, each process compiles them anew.
KEPT: Final = bool(getattr(numba.config, "CACHE_DIR", ""))

KernelT = TypeVar("KernelT", bound=Callable[..., Any])


def _compiled(function: KernelT, **wrappers: bool) -> KernelT:
    compile_it: Any = numba.njit  # its stubs leave out the wrappers
    compiled = compile_it(nogil=True, error_model="numpy", **wrappers)(function)
    if KEPT:
        compiled._cache = KeptKernels(function)  # as `cache=True` does with numba's own
    return cast("KernelT", compiled)


def kernel(function: KernelT) -> KernelT:
    """Compile a function when it is first called; it runs without holding the interpreter lock."""
    return _compiled(function, no_cfunc_wrapper=True)


class _Compiling(event.Listener):
    """Who wants to know that kernels are being compiled."""

    tell: Callable[[], None] | None = None

    def on_start(self, event: object) -> None:
        """Tell that the first one is."""
        tell, self.tell = self.tell, None
        if tell is not None:
            tell()

    def on_end(self, event: object) -> None:
        """Tell nothing."""


_COMPILING: Final = _Compiling()
_EVENT: Final[Any] = event  # it has no types
_EVENT.register("numba:compile", _COMPILING)


def tell_when_compiling(tell: Callable[[], None]) -> None:
    """Call a function, once, as soon as a kernel has to be compiled in this process because none was kept."""
    _COMPILING.tell = tell


_ENTRANCES: Final[dict[object, Callable[..., Any]]] = {}


def enter(function: Callable[..., Any], *arguments: Any, like: Callable[..., tuple[object, ...]] | None = None) -> Any:
    """Call a kernel that is always given arguments of the same types; `like` makes some of them that show them better.

    A call of the kernel itself looks at the types of all arrays anew each time, which takes as long as a short search.
    """
    entrance = _ENTRANCES.get(function)
    if entrance is None:
        prepared: Any = function
        entrance = _ENTRANCES[function] = prepared.compile(
            tuple(map(numba.typeof, like(*arguments) if like else arguments))
        )
    try:
        return entrance(*arguments)
    except TypeError:  # an array of another kind, one that is only to be read: nothing was done yet
        return function(*arguments)


def part_of_kernel(function: KernelT) -> KernelT:
    """Compile a function that only kernels call: it has no entrance from Python, which takes time to compile."""
    return _compiled(function, no_cfunc_wrapper=True, no_cpython_wrapper=True, forceinline=True)
