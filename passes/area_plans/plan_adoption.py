"""Hand a plan in: requests to headquarters, one for each set of bodies that must decide (L11); nothing closes yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geodata.closures.filings_register import REQUESTED, Filing, file_closure, next_closure_id
from geodata.county import County
from geodata.errors import BadInputError
from geodata.windows import format_instant
from passes.area_plans.plan_inputs import read_inputs
from passes.area_plans.plan_line import PlanLine, closure_of_posts, draw_line, posts_by_deciders
from passes.area_plans.plans_register import Plan, mark_adopted
from passes.consequence.settlements import SETTLEMENTS

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who hands a plan in, for which unit, and the reason as it stands on the request."""

    account: str
    unit: str
    reason: str


def _seen(plan: Plan) -> dict[str, Any]:
    """Return the consequence that was on the screen, as every filing keeps it: of the whole plan, no truck named."""
    found = plan.result["consequence"]
    return {
        "plan": plan.id,
        "people_cut_off": found["people_cut_off"],
        "population_unknown": found["population_unknown"],
        "places": [_place(one) for one in found["places_cut_off"]],
        "hospital": _before_after(found["hospital_minutes"]),
        "fire": _before_after(found["fire_minutes"]),
        "passes_hit": len(found["passes_hit"]),
        "passes_without_way": len(found["unroutable_passes"]),
        "added_median": _whole(found["added_minutes"]["median"]),
        "added_worst": _whole(found["added_minutes"]["worst"]),
        "channels": len(found["channels"]),
        "channels_broken": [
            {"hub": one["name"], "area": one["area_name"]} for one in found["channels"] if one["broken"]
        ],
        "softer": [{"code": one["code"], "facts": one["facts"]} for one in found["softer"]],
    }


def _place(place: Mapping[str, Any]) -> dict[str, Any]:
    settled = place["kind"] in SETTLEMENTS
    people = place["population"] if settled else None
    return {"name": place["name"], "way": place["way"], "people": people, "settled": settled}


def _before_after(minutes: Mapping[str, Any]) -> dict[str, Any]:
    before, after = minutes["before"], minutes["after"]
    return {
        "worst_before": _whole(before["worst"]),
        "worst_after": _whole(after["worst"]),
        "most_added": _whole(minutes["most_added"]),
        "most_added_place": minutes["most_added_place"],
        "without_before": before["without"],
        "without_after": after["without"],
    }


def _whole(minutes: float | None) -> int | None:
    return None if minutes is None else round(minutes)


def _checked(plan: Plan, county: County, at: datetime) -> PlanLine:
    if plan.answered_at is None:
        raise BadInputError("plan-not-answered", plan.id, id=plan.id)
    inputs = read_inputs(plan.inputs)
    if inputs.start <= at:
        raise BadInputError("request-start-past", "start", start=format_instant(inputs.start))
    line = draw_line(inputs, county)
    if not line.sealed.posts:
        raise BadInputError("plan-without-posts", plan.id, id=plan.id)
    network = county.network
    known = {(one["road"], one["offset_m"]) for one in plan.result["line"]["posts"]}
    now = {(str(network.road_id[one.road]), round(one.offset_m)) for one in line.sealed.posts}
    if known != now:
        raise BadInputError("plan-roads-changed", plan.id, id=plan.id)
    return line


def adopt_plan(
    connection: sa.Connection, plan: Plan, county: County, *, applicant: Applicant, at: datetime
) -> tuple[str, ...]:
    """Make requests of a plan's posts and return their closures' ids.

    Parameters
    ----------
    connection
        A writer's transaction.
    plan
        As it was on the screen.

    Raises
    ------
    BadInputError
        `plan-not-answered`, `plan-adopted-already`, `plan-without-posts`, `request-start-past`, or
        `plan-roads-changed` where the county's roads are not those the plan was answered on.
    """
    line = _checked(plan, county, at)
    day = at.astimezone(county.settings.timezone)
    ids = []
    for _, posts in posts_by_deciders(line, county):
        closure_id = next_closure_id(connection, county.settings.area_code, day)
        closure = closure_of_posts(posts, line, county, closure_id=closure_id)
        closure = replace(closure, requested_by=applicant.unit, reason=applicant.reason)
        filing = Filing(closure_id, 1, REQUESTED, applicant.account, applicant.unit, at, seen=_seen(plan))
        ids.append(file_closure(connection, closure, filing).id)
    mark_adopted(connection, plan.id, ids, by=applicant.account, at=at)
    return tuple(ids)
