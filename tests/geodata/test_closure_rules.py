"""Each check has lawful closures that it leaves alone and unlawful ones that it finds."""

import pytest

from geodata.closures.closure import Direction
from geodata.closures.rules import RULES, cases_of, findings_of, is_in_force
from tests.closure_cases import (
    HQ,
    NOON,
    POLICE,
    TRANSPORT,
    UPPER,
    blocked,
    both_regimes,
    class_network,
    closed,
    hours,
    says,
    sees,
    settings,
    span,
    utc,
)

NETWORK = class_network()
DRIVER = sees("blocked", hours(1), "driver")


def audit(*closures, at=NOON, regime=None):
    """Return {closure: {check: facts}} of an audit."""
    found = {}
    for case in cases_of(closures, regime or settings(), NETWORK, at):
        for finding in findings_of(case):
            found.setdefault(case.closure.id, {})[finding.code] = finding.facts
    return found


def checks(*closures, at=NOON, regime=None):
    """Return the checks that found something about the first closure."""
    return "".join(sorted(audit(*closures, at=at, regime=regime).get(closures[0].id, {})))


LAWFUL = [
    closed("c", decisions=[says(HQ)]),
    closed("c", barrier="movable", decisions=[says(HQ, form="oral", document_no="")]),
    closed("x", barrier="concrete_block", decisions=[says(HQ), says(UPPER)]),
    closed("c", cause="works", decisions=[says(POLICE)]),
    closed("c", cause="flood", decisions=[says(POLICE, at=hours(0.9))]),
    closed("c", decisions=[says(HQ), says(HQ, start=hours(5), end=hours(10), at=hours(2))]),
]


@pytest.mark.parametrize("closure", LAWFUL)
def test_a_lawful_closure_has_no_finding(closure):
    assert checks(closure) == ""


def test_every_rule_names_its_check():
    assert [rule.__doc__.split()[0] for rule in RULES] == ["K1", "K2", "K3", "K4", "K5", "K6", "K7"]


@pytest.mark.parametrize(
    ("closure", "at", "expected"),
    [
        (closed("c"), NOON, "K1"),
        (closed("c"), hours(0), "K1"),
        (closed("c"), hours(-0.01), ""),
        (closed("c"), hours(10), ""),
        (closed("c", end=None), hours(9999), "K1"),
        (closed("c", requested_by=""), NOON, "K1"),
        (closed("c", decisions=[says(HQ, "refused")]), NOON, "K1"),
        (closed("c", decisions=[says(HQ), says(HQ, "withdrawn", at=hours(1))]), NOON, "K1"),
        (closed("x", decisions=[says(HQ)]), NOON, "K1"),
        (closed("c", "x", decisions=[says(HQ)]), NOON, "K1"),
        (closed("c", cause="event"), NOON, "K1"),
        (closed("c", observations=[sees("open", hours(1))]), NOON, ""),
        (closed("c", observations=[sees("open", hours(5))]), NOON, "K1"),
        (closed("c", observations=[sees("open", hours(-1))]), NOON, "K1"),
        (closed("c", observations=[sees("open", hours(1)), sees("blocked", hours(2))]), NOON, "K1"),
        (closed("c", observations=[sees("open", hours(1), "track")]), NOON, "K1"),
        # Life first: the barrier may go up before the decision, for the time that the rule allows.
        (closed("c", cause="flood"), hours(0.99), ""),
        (closed("c", cause="flood"), hours(1), "K1"),
    ],
)
def test_k1_finds_what_is_in_force_without_every_required_approval(closure, at, expected):
    assert checks(closure, at=at) == expected


