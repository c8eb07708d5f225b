"""Tell a browser what comes, such as how far a job is: server-sent events, read from a table by rising id.

A stream ends by itself after a while and the browser comes back with the last id it has seen, so that no thread of the
server is held for long. Where too many streams are open, one answer is given at once and the browser asked to come
back later.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geodata.store import transaction
from passes.jobs_register import OVER, JobEvent, events_after
from web.site import Site

#: A stream lasts so long at most; then the browser asks again.
LONGEST_S: Final = 20.0
_LOOK_EVERY_S: Final = 0.4
#: Streams at once; each holds a thread of the server (8 by default).
_MOST_STREAMS: Final = 3
_RETRY_MS: Final = 1_000
_RETRY_LATER_MS: Final = 3_000
_STREAMS: Final = threading.BoundedSemaphore(_MOST_STREAMS)


@dataclass(frozen=True, slots=True)
class Words:
    """What states and steps are called in the reader's language, by code."""

    states: Mapping[str, str]
    steps: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it is sent.

    Attributes
    ----------
    id
        What the browser says it has seen when it comes back.
    is_last
        Nothing comes after it.
    """

    id: int
    text: str
    is_last: bool = False


def _told(event: JobEvent, words: Words) -> str:
    data = {
        "state": event.state,
        "label": words.states.get(event.state, ""),
        "progress": round(event.progress, 3),
        "text": words.steps.get(event.message, ""),
        "over": event.state in OVER,
    }
    return f"id: {event.id}\nevent: job\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def job_stream(site: Site, job_id: str, *, last_seen: int, words: Words) -> Iterator[str]:
    """Give a job's events after the last one seen, as they come."""

    def look(seen: int) -> list[Told]:
        with transaction(site.store, writes=False) as connection:
            events = events_after(connection, job_id, seen)
        return [Told(event.id, _told(event, words), event.state in OVER) for event in events]

    return stream(look, last_seen)


def stream(look: Callable[[int], Sequence[Told]], last_seen: int, *, every_s: float = _LOOK_EVERY_S) -> Iterator[str]:
    """Give what comes after the last event seen until one is the last of all, or for a while.

    Parameters
    ----------
    look
        Returns the events after a number, in order.
    every_s
        How often to look.
    """
    stays = _STREAMS.acquire(blocking=False)
    try:
        yield f"retry: {_RETRY_MS if stays else _RETRY_LATER_MS}\n\n"
        until = time.monotonic() + (LONGEST_S if stays else 0.0)
        while True:
            for event in look(last_seen):
                last_seen = event.id
                yield event.text
                if event.is_last:
                    return
            if time.monotonic() >= until:
                return
            time.sleep(every_s)
    finally:
        if stays:
            _STREAMS.release()
