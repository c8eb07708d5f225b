"""Signing in and out, the password, the first page of every role, and forms that were held."""

from __future__ import annotations

import hashlib
import hmac
import threading
from datetime import timedelta
from io import BytesIO
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from geodata.errors import BadInputError
from passes.accounts.account_register import end_sign_in
from passes.accounts.held_form_register import HeldForm, take_form
from passes.accounts.passwords import LONGEST, SHORTEST
from passes.accounts.signing_in import LONGEST_SIGN_IN, change_password, hash_for, sign_in_weighed, weigh_attempt
from web.shell.access import allow, allow_all, person_here, who
from web.shell.form import PageForm
from web.shell.form_errors import put_error
from web.shell.gate import SIGN_IN_COOKIE
from web.site import reading, site, writing

pages = Blueprint("shell", __name__)

#: Says that an account has signed in from this browser before; another password makes it worthless.
KNOWN_COOKIE: Final = "baotong-known"
_KNOWN_FOR: Final = timedelta(days=180)
#: Passwords weighed at once, each with 19 MiB and a processor; who cannot be served soon is told to come back.
_WEIGHING: Final = threading.BoundedSemaphore(2)
_PATIENCE_S: Final = 5.0
_NEEDED: Final = InputRequired(_l("Please fill this in."))


class SignInForm(PageForm):
    """Name and password; where to go afterwards."""

    name = StringField(_l("Name"), [_NEEDED, Length(max=64)], render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"), [_NEEDED, Length(max=LONGEST)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()
    held = HiddenField()


class PasswordForm(PageForm):
    """The old password, and the new one twice."""

    old = PasswordField(_l("Current password"), [_NEEDED], render_kw={"autocomplete": "current-password"})
    new = PasswordField(
        _l("New password"),
        [_NEEDED],
        description=_l("At least %(least)s characters; a short sentence is a good one.", least=SHORTEST),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(_l("New password again"), [_NEEDED], render_kw={"autocomplete": "new-password"})


def _own_address(address: str | None) -> str:
    """Return a path of this site to go to, the first page for anything else."""
    plain = address or ""
    parts = urlsplit(plain)
    is_own = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in parts.path
    # Of three strokes a browser makes two, and takes what follows for another site.
    return plain if is_own and plain.startswith("/") and not plain.startswith("//") else url_for("shell.home")


@pages.get("/")
@allow_all
def home() -> str | Response:
    """Show what a person's role can do here; without an account, what everybody can."""
    return render_template("shell/home.html")


@pages.route("/sign-in", endpoint="sign_in", methods=["GET", "POST"])
@allow_all
def sign_in_page() -> Response:
    """Sign a person in; a wrong try is written down."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data, form.held.data = request.args.get("next", ""), request.args.get("held", "")
    elif form.validate():
        secret, proof = _try(form.name.data or "", form.password.data or "")
        if secret is not None:
            return _begin(secret, form, proof)
        form.form_errors.append(
            _l(
                "Name and password do not match, or the account is locked for a while after too many tries. "
                "Try again in 15 minutes."
            )
        )
    return make_response(render_template("shell/sign_in.html", form=form), form.status)


def _try(name: str, password: str) -> tuple[str | None, str]:
    """Return the secret of a new sign-in, None where there is none; and what this browser is known by from then on.

    A password is weighed outside of any transaction, and few at once: whoever floods this page keeps neither the
    writers nor the processors from those who work.
    """
    with reading() as connection:
        known_hash = hash_for(connection, name)
    proof = hmac.new(site().secret("known browser"), f"{name.strip().casefold()} {known_hash}".encode(), hashlib.sha256)
    shown = request.cookies.get(KNOWN_COOKIE, "")
    is_known = hmac.compare_digest(shown.encode(), proof.hexdigest().encode())
    if not _WEIGHING.acquire(timeout=_PATIENCE_S):
        abort(429)
    try:
        attempt = weigh_attempt(name, password, known_hash, is_known=is_known)
    finally:
        _WEIGHING.release()
    with writing() as connection:
        return sign_in_weighed(connection, attempt, at=site().now()), proof.hexdigest()


def _begin(secret: str, form: SignInForm, proof: str) -> Response:
    goal = url_for("shell.held_form", held=form.held.data) if form.held.data else _own_address(form.next.data)
    response = redirect(goal, 303)
    response.set_cookie(
        SIGN_IN_COOKIE, secret, max_age=LONGEST_SIGN_IN, httponly=True, samesite="Lax", secure=site().secure
    )
    response.set_cookie(
        KNOWN_COOKIE,
        proof,
        max_age=_KNOWN_FOR,
        path=url_for("shell.sign_in"),
        httponly=True,
        samesite="Lax",
        secure=site().secure,
    )
    return response


@pages.post("/sign-out")
@allow_all
def sign_out() -> Response:
    """End the sign-in of this browser."""
    secret = request.cookies.get(SIGN_IN_COOKIE)
    if secret and person_here() is not None:
        with writing() as connection:
            end_sign_in(connection, secret)
    response = redirect(url_for("shell.sign_in", lang=site().lang), 303)
    response.delete_cookie(SIGN_IN_COOKIE)
    return response


@pages.route("/password", methods=["GET", "POST"])
@allow()
def password() -> Response:
    """Change one's own password; one signs in again afterwards."""
    form = PasswordForm()
    if form.is_sent_right() and _changed(form):
        return redirect(url_for("shell.sign_in", changed=1), 303)
    return make_response(render_template("shell/password.html", form=form), form.status)


def _changed(form: PasswordForm) -> bool:
    if form.new.data != form.again.data:
        form.again.errors = [*form.again.errors, _l("The two new passwords differ.")]
        return False
    try:
        with writing() as connection:
            change_password(connection, who().name, old=form.old.data or "", new=form.new.data or "")
    except BadInputError as error:
        put_error(form, error, fields={"password": "new"})
        return False
    return True


@pages.get("/held/<held>")
@allow()
def held_form(held: str) -> str:
    """Offer a form that came when the sign-in had ended."""
    return render_template("shell/held.html", held=held)


@pages.post("/held/<held>")
@allow()
def send_held_form(held: str) -> Response:
    """Send a held form as if it came now."""
    with writing() as connection:
        form = take_form(connection, held, site().secret("held form"), account=who().name, at=site().now())
    if form is None:
        abort(404)
    return _sent_again(form)


def _sent_again(form: HeldForm) -> Response:
    """Answer a request with a held form's address and body, by the person who asks now."""
    parts = urlsplit(form.address)
    environ = {key: value for key, value in request.environ.items() if not key.startswith(("werkzeug.", "flask."))}
    environ |= {
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": form.content_type,
        "CONTENT_LENGTH": str(len(form.body)),
        "wsgi.input": BytesIO(form.body),
    }
    kept = dict(g.__dict__)
    try:
        answer, status, headers = run_wsgi_app(current_app.wsgi_app, environ, buffered=True)
        return Response(b"".join(answer), status, headers)
    finally:
        g.__dict__.update(kept)


@pages.get("/health")
@allow_all
def health() -> Response:
    """Tell a supervisor of processes whether this one can work, without any name or place."""
    from geodata.closures.register import closure_set_version

    with reading() as connection:
        version = closure_set_version(connection)
    body = {"ok": True, "closure_set_version": version, "network_digest": site().county.network.digest}
    return jsonify(body)
