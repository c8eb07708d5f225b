"""Choose the folder where compiled routing kernels are kept, before anything of `routing` is imported.

A kernel compiled from other sources gives silently wrong results, so the folder bears the digest of every source of
routes and of numba's version: a changed program never finds an old kernel. It lies in the user's own cache folder,
because compiled code is executed: nobody else may write there.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import platformdirs

VARIABLE: Final = "NUMBA_CACHE_DIR"
#: Kernels, and below them the constants that they take from elsewhere.
_SOURCES: Final = {"routing": "**/*.py", "geodata": "network.py"}


def kernel_digest() -> str:
    """Return the SHA-256 of the sources that kernels are made of and numba's version, without importing either."""
    digest = hashlib.sha256(f"numba {version('numba')}".encode())
    for package, files in _SOURCES.items():
        spec = find_spec(package)
        folders = list(spec.submodule_search_locations or ()) if spec else []
        for source in sorted(path for folder in folders for path in Path(folder).glob(files)):
            digest.update(f"\0{source.name}\0".encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def prepare_kernel_cache() -> str | None:
    """Set NUMBA_CACHE_DIR to the folder for exactly this program, and return it.

    A folder that the caller named in NUMBA_CACHE_DIR is used as the place to make it in.

    Returns
    -------
    str | None
        None where no place is writable: kernels are then compiled anew by each process (a few seconds).
    """
    digest = kernel_digest()
    named = os.environ.get(VARIABLE, "")
    base = Path(named) if named else Path(platformdirs.user_cache_dir("baotong", appauthor=False))
    folder = base if base.name == digest else base / digest
    if not _is_writable(folder):
        os.environ.pop(VARIABLE, None)
        return None
    os.environ[VARIABLE] = str(folder)
    if "numba" in sys.modules:
        sys.modules["numba"].config.reload_config()
    return str(folder)
