"""The checkpoint's queue: how many trucks wait now, as its guard counts them, and how long trucks have waited."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import flash, jsonify, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from passes.checkpoint.queue_register import QueueCount, add_queue_count, newest_queue_counts
from passes.checkpoint.scan_register import list_scans
from passes.checkpoint.waiting import waiting_at
from web.checkpoint.blueprint import pages
from web.checkpoint.forms import QueueForm
from web.checkpoint.post import checkpoints, here_or_refuse
from web.checkpoint.start_page import start_page
from web.shell.access import allow, who
from web.shell.failures import wants_json
from web.shell.form_errors import put_error
from web.site import reading, site, writing

if TYPE_CHECKING:
    from geodata.places import Place
    from passes.checkpoint.waiting import PostWaiting

_DAY: Final = timedelta(hours=24)
#: Of a county's checkpoints within a day.
_MOST_SCANS: Final = 50_000


@pages.post("/queue")
@allow("C")
def count_queue() -> Response:
    """Keep how many trucks wait here; a phone's queue sends the same, as of its time.

    Raises
    ------
    BadInputError
        `checkpoint-not-yours`; to a phone also `queue-count-not-possible`, which a person sees beside the field.
    """
    here, form = here_or_refuse(), QueueForm()
    try:
        count = _counted(here, form)
    except BadInputError as error:
        if wants_json():
            raise
        form.trucks.errors = []
        put_error(form, error)
        return make_response(start_page(here, queue=form), form.status)
    if wants_json():
        return jsonify({"ok": True, "key": count.key})
    flash(_("Registered."))
    return redirect(url_for("checkpoint.start"), 303)


def _counted(here: Place, form: QueueForm) -> QueueCount:
    now = site().now()
    if not form.validate():
        raise BadInputError("queue-count-not-possible", "trucks", trucks=form.trucks.data)
    count = QueueCount(
        (form.key.data or str(uuid.uuid4()))[:36],
        form.checked_at(now),
        here.id,
        form.judged_by(who().name),
        form.trucks.data or 0,
    )
    with writing() as connection:
        add_queue_count(connection, count, at=now)
    return count


@pages.get("/waiting")
@allow("T", "S")
def waiting() -> str:
    """Show how long trucks wait at each checkpoint within a day, and how many wait now."""
    posts, at = checkpoints(), site().now()
    with reading() as connection:
        scans = list_scans(connection, since=at - _DAY, most=_MOST_SCANS)
        queues = newest_queue_counts(connection, since=at - _DAY)
    found = waiting_at([one.id for one in posts], scans, queues)
    names = {one.id: one.name for one in posts}
    ordered = sorted(found, key=lambda one: (_longest_first(one), names[one.checkpoint]))
    return render_template("checkpoint/waiting.html", found=ordered, names=names)


def _longest_first(one: PostWaiting) -> tuple[float, int]:
    """Return what puts the longest wait first, then the longest queue."""
    return (-one.wait.p90_s if one.wait else 0.0, -one.queue.trucks if one.queue else 0)
