"""Where compiled kernels are kept: by their place within the package, the same in every clone and installation.

numba's own choice goes by the path of the sources, so that a second clone, or a moved one, would compile all of them
again. The folder that they lie in is that of exactly these sources (`web.kernel_cache`). A file in it that was cut
short, or a disk that is full, costs the time to compile a kernel once more and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from numba.core import caching

_CACHING: Final[Any] = caching  # it has no types
#: What reading a file that is not whole, or not of this kind, comes to.
_DAMAGED: Final = (
    _CACHING.pickle.UnpicklingError,
    *(EOFError, ValueError, TypeError, AttributeError, ImportError, IndexError),
)


class KernelPlace(_CACHING.UserProvidedCacheLocator):  # type: ignore[misc]  # it has no types
    """A locator, as numba calls it, that goes by the name of a function's package instead of its path."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)
        self._cache_path = f"{_CACHING.config.CACHE_DIR}/{function.__module__.rpartition('.')[0]}"


class _Results(_CACHING.CompileResultCacheImpl):  # type: ignore[misc]  # it has no types
    _locator_classes = (KernelPlace,)


class KeptKernels(_CACHING.FunctionCache):  # type: ignore[misc]  # it has no types
    """The compiled forms of one function, for each kind of arguments."""

    _impl_class = _Results

    def load_overload(self, sig: object, target_context: Any) -> Any:
        """Return the form for some arguments; None where it has to be compiled."""
        try:
            return super().load_overload(sig, target_context)
        except _DAMAGED:
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: object, data: Any) -> None:
        """Keep a compiled form, where there is room."""
        with suppress(OSError, *_DAMAGED):
            super().save_overload(sig, data)
