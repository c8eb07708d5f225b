"""Closures for everybody: what is in force, what a barrier's code says, and the order to hang there."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from geodata.closures.approved_part import approved_part
from geodata.closures.filings_register import closure_of
from geodata.closures.register import list_closures
from passes.keyring.key_register import public_key_list
from passes.orders.check import Record, verify_order
from passes.orders.ordering import current_order, is_altered, issue_order, ordered_part
from passes.tokens.qr_image import draw_qr
from web.closures.paged import PageAsked
from web.order_text import headline, reason_said
from web.orders.feed import closures_geojson
from web.orders.feed_part import FeedAsked, feed_tag
from web.orders.notice import public_address, said_in
from web.orders.published import GROUPS, published
from web.orders.shown_order import ShownOrder, body_name, body_phones, order_features, order_picture, shown_order
from web.orders.signing import can_be_ordered, orderer
from web.shell.access import allow, allow_all, who
from web.shell.navigation import ROADS, Entry
from web.site import reading, site, writing
from web.wording.verdicts import SIGNS

pages = Blueprint("orders", __name__)
NAVIGATION: Final = (
    Entry(
        "orders.public_list",
        _l("Closures in force"),
        _l("Which roads are closed with approval, until when, and the way round."),
        order=70,
        group=ROADS,
        is_public=True,
    ),
)
#: Who prints the order for a barrier.
PRINTERS: Final = ("HQ", "TW", "S", "T", "P")

pages.app_template_global("body_name")(body_name)
pages.app_template_global("can_be_ordered")(can_be_ordered)


def _addresses(orders: list[ShownOrder]) -> dict[str, str]:
    return {one.closure_id: url_for("orders.public_order", closure_id=one.closure_id) for one in orders}


@pages.get("/public/closures")
@allow_all
def public_list() -> str:
    """List what is closed with approval now and later, with the way round, on a map and in words."""
    asked = PageAsked.of("orders.public_list", request.args, GROUPS)
    with reading() as connection:
        lists = published().lists(connection, asked, site().now())
    orders = [order for one in lists for order in one.rows]
    return render_template("orders/list.html", lists=lists, features=order_features(orders, _addresses(orders)))


@pages.get("/public/closures.geojson")
@allow_all
def public_geojson() -> Response:
    """Give the closures in force to other maps and planners: a stable address, approved extents alone.

    Whoever has the newest ones is told so before any way round is sought; `limit` and `offset` ask for a part of them.
    """
    at, asked = site().now(), FeedAsked.of(request.args)
    with reading() as connection:
        version, parts = published().parts_in_force(connection, at)
        wanted = asked.cut(parts)
        response = make_response()
        response.set_etag(feed_tag(wanted, version, site().state))
        if request.if_none_match.contains(response.get_etag()[0] or ""):
            orders = None
        else:
            orders = published().shown(wanted, connection, at)
    if orders is not None:
        addresses = {one.closure_id: public_address(one) for one in orders}
        document = closures_geojson(orders, at=at, addresses=addresses) | asked.links(len(parts))
        response.set_data(json.dumps(document, ensure_ascii=False, sort_keys=True))
    response.content_type = "application/geo+json"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, no-cache"
    return response.make_conditional(request)


@pages.get("/public/closures/<path:closure_id>")
@allow_all
def public_order(closure_id: str) -> Response:
    """Show one approved closure to everybody; one that is not approved is as if it were not there."""
    shown = _shown(closure_id)
    page = render_template("orders/order.html", closure_id=closure_id, shown=shown, **_parts(shown))
    return make_response(page, 200 if shown else 404)


@pages.get("/O/<digits>")
@pages.get("/o/<digits>")
@allow_all
def scanned(digits: str) -> str:
    """Judge the code of a barrier by the register; what is no code of ours has no approval on record."""
    at, county = site().now(), site().county
    with reading() as connection:
        keys = public_key_list(connection, issuer=county.settings.area_code, at=at)
        verdict = verify_order(digits, keys, at=at, record=Record(connection, county.settings, county.network))
    shown = None
    if verdict.claims is not None and verdict.verdict != "red":
        shown = _shown(verdict.claims.closure_id)
    zone = county.settings.timezone
    return render_template(
        "orders/order.html",
        closure_id="" if verdict.claims is None else verdict.claims.closure_id,
        verdict=verdict,
        sign=SIGNS[verdict.verdict],
        headline=headline(verdict, site().lang),
        reasons=[(one, reason_said(one, site().lang, zone)) for one in verdict.reasons],
        shown=shown,
        **_parts(shown),
    )


def _shown(closure_id: str) -> ShownOrder | None:
    """Return what is approved of a closure now or later; None where nothing is, or somebody altered its records."""
    at, county = site().now(), site().county
    with reading() as connection:
        found = list_closures(connection, [closure_id])
        part = approved_part(found[0], county.settings.policy_for, county.network, at=at) if found else None
        if part is None or is_altered(connection, closure_id):
            return None
        return shown_order(part, site().engine(connection), at)


def _parts(shown: ShownOrder | None) -> dict[str, object]:
    """Return what the page of an approved closure has beside its facts."""
    if shown is None:
        return {}
    return {"picture": order_picture(shown), "notice": said_in(shown, site().lang), "phones": body_phones(shown.part)}


@pages.get("/orders/<path:closure_id>/print")
@allow(*PRINTERS)
def print_order(closure_id: str) -> str:
    """Show the order of a closure as one A4 page; where none was signed since the approval changed, offer to."""
    at, county = site().now(), site().county
    with reading() as connection:
        part = ordered_part(closure_of(connection, closure_id), county.settings, county.network, at=at)
        order = current_order(connection, part, county.settings, at=at)
        shown = shown_order(part, site().engine(connection), at)
    both = ("zh", "en") if site().lang == "en" else ("zh",)
    return render_template(
        "orders/print.html",
        order=order,
        shown=shown,
        bodies=[said_in(shown, tongue, page="orders/print_body.html", order=order) for tongue in both],
        code=Markup(draw_qr(order.url)) if order else "",  # noqa: S704 - drawn by our own encoder
        picture=order_picture(shown),
    )


@pages.post("/orders/<path:closure_id>")
@allow(*PRINTERS)
def sign_order(closure_id: str) -> Response:
    """Sign the order of an approved closure, the same again while the approval stays as it is."""
    with writing() as connection:
        issue_order(connection, closure_id, orderer(), by=(who().name, who().unit), at=site().now())
    flash(_("The order is signed. Print it and hang it at the barrier."))
    return redirect(url_for("orders.print_order", closure_id=closure_id), 303)
