"""A gateway on this machine that answers as a test wants: refuses, hangs, drips, redirects, takes what comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Gateway:
    """What came, and what is answered next: the last answer stays; "hang" and "drip" never come to an end."""

    answers: list[tuple[int, bytes] | str] = field(default_factory=lambda: [(200, b"{}")])
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    def keys(self) -> list[str]:
        """The ids under which messages came, in order."""
        return [headers["webhook-id"] for headers, _ in self.came]


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.came.append(({key.lower(): value for key, value in self.headers.items()}, body))
            answer = gateway.answers.pop(0) if len(gateway.answers) > 1 else gateway.answers[0]
            if isinstance(answer, str):
                self._keep_waiting(drips=answer == "drip")
                return
            status, text = answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            if 300 <= status < 400:
                self.send_header("Location", gateway.url + "elsewhere")
            self.end_headers()
            self.wfile.write(text)

        def _keep_waiting(self, *, drips: bool) -> None:
            self.close_connection = True
            while not gateway.over.wait(0.05):
                if drips:
                    try:
                        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: " if gateway.over.is_set() else b"H")
                    except OSError:
                        return

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def a_gateway(*answers: tuple[int, bytes] | str) -> Iterator[Gateway]:
    """Run a gateway that gives these answers one after the other, the last for ever."""
    gateway = Gateway()
    gateway.answers = list(answers) or gateway.answers
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(gateway))
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
