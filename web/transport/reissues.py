"""What closures do to passes: which were hit, what became of each, and what an officer decides about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from flask import Response as StreamedResponse
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from geodata.findings import Finding
from geodata.store import transaction
from passes.editions.pass_register import PassRecord, read_passes
from passes.reissue.finding import counts_of, part_of
from passes.reissue.progress_register import Progress, count_by_closure, progress_of
from passes.reissue.reissue_register import (
    HELD,
    LIFTED,
    NO_ROUTE,
    OPTIONS,
    REFUSED,
    Asked,
    HitClosure,
    Reissue,
    change_reissues,
    find_hit_closure,
    find_reissues,
    list_hit_closures,
    list_reissues,
    put_hit_closure,
)
from passes.reissue.switch import drop_reissues, go_on
from web.closures.dossier import road_names
from web.jobs.events import Told, stream
from web.shell.access import allow, who
from web.site import reading, site, writing
from web.transport.blueprint import pages

if TYPE_CHECKING:
    import sqlalchemy as sa

    from web.site import Site

PARTS: Final[Mapping[str, LazyString]] = {
    "rolling": _l("On the way, re-routed"),
    "not_started": _l("Not started, re-routed"),
    "past": _l("Already past the road, untouched"),
    "no_route": _l("No route left"),
    "other": _l("Changed otherwise or given up"),
}
STATES: Final[Mapping[str, LazyString]] = {
    "found": _l("being planned"),
    "prepared": _l("new pass ready, old one still valid"),
    "outgoing": _l("new pass in force, the old code good until the driver has the new one and the road is closed"),
    "switched": _l("new pass in force"),
    "past": _l("untouched"),
    "no_route": _l("no route"),
    "refused": _l("a rule says no"),
    "held": _l("held: the closure is lifted"),
    "dropped": _l("dropped, old pass valid"),
    "overtaken": _l("changed otherwise"),
}
KNOWN_FROM: Final[Mapping[str, LazyString]] = {
    "scan": _l("seen at a checkpoint"),
    "stop": _l("asked for a stop"),
    "track": _l("seen by its phone"),
    "received": _l("goods received"),
    "time": _l("departure is over, not seen"),
    "": _l("not started"),
}
PLANNED_FROM: Final[Mapping[str, LazyString]] = {
    "position": _l("new way from there"),
    "last_seen": _l("new way from there: it has driven on since"),
    "origin": _l("new way from the origin: where it is now is not sure"),
}
OPTION_NAMES: Final[Mapping[str, LazyString]] = {
    "transfer": _l("Hand over at a transfer station"),
    "wait": _l("Wait until the road opens"),
    "passage": _l("Ask headquarters for passage"),
}
#: Decisions on what is held after a closure was lifted.
DROP: Final = "drop"
GO_ON: Final = "go_on"
_MOST_SHOWN: Final = 500
_ROADS_NAMED: Final = 3
_LOOK_EVERY_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A pass that is hit, with what became of it."""

    row: Reissue
    record: PassRecord
    findings: tuple[Finding, ...]


def _count(connection: sa.Connection, closure: HitClosure) -> dict[str, int]:
    return counts_of(count_by_closure(connection, closure.closure_id).get(closure.closure_id, {}))


def _roads_of(connection: sa.Connection) -> dict[str, str]:
    """Return what the roads of each closure on record are called, by the closure's number."""
    return {one.id: " · ".join(road_names(one.extent)[:_ROADS_NAMED]) for one in site().closures(connection)}


@pages.get("/reissues")
@allow("T")
def reissues() -> str:
    """List the closures that hit passes, each with its split; those that hit none are not among them."""
    with reading() as connection:
        counted = count_by_closure(connection)
        hitting = [one for one in list_hit_closures(connection) if one.closure_id in counted]
        roads = _roads_of(connection)
    closures = [(one, counts_of(counted[one.closure_id])) for one in hitting]
    return render_template("transport/reissues.html", closures=closures, parts=PARTS, roads=roads)


