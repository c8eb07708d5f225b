"""Hand a new pass over at the checkpoint, to a driver who had only the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from passes.editions.pass_register import GRANTED, find_pass, read_passes
from passes.reissue.reissue_register import BY_CHECKPOINT, OUTGOING, SWITCHED, reissue_of
from passes.reissue.switch import take_edition, waiting_edition
from passes.tokens.qr_image import draw_qr
from web.checkpoint.blueprint import pages
from web.checkpoint.post import here_or_refuse
from web.road_picture import draw_route
from web.shell.access import allow
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.editions.pass_register import PassRecord
    from passes.tokens.claims import PassClaims


@dataclass(frozen=True, slots=True)
class Newer:
    """A newer edition of the pass that is shown.

    Attributes
    ----------
    is_waiting
        The one shown is valid until this one is taken; else it has been replaced already.
    """

    record: PassRecord
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class HandOver(Newer):
    """A new pass for the truck that stands here: its code and the picture of its route."""

    code: Markup
    picture: Markup


def hand_over_for(connection: sa.Connection, claims: PassClaims | None) -> HandOver | None:
    """Return the pass that takes the place of the one shown, or that its driver has not got yet; None where none."""
    if claims is None or claims.issuer != site().county.settings.area_code:
        return None
    shown = read_passes(connection, [claims.jti])
    found = newer_edition(connection, shown[0]) if shown else None
    if found is None:
        return None
    drawn = draw_route(site().county.network, found.record.route["geometry"], close=True)
    code = "" if found.is_waiting else draw_qr(found.record.url)
    return HandOver(found.record, found.is_waiting, Markup(code), Markup(drawn))  # noqa: S704 - our own encoders


def newer_edition(connection: sa.Connection, shown: PassRecord) -> Newer | None:
    """Return the edition that takes the place of one, or that its driver has not got yet; None where there is none."""
    newest = find_pass(connection, shown.number)
    if newest.jti != shown.jti:
        return Newer(newest, is_waiting=False) if newest.state == GRANTED else None
    waiting = waiting_edition(connection, shown.number)
    if waiting is not None:
        return Newer(waiting[1], is_waiting=True)
    row = reissue_of(connection, shown.number, OUTGOING, SWITCHED)
    is_undelivered = row is not None and row.next_jti == newest.jti and row.delivered_at is None
    return Newer(newest, is_waiting=False) if is_undelivered else None


@pages.get("/newer/<jti>")
@allow("C")
def newer(jti: str) -> Response:
    """Tell a guard's phone whether the pass shown there has a newer edition that its driver has not got."""
    here_or_refuse()
    with reading() as connection:
        shown = read_passes(connection, [jti])
        if not shown:
            abort(404)
        found = newer_edition(connection, shown[0])
    return jsonify({"newer": found is not None, "waiting": found is not None and found.is_waiting})


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
