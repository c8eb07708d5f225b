"""What this user's machine remembers of bundles: the newest one taken under each root, so that no older one is.

One small JSON file beside that of the status lists: {"issuer root": {"issued_at", "number", "lists"}}. Without it, a
verdict only knows less.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from geodata.errors import BadInputError, SurroundingsError
from geodata.geojson import write_whole
from geodata.windows import format_instant, parse_instant
from passes.verifying.bundle import SeenBundle
from web.seen_lists import seen_lists_file

if TYPE_CHECKING:
    from pathlib import Path

    from web.session import Session

_FILE_NAME: Final = "seen-bundles.json"


def _file() -> Path:
    return seen_lists_file().with_name(_FILE_NAME)


def _memory() -> dict[str, Any]:
    try:
        found = json.loads(_file().read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def seen_bundle(name: str) -> SeenBundle | None:
    """Return the newest bundle taken under a root; what is damaged is forgotten."""
    try:
        kept = _memory()[name]
        lists = {uri: parse_instant(at, where=_FILE_NAME) for uri, at in kept["lists"].items()}
        issued_at = parse_instant(kept["issued_at"], where=_FILE_NAME)
        return SeenBundle(issued_at, int(kept["number"]), MappingProxyType(lists))
    except (KeyError, TypeError, ValueError, AttributeError, BadInputError):
        return None


def remember_bundle(session: Session, name: str, seen: SeenBundle) -> None:
    """Keep the times of a bundle that was taken; where nothing can be written, say so and go on."""
    lists = {uri: format_instant(at) for uri, at in seen.lists.items()}
    row = {"issued_at": format_instant(seen.issued_at), "number": seen.number, "lists": lists}
    path = _file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, json.dumps({**_memory(), name: row}, ensure_ascii=False, indent=1).encode())
    except (OSError, SurroundingsError):
        session.tell_progress(
            f"无法记下公钥与名单包的时间：{path}", f"The time of the bundle cannot be remembered: {path}"
        )
