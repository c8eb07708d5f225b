"""Certificates of closed loops: shown and printed by whoever holds the pass's link, verified by everybody."""

from __future__ import annotations

from flask import make_response, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from passes.key_register import public_key_list
from passes.loop_certificate import certificate_of
from passes.loop_verify import LoopTokenVerdict, verify_loop
from passes.qr_image import draw_qr
from web.driver.door import enter, remember_device
from web.shell.access import allow_all
from web.site import reading, site
from web.trips.blueprint import pages
from web.wording.loops import LOOP_WORDS, loop_reason
from web.wording.verdicts import SIGNS


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
