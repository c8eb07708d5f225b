"""What a township fills in: a request for a closure to come, or a barrier that stands already."""

from dataclasses import replace

import pytest

from geodata.closures.asking import (
    ClosureAsk,
    first_asked,
    is_only_asked,
    is_to_be_reopened,
    make_barrier,
    make_request,
    objections_to,
    overlapping,
    soft_barriers,
    state_as_asked,
)
from geodata.closures.closure import Direction
from geodata.errors import BadInputError, RowErrors
from geodata.snapping import RoadIndex
from tests.closure_cases import (
    EIGHT,
    HQ,
    NOON,
    blocked,
    class_network,
    closed,
    hours,
    line,
    says,
    sees,
    settings,
    span,
)
from tests.networks import Road, make_network

NETWORK = class_network()
INDEX = RoadIndex(NETWORK)
RULES = settings()
ASK = ClosureAsk(roads="c 0-2000", start=hours(8), end=hours(56), reason="村口管控", cause="epidemic")


def request(ask=ASK, index=INDEX):
    return make_request(ask, index, RULES.policy, unit="杨集乡", at=NOON)


def barrier(**changes):
    ask = replace(ASK, start=hours(1), barrier="earth_mound", **changes)
    return make_barrier(ask, INDEX, RULES.policy, unit="杨集乡", at=NOON)


def refusal(made, *args, **changes):
    with pytest.raises(BadInputError) as refused:
        made(*args, **changes)
    return refused.value.code, refused.value.where


def test_a_request_is_a_closure_that_nobody_has_decided():
    closure = request()
    assert closure.extent == (span("c", 0, 2000),)
    assert (closure.window.start, closure.requested_by, closure.barrier) == (hours(8), "杨集乡", "movable")
    assert (closure.decisions, closure.observations) == ((), ())


def test_the_regimes_own_cause_is_meant_where_none_is_said():
    assert request(replace(ASK, cause="")).cause == "epidemic"


def test_a_drawn_line_is_matched_onto_its_road():
    closure = request(replace(ASK, roads="", line=line("c", 0.25, 0.75, north_m=4), direction=Direction.FORWARD))
    (part,) = closure.extent
    assert (part.road_id, part.direction) == ("c", Direction.FORWARD)
    assert abs(part.from_m - 700) < 10
    assert abs(part.to_m - 2100) < 10
    assert closure.drawn is not None


def test_a_line_on_two_parallel_roads_asks_which_and_takes_the_answer():
    at = {"a": (113.0, 33.0), "b": (113.03, 33.0)}
    shape = ((113.015, 33.00008),)
    twins = make_network([Road("left", "a", "b", 2800.0), Road("right", "a", "b", 2800.0, bend=shape)], at)
    index = RoadIndex(twins)
    between = {"type": "LineString", "coordinates": [[113.001, 33.00002], [113.015, 33.00004], [113.029, 33.00002]]}
    ask = replace(ASK, roads="", line=between)
    with pytest.raises(BadInputError) as refused:
        request(ask, index)
    assert refused.value.code == "closure-on-parallel-roads"
    assert {*refused.value.facts["road_ids"], *refused.value.facts["other_road_ids"]} == {"left", "right"}
    assert {one.road_id for one in request(replace(ask, roads="right"), index).extent} == {"right"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"start": None}, ("request-start-missing", "start")),
        ({"start": NOON}, ("request-start-past", "start")),
        ({"start": hours(1)}, ("request-start-past", "start")),
        ({"end": hours(8)}, ("window-reversed", "end")),
        ({"roads": ""}, ("closure-without-place", "roads")),
        ({"roads": "c 1.2-1.9"}, ("closure-without-place", "roads")),
        ({"roads": "q"}, ("road-unknown", "roads")),
        ({"reason": "  "}, ("request-reason-missing", "reason")),
        ({"barrier": "dragon"}, ("barrier-unknown", "barrier")),
        ({"barrier": "height_bar"}, ("barrier-is-vehicle-limit", "barrier")),
        ({"cause": "boredom"}, ("cause-unknown", "cause")),
        ({"pass_holders": "maybe"}, ("pass-holders-unknown", "pass_holders")),
        ({"line": {"type": "Point", "coordinates": [113, 33]}}, ("closure-geometry-not-a-line", "line: geometry")),
        ({"line": line("c", 0.5, 0.5), "roads": ""}, ("closure-line-zero-length", "line: geometry")),
    ],
)
def test_each_wrong_field_of_a_request_is_named(change, expected):
    assert refusal(request, replace(ASK, **change)) == expected


def test_a_line_that_crosses_itself_is_refused():
    bow = {"type": "LineString", "coordinates": [[113.0, 33.06], [113.01, 33.06], [113.01, 33.061], [113.005, 33.059]]}
    assert refusal(request, replace(ASK, roads="", line=bow))[0] == "closure-line-crosses-itself"


