"""The gate before every view: know the person again, and let in whom the view lets in.

A form that comes after its sender's sign-in has ended is held and given back after signing in again: nothing is lost.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from passes.accounts.held_form_register import HeldForm, hold_form
from passes.accounts.signing_in import is_due_to_be_seen, keep_alive, recognise
from web.shell.access import EVERYBODY, person_here, roles_of
from web.shell.body_places import take_body
from web.shell.failures import wants_json
from web.shell.file_size import MOST_STRANGERS_BYTES, MOST_WORD_BYTES, WORDS_ALONE
from web.site import reading, site, writing

SIGN_IN_COOKIE: Final = "baotong-sign-in"
#: Pages for a person whose password was given by somebody else; no other page is.
_BEFORE_CHANGE: Final = {"shell.password", "shell.sign_out", "static"}


def open_gate(app: Flask) -> None:
    """Put the gate before every view of an application; before the check of forged forms, so that forms are held."""
    app.before_request(_recognise)
    app.before_request(_bound_form)
    app.before_request(_admit)
    app.before_request(_take_body)


def _recognise() -> None:
    """Know the person by his cookie; note that he is there, at most once a minute."""
    g.person = g.ended_account = None
    secret = request.cookies.get(SIGN_IN_COOKIE)
    if not secret or request.endpoint == "static":
        return
    at = site().now()
    with reading() as connection:
        g.person, one = recognise(connection, secret, at=at)
    if one is None:
        return
    if g.person is None:
        g.ended_account = one.account.name
    elif is_due_to_be_seen(one, at=at):
        with writing() as connection:
            keep_alive(connection, secret, at=at)


def _bound_form() -> None:
    """Take no large form of words: megabytes of empty fields cost many seconds to read."""
    if request.mimetype == WORDS_ALONE:
        is_known = person_here() is not None or g.ended_account is not None
        request.max_content_length = MOST_WORD_BYTES if is_known else MOST_STRANGERS_BYTES


def _take_body() -> None:
    """Take in what is sent, in one of the places for it: whoever sends slowly keeps pages from nobody else."""
    is_sent = bool(request.content_length) or "Transfer-Encoding" in request.headers
    if request.endpoint is not None and is_sent:
        take_body(is_known=person_here() is not None)


def _admit() -> Response | None:
    """Let in whom the view lets in; send the others to sign in, or away."""
    if request.endpoint is None:
        return None
    from flask import current_app

    roles = roles_of(current_app, request.endpoint)
    person = person_here()
    if person is not None and person.must_change and request.endpoint not in _BEFORE_CHANGE:
        return redirect(url_for("shell.password"), 303)
    if roles == EVERYBODY or (person is not None and person.role in roles):
        return None
    if person is not None:
        abort(403)
    return _send_to_sign_in()


def _send_to_sign_in() -> Response:
    if wants_json():
        abort(401)
    if request.method == "GET":
        return redirect(url_for("shell.sign_in", next=request.full_path.rstrip("?")), 303)
    if g.ended_account is None:
        return redirect(url_for("shell.sign_in"), 303)
    take_body(is_known=True)
    form = HeldForm(request.full_path.rstrip("?"), request.content_type or "", request.get_data(cache=False))
    with writing() as connection:
        held = hold_form(connection, form, site().secret("held form"), account=g.ended_account, at=site().now())
    return redirect(url_for("shell.sign_in", held=held), 303)
