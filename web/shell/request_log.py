"""One line of JSON a request on stderr, with nothing that tells who or what: no name, address, plate or link."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Final

from flask import Flask, Response, g, request

from geodata.errors import BaotongError
from web.shell.access import person_here

LOG: Final = logging.getLogger("baotong.web")
#: Lines of a trace; one that calls itself without end has a thousand.
_LONGEST_TRACE: Final = 60
_OWN: Final = ("code", "number", "method", "route", "status", "ms", "role")


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object: time, level, message and the fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "message": record.getMessage()}
        line |= {name: getattr(record, name) for name in _OWN if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = _trace(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _trace(error: BaseException | None) -> list[str]:
    """Return where an error came from and of which kind it is, its causes last; what it says may name people."""
    told: list[str] = []
    while error is not None and len(told) < _LONGEST_TRACE:
        told += [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
        code = f" {error.code}" if isinstance(error, BaotongError) else ""
        told.append(f"{type(error).__module__}.{type(error).__qualname__}{code}")
        error = error.__cause__ or error.__context__
    return told[-_LONGEST_TRACE:]


def write_log() -> None:
    """Write this program's log to stderr, once a process."""
    if LOG.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False


def log_requests(app: Flask) -> None:
    """Log every request but those for files: which route, not which address."""

    def begin() -> None:
        g.began = time.perf_counter()

    def end(response: Response) -> Response:
        if request.endpoint == "static":
            return response
        person = person_here()
        took_ms = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
        fields = {
            "method": request.method,
            "route": str(request.url_rule or "-"),
            "status": response.status_code,
            "ms": took_ms,
            "role": person.role if person else "",
        }
        LOG.info("request", extra=fields)
        return response

    app.before_request(begin)
    app.after_request(end)