def test_k1_says_who_is_missing_since_when_and_on_which_road():
    facts = audit(closed("c", "x", decisions=[says(HQ)]))["z1"]["K1"]
    assert facts["missing"] == [UPPER]
    assert facts["missing_names"] == "上一级联防联控机制"
    assert facts["required"] == [HQ, UPPER]
    assert (facts["road"], facts["road_class"], facts["road_name"]) == ("x", "expressway", "x路")
    assert (facts["since"], facts["approval"]) == (utc(hours(0)), "requested")


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (closed("c", decisions=[says(TRANSPORT)]), "K1K2"),
        (closed("c", decisions=[says("杨集乡")]), "K1K2"),
        (closed("c", decisions=[says(HQ), says(TRANSPORT)]), "K2"),
        (closed("c", decisions=[says(UPPER)]), "K1K2"),
        (closed("c", cause="works", decisions=[says(HQ)]), "K1K2"),
        (closed("c", cause="event", decisions=[says(HQ)]), "K1K2"),
        (closed("c", decisions=[says(HQ), says(TRANSPORT, "refused")]), ""),
        (closed("c", decisions=[says(HQ), says(TRANSPORT, at=hours(5))]), ""),
        (closed("c", "x", decisions=[says(HQ), says(UPPER)]), ""),
    ],
)
def test_k2_finds_an_approval_by_a_body_that_the_rule_does_not_name(closure, expected):
    assert checks(closure) == expected


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (closed("c", decisions=[says(HQ, at=hours(0))]), ""),
        (closed("c", decisions=[says(HQ, at=hours(0.001))]), "K3"),
        (closed("c", decisions=[says(HQ, start=hours(1))]), "K3"),
        (closed("x", decisions=[says(HQ), says(UPPER, at=hours(1))]), "K3"),
        (closed("c", cause="flood", decisions=[says(POLICE, at=hours(1))]), ""),
        (closed("c", cause="flood", decisions=[says(POLICE, at=hours(1.01))]), "K3"),
        (closed("c", cause="flood", decisions=[says(POLICE, at=hours(2)), says(HQ, at=hours(0.5))]), ""),
        (closed("c", decisions=[says(HQ), says(HQ, at=hours(3))]), ""),
        (closed("c", start=hours(5), decisions=[says(HQ, start=hours(6))]), ""),
    ],
)
def test_k3_finds_a_start_before_the_decision_or_before_its_own_start(closure, expected):
    assert checks(closure) == expected


def test_k3_stays_on_record_when_the_closure_is_over():
    assert checks(closed("c", decisions=[says(HQ, at=hours(1))]), at=hours(20)) == "K3"


APPROVED_PART = (span("c", 0, 2000),)


@pytest.mark.parametrize(
    ("extent", "expected"),
    [
        ([span("c", 0, 2000)], ""),
        ([span("c", 0, 1500)], ""),
        ([span("c", 0, 2010)], ""),
        ([span("c", 0, 2010.5)], "K4"),
        ([span("c", 0, 2050)], "K4"),
        ([span("c", 0, 2000), span("t", 0, 50)], "K4"),
        ([span("c", 0, 2000, Direction.FORWARD)], ""),
    ],
)
def test_k4_finds_an_extent_beyond_the_approved_one(extent, expected):
    assert checks(closed(*extent, decisions=[says(HQ, extent=APPROVED_PART)])) == expected


def test_k4_counts_the_other_direction_and_says_how_much():
    one_way = (span("c", 0, 2000, Direction.FORWARD),)
    facts = audit(closed(span("c", 0, 2000), decisions=[says(HQ, extent=one_way)]))["z1"]["K4"]
    assert (facts["over_m"], facts["over_roads"], facts["over_directions"]) == (2000.0, ["c"], ["backward"])


def test_k4_takes_the_tolerance_of_the_county():
    closure = closed(span("c", 0, 2050), decisions=[says(HQ, extent=APPROVED_PART)])
    assert checks(closure, regime=settings(extent_tolerance_m=60)) == ""


def test_an_ask_for_more_than_was_approved_is_no_finding_before_it_starts():
    closure = closed("c", start=hours(6), decisions=[says(HQ, extent=APPROVED_PART)], barrier="wall")
    assert checks(closure) == ""


@pytest.mark.parametrize(("at", "expected"), [(hours(2.99), ""), (hours(3), "K5"), (hours(9.9), "K5"), (hours(10), "")])
def test_k5_finds_a_closure_in_force_from_the_minute_its_approval_ends(at, expected):
    assert checks(closed("c", decisions=[says(HQ, end=hours(3))]), at=at) == expected


def test_k5_is_cured_by_an_extension_or_by_reopening():
    extended = [says(HQ, end=hours(3)), says(HQ, start=hours(3), at=hours(2))]
    assert checks(closed("c", decisions=extended)) == ""
    reopened = [sees("open", hours(3))]
    assert checks(closed("c", decisions=[says(HQ, end=hours(3))], observations=reopened)) == ""


GAPPED = closed("c", end=hours(40), decisions=[says(HQ, end=hours(10)), says(HQ, start=hours(20), end=hours(40))])