def test_a_registered_barrier_is_seen_by_its_township_and_stands_since_its_start():
    closure = barrier()
    assert closure.window.start == hours(1)
    assert closure.observations == (sees("blocked", NOON, "township", "earth_mound"),)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"start": None}, ("barrier-start-missing", "start")),
        ({"start": hours(5)}, ("barrier-start-future", "start")),
        ({"end": hours(2)}, ("barrier-end-past", "end")),
        ({"barrier": "none"}, ("barrier-missing", "barrier")),
    ],
)
def test_each_wrong_field_of_a_barrier_is_named(change, expected):
    ask = replace(ASK, **{"start": hours(1), "barrier": "wall", **change})
    assert refusal(make_barrier, ask, INDEX, RULES.policy, unit="杨集乡", at=NOON) == expected


def test_everything_that_is_wrong_with_a_form_is_told_at_once():
    for made, asks in ((make_barrier, "barrier"), (make_request, "request")):
        with pytest.raises(RowErrors) as refused:
            made(ClosureAsk(barrier="dragon"), INDEX, RULES.policy, unit="杨集乡", at=NOON)
        assert [one.code for one in refused.value.rows] == [
            f"{asks}-start-missing",
            "closure-without-place",
            "request-reason-missing",
            "barrier-unknown",
        ]


def test_no_approval_makes_hard_isolation_of_a_county_road_lawful():
    (objection,) = objections_to(closed("c", start=hours(8), barrier="earth_mound"), RULES, NETWORK)
    assert (objection.code, objection.facts["barrier"]) == ("K6", "earth_mound")
    assert objections_to(closed("p", start=hours(8), barrier="earth_mound"), RULES, NETWORK) == ()
    assert objections_to(closed("c", barrier="earth_mound"), settings(rule="approvable"), NETWORK) == ()


def test_a_cause_that_no_rule_knows_can_be_decided_by_nobody():
    (objection,) = objections_to(closed("c", cause="animal"), RULES, NETWORK)
    assert (objection.code, objection.facts["road_classes"]) == ("no-body-decides", ["county"])


def test_soft_barriers_are_those_that_the_regime_does_not_call_hard():
    assert soft_barriers(RULES.policy) == ("staffed", "movable")


def test_closures_that_share_road_and_time_are_told():
    new = closed(span("c", 0, 1000), id="new", start=hours(8), end=hours(20))
    others = [
        closed("c", id="same"),
        closed("t", id="elsewhere"),
        closed("c", id="before", end=hours(8)),
        closed(span("c", 1000, 2000), id="beside"),
        blocked("c", id="seen", observations=[sees("blocked", EIGHT)]),
    ]
    assert [one.id for one in overlapping(new, others)] == ["same", "seen"]


@pytest.mark.parametrize(
    ("closure", "at", "expected"),
    [
        (closed(), hours(1), True),
        (closed(decisions=[says(HQ, "refused")]), hours(1), True),
        (closed(decisions=[says(HQ)]), hours(-0.5), True),
        (closed(decisions=[says(HQ)]), hours(1), False),
        (closed(decisions=[says(HQ), says(HQ, "withdrawn", at=hours(2))]), hours(3), False),
        (closed(decisions=[says(HQ), says(HQ, "withdrawn", at=hours(-0.5))]), hours(3), True),
        (closed(observations=[sees("blocked", hours(1))]), hours(3), False),
    ],
)
def test_a_request_is_only_asked_until_something_of_it_was_closed(closure, at, expected):
    assert is_only_asked(closure, RULES, NETWORK, at=at) is expected


@pytest.mark.parametrize(
    ("closure", "at", "expected"),
    [
        (closed(decisions=[says(HQ)]), hours(5), False),
        (closed(decisions=[says(HQ)]), hours(10), True),
        (closed(decisions=[says(HQ), says(HQ, "withdrawn", at=hours(2))]), hours(3), True),
        (closed(decisions=[says(HQ), says(HQ, "withdrawn", at=hours(-0.5))]), hours(3), False),
        (closed(decisions=[says(HQ)], observations=[sees("open", hours(9), "township")]), hours(10), False),
        (closed(), hours(10), False),
    ],
)
def test_what_was_closed_is_to_be_reopened_when_its_approval_ends(closure, at, expected):
    assert is_to_be_reopened(closure, RULES, NETWORK, at=at) is expected


def test_less_than_first_asked_is_partly_approved():
    whole = closed(span("c", 0, 2000), decisions=[says(HQ)])
    assert state_as_asked(whole, RULES, NETWORK, at=NOON) == "approved"
    cut = replace(whole, requested=first_asked(closed("c")))
    assert state_as_asked(cut, RULES, NETWORK, at=NOON) == "partly_approved"
