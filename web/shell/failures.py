"""Errors become a page, or problem+json (RFC 9457) where the client asks for JSON; here and nowhere else."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from geodata.errors import BadInputError, BaotongError, SurroundingsError
from web.answer import failure_json
from web.live_site import LiveSite
from web.shell.file_size import WORDS_ALONE, megabytes_of
from web.site import EXTENSION, NEWER_MAP, site

LOG: Final = logging.getLogger("baotong.web")
#: Codes that mean "there is no such thing".
_MISSING_ENDS: Final = ("-unknown", "-missing")
#: Codes that mean "somebody else was faster".
_CHANGED_ENDS: Final = ("-changed", "-not-open")
_SAID: Final = {
    400: (_l("This request cannot be understood"), _l("Go back, check what you entered, and send it again.")),
    401: (_l("Please sign in"), _l("Your sign-in has ended or you have none yet.")),
    403: (_l("This page is not for your role"), _l("Go to your own first page, or sign in with another account.")),
    404: (_l("There is no such page"), _l("Check the link, or start from the first page.")),
    405: (_l("This page cannot be used that way"), _l("Go back and use the button on the page.")),
    503: (_l("Too much is coming in at once"), _l("Wait a minute, then go back and send it again.")),
    429: (_l("Too many tries"), _l("Wait a quarter of an hour and try again.")),
}


def wants_json() -> bool:
    """Tell whether the client asks for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best in {"application/json", "application/problem+json"}


def status_of(error: BaotongError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, SurroundingsError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if not isinstance(error, BadInputError):
        return HTTPStatus.CONFLICT
    if error.code.endswith(_CHANGED_ENDS):
        return HTTPStatus.CONFLICT
    if request.method == "GET" and error.code.endswith(_MISSING_ENDS):
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.UNPROCESSABLE_ENTITY


def _answer(status: int, title: str, text: str, problem: Mapping[str, object]) -> Response:
    if wants_json():
        response = jsonify({"type": "about:blank", "title": title, "status": status, "detail": text, **problem})
        response.content_type = "application/problem+json"
    else:
        page = render_template("shell/error.html", title=title, text=text, status=status, back=_form_address())
        response = make_response(page)
    response.status_code = int(status)
    return response


def _form_address() -> str:
    """Return where the form that was sent can be opened again, "" where that is nowhere."""
    if request.method != "POST" or request.endpoint is None:
        return ""
    pages = current_app.create_url_adapter(request)
    is_page = pages is not None and pages.test(request.path, method="GET")
    return request.full_path.rstrip("?") if is_page else ""


def _on_baotong_error(error: BaotongError) -> ResponseReturnValue:
    if error.code == NEWER_MAP and not g.get("is_asked_again"):
        return _ask_again()
    return _told(error)


def _ask_again() -> ResponseReturnValue:
    """Answer the request on the newer map: nothing was read or written for it on the one that it began with."""
    g.is_asked_again = True
    live: LiveSite = current_app.extensions[EXTENSION]
    try:
        g.site = live.follow()
        return current_app.preprocess_request() or current_app.dispatch_request()
    except Exception as error:
        return current_app.handle_user_exception(error)


def _told(error: BaotongError) -> Response:
    said = failure_json(error, site().lang)
    fault = said["error"]
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.error("surroundings", extra={"code": error.code})
    text = "\n".join([fault["remedy"], *(row["text"] for row in said.get("errors", ()))])
    return _answer(status, fault["text"], text, {"code": fault["code"], "where": fault["where"]})


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    status = error.code or 500
    title, text = _SAID.get(status, (str(error.name), str(error.description or "")))
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        title, text = _too_large()
    return _answer(status, str(title), str(text), {"code": f"http-{status}"})


def _too_large() -> tuple[str, str]:
    """Return what is said of a form that is too large: of a file, or of words alone."""
    if request.mimetype == WORDS_ALONE:
        most = (request.max_content_length or 0) // 1000
        return _("This form holds too much"), _(
            "It takes at most %(kb)d kB. Go back to it and send less at once: fewer rows, or a shorter text.", kb=most
        )
    most = megabytes_of(current_app, request.endpoint)
    return _("The file is too large"), _(
        "This form takes at most %(mb)d MB. Go back to it and choose a smaller file.", mb=most
    )


def _on_forged_form(error: CSRFError) -> Response:
    title, text = _("This form is out of date"), _("Open the page again and send the form once more.")
    return _answer(HTTPStatus.BAD_REQUEST, title, text, {"code": "form-out-of-date"})


def _on_bug(error: Exception) -> Response:
    number = secrets.token_hex(4)
    LOG.exception("bug", extra={"number": number})
    title = _("Baotong made a mistake")
    text = _("Nothing was changed. Tell whoever runs this site the number %(number)s.", number=number)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, title, text, {"code": "bug", "number": number})


def handle_errors(app: Flask) -> None:
    """Give an application its answers to errors."""
    app.register_error_handler(CSRFError, _on_forged_form)
    app.register_error_handler(BaotongError, _on_baotong_error)
    app.register_error_handler(HTTPException, _on_http_error)
    if not app.testing:
        app.register_error_handler(Exception, _on_bug)
