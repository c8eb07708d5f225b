"""Keep compiled templates in the user's cache folder, so that a page's first view after a start need not compile them.

Compiling the templates of one page takes a tenth of a second and more. What was compiled depends on Python, on Jinja
and on the filters of the pages, so the folder bears the digest of all; a changed template is noticed by Jinja itself.
The folder is the user's own, because what lies there is executed: nobody else may write there.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
import tempfile
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import platformdirs
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from geodata.errors import SurroundingsError
from geodata.geojson import write_whole

FOLDER: Final = "templates"
_SEAL_BYTES: Final = hashlib.sha256().digest_size


class _KeptTemplates(BytecodeCache):
    """One file a template; what is damaged, or of another text, is never executed but compiled once more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template's code from its file, where that holds it whole."""
        with suppress(OSError):
            kept = (self._folder / bucket.key).read_bytes()
            seal, code = kept[:_SEAL_BYTES], kept[_SEAL_BYTES:]
            if seal == _seal(bucket, code):
                bucket.code = marshal.loads(code)  # noqa: S302 - sealed, and nobody else may write there

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a template's code into its file; where there is no room, the next process compiles it again."""
        code = marshal.dumps(bucket.code)
        with suppress(SurroundingsError):
            write_whole(self._folder / bucket.key, _seal(bucket, code) + code)


def _seal(bucket: Bucket, code: bytes) -> bytes:
    return hashlib.sha256(bucket.checksum.encode() + code).digest()


@cache
def template_digest() -> str:
    """Return the SHA-256 of the versions of Python and Jinja and of every Python source of the pages."""
    digest = hashlib.sha256(f"python {sys.version} jinja {version('jinja2')}".encode())
    root = Path(__file__).parent
    for source in sorted(root.rglob("*.py")):
        digest.update(f"\0{source.relative_to(root).as_posix()}\0".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def keep_templates(app: Flask) -> Path | None:
    """Let an application keep its compiled templates, and return the folder.

    Returns
    -------
    Path | None
        None where no place is writable: each process then compiles what it shows.
    """
    folder = Path(platformdirs.user_cache_dir("baotong", appauthor=False)) / FOLDER / template_digest()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return None
    app.jinja_env.bytecode_cache = _KeptTemplates(folder)
    return folder
