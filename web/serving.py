"""Serve the pages with granian: what would fail later is said before anything starts."""

from __future__ import annotations

import os
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geodata.errors import BadInputError, SurroundingsError
from web.live_engine import tell_where_kernels_are_kept
from web.session import Session

#: The server's own words go the same way as those of the pages: a line of JSON on stderr.
_LOG: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"generic": {"()": "web.shell.request_log.JsonLines"}},
    "handlers": {"console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how the pages are served.

    Attributes
    ----------
    threads, processes
        Several processes only on PostgreSQL; each has its own engine.
    certificate, key
        PEM files, both or neither; with them the server itself speaks HTTPS.
    behind_tls
        A reverse proxy speaks HTTPS: cookies are sent over nothing else.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    processes: int = 1
    certificate: Path | None = None
    key: Path | None = None
    behind_tls: bool = False

    @property
    def is_secure(self) -> bool:
        """Browsers reach it over HTTPS."""
        return self.behind_tls or self.certificate is not None

    @property
    def address(self) -> str:
        """What to type into a browser on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"


def check_server(server: Server, session: Session) -> None:
    """Refuse what cannot be served.

    Raises
    ------
    SurroundingsError
        `port-taken`, with the system's reason.
    BadInputError
        `tls-half-given`, `tls-unusable`, `processes-need-postgresql`, or what is wrong with county or database.
    """
    if (server.certificate is None) != (server.key is None):
        raise BadInputError("tls-half-given", "--tls-certificate" if server.certificate is None else "--tls-key")
    if server.certificate is not None:
        _check_certificate(server.certificate, server.key)
    if server.processes > 1 and session.database_url.startswith("sqlite"):
        raise BadInputError("processes-need-postgresql", "--processes", processes=server.processes)
    check_port(server.host, server.port)
    with session.transaction(writes=False):
        pass


def _check_certificate(certificate: Path, key: Path | None) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise BadInputError("tls-unusable", str(certificate), reason=str(error)) from error


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


def serve_pages(session: Session, server: Server) -> None:
    """Serve until the process is told to stop."""
    from granian import Granian
    from granian.constants import Interfaces

    # Its processes find the folder in their surroundings: they import `routing` before they open a county.
    tell_where_kernels_are_kept(session)
    os.environ |= {
        "BAOTONG_COUNTY": str(session.county.folder.resolve()),
        "BAOTONG_DATABASE_URL": session.database_url,
        "BAOTONG_SECURE": "1" if server.is_secure else "0",
        "BAOTONG_THREADS": str(server.threads),
    }
    Granian(
        "web.app:served_app",
        factory=True,
        address=server.host,
        port=server.port,
        interface=Interfaces.WSGI,
        workers=server.processes,
        blocking_threads=server.threads,
        log_access=False,
        log_dictconfig=_LOG,
        ssl_cert=server.certificate,
        ssl_key=server.key,
    ).serve()
