"""What the pages of officers and firms show of passes and applications: the map's features, words, persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from flask import current_app, url_for

from geodata.windows import parse_instant
from passes.applications.application import crew_labels
from passes.tokens.masking import last_four
from web.messages import error_wording, finding_wording
from web.pass_text import shown_finding
from web.site import site
from web.wording import intake, passes
from web.wording.causes import CAUSES

if TYPE_CHECKING:
    from passes.applications.check import CheckedApplication
    from passes.intake.morning_queue import Cause, Judged

#: Colour of each state of an application or a pass.
LEVELS: Final[Mapping[str, str]] = {
    "applied": "care",
    "returned": "mark",
    "refused": "bad",
    "granted": "good",
    "replaced": "care",
    "withdrawn": "bad",
    "suspended": "mark",
}
_STOP_KINDS: Final[Mapping[str, str]] = {"sampling": "station"}


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """One of the crew as an officer sees it; `ends_at` is the first end of the person's conditions."""

    label: str
    name: str
    id_tail: str
    phone: str
    role: str
    sampled_at: datetime | None
    result: str
    proof: str
    ends_at: datetime | None
    renewed: bool


def _said(pair: tuple[str, str]) -> str:
    return pair[0] if site().lang == "zh" else pair[1]


def intake_state(state: str) -> str:
    """Return the name of an application's state."""
    return _said(intake.STATES[state])


def intake_event(event: str) -> str:
    """Return the name of what happened to an application."""
    return _said(intake.EVENTS[event])


def pass_state(state: str) -> str:
    """Return the name of a pass's state."""
    return _said(passes.STATES[state])


def pass_event(event: str) -> str:
    """Return the name of what happened to a pass."""
    return _said(passes.EVENTS[event]) if event in passes.EVENTS else event


def trace_step(kind: str) -> str:
    """Return the name of a step of a trace."""
    return _said(passes.TRACE_STEPS[kind])


def value_name(value: str) -> str:
    """Return the name of a value of a closed list, such as a link or a proof."""
    return _said(passes.VALUES[value]) if value in passes.VALUES else value


def state_level(state: str) -> str:
    """Return the colour of a state."""
    return LEVELS.get(state, "")


def because(reason: str) -> str:
    """Return what bounds the end of a pass."""
    return _said(passes.BECAUSE[reason])


def cause_text(cause: Cause) -> str:
    """Return what a group has in common."""
    facts = {**dict(cause.facts)}
    if "condition" in facts:
        conditions = {one.id: one for policy in site().county.settings.policies.values() for one in policy.conditions}
        known = conditions.get(facts["condition"])
        facts["name"] = known.name if known and known.name and site().lang == "zh" else facts["condition"]
    wording = CAUSES.get(cause.code) or error_wording(cause.code)
    text = wording.text(site().lang, facts)
    return text[:1].upper() + text[1:]


def cause_remedies(judged: Judged) -> str:
    """Return what the applicant is to do, once for each cause, for the text of an answer."""
    if judged.fault is not None:
        return error_wording(judged.fault.code).remedy_at_form(site().lang, judged.fault.facts)
    words = site().county.settings.policy.words
    told = []
    for finding in judged.judgement.findings:
        shown = shown_finding(site().session(), finding)
        told.append(finding_wording(finding.code).remedy_at_form(site().lang, {**words, **shown.facts}))
    return _joined(dict.fromkeys(told))


def _joined(sentences: Iterable[str]) -> str:
    kept = [one.rstrip("。.") for one in sentences if one]
    stop = "。" if site().lang == "zh" else ". "
    return (stop.join(kept) + stop.strip()) if kept else ""


def suggested_answer(causes: Iterable[Cause], first: Judged) -> str:
    """Return the text that an officer finds prepared: what is wrong, and what cures it."""
    return _joined([*(cause_text(one) for one in causes), cause_remedies(first)])


def persons_of(checked: CheckedApplication) -> list[ShownPerson]:
    """Return the crew with when each person's conditions end, and whether a stop of the plan renews them."""
    renewed = {one.subject for stop in (checked.trip.stops if checked.trip else ()) for one in stop.because}
    shown = []
    for one, label in zip(checked.application.crew, crew_labels(checked.application.crew), strict=True):
        ends = [standing.ends_at for standing in checked.standings if standing.label == label and standing.ends_at]
        record = next((found for found in (one.stated.record, *one.stated.records.values()) if found.result), None)
        record = record or one.stated.record
        sampled = next(iter(record.times.values()), None)
        shown.append(
            ShownPerson(
                label=label,
                name=one.name,
                id_tail=last_four(one.id_number),
                phone=one.phone,
                role=one.role,
                sampled_at=sampled,
                result=record.result,
                proof=record.proof,
                ends_at=min(ends, default=None),
                renewed=label in renewed,
            )
        )
    return shown


def instant(text: str) -> datetime:
    """Return a kept route's time."""
    return parse_instant(text, where="route")


def stop_name(kind: str) -> str:
    """Return what a stop of a route is for."""
    return _said(passes.STOPS.get(kind, (kind, kind)))


def route_features(route: Mapping[str, Any]) -> dict[str, Any]:
    """Return a route with its stops and checkpoints as the map draws them."""
    features = [
        {
            "type": "Feature",
            "properties": {"kind": "route", "name": ""},
            "geometry": {"type": "LineString", "coordinates": route["geometry"]},
        }
    ]
    for order, stop in enumerate(route["stops"], start=1):
        kind = _STOP_KINDS.get(stop["kind"], "place")
        features.append(_point(stop["lon"], stop["lat"], kind=kind, name=stop["name"], order=order))
    places = site().county.places.by_id
    for passing in route["checkpoints"]:
        place = places.get(passing["place"])
        if place is not None:
            features.append(_point(place.lon, place.lat, kind="checkpoint", name=passing["name"]))
    return {"type": "FeatureCollection", "features": features}


def _point(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def link_address(number: str) -> str:
    """Return where the driver's link of a pass is made."""
    return url_for("driver.link_page", number=number) if "driver.link_page" in current_app.view_functions else ""


TEMPLATE_GLOBALS: Final = {
    one.__name__: one
    for one in (
        intake_state,
        intake_event,
        pass_state,
        pass_event,
        value_name,
        state_level,
        because,
        cause_text,
        instant,
        stop_name,
        link_address,
    )
}
