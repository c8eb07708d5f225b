"""Hand a new pass over at the checkpoint, to a driver who had only the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from passes.pass_register import GRANTED, find_pass
from passes.qr_image import draw_qr
from passes.reissue_register import BY_CHECKPOINT, OUTGOING, SWITCHED, reissue_of
from passes.reissue_switch import take_edition, waiting_edition
from web.checkpoint.blueprint import pages
from web.checkpoint.post import here_or_refuse
from web.road_picture import draw_route
from web.shell.access import allow
from web.site import site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.claims import PassClaims
    from passes.pass_register import PassRecord


@dataclass(frozen=True, slots=True)
class HandOver:
    """A new pass for the truck that stands here.

    Attributes
    ----------
    is_waiting
        The old one is valid until this one is taken; else it has been replaced already.
    """

    record: PassRecord
    code: Markup
    picture: Markup
    is_waiting: bool


def hand_over_for(connection: sa.Connection, claims: PassClaims | None) -> HandOver | None:
    """Return the pass that takes the place of the one shown, or that its driver has not got yet; None where none."""
    if claims is None:
        return None
    newest = find_pass(connection, claims.number)
    if newest.state == GRANTED and newest.jti != claims.jti:
        return _shown(newest, is_waiting=False)
    if newest.jti != claims.jti:
        return None
    waiting = waiting_edition(connection, claims.number)
    if waiting is not None:
        return _shown(waiting[1], is_waiting=True)
    row = reissue_of(connection, claims.number, OUTGOING, SWITCHED)
    is_undelivered = row is not None and row.next_jti == newest.jti and row.delivered_at is None
    return _shown(newest, is_waiting=False) if is_undelivered else None


def _shown(record: PassRecord, *, is_waiting: bool) -> HandOver:
    drawn = draw_route(site().county.network, record.route["geometry"], close=True)
    code = "" if is_waiting else draw_qr(record.url)
    return HandOver(record, Markup(code), Markup(drawn), is_waiting)  # noqa: S704 - drawn by our own encoders


@pages.post("/hand-over/<number>")
@allow("C")
def hand_over(number: str) -> Response:
    """Put the new pass in force, if it is not yet, and write down that the driver has it."""
    here_or_refuse()
    with writing() as connection:
        record = find_pass(connection, number)
        seen = request.form.get("seen", "")
        row = take_edition(connection, record.number, seen=seen, by=BY_CHECKPOINT, at=site().now())
    if row is not None:
        flash(_("The new pass is in force. Let the driver take a picture of its code."), "good")
    return redirect(url_for("checkpoint.check_number", number=record.number), 303)
