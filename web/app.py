"""The Flask application: the pages of one county, a room for each kind of user."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

from flask import Flask
from flask_wtf import CSRFProtect

from web.jobs.worker import start_worker
from web.kept_templates import keep_templates
from web.live_site import LiveSite
from web.outlet.post import start_post
from web.session import Session
from web.shell.access import allow_all, check_every_view
from web.shell.body_places import BODY_PLACES, body_places
from web.shell.failures import handle_errors
from web.shell.gate import open_gate
from web.shell.headers import secure
from web.shell.language import speak
from web.shell.navigation import gather
from web.shell.request_log import log_requests, write_log
from web.shell.speaking import teach
from web.site import EXTENSION, Site, open_site
from web.static_files import serve_compressed

#: Each room's pages: a module with a blueprint `pages`, and its `NAVIGATION` where it has places for some role.
ROOMS: Final = (
    "web.shell.pages",
    "web.closures.pages",
    "web.closures.downloads",
    "web.orders.pages",
    "web.headquarters.pages",
    "web.supervision.pages",
    "web.thread_page",
    "web.map.pages",
    "web.driver.pages",
    "web.trips.pages",
    "web.checkpoint.pages",
    "web.township.pages",
    "web.transport.pages",
    "web.planner.pages",
    "web.jobs.pages",
    "web.firm.pages",
    "web.keys.pages",
)
#: A photo as a phone takes it, and the form around it.
LARGEST_REQUEST_BYTES: Final = 12_500_000


def create_app(site: Site, *, testing: bool = False) -> Flask:
    """Make the application of one county.

    Raises
    ------
    LookupError
        A view does not say who may reach it.
    """
    app = Flask("web")
    app.url_map.strict_slashes = False  # people type an address with and without the last slash
    app.testing = testing
    app.extensions[EXTENSION] = LiveSite(site)
    app.config.update(
        SECRET_KEY=site.secret("cookies"),
        SESSION_COOKIE_NAME="baotong-form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=site.secure,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the browser's session: a form may lie open over lunch
        WTF_CSRF_SSL_STRICT=False,  # no page sends a referrer; the token is what counts
    )
    log_requests(app)
    open_gate(app)
    CSRFProtect(app)
    speak(app)
    teach(app)
    keep_templates(app)
    handle_errors(app)
    app.after_request(secure)
    rooms = [import_module(name) for name in ROOMS]
    for room in rooms:
        app.register_blueprint(room.pages)
    app.extensions["navigation"] = gather(rooms)
    serve_compressed(app)
    allow_all(app.view_functions["static"])
    check_every_view(app)
    return app


def served_app() -> Flask:
    """Make the application in a server process: its county comes by the environment."""
    write_log()
    environ = os.environ
    session = Session(
        Path(environ["BAOTONG_COUNTY"]), environ.get("BAOTONG_DATABASE_URL", ""), environ.get("BAOTONG_LANG", ""), False
    )
    site = open_site(session, secure=environ.get("BAOTONG_SECURE") == "1")
    site = replace(site, is_board_kept=True)
    app = create_app(site)
    app.extensions[BODY_PLACES] = body_places(int(environ.get("BAOTONG_THREADS", "8")))
    start_worker(app.extensions[EXTENSION])
    start_post(site)
    return app
