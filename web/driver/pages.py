"""The driver's pages: the pass by link, its code, its route; report a blocked road; ask for a stop."""

from __future__ import annotations

from typing import Final

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from passes.messages.link_register import let_in_knowing
from passes.reports.photo_register import find_photo
from passes.reports.road_report_register import is_photo_of
from passes.tokens.qr_image import draw_qr
from passes.tracks.stop_register import add_needed_stop
from web.closures.photo_field import shown_photo
from web.driver import carried_list, duty_list, links, public_pass, reroute
from web.driver.blueprint import pages
from web.driver.door import Opened, edition_seen, enter, find_opened, remember_device, with_edition
from web.driver.forms import ReportForm, StopForm, TailForm
from web.driver.hand_off import hand_offs, platform_of
from web.driver.reporting import file_form
from web.driver.reroute import news_mark, reroute_page, road_closing_ahead, waiting_for
from web.driver.shown_pass import ShownPass, route_features, shown_pass
from web.road_picture import draw_route
from web.route_documents import to_gpx
from web.shell.access import allow_all
from web.shell.form_errors import put_error, sentence_of
from web.shell.navigation import ON_THE_ROAD, Entry
from web.site import reading, site, writing

__all__ = ["NAVIGATION", "carried_list", "duty_list", "links", "pages", "public_pass", "reroute"]

NAVIGATION: Final = (
    Entry(
        "driver.needed_stops",
        _l("Needed stops"),
        _l("Drivers who need to stop, or need help"),
        order=40,
        group=ON_THE_ROAD,
    ),
)
#: Where a device that was let in goes on.
_GOALS: Final = {"report_road": "driver.report_road", "need_stop": "driver.need_stop", "trip": "trips.trip"}


def _shown(opened: Opened) -> ShownPass:
    return shown_pass(opened.record, site().county, at=site().now())


def _code(shown: ShownPass) -> Markup:
    return Markup(draw_qr(shown.record.url))  # noqa: S704 - drawn by our own encoder


def _picture(shown: ShownPass) -> Markup:
    stops = [(stop["lon"], stop["lat"], "stop") for stop in shown.route["stops"]]
    goals = [(*mark[:2], "goal") if number else mark for number, mark in enumerate(stops)]
    drawn = draw_route(site().county.network, shown.route["geometry"], marks=goals, close=True)
    return Markup(drawn)  # noqa: S704 - drawn from numbers


@pages.get("/d/<secret>")
@allow_all
def show_pass(secret: str) -> Response:
    """Show the pass; where its route changed since this browser saw it, offer the new one first."""
    opened = enter(secret)
    shown = _shown(opened)
    with reading() as connection:
        mark = news_mark(connection, opened.record.number)
    waiting = waiting_for(opened)
    if waiting is not None and "old" not in request.args:
        return reroute_page(opened, secret, waiting)
    if 0 < edition_seen(opened) < opened.record.edition and shown.can_be_shown:
        page = render_template("driver/changed.html", secret=secret, shown=shown)
        return remember_device(make_response(page), opened)
    ways = hand_offs(shown.route, platform=platform_of(request.user_agent.string)) if shown.can_be_shown else ()
    page = render_template(
        "driver/pass.html",
        secret=secret,
        shown=shown,
        code=_code(shown) if shown.can_be_shown else "",
        picture=_picture(shown),
        ways=ways,
        mark=mark,
        closing=road_closing_ahead(opened),
        at=site().now(),
    )
    return with_edition(make_response(page), opened)


@pages.post("/d/<secret>/fetch")
@allow_all
def fetch_pass(secret: str) -> Response:
    """Take the new edition after a change of the route."""
    return with_edition(redirect(url_for("driver.show_pass", secret=secret), 303), enter(secret))


@pages.get("/d/<secret>/code")
@allow_all
def show_code(secret: str) -> Response:
    """Show the code alone, as large as the screen."""
    opened = enter(secret)
    shown = _shown(opened)
    if not shown.can_be_shown:
        return remember_device(redirect(url_for("driver.show_pass", secret=secret), 303), opened)
    closing = road_closing_ahead(opened)
    page = render_template(
        "driver/code.html", secret=secret, shown=shown, code=_code(shown), closing=closing, at=site().now()
    )
    return remember_device(make_response(page), opened)


@pages.get("/d/<secret>/map")
@allow_all
def route_map(secret: str) -> Response:
    """Show the route on the county's map, with its stops."""
    opened = enter(secret)
    shown = _shown(opened)
    page = render_template("driver/map.html", secret=secret, shown=shown, features=route_features(shown.route))
    return remember_device(make_response(page), opened)


