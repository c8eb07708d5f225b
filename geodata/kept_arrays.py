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


def _checksum(array: NDArray[Any]) -> str:
    digest = hashlib.sha256(f"{array.dtype.str}:{array.shape}".encode())
    digest.update(np.ascontiguousarray(array).data if array.size else b"")
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
