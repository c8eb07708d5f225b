"""Keep arrays that take long to compute in a folder of their own, whole or not at all, and read them back by map.

Every array is one .npy file that the memory maps; a list beside them holds their checksums, so that a file that was cut
short or changed is never used: what reads these arrays does not look where it steps.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_LIST: Final = "list.json"
_BLOCK_BYTES: Final = 1 << 15


def _checksum(array: NDArray[Any]) -> str:
    """Return a digest of the sums of every 32 kB: damage shows in them, and memory is read no slower than it can be."""
    digest = hashlib.sha256(f"{array.dtype.str}:{array.shape}".encode())
    if array.size:
        raw = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        whole = len(raw) // _BLOCK_BYTES * _BLOCK_BYTES
        words = raw[:whole].view(np.uint64).reshape(-1, _BLOCK_BYTES // 8)
        digest.update(words.sum(axis=1, dtype=np.uint64).data)
        digest.update(raw[whole:].data)
    return digest.hexdigest()


def keep_arrays(folder: Path, key: str, arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Write arrays below a folder, under a key that names what they were computed from.

    Returns
    -------
    bool
        Whether they are kept now; False where nothing can be written. Another process that was sooner wins.
    """
    beside: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{key[:16]}.", dir=folder))
        for name, array in arrays.items():
            np.save(beside / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
        listed = {name: _checksum(array) for name, array in arrays.items()}
        (beside / _LIST).write_text(json.dumps({"key": key, "arrays": listed}), encoding="utf-8")
        shutil.rmtree(folder / key, ignore_errors=True)
        os.replace(beside, folder / key)
    except OSError:
        return (folder / key).is_dir()
    else:
        return True
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


def read_kept_arrays(folder: Path, key: str) -> dict[str, NDArray[Any]] | None:
    """Return the arrays kept under a key, mapped into memory; None where there are none, or any is damaged."""
    try:
        listed = json.loads((folder / key / _LIST).read_text(encoding="utf-8"))
        if listed["key"] != key:
            return None
        arrays = {}
        for name, checksum in listed["arrays"].items():
            # Copy on write: to machine code it looks like any other array, and no file is ever changed.
            array = np.asarray(np.load(folder / key / f"{name}.npy", mmap_mode="c", allow_pickle=False))
            if _checksum(array) != checksum:
                return None
            arrays[str(name)] = array
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return arrays
