"""The Flask application: pages of one county, with a strict content policy and no request to anywhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from flask import Flask, Response

from geodata.county import County, open_county

#: Everything comes from this server; styles and scripts are files, never inline.
CONTENT_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def create_app(county: County) -> Flask:
    """Make the application of one county."""
    from web.thread_page import thread_page

    app = Flask("web")
    app.config["COUNTY"] = county
    app.register_blueprint(thread_page)
    app.after_request(_secure)
    return app


def served_app() -> Flask:
    """Make the application in a server process: the county comes by BAOTONG_COUNTY."""
    return create_app(open_county(Path(os.environ["BAOTONG_COUNTY"])))
