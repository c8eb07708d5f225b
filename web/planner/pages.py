"""The planner's pages: ask what would be if an area were sealed, see it beside now, choose gates, hand it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from geodata.windows import parse_instant
from passes.area_plans.plan_adoption import Applicant, adopt_plan
from passes.area_plans.plan_inputs import PlanInputs, inputs_json, read_inputs
from passes.area_plans.plans_register import Plan, add_plan, list_plans, new_plan_id, read_plan
from passes.jobs_register import add_job, read_job
from web.messages import finding_wording
from web.planner import channels, critical_roads
from web.planner.blueprint import pages
from web.planner.form import PlanForm, first_values, values_of
from web.planner.picture import plan_features, road_label
from web.shell.access import allow, who
from web.shell.form_errors import put_error
from web.shell.navigation import ROADS, Entry
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["NAVIGATION", "channels", "critical_roads", "pages"]

NAVIGATION: Final = (
    Entry(
        "planner.list_all",
        _l("What-ifs"),
        _l("Seal an area on paper: who is cut off, which passes are hit, how few posts it takes."),
        order=10,
    ),
    Entry(
        "planner.critical",
        _l("Roads that must stay open"),
        _l("Which roads alone cut places off, which two together, and where the detour is longest."),
        order=56,
        group=ROADS,
    ),
    Entry(
        "planner.green_channels",
        _l("Green channels"),
        _l("Each hub inside an area keeps a designated way to a hub outside and back, watched against every closure."),
        order=57,
        group=ROADS,
    ),
)
#: What a planner must know before anything else, by code.
WARNINGS: Final[Mapping[str, Any]] = {
    "no-gate": _l("There is no gate: every trip into or out of the area stops."),
    "artery-cut": _l("A post stands on an expressway or a national road."),
    "exit-inside": _l("Roads leave the county inside the area: the county's own edge is open there."),
    "channel-broken": _l("A hub in the area has no green channel left."),
    "nobody-decides": _l("For some posts no rule says who decides."),
}


def softer_text(row: Mapping[str, Any]) -> str:
    """Return a milder way as a sentence, instants on the county's clock."""
    facts = dict(row["facts"])
    if "start" in facts:
        start = parse_instant(str(facts["start"]), where="start").astimezone(site().county.settings.timezone)
        facts["start"] = f"{start:%m-%d %H:%M}"
    return finding_wording(row["code"]).text(site().lang, facts)


def body_name(body: str) -> str:
    """Return a deciding body's name."""
    known = site().county.settings.policy.authorities.get(body)
    return body if known is None else known.name


_GLOBALS: Final[Mapping[str, Callable[..., Any]]] = {
    "plan_warnings": lambda: WARNINGS,
    "road_label": road_label,
    "softer_text": softer_text,
}
for _name, _given in _GLOBALS.items():
    pages.add_app_template_global(_given, _name)
pages.add_app_template_filter(lambda text: parse_instant(text, where=""), "instant")
pages.add_app_template_filter(body_name, "plan_body")


@pages.get("/planner")
@allow("P", "HQ")
def list_all() -> str:
    """List every what-if, the newest first."""
    with reading() as connection:
        rows = [(plan, read_job(connection, plan.job)) for plan in list_plans(connection)]
    return render_template("planner/list.html", rows=rows)


@pages.route("/planner/new", methods=["GET", "POST"])
@allow("P")
def new() -> Response:
    """Ask: an empty form, or one that begins from an earlier what-if (`from`)."""
    form = PlanForm(**_first_values())
    if form.is_sent_right():
        try:
            inputs = form.inputs(site().county)
        except BadInputError as error:
            put_error(form, error)
        else:
            return redirect(url_for("planner.show", plan_id=_ask(inputs)), 303)
    return make_response(render_template("planner/new.html", form=form), form.status)


def _first_values() -> dict[str, Any]:
    zone = site().county.settings.timezone
    earlier = request.args.get("from", "")
    if not earlier:
        return first_values(site().now(), zone)
    with reading() as connection:
        return values_of(read_inputs(read_plan(connection, earlier).inputs), zone)


def _ask(inputs: PlanInputs) -> str:
    """Keep a what-if with the job that answers it, and return its id."""
    plan_id, owner, at = new_plan_id(), who().name, site().now()
    with writing() as connection:
        job = add_job(connection, "plan", {"plan_id": plan_id}, owner=owner, at=at)
        plan = Plan(
            id=plan_id,
            name=inputs.name,
            owner=owner,
            inputs=inputs_json(inputs),
            job=job.id,
            digest="",
            result={},
            created_at=at,
            answered_at=None,
            adopted_at=None,
            adopted_by="",
            closures=[],
        )
        add_plan(connection, plan)
    return plan_id


def _shown(connection: sa.Connection, plan_id: str) -> dict[str, Any]:
    """Return what the pages of one plan show."""
    plan = read_plan(connection, plan_id)
    has_answer = plan.answered_at is not None
    return {
        "plan": plan,
        "job": read_job(connection, plan.job),
        "inputs": read_inputs(plan.inputs),
        "result": plan.result,
        "features": plan_features(plan.inputs, plan.result) if has_answer else None,
    }


@pages.get("/planner/<plan_id>")
@allow("P", "HQ")
def show(plan_id: str) -> str:
    """Show how far a what-if is, or its answer: now and then side by side."""
    with reading() as connection:
        shown = _shown(connection, plan_id)
    return render_template("planner/show.html", now=site().now(), **shown)


@pages.get("/planner/<plan_id>/annex")
@allow("P", "HQ")
def annex(plan_id: str) -> str:
    """Show a what-if as the annex of its requests, made for paper."""
    with reading() as connection:
        shown = _shown(connection, plan_id)
    if shown["plan"].answered_at is None:
        raise BadInputError("plan-not-answered", plan_id, id=plan_id)
    return render_template("planner/annex.html", **shown)


@pages.post("/planner/<plan_id>/gates")
@allow("P")
def choose_gates(plan_id: str) -> Response:
    """Ask the same again with other gates, as a what-if of its own."""
    with reading() as connection:
        inputs = read_inputs(read_plan(connection, plan_id).inputs)
    gates = tuple(dict.fromkeys(request.form.getlist("gate")))
    for one in gates:
        if one not in site().county.network.road_index:
            raise BadInputError("gate-road-unknown", "gates", road_id=one)
    return redirect(url_for("planner.show", plan_id=_ask(replace(inputs, gates=gates))), 303)


@pages.post("/planner/<plan_id>/adopt")
@allow("P")
def adopt(plan_id: str) -> Response:
    """Hand a what-if in: requests to headquarters with this plan as their annex."""
    person = who()
    with writing() as connection:
        plan = read_plan(connection, plan_id)
        numbers = len(plan.result["line"]["posts"]) if plan.answered_at else 0
        reason = _("What-if “%(name)s”: %(count)s staffed posts, see the annex.", name=plan.name, count=numbers)
        applicant = Applicant(person.name, person.unit or _("Planner"), reason)
        ids = adopt_plan(connection, plan, site().county, applicant=applicant, at=site().now())
    flash(_("Handed in to headquarters: %(ids)s", ids=_(", ").join(ids)), "good")
    return redirect(url_for("planner.show", plan_id=plan_id), 303)