@pages.get("/d/<secret>/route.gpx")
@allow_all
def route_gpx(secret: str) -> Response:
    """Give the route to a navigation device."""
    with reading() as connection:
        record = find_opened(connection, secret).record
    title = f"{record.number} {record.plate}"
    response = make_response(to_gpx([record.route], title=title, attribution=site().county.settings.attribution))
    response.headers["Content-Type"] = "application/gpx+xml"
    response.headers["Content-Disposition"] = f'attachment; filename="{record.jti}.gpx"'
    return response


def _turned_away(opened: Opened, secret: str, goal: str) -> Response | None:
    """Return where a device goes that may not act on the link; None where it may."""
    if opened.is_void:
        return remember_device(redirect(url_for("driver.show_pass", secret=secret), 303), opened)
    if opened.may_act:
        return None
    return remember_device(redirect(url_for("driver.let_in", secret=secret, goal=goal), 303), opened)


@pages.route("/d/<secret>/device", methods=["GET", "POST"])
@allow_all
def let_in(secret: str) -> Response:
    """Let another device act on the link, if it knows the last four of an ID number of the crew."""
    opened = enter(secret)
    goal = request.args.get("goal", "")
    target = _GOALS.get(goal, "driver.show_pass")
    form = TailForm()
    if opened.may_act or (form.is_sent_right() and _knows(opened, form)):
        return remember_device(redirect(url_for(target, secret=secret), 303), opened)
    page = render_template("driver/device.html", secret=secret, form=form)
    return remember_device(make_response(page, form.status), opened)


def _knows(opened: Opened, form: TailForm) -> bool:
    tails = [str(one["id_tail"]) for one in opened.record.crew]
    try:
        with writing() as connection:
            typed = form.tail.data or ""
            if let_in_knowing(connection, opened.link, opened.device, typed=typed, id_tails=tails, at=site().now()):
                return True
        put_error(form, BadInputError("link-tail-wrong", "tail"))
    except BadInputError as error:
        put_error(form, error)
    return False


@pages.route("/d/<secret>/report", methods=["GET", "POST"])
@allow_all
def report_road(secret: str) -> Response:
    """Report a blocked road: it is avoided at once, and found by the audit."""
    opened = enter(secret)
    if (away := _turned_away(opened, secret, "report_road")) is not None:
        return away
    form = ReportForm()
    if form.is_sent_right() and file_form(form, source="driver", reporter=opened.record.number):
        flash(_("Do not move the barrier yourself. Your dispatcher can have your route changed."))
        return remember_device(redirect(url_for("driver.show_pass", secret=secret), 303), opened)
    features = route_features(opened.record.route)
    page = render_template("driver/report.html", secret=secret, form=form, shown=_shown(opened), features=features)
    return remember_device(make_response(page, form.status), opened)


@pages.route("/d/<secret>/stop", methods=["GET", "POST"])
@allow_all
def need_stop(secret: str) -> Response:
    """Tell that a stop is needed; those on duty see it."""
    opened = enter(secret)
    if (away := _turned_away(opened, secret, "need_stop")) is not None:
        return away
    form = StopForm()
    if form.is_sent_right() and _keep_stop(opened, form):
        return remember_device(redirect(url_for("driver.show_pass", secret=secret), 303), opened)
    page = render_template("driver/stop.html", secret=secret, form=form, shown=_shown(opened))
    return remember_device(make_response(page, form.status), opened)


def _keep_stop(opened: Opened, form: StopForm) -> bool:
    record = opened.record
    try:
        with writing() as connection:
            add_needed_stop(
                connection,
                record.number,
                plate=record.plate,
                kind=form.kind.data or "",
                at=site().now(),
                position=form.point(),
            )
    except BadInputError as error:
        form.form_errors.append(sentence_of(error))
        return False
    flash(_("The duty desk knows that you need to stop. Stay near the truck if you can."))
    return True


@pages.get("/d/<secret>/photos/<digest>")
@allow_all
def own_photo(secret: str, digest: str) -> Response:
    """Give a photo back to the pass that it was sent from."""
    with reading() as connection:
        opened = find_opened(connection, secret)
        may_see = opened.may_act and is_photo_of(connection, digest, reporter=opened.record.number)
        photo = find_photo(connection, digest) if may_see else None
    return shown_photo(photo)
