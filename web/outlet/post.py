"""Send the messages that are due: in a thread of `baotong serve`, or of `baotong work`."""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from geodata.errors import BaotongError, SurroundingsError
from geodata.message_settings import Outlet
from geodata.store import transaction
from passes.messages.message_register import (
    Message,
    is_anything_due,
    keep_delivered,
    keep_problem,
    open_contact,
    take_messages,
)
from passes.messages.telling_register import is_anything_new, tell_events
from web.jobs.worker import worker_name
from web.outlet.delivery import deliver
from web.outlet.letter import letter_of, request_of
from web.site import Site

LOG: Final = logging.getLogger("baotong.web")
#: Sent at the same time.
_AT_ONCE: Final = 8
_LOOK_EVERY_S: Final = 2.0
_EVENTS_AT_ONCE: Final = 200
_SHORTEST_SECRET: Final = 16
_OTHERS: Final = 0o077


def post_once(site: Site, worker: str) -> tuple[int, int]:
    """Turn what happened into messages, and send what is due once; return how much was looked at and how much taken.

    What is sent is sent outside of any transaction; a sender that dies before it wrote down that a message was taken
    sends it again under the same key.
    """
    with transaction(site.store, writes=False) as connection:
        if not is_anything_new(connection) and not is_anything_due(connection, at=site.now()):
            return 0, 0
    messages = site.county.settings.messages
    with transaction(site.store, writes=True) as connection:
        at = site.now()
        told = tell_events(connection, messages, site.encryption_key, at=at, most=_EVENTS_AT_ONCE)
        taken = take_messages(connection, worker, at=at, most=_AT_ONCE)
    if not taken:
        return told, 0
    problems = _send_all(site, taken)
    with transaction(site.store, writes=True) as connection:
        at = site.now()
        for message, problem in zip(taken, problems, strict=True):
            if problem:
                keep_problem(connection, message, problem, at=at, settings=messages)
            else:
                keep_delivered(connection, message, at=at)
    return told + len(taken), problems.count("")


def _send_all(site: Site, taken: Sequence[Message]) -> list[str]:
    with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="post") as pool:
        return list(pool.map(lambda message: _send(site, message), taken))


def _send(site: Site, message: Message) -> str:
    """Send one message; return the code of what went wrong, "" where nothing did."""
    outlet = site.county.settings.messages.outlet(message.outlet)
    if outlet is None:
        return "outlet-gone"
    folder = site.county.folder
    try:
        secret = read_secret(folder / outlet.secret_file)
        letter = letter_of(message, open_contact(message, site.encryption_key), site.county.settings)
        request = request_of(letter, outlet, secret, at=site.now())
        problem = deliver(request, outlet, ca_file=_ca_file(folder, outlet))
    except BaotongError as error:
        problem = error.code
    except Exception:
        LOG.exception("message failed", extra={"code": "bug"})
        problem = "bug"
    if problem:
        LOG.warning("message not taken", extra={"code": problem, "where": outlet.id})
    return problem


def _ca_file(folder: Path, outlet: Outlet) -> str:
    return str(folder / outlet.ca_file) if outlet.ca_file else ""


def read_secret(path: Path) -> str:
    """Read an outlet's secret.

    Raises
    ------
    SurroundingsError
        `outlet-secret-missing`; `outlet-secret-too-open`: others may read it; `outlet-secret-unreadable`.
    """
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(4096).strip()
    except FileNotFoundError:
        raise SurroundingsError("outlet-secret-missing", str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SurroundingsError("outlet-secret-unreadable", str(path), reason=type(error).__name__) from None
    if os.name == "posix" and mode & _OTHERS:
        raise SurroundingsError("outlet-secret-too-open", str(path), mode=f"{mode:04o}")
    if len(text) < _SHORTEST_SECRET or not text.isascii() or not text.isprintable():
        raise SurroundingsError("outlet-secret-unreadable", str(path), reason="content")
    return text


def post_waiting(site: Site) -> int:
    """Send everything that is due now, once, and return how many messages were taken."""
    worker, sent = worker_name(), 0
    while True:
        looked, taken = post_once(site, worker)
        sent += taken
        if not looked:
            return sent


def post_until(site: Site, stopped: threading.Event) -> None:
    """Send messages until told to stop; whatever goes wrong, the next round is tried."""
    worker = worker_name()
    while not stopped.is_set():
        looked = 0
        try:
            looked, _ = post_once(site, worker)
        except SurroundingsError as error:
            LOG.warning("post waits", extra={"code": error.code})
        except Exception:
            LOG.exception("post failed", extra={"code": "bug"})
        if not looked:
            stopped.wait(_LOOK_EVERY_S)


def start_post(site: Site) -> threading.Event:
    """Send messages in a thread of this process; set the event that is returned to end it."""
    stopped = threading.Event()
    threading.Thread(target=post_until, args=(site, stopped), name="post", daemon=True).start()
    return stopped
