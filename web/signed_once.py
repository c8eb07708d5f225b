"""What is signed for everybody is signed once in half a minute, however many ask: as long as nothing of it has changed.

What is to be signed is read from the register at each request, so a withdrawal is told at once; only the signature
under the same content is given again, so that a crowd costs nothing and no copy is older than a minute.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from web.site import site

_SIGNED_FOR: Final = timedelta(seconds=30)
_signed: dict[str, tuple[bytes, datetime, str]] = {}
_lock: Final = threading.Lock()


def signed_once(name: str, content: bytes, *, at: datetime, sign: Callable[[], str]) -> str:
    """Return what is signed under a name of this county; the same content is not signed anew within half a minute.

    Parameters
    ----------
    content
        All that is signed, but the time; what has changed is signed at once.
    """
    key, digest = f"{site().store.url} {name}", hashlib.sha256(content).digest()
    with _lock:
        kept = _signed.get(key)
    if kept is not None and kept[0] == digest and timedelta(0) <= at - kept[1] < _SIGNED_FOR:
        return kept[2]
    token = sign()
    with _lock:
        _signed[key] = (digest, at, token)
    return token
