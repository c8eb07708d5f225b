"""Serve the package's own files: compressed where the browser takes that, kept for a year where built."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask, request, send_from_directory, url_for
from werkzeug.wrappers import Response

STATIC: Final = Path(__file__).parent / "static"
BUILT: Final = STATIC / "built"
#: Encodings that the build writes beside a file, the smaller first.
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
#: A built name holds a hash of its content: another content has another name.
_HASHED: Final = re.compile(r"built/[\w.-]+-[A-Z0-9]{8}\.\w+")
_KEPT: Final = "public, max-age=31536000, immutable"


@cache
def built_names() -> Mapping[str, str]:
    """Return what the build calls each script and style, by plain name; empty where it was built without scripts."""
    manifest = BUILT / "manifest.json"
    if not manifest.exists():
        return {}
    names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return names


def built_address(name: str) -> str:
    """Return the address of a built file such as "map.js"; "" where it was not built."""
    built = built_names().get(name)
    return "" if built is None else url_for("static", filename=f"built/{built}")


def serve_compressed(app: Flask) -> None:
    """Let an application answer for its static files with what the build compressed."""
    app.view_functions["static"] = _static_file


def _static_file(filename: str) -> Response:
    encoding, ending = _accepted(filename)
    response = send_from_directory(STATIC, filename + ending, mimetype=_type_of(filename), conditional=True)
    if ending:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = _KEPT if _HASHED.fullmatch(filename) else "no-cache"
    return response


def _accepted(filename: str) -> tuple[str, str]:
    """Return the best encoding that lies beside a file and that the browser takes, with its ending."""
    for encoding, ending in _ENCODINGS:
        if (
            request.accept_encodings.quality(encoding) > 0
            and _HASHED.fullmatch(filename)
            and (STATIC / f"{filename}{ending}").is_file()
        ):
            return encoding, ending
    return "", ""


def _type_of(filename: str) -> str:
    if filename.endswith((".js", ".mjs")):
        return "text/javascript"
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"
