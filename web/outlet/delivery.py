"""Send one request, and say whether it was taken: TLS verified, no redirect followed, within a time altogether."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from geodata.message_settings import Outlet
from web.outlet.letter import Request

#: More of an answer is not read.
_LARGEST_ANSWER: Final = 65_536
_FIRST_REDIRECT: Final = 300
_FIRST_REFUSAL: Final = 400


def deliver(request: Request, outlet: Outlet, *, ca_file: str = "") -> str:
    """Send a request once; return "" where the outlet has taken it, else the code of what went wrong.

    Codes: "timeout", "tls", "unreachable", "redirected", "status-NNN", "not-accepted", "answer-unreadable".

    Parameters
    ----------
    ca_file
        Certificates to trust instead of the machine's.
    """
    try:
        attempt = _Attempt(request, outlet.timeout_s, ca_file)
    except (OSError, ValueError):
        return "tls"  # the file of certificates cannot be read
    try:
        status, text = attempt.send()
    except (OSError, http.client.HTTPException) as error:
        return "timeout" if attempt.is_over.is_set() else _why(error)
    return "timeout" if attempt.is_over.is_set() else _judge(status, text, outlet.accepted)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "unreachable" if isinstance(error, OSError) else "answer-unreadable"


def _judge(status: int, text: bytes, accepted: Mapping[str, Any]) -> str:
    if _FIRST_REDIRECT <= status < _FIRST_REFUSAL:
        return "redirected"
    if not http.client.OK <= status < _FIRST_REDIRECT:
        return f"status-{status}"
    if not accepted:
        return ""
    try:
        said = json.loads(text)
    except ValueError:
        return "answer-unreadable"
    is_taken = isinstance(said, dict) and all(said.get(key) == value for key, value in accepted.items())
    return "" if is_taken else "not-accepted"


class _Attempt:
    """One attempt, which is broken off when its time is over, whatever the other side does meanwhile."""

    def __init__(self, request: Request, timeout_s: float, ca_file: str) -> None:
        parts = urlsplit(request.url)
        host, port = parts.hostname or "", parts.port
        self._request = request
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._connection = (
            http.client.HTTPSConnection(
                host, port, timeout=timeout_s, context=ssl.create_default_context(cafile=ca_file or None)
            )
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=timeout_s)
        )
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(timeout_s, self._break_off)
        self._timer.daemon = True
        self.is_over = threading.Event()

    def send(self) -> tuple[int, bytes]:
        """Return status and beginning of the answer."""
        self._timer.start()
        try:
            self._connection.connect()
            self._socket = self._connection.sock
            self._connection.request("POST", self._path, self._request.body, dict(self._request.headers))
            response = self._connection.getresponse()
            return response.status, response.read(_LARGEST_ANSWER)
        finally:
            self._timer.cancel()
            self._connection.close()

    def _break_off(self) -> None:
        self.is_over.set()
        for one in (self._socket, self._connection.sock):
            if one is not None:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
