"""Take in what people send, so many at a time: a thread that waits for a slow one answers nobody else meanwhile.

The server bounds how long headers may take and has no bound for what follows them: whoever begins to send and stops
holds a thread until the connection breaks. So there are places for it, for people with an account and for all others;
when they are taken, one more is asked to come again, and pages go on being answered by the threads that are left.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from flask import current_app, request
from werkzeug.exceptions import ServiceUnavailable

#: Under which an application has its places; one without any (no server before it) takes everything.
BODY_PLACES: Final = "baotong-body-places"
#: So long a place is waited for: what comes quickly leaves one at once.
_WAIT_S: Final = 0.5
_COME_AGAIN_S: Final = 15


@dataclass(frozen=True, slots=True)
class BodyPlaces:
    """Places for what is being sent, by people with an account and by all others."""

    known: threading.BoundedSemaphore
    strangers: threading.BoundedSemaphore


def body_places(threads: int) -> BodyPlaces:
    """Return the places of a server: half of its threads for strangers, one always free for pages from three on."""
    strangers = max(1, threads // 2)
    return BodyPlaces(
        threading.BoundedSemaphore(max(1, threads - strangers - 1)), threading.BoundedSemaphore(strangers)
    )


def take_body(*, is_known: bool) -> None:
    """Read what was sent with the request, for whoever asks for it next.

    Raises
    ------
    ServiceUnavailable
        Every place is taken.
    RequestEntityTooLarge
        It is larger than the request may be.
    """
    places: BodyPlaces | None = current_app.extensions.get(BODY_PLACES)
    if places is None:
        return
    place = places.known if is_known else places.strangers
    if not place.acquire(timeout=_WAIT_S):
        raise ServiceUnavailable(retry_after=_COME_AGAIN_S)
    try:
        request.get_data()
    finally:
        place.release()
