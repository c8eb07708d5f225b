"""Serve the pages with granian: one process, many threads; a taken port is said before anything starts."""

from __future__ import annotations

import os
import socket

from geodata.county import County
from geodata.errors import SurroundingsError


def check_port(host: str, port: int) -> None:
    """Refuse a port that cannot be bound.

    Raises
    ------
    SurroundingsError
        `port-taken`, with the system's reason.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise SurroundingsError("port-taken", f"{host}:{port}", reason=str(error)) from error


def serve_pages(county: County, *, host: str, port: int) -> None:
    """Serve until the process is told to stop."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["BAOTONG_COUNTY"] = str(county.folder.resolve())
    server = Granian(
        "web.app:served_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        log_access=False,
    )
    server.serve()
