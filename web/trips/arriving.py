"""The driver's trip: record it, receive it by the receiving point's code, end it, and take the certificate home."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from geodata.errors import BadInputError
from passes.editions.pass_register import GRANTED, find_pass
from passes.loop.certificate import Certifier, certificate_of, certify, why_none
from passes.loop.check import LoopCheck, check_loop
from passes.loop.place_code_register import place_of_code, read_code
from passes.loop.receipt import Arrival, end_of, end_trip, goal_of, is_round_trip, receive
from passes.messages.link_register import passes_of_device
from passes.tracks.trip_mark_register import ENDED, RECEIVED
from web.driver.door import DEVICE_COOKIE, Opened, enter, find_opened, remember_device
from web.driver.forms import position_of
from web.driver.shown_pass import shown_pass
from web.shell.access import allow_all
from web.shell.form import PageForm
from web.shell.form_errors import put_error
from web.site import reading, site, writing
from web.trips.blueprint import pages, track_roads

if TYPE_CHECKING:
    from passes.editions.pass_register import PassRecord

#: Remembers which link this browser used last, for codes that the phone's own camera opens.
LINK_COOKIE: Final = "baotong-link"


class ArrivalForm(PageForm):
    """The code of the receiving point, and where the phone is."""

    code = StringField(
        _l("Code of the receiving point"),
        [InputRequired(_l("Scan the code at the receiving point, or type it.")), Length(max=300)],
        description=_l("It hangs at the receiving point; 24 letters and digits."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    position = HiddenField()


class EndForm(PageForm):
    """Where the phone is at the end of the trip."""

    position = HiddenField()


def _arrival(form: ArrivalForm | EndForm, code: str = "") -> Arrival:
    """Return what a form tells; a position that cannot be read was not told."""
    try:
        position = position_of(form.position.data) if form.position.data else None
    except BadInputError:
        position = None
    return Arrival(code, site().now(), position)


def _check(number: str) -> LoopCheck:
    roads = track_roads()
    with reading() as connection:
        return check_loop(connection, number, roads.county, roads.engine, at=site().now())


def _page(secret: str, opened: Opened, *, form: ArrivalForm | None = None, end: EndForm | None = None) -> Response:
    """Show the trip as it stands."""
    here = site()
    check = _check(opened.record.number)
    with reading() as connection:
        certificate = certificate_of(connection, opened.record.number)
    sent = form if form is not None and form.errors else end
    page = render_template(
        "trips/trip.html",
        secret=secret,
        opened=opened,
        shown=shown_pass(opened.record, here.county, at=here.now()),
        check=check,
        received=check.marks.get(RECEIVED),
        ended=check.marks.get(ENDED),
        goal=goal_of(opened.record),
        goal_back=end_of(opened.record),
        is_round=is_round_trip(opened.record),
        reason=why_none(check),
        certificate=certificate,
        form=form or ArrivalForm(code=read_code(request.args.get("code", ""))),
        end=end or EndForm(),
        policy=here.county.settings.policy.tracks,
        forget_at=_forget_at(opened.record, check),
    )
    response = make_response(page, 422 if sent is not None and (sent.errors or sent.form_errors) else 200)
    response.set_cookie(
        LINK_COOKIE, secret, max_age=7_776_000, path="/d/", httponly=True, samesite="Lax", secure=here.secure
    )
    return remember_device(response, opened)


def _forget_at(record: PassRecord, check: LoopCheck) -> int:
    """Return the second from which a phone keeps nothing of the trip: when the office deletes its positions as well."""
    ended = check.marks.get(ENDED)
    over = record.expires_at if ended is None else ended.at
    return int((over + timedelta(days=site().county.settings.policy.tracks.keep_days)).timestamp())


def _turned_away(opened: Opened, secret: str) -> Response | None:
    """Return where a device goes that may not act on the link."""
    if opened.may_act:
        return None
    return remember_device(redirect(url_for("driver.let_in", secret=secret, goal="trip"), 303), opened)


@pages.get("/d/<secret>/trip")
@allow_all
def trip(secret: str) -> Response:
    """Show the trip: recording, receipt, whether the route was kept, and the certificate."""
    opened = enter(secret)
    return _turned_away(opened, secret) or _page(secret, opened)


@pages.post("/d/<secret>/arrive")
@allow_all
def arrive(secret: str) -> Response:
    """Receive the trip by the code that was read."""
    opened = enter(secret)
    if (away := _turned_away(opened, secret)) is not None:
        return away
    form = ArrivalForm()
    if form.is_sent_right():
        try:
            with writing() as connection:
                record = find_opened(connection, secret).record
                receive(connection, record, _arrival(form, form.code.data or ""), site().county, at=site().now())
        except BadInputError as error:
            put_error(form, error)
        else:
            flash(_("Received. Nobody needs to sign or touch anything."))
            return remember_device(redirect(url_for("trips.trip", secret=secret), 303), opened)
    return _page(secret, opened, form=form)


@pages.post("/d/<secret>/end")
@allow_all
def end(secret: str) -> Response:
    """End a round trip where its pass leads back to."""
    opened = enter(secret)
    if (away := _turned_away(opened, secret)) is not None:
        return away
    form = EndForm()
    try:
        with writing() as connection:
            record = find_opened(connection, secret).record
            end_trip(connection, record, _arrival(form), site().county, at=site().now())
    except BadInputError as error:
        put_error(form, error, fields={"": "none"})
        return _page(secret, opened, end=form)
    flash(_("The trip is over."))
    return remember_device(redirect(url_for("trips.trip", secret=secret), 303), opened)


@pages.post("/d/<secret>/certificate")
@allow_all
def take_certificate(secret: str) -> Response:
    """Sign the certificate of a kept trip; of any other the page says why there is none."""
    opened = enter(secret)
    if (away := _turned_away(opened, secret)) is not None:
        return away
    here, roads = site(), track_roads()
    with writing() as connection:
        check = check_loop(connection, opened.record.number, roads.county, roads.engine, at=here.now())
        if not why_none(check):
            certify(connection, check, Certifier(here.county, here.key_file), at=here.now())
            return remember_device(redirect(url_for("trips.certificate", secret=secret), 303), opened)
    return remember_device(redirect(url_for("trips.trip", secret=secret), 303), opened)


@pages.get("/R/<code>")
@pages.get("/r/<code>")
@allow_all
def read_at_place(code: str) -> Response | str:
    """Say what a receiving point's code is for; a phone that holds a pass for this place goes on to its trip.

    Raises
    ------
    BadInputError
        `place-code-unknown`.
    """
    plain = read_code(code)
    with reading() as connection:
        place = site().county.places.by_id.get(place_of_code(connection, plain)) if plain else None
    if place is None:
        raise BadInputError("place-code-unknown", "code")
    return render_template("trips/at_place.html", place=place, code=plain)


@pages.get("/d/at/<code>")
@allow_all
def find_trip(code: str) -> Response:
    """Lead a phone from a receiving point's code to its pass for this place.

    Raises
    ------
    BadInputError
        `place-code-unknown`, or `trip-here-unknown`: this phone holds no pass for this place.
    """
    device, secret = request.cookies.get(DEVICE_COOKIE, ""), request.cookies.get(LINK_COOKIE, "")
    plain = read_code(code)
    with reading() as connection:
        place = place_of_code(connection, plain) if plain else ""
        if not place:
            raise BadInputError("place-code-unknown", "code")
        numbers = passes_of_device(connection, secret, device)
        for record in (find_pass(connection, one) for one in numbers):
            goal = goal_of(record)
            if record.state == GRANTED and goal is not None and goal["place"] == place:
                return redirect(url_for("trips.trip", secret=secret, code=plain), 303)
    raise BadInputError("trip-here-unknown", "code")
