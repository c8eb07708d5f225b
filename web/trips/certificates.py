"""Certificates of closed loops: shown and printed by whoever holds the pass's link, verified by everybody."""

from __future__ import annotations

from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from passes.keyring.key_register import public_key_list
from passes.loop.certificate import certificate_of
from passes.loop.verify import LoopTokenVerdict, verify_loop
from passes.tokens.qr_image import draw_qr
from web.driver.door import enter, remember_device
from web.shell.access import allow_all
from web.site import reading, site
from web.trips.blueprint import pages
from web.trips.recording import worker_script
from web.wording.loops import LOOP_REASONS, LOOP_STEPS, LOOP_WORDS, NOT_OURS, loop_reason
from web.wording.verdicts import SIGNS

#: A token is no longer.
_LONGEST_TEXT: Final = 4096


def verdict_of(text: str) -> LoopTokenVerdict:
    """Judge a certificate by the register."""
    at, here = site().now(), site()
    with reading() as connection:
        keys = public_key_list(connection, issuer=here.county.settings.area_code, at=at)
        return verify_loop(text, keys, at=at, connection=connection)


@pages.get("/L/<digits>")
@pages.get("/l/<digits>")
@allow_all
def verify(digits: str) -> str:
    """Judge the code of a certificate by the register; a text that is none of ours is red like any other."""
    verdict = verdict_of(digits)
    lang, zone = site().lang, site().county.settings.timezone
    return render_template(
        "trips/verified.html",
        verdict=verdict,
        claims=verdict.claims,
        sign=SIGNS[verdict.verdict],
        word=LOOP_WORDS[verdict.verdict].text(lang, {}),
        reasons=[(one, *loop_reason(one, lang, zone)) for one in verdict.reasons],
    )


@pages.get("/L/")
@allow_all
def check() -> str | Response:
    """Offer to check a certificate: on the phone itself where scripts run, without a network too."""
    text = request.args.get("text", "")[:_LONGEST_TEXT].strip()
    if text:
        return redirect(url_for("trips.verify", digits=text.rstrip("/").rpartition("/")[2] or "-"), 303)
    lang = site().lang
    words = {
        "words": {level: one.text(lang, {}) for level, one in LOOP_WORDS.items()},
        "signs": dict(SIGNS),
        "reasons": {code: one.zh if lang == "zh" else one.en for code, one in LOOP_REASONS.items()},
        "other": NOT_OURS.text(lang, {}),
        "steps": {code: one.text(lang, {}) for code, one in LOOP_STEPS.items()},
    }
    labels = {
        "number": _("Pass number"),
        "origin": _("Set out from"),
        "destination": _("Delivered to"),
        "beganAt": _("Set out"),
        "receivedAt": _("Received"),
        "endedAt": _("Trip over"),
        "expiresAt": _("until"),
    }
    return render_template(
        "trips/check.html", words=words, labels=list(labels.items()), zone=site().county.settings.timezone.key
    )


@pages.get("/L/worker.js")
@allow_all
def check_worker() -> Response:
    """Give the service worker that opens the check without a network."""
    return worker_script()


@pages.get("/d/<secret>/certificate")
@allow_all
def certificate(secret: str) -> Response:
    """Show the certificate with its code, ready for a screen or one A4 page."""
    opened = enter(secret)
    with reading() as connection:
        held = certificate_of(connection, opened.record.number)
    if held is None:
        return remember_device(redirect(url_for("trips.trip", secret=secret), 303), opened)
    code = Markup(draw_qr(held.url))  # noqa: S704 - drawn by our own encoder
    page = render_template("trips/certificate.html", secret=secret, claims=held.claims, url=held.url, code=code)
    return remember_device(make_response(page), opened)
