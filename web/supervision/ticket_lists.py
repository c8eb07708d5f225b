"""Every ticket by its deadline, a page at a time, grouped by cause, and answered together."""

from __future__ import annotations

from typing import Final

from flask import abort, request
from werkzeug.wrappers import Response

from passes.tickets.batch import Refused
from web.closures.ticket_desk import group_asked, group_page, list_page, take_together
from web.closures.ticket_lists import GROUP_NAMES, STATES, BatchForm
from web.shell.access import allow
from web.supervision.blueprint import finding_address, own_unit, pages
from web.supervision.one_finding import STEPS

#: States that supervision answers together, and the steps that it may take.
_TOGETHER: Final = {"found": ("sent",), "assigned": ("sent",), "resolved": ("closed", "returned")}


@pages.get("/tickets")
@allow("S")
def tickets() -> str:
    """List tickets by their deadline, fifty a page, narrowed and grouped as the address says."""
    return list_page(
        "supervision/tickets.html", states=STATES, groups=GROUP_NAMES, together=_TOGETHER, address=finding_address
    )


@pages.route("/together", methods=["GET", "POST"])
@allow("S")
def together() -> Response:
    """Give one answer to all tickets of a cause that are in one state; each keeps its own record."""
    form = BatchForm()
    state = request.args.get("state", "")
    if state not in _TOGETHER:
        abort(404)

    def show(status: int, refused: tuple[Refused, ...] = ()) -> Response:
        batch = group_asked(form, refused)
        form.ask_for(note=state == "resolved", photo=False)
        more = {"state": state, "steps": _TOGETHER[state], "address": finding_address}
        return group_page("supervision/together.html", form, batch, status, **more)

    if request.method != "POST" or not form.validate():
        return show(form.status)
    step = request.form.get("step", "")
    if step not in STEPS:
        abort(400)
    return take_together(form, step, by_unit=own_unit(), show=show)