@pages.get("/reissues/<path:closure_id>")
@allow("T")
def reissue(closure_id: str) -> str:
    """Show what a closure does to passes: the split with its numbers, and the list behind each."""
    part = request.args.get("part", "")
    with reading() as connection:
        closure = find_hit_closure(connection, closure_id)
        counts, progress = _count(connection, closure), progress_of(connection, closure_id)
        rows = [one for one in list_reissues(connection, asked=Asked(closure_id=closure_id)) if _is_of(one, part)]
        shown = _shown(connection, rows[:_MOST_SHOWN])
        held = len(list_reissues(connection, HELD, asked=Asked(closure_id=closure_id)))
        roads = _roads_of(connection).get(closure_id, "")
    return render_template(
        "transport/reissue.html",
        closure=closure,
        roads=roads,
        counts=counts,
        parts=PARTS,
        part=part if part in PARTS else "",
        rows=shown,
        more=max(0, len(rows) - _MOST_SHOWN),
        held=held,
        progress=progress,
        states=STATES,
        known_from=KNOWN_FROM,
        planned_from=PLANNED_FROM,
        options=OPTION_NAMES,
        at=site().now(),
    )


def _is_of(row: Reissue, part: str) -> bool:
    return part not in PARTS or part_of(row.state, is_started=row.is_started) == part


def _shown(connection: sa.Connection, rows: list[Reissue]) -> list[ShownRow]:
    records = {one.jti: one for one in read_passes(connection, [row.jti for row in rows])}
    return [
        ShownRow(row, records[row.jti], tuple(_finding(one) for one in row.findings))
        for row in rows
        if row.jti in records
    ]


def _finding(kept: Mapping[str, Any]) -> Finding:
    return Finding(kept["code"], kept["clause"], kept["subject"], kept["facts"])


@pages.post("/reissue-options/<jti>")
@allow("T")
def choose_option(jti: str) -> Response:
    """Write down what is done for a truck that has no way left."""
    option = request.form.get("option", "")
    if option not in OPTIONS:
        abort(404)
    with writing() as connection:
        row = find_reissues(connection, [jti]).get(jti)
        if row is None or row.state not in {NO_ROUTE, REFUSED}:
            abort(404)
        at = site().now()
        chosen = replace(row, option=option, option_by=who().name, option_at=at, changed_at=at)
        change_reissues(connection, [chosen])
    flash(_("Put on record: %(what)s.", what=OPTION_NAMES[option]), "good")
    return (
        redirect(request.form.get("back") or url_for("transport.reissues"), 303) if _is_own(request.form) else _home()
    )


def _is_own(form: Mapping[str, str]) -> bool:
    return form.get("back", "").startswith(url_for("transport.reissues") + "/")


def _home() -> Response:
    return redirect(url_for("transport.reissues"), 303)


@pages.post("/reissue-decisions/<path:closure_id>")
@allow("T")
def decide_reissue(closure_id: str) -> Response:
    """Decide what becomes of new passes that nobody took before their closure was lifted."""
    decision = request.form.get("decision", "")
    if decision not in {DROP, GO_ON}:
        abort(404)
    with writing() as connection:
        closure = find_hit_closure(connection, closure_id)
        if closure.state != LIFTED:
            abort(404)
        held, at = list_reissues(connection, HELD, asked=Asked(closure_id=closure_id)), site().now()
        (drop_reissues if decision == DROP else go_on)(connection, held, at=at)
        decided = replace(closure, decision=decision, decided_by=who().name, decided_at=at)
        put_hit_closure(connection, decided)
    flash(_("%(n)d passes: decided.", n=len(held)), "good")
    return redirect(url_for("transport.reissue", closure_id=closure_id), 303)


@pages.get("/reissue-news/<path:closure_id>")
@allow("T")
def reissue_news(closure_id: str) -> StreamedResponse:
    """Tell a page that is open how far the passes of a closure are."""
    with reading() as connection:
        find_hit_closure(connection, closure_id)
    said = request.headers.get("Last-Event-ID") or request.args.get("after", "0")
    if not (said.isascii() and said.isdigit() and len(said) < 16):
        abort(404)
    events = stream(_looker(site(), closure_id, _("Planning passes again")), int(said), every_s=_LOOK_EVERY_S)
    return StreamedResponse(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _looker(here: Site, closure_id: str, text: str) -> Callable[[int], list[Told]]:
    def look(seen: int) -> list[Told]:
        with transaction(here.store, writes=False) as connection:
            now = progress_of(connection, closure_id)
        return [] if now.mark <= seen else [_told(now, text)]

    return look


def _told(now: Progress, text: str) -> Told:
    share = now.done / now.total if now.total else 1.0
    data = {"state": "", "label": "", "progress": round(share, 3), "text": text, "over": now.done == now.total}
    told = f"id: {now.mark}\nevent: job\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
    return Told(now.mark, told, is_last=now.done == now.total)
