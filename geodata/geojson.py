"""Read and write GeoJSON feature collections as files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from geodata.errors import BadInputError, SurroundingsError


def read_features(path: Path) -> list[dict[str, Any]]:
    """Read the features of a FeatureCollection, a single Feature, or a bare list of them.

    Raises
    ------
    BadInputError
        `file-missing`, `json-unreadable` with line and column, or `not-a-feature-collection`.
    """
    document = read_json(path)
    features = document.get("features", [document]) if isinstance(document, dict) else document
    if not isinstance(features, list) or not all(
        isinstance(one, dict) and one.get("type") == "Feature" for one in features
    ):
        raise BadInputError("not-a-feature-collection", str(path))
    return features


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def read_json(path: Path) -> Any:
    """Parse a UTF-8 JSON file, with or without a byte-order mark.

    Raises
    ------
    BadInputError
        `file-missing`, or `json-unreadable` with the reason.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant)
    except FileNotFoundError:
        raise BadInputError("file-missing", str(path)) from None
    except (ValueError, OSError, RecursionError) as error:
        raise BadInputError("json-unreadable", str(path), reason=str(error)) from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place and rename it, so that a reader sees the old or the new one, never half.

    Raises
    ------
    SurroundingsError
        `disk-write-failed`; the old file is untouched.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SurroundingsError("disk-write-failed", str(path), reason=error.strerror or str(error)) from error


def write_features(path: Path, features: Iterable[Mapping[str, Any]]) -> None:
    """Write a FeatureCollection, whole or not at all."""
    document = {"type": "FeatureCollection", "features": list(features)}
    write_whole(path, json.dumps(document, ensure_ascii=False, indent=1).encode())