@pytest.mark.parametrize(("at", "expected"), [(hours(5), ""), (hours(15), "K5"), (hours(25), ""), (hours(40), "")])
def test_k5_finds_a_closure_in_force_between_two_approvals(at, expected):
    assert checks(GAPPED, at=at) == expected
    assert audit(GAPPED, at=hours(15))["z1"]["K5"]["approved_end"] == utc(hours(10))


def test_k4_holds_each_road_against_what_is_approved_for_the_instant():
    first = says(HQ, extent=(span("p"),), end=hours(10))
    then = says(HQ, extent=(span("c"),), start=hours(10), end=hours(40))
    closure = closed("p", "c", end=hours(40), decisions=[first, then])
    found = [audit(closure, at=hours(at))["z1"] for at in (5, 15)]
    assert [set(one) for one in found] == [{"K4"}, {"K4"}]
    assert [one["K4"]["over_roads"] for one in found] == [["c"], ["p"]]


def test_k4_adds_up_what_goes_beyond_at_every_end():
    closure = closed(span("c", 0, 2000), decisions=[says(HQ, extent=(span("c", 6, 1994),))])
    assert audit(closure)["z1"]["K4"]["over_m"] == 12.0


@pytest.mark.parametrize(
    ("less", "at", "expected"),
    [
        ({"end": hours(3)}, hours(2), ""),
        ({"end": hours(3)}, hours(3), "K5"),
        ({"extent": (span("c", 0, 1000),)}, hours(0.5), ""),
        ({"extent": (span("c", 0, 1000),)}, hours(2), "K4"),
        # Another window, or other roads: both hold.
        ({"start": hours(10), "end": hours(12)}, hours(2), ""),
        ({"extent": (span("t"),)}, hours(2), ""),
    ],
)
def test_approving_less_afterwards_counts_from_that_decision_on(less, at, expected):
    assert checks(closed("c", decisions=[says(HQ), says(HQ, at=hours(1), **less)]), at=at) == expected


def test_an_approval_taken_back_before_the_start_does_not_make_the_start_lawful():
    decisions = [says(HQ, at=hours(-3)), says(HQ, "withdrawn", at=hours(-2)), says(HQ, at=hours(1))]
    assert checks(closed("c", decisions=decisions)) == "K3"


def test_a_spoken_word_that_does_not_count_replaces_no_paper():
    spoken = says(POLICE, at=hours(1), end=hours(2), form="oral")
    assert checks(closed("c", cause="works", decisions=[says(POLICE), spoken])) == ""


def test_k5_follows_the_days_that_a_rule_allows():
    sealed = closed("c", cause="animal", end=None, decisions=[says("government")])
    assert checks(sealed, at=hours(24 * 42), regime=both_regimes()) == "K5"


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        *[(closed(road, barrier="wall", decisions=[says(HQ)]), "K6") for road in "ctv"],
        *[(closed(road, barrier="wall", decisions=[says(HQ)]), "") for road in "npsk"],
        *[(closed("c", barrier=one, decisions=[says(HQ)]), "") for one in ("none", "staffed", "movable")],
        (closed("c", barrier="parked_vehicle", decisions=[says(HQ)]), ""),
        (closed("c", barrier="felled_tree", decisions=[says(HQ)]), "K6"),
        (closed("c", barrier="wall"), "K1K6"),
        (closed("x", barrier="wall"), "K1"),
        (closed("n", "c", barrier="wall", decisions=[says(HQ)]), "K6"),
        # An approved soft closure where somebody saw concrete.
        (closed("c", decisions=[says(HQ)], observations=[sees("blocked", hours(1), barrier="concrete_block")]), "K6"),
        (closed("c", decisions=[says(HQ)], observations=[sees("blocked", hours(5), barrier="wall")]), ""),
        (closed("c", barrier="wall", decisions=[says(HQ)], observations=[sees("open", hours(1))]), ""),
        (blocked("c", observations=[sees("blocked", hours(1), "driver", "earth_mound")]), "K6K7"),
        (blocked("n", observations=[sees("blocked", hours(1), "driver", "earth_mound")]), "K7"),
    ],
)
def test_k6_finds_hard_barriers_on_the_regimes_classes(closure, expected):
    assert checks(closure) == expected


