"""One closure of the township's own: its states, what to do next, and the photo that shows the road open again."""

from __future__ import annotations

from typing import Any, Final

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from geodata.closures.asking import soft_barriers
from geodata.closures.closure import Closure
from geodata.closures.filings_register import REGISTERED, REQUESTED, list_filings
from geodata.errors import BadInputError
from geodata.tickets.board_register import BoardQuery, list_board
from passes.tickets.handling import Done, reopen_road
from web.closures.consequence import foresee_here, sight_of
from web.closures.dossier import Dossier, Row, dossier_features, dossier_of
from web.closures.photo_field import kept_photo
from web.jobs.clock import keep_board
from web.shell.access import allow, who
from web.shell.file_size import camera_marks
from web.shell.form import PageForm
from web.shell.form_errors import put_error
from web.site import reading, site, writing
from web.township.blueprint import finding_address, own_closure, pages

_LONGEST_NOTE: Final = 1000


class ReopeningForm(PageForm):
    """What shows that a road is open again."""

    photo = FileField(_l("Photo of the open road"), render_kw=camera_marks())
    note = TextAreaField(_l("What was done or seen"), [Optional(), Length(max=_LONGEST_NOTE)], render_kw={"rows": 2})


@pages.get("/closures/<path:closure_id>")
@allow("TW")
def closure(closure_id: str) -> Response:
    """Show one of the township's own closures, and what to do next."""
    return _page(closure_id, ReopeningForm())


def _page(closure_id: str, form: ReopeningForm, status: int = 200) -> Response:
    keep_board(site())
    at, unit = site().now(), who().unit
    with reading() as connection:
        own_closure(connection, closure_id)
        dossier = dossier_of(connection, closure_id, at)
        barrier = _is_standing_barrier(dossier)
        sight = sight_of(foresee_here(connection, [dossier.closure], at)) if barrier else None
        tickets = list_board(connection, BoardQuery(subject=closure_id, unit=unit))[0]
        asked = [one for one in list_filings(connection, unit=unit, act=REQUESTED) if one.about == closure_id]
    form.photo.flags.required = True
    page = render_template(
        "township/closure.html",
        dossier=dossier,
        form=form,
        is_barrier=barrier,
        sight=sight,
        tickets=tickets,
        asked=asked,
        address=finding_address,
        features=dossier_features(dossier),
        can_reopen=_can_reopen(dossier.row),
        at=at,
        **_instead(dossier.closure),
    )
    return make_response(page, status)


def _is_standing_barrier(dossier: Dossier) -> bool:
    filing = dossier.row.filing
    return filing is not None and filing.act == REGISTERED and dossier.row.routing == "closed"


def _instead(closure: Closure) -> dict[str, Any]:
    """Return whether no approval covers the barrier, and what may stand in its place."""
    policy = site().county.settings.policy_for(closure.cause)
    return {"soft": soft_barriers(policy), "hard": closure.barrier in policy.hard_isolation.barriers}


def _can_reopen(row: Row) -> bool:
    return row.to_reopen or row.is_in_force or row.physical in {"reported", "confirmed_blocked"}


@pages.post("/closures/<path:closure_id>/reopened")
@allow("TW")
def reopened(closure_id: str) -> Response:
    """Record with a photo that the road is open again; the township's tickets about it are answered by it."""
    at, form = site().now(), ReopeningForm()
    try:
        with writing() as connection:
            own_closure(connection, closure_id)
            if not form.is_sent_right():
                return _page(closure_id, form, form.status)
            photo = kept_photo(connection, "photo", at=at)
            note = form.note.data or str(_("The road is open again"))
            reopen_road(
                connection, site().county, closure_id, Done("", who().name, who().unit, at, note=note, photo=photo)
            )
    except BadInputError as error:
        if error.where != "photo":
            raise
        put_error(form, error)
        return _page(closure_id, form, 422)
    flash(_("Recorded: the road is open again. Supervision will verify it."))
    return redirect(url_for("township.closure", closure_id=closure_id), 303)
