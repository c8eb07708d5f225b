"""Arrays that a kernel finds by their addresses, noted in one table.

A kernel looks anew at every array that it is given, two dozen of them for a search: that takes as long as a short
search does. A table is one array. Whoever makes one holds on to the arrays in it for as long as it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numba
import numba.extending
import numpy as np
from numpy.typing import NDArray

from routing.kernel import part_of_kernel

_NUMBA: Final[Any] = numba  # its stubs leave out what kernels need here


def _pointer_to(kind: Any) -> Callable[[int], Any]:
    """Return what makes a pointer of an address, for kernels."""

    def pointer(typing_context: Any, address: Any) -> tuple[Any, Callable[..., Any]]:
        del typing_context, address

        def generate(context: Any, builder: Any, signature: Any, arguments: Sequence[Any]) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return _NUMBA.types.CPointer(kind)(_NUMBA.types.int64), generate

    made: Callable[[int], Any] = _NUMBA.extending.intrinsic(pointer)
    return made


_to_int32: Final = _pointer_to(_NUMBA.types.int32)
_to_int64: Final = _pointer_to(_NUMBA.types.int64)

_DTYPES: Final = {"i": np.dtype(np.int32), "q": np.dtype(np.int64)}


@part_of_kernel
def int32_at(table: NDArray[np.int64], place: int) -> NDArray[np.int32]:
    """Return the array of whole numbers that is noted at a place."""
    found: NDArray[np.int32] = _NUMBA.carray(_to_int32(table[2 * place]), (table[2 * place + 1],))
    return found


@part_of_kernel
def int64_at(table: NDArray[np.int64], place: int) -> NDArray[np.int64]:
    """Return the array of long whole numbers that is noted at a place."""
    found: NDArray[np.int64] = _NUMBA.carray(_to_int64(table[2 * place]), (table[2 * place + 1],))
    return found


@part_of_kernel
def pairs32_at(table: NDArray[np.int64], place: int) -> NDArray[np.int32]:
    """Return the array of pairs of whole numbers that is noted at a place."""
    found: NDArray[np.int32] = _NUMBA.carray(_to_int32(table[2 * place]), (table[2 * place + 1] >> 1, 2))
    return found


@part_of_kernel
def pairs64_at(table: NDArray[np.int64], place: int) -> NDArray[np.int64]:
    """Return the array of pairs of long whole numbers that is noted at a place."""
    found: NDArray[np.int64] = _NUMBA.carray(_to_int64(table[2 * place]), (table[2 * place + 1] >> 1, 2))
    return found


def addressed(arrays: Sequence[NDArray[Any]], *, kinds: str) -> NDArray[np.int64]:
    """Return the table of arrays: of each its address, and how many numbers it has.

    Parameters
    ----------
    kinds
        Of each array what a kernel expects there: "i" for numbers of 32 bits, "q" for 64, as `struct` names them.
    """
    for array, kind in zip(arrays, kinds, strict=True):
        if not array.flags.c_contiguous or array.dtype != _DTYPES[kind]:
            raise AssertionError("an array in a table is of another kind than a kernel expects")
    rows = [number for array in arrays for number in (array.__array_interface__["data"][0], array.size)]
    return np.array(rows, dtype=np.int64)
