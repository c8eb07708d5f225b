"""Fetch what somebody else publishes: TLS verified, no redirect followed, within a time and a size altogether."""

from __future__ import annotations

import http.client
import ssl
import time
from typing import Final
from urllib.parse import urlsplit

from geodata.errors import BadInputError
from passes.verifying.status_list import STATUS_LIST

_TIMEOUT_S: Final = 20.0
_CHUNK: Final = 65_536


def fetch(address: str) -> str | None:
    """Return the text that an address gives, None where there is no such thing.

    Raises
    ------
    BadInputError
        `trust-address-silent`, with the reason, or `status-list-unreadable`: it is longer than any list.
    """
    try:
        return _get(address)
    except (OSError, http.client.HTTPException, UnicodeDecodeError) as error:
        raise silent(address, type(error).__name__) from error


def silent(address: str, why: str) -> BadInputError:
    """Return the error of an address that gives nothing."""
    return BadInputError("trust-address-silent", address, why=why)


def _get(address: str) -> str | None:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port
    connection = (
        http.client.HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=ssl.create_default_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
    )
    try:
        connection.request("GET", parts.path, headers={"Accept": "application/statuslist+jwt"})
        with connection.getresponse() as response:
            if response.status == http.client.NOT_FOUND:
                return None
            if response.status != http.client.OK:
                raise silent(address, str(response.status))
            return _read(response).decode("ascii").strip()
    finally:
        connection.close()


def _read(response: http.client.HTTPResponse) -> bytes:
    """Read an answer that is not endless, within a time altogether."""
    until, parts, size = time.monotonic() + _TIMEOUT_S, list[bytes](), 0
    while part := response.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > STATUS_LIST.longest:
            raise BadInputError("status-list-unreadable", "status list", fault="token-too-long")
        if time.monotonic() > until:
            raise TimeoutError
    return b"".join(parts)