def test_k6_shows_the_approval_and_the_road_it_concerns():
    facts = audit(closed("n", "c", barrier="wall", decisions=[says(HQ)]))["z1"]["K6"]
    assert (facts["road"], facts["barrier"], facts["approval"]) == ("c", "wall", "approved")


@pytest.mark.parametrize(
    ("closure", "rule", "expected"),
    [
        (closed("c", barrier="wall", decisions=[says(HQ)]), "approvable", ""),
        (closed("c", barrier="wall"), "approvable", "K1K6"),
        (closed("c", barrier="wall", decisions=[says(HQ, end=hours(2))]), "approvable", "K5K6"),
        (
            closed("c", decisions=[says(HQ)], observations=[sees("blocked", hours(1), barrier="wall")]),
            "approvable",
            "K6",
        ),
        (blocked("c", observations=[sees("blocked", hours(1), barrier="wall")]), "approvable", "K6K7"),
        (closed("c", barrier="wall", decisions=[says(HQ)]), "not_regulated", ""),
    ],
)
def test_k6_follows_the_counties_policy(closure, rule, expected):
    assert checks(closure, regime=settings(rule=rule)) == expected


@pytest.mark.parametrize(
    ("closures", "expected"),
    [
        ([blocked("c", observations=[DRIVER])], "K7"),
        ([blocked("c", observations=[DRIVER, sees("open", hours(2))])], ""),
        ([blocked("c", observations=[DRIVER, *[sees("open", hours(2), "track")] * 2])], "K7"),
        ([blocked("c", observations=[DRIVER, *[sees("open", hours(2), "track")] * 3])], ""),
        ([blocked("c", observations=[sees("blocked", hours(5), "driver")])], ""),
        ([blocked("c", observations=[DRIVER]), closed("c", decisions=[says(HQ)])], ""),
        ([blocked("c", observations=[DRIVER]), closed("c")], ""),
        ([blocked("c", observations=[DRIVER]), closed("t", decisions=[says(HQ)])], "K7"),
        ([blocked("c", observations=[DRIVER]), closed("c", start=hours(5), end=hours(6))], "K7"),
        ([blocked(span("c", 0, 100), observations=[DRIVER]), closed(span("c", 200, 900))], "K7"),
        ([blocked(span("c", 0, 900), observations=[DRIVER]), closed(span("c", 0, 880))], "K7"),
        ([blocked(span("c", 0, 900), observations=[DRIVER]), closed(span("c", 0, 895))], ""),
        ([blocked(span("c", 0, 5), observations=[DRIVER]), closed(span("c", 200, 900))], "K7"),
        ([blocked("c", "v", observations=[DRIVER]), closed("c")], "K7"),
        # Registered, but seen blocked when its window was over or had not come.
        ([closed("c", end=hours(1), decisions=[says(HQ)], observations=[sees("blocked", hours(2))])], "K7"),
        ([closed("c", start=hours(6), observations=[sees("blocked", hours(2))])], "K7"),
        ([closed("c", end=hours(2), decisions=[says(HQ)], observations=[sees("blocked", hours(1))])], ""),
    ],
)
def test_k7_finds_a_credible_blockage_with_no_closure(closures, expected):
    assert checks(*closures) == expected


def test_k7_says_who_saw_it_and_how_often():
    looks = [DRIVER, sees("blocked", hours(2), "checkpoint", "movable")]
    facts = audit(blocked("v", observations=looks))["b1"]["K7"]
    assert (facts["reports"], facts["source"], facts["barrier"]) == (2, "checkpoint", "movable")
    assert (facts["first_seen_at"], facts["seen_at"]) == (utc(hours(1)), utc(hours(2)))


@pytest.mark.parametrize("check", ["K1", "K6"])
def test_a_check_switched_off_finds_nothing(check):
    found = checks(closed("c", barrier="wall"), regime=settings(**{check: "off"}))
    assert found == "K1K6".replace(check, "")


def test_checks_do_not_hide_one_another():
    decisions = [says(TRANSPORT), says(HQ, at=hours(1), end=hours(3), extent=(span("c", 0, 100),))]
    assert checks(closed("c", barrier="trench", decisions=decisions)) == "K2K3K4K5K6"


def test_in_force_is_from_the_start_to_before_the_end():
    closure = closed("c")
    assert [is_in_force(closure, hours(at)) for at in (-1, 0, 9.99, 10)] == [False, True, True, False]
