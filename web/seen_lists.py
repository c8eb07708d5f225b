"""What this user's machine remembers of status lists: the newest one seen under each key.

Whoever hands over an older list than one already seen may hide a withdrawal, so such a list counts as none. The memory
is one small JSON file in BAOTONG_STATE_DIR, else in the user's own state folder: {"issuer key": {list: newest time}}.
It is kept a key, as another county of the same name has other keys. Without it, a verdict only knows less.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.errors import BadInputError, SurroundingsError
from geodata.geojson import write_whole
from geodata.windows import format_instant, parse_instant
from passes.verifying.status_list import StatusList, accept_newer
from passes.verifying.trust import Trust

if TYPE_CHECKING:
    from passes.verifying.key_list import KeyList
    from web.session import Session

STATE_DIR_SETTING: Final = "BAOTONG_STATE_DIR"
_FILE_NAME: Final = "seen-status-lists.json"
Memory = dict[str, dict[str, str]]


def seen_lists_file() -> Path:
    """Return the memory's place."""
    named = os.environ.get(STATE_DIR_SETTING)
    if named:
        return Path(named).expanduser() / _FILE_NAME
    from platformdirs import user_state_path

    return user_state_path("baotong", appauthor=False) / _FILE_NAME


def trust_with_memory(session: Session, keys: KeyList, found: StatusList | None) -> Trust:
    """Return what a verdict rests on: a list older than one already seen is not held; a newer one is remembered."""
    path = seen_lists_file()
    memory = _read(path)
    trust = Trust(keys, None, latest_seen=_newest(memory, keys))
    if found is None:
        return trust
    seen_at = _newest(memory, keys, uri=found.uri)
    seen = None if seen_at is None else StatusList(found.uri, seen_at, b"")
    try:
        accept_newer(seen, found, where=found.uri)
    except BadInputError:
        return replace(trust, older_list=found)
    if seen_at is None or seen_at < found.issued_at:
        _remember(session, path, memory, keys=keys, found=found)
    return replace(trust, statuses=found)


def _names(keys: KeyList) -> list[str]:
    return [f"{keys.issuer} {kid}".strip() for kid in keys.keys]


def _read(path: Path) -> Memory:
    """Read the memory; what is missing or damaged is forgotten."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(document, Mapping):
        return {}
    return {name: dict(lists) for name, lists in document.items() if isinstance(lists, Mapping)}


def _instant(text: object) -> datetime | None:
    try:
        return parse_instant(str(text), where=_FILE_NAME)
    except BadInputError:
        return None


def _newest(memory: Memory, keys: KeyList, *, uri: str = "") -> datetime | None:
    """Return the newest time seen under any of the keys, of one list or of all."""
    lists = (memory.get(name, {}) for name in _names(keys))
    texts = (text for one in lists for name, text in one.items() if uri in {"", name})
    return max((time for text in texts if (time := _instant(text)) is not None), default=None)


def _remember(session: Session, path: Path, memory: Memory, *, keys: KeyList, found: StatusList) -> None:
    """Keep the time of a list under every key of its issuer; where nothing can be written, say so and go on."""
    for name in _names(keys):
        memory.setdefault(name, {})[found.uri] = format_instant(found.issued_at)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, json.dumps(memory, ensure_ascii=False, indent=1).encode())
    except (OSError, SurroundingsError):
        session.tell_progress(
            f"无法记下作废名单的时间：{path}", f"The time of the status list cannot be remembered: {path}"
        )
