"""Who must decide depends on cause and road class: the written truth table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.closures.approval import Requirement, approval_of, requirements_of
from geodata.closures.closure import Direction
from geodata.closures.states import approval_state
from geodata.policy import ApprovalRule
from tests.closure_cases import (
    EIGHT,
    HQ,
    NOON,
    POLICE,
    TRANSPORT,
    UPPER,
    both_regimes,
    class_network,
    closed,
    hours,
    says,
    settings,
    span,
)

NETWORK = class_network()
RULES = settings()


def state(closure, at=NOON, regime=RULES):
    return approval_state(closure, regime.policy_for, NETWORK, at)


# road, cause, who approved -> state. x expressway, c county, s street.
TRUTH = [
    ("c", "epidemic", "", "requested"),
    ("c", "epidemic", HQ, "approved"),
    ("c", "epidemic", UPPER, "requested"),
    ("c", "epidemic", TRANSPORT, "requested"),
    ("c", "epidemic", "某村委会", "requested"),
    ("n", "epidemic", HQ, "approved"),
    ("p", "epidemic", HQ, "approved"),
    ("t", "epidemic", HQ, "approved"),
    ("v", "epidemic", HQ, "approved"),
    ("s", "epidemic", HQ, "approved"),
    ("k", "epidemic", HQ, "approved"),
    ("x", "epidemic", HQ, "requested"),
    ("x", "epidemic", UPPER, "requested"),
    ("x", "epidemic", f"{HQ} {UPPER}", "approved"),
    ("xc", "epidemic", HQ, "requested"),
    ("xc", "epidemic", f"{HQ} {UPPER}", "approved"),
    ("cs", "epidemic", HQ, "approved"),
    ("c", "works", POLICE, "approved"),
    ("c", "works", HQ, "requested"),
    ("x", "works", POLICE, "approved"),
    ("c", "accident", POLICE, "approved"),
    ("c", "accident", HQ, "approved"),
    ("x", "flood", POLICE, "approved"),
    ("c", "collapse", TRANSPORT, "requested"),
    ("c", "event", HQ, "requested"),
    ("c", "event", POLICE, "approved"),
    ("c", "fire", HQ, "approved"),
    # No rule names anybody: nothing is deemed approved.
    ("c", "animal", f"{HQ} {UPPER} {POLICE} {TRANSPORT}", "requested"),
]


@pytest.mark.parametrize(("roads", "cause", "bodies", "expected"), TRUTH)
def test_approval_needs_every_required_body_for_every_class_touched(roads, cause, bodies, expected):
    decisions = [says(body) for body in bodies.split()]
    assert state(closed(*roads, cause=cause, decisions=decisions)) == expected


def test_a_body_may_be_given_by_its_name():
    assert state(closed("c", decisions=[says("疫情防控指挥部")])) == "approved"


def test_another_regime_decides_its_own_causes():
    sealed = closed("c", cause="animal", decisions=[says("government")])
    assert state(sealed, regime=both_regimes()) == "approved"
    assert state(sealed, regime=RULES) == "requested"


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([says(HQ, "refused")], "refused"),
        ([says(HQ), says(HQ, "withdrawn", at=hours(1))], "withdrawn"),
        ([says(HQ), says(HQ, "refused", at=hours(1))], "refused"),
        ([says(HQ, "refused"), says(HQ, at=hours(1))], "approved"),
        ([says(HQ), says(HQ, "withdrawn", at=hours(1)), says(HQ, at=hours(2))], "approved"),
        ([says(HQ), says(TRANSPORT, "withdrawn", at=hours(1))], "approved"),
        ([says(HQ), says(HQ, "withdrawn", at=hours(5))], "approved"),
        ([says(HQ, at=hours(5))], "requested"),
        ([says(HQ, end=hours(3))], "expired"),
        ([says(HQ, end=hours(6))], "partly_approved"),
        ([says(HQ, start=hours(2))], "partly_approved"),
        ([says(HQ, end=hours(2)), says(HQ, start=hours(2), end=hours(10))], "approved"),
        ([says(HQ, extent=(span("c", 0, 1400),))], "partly_approved"),
        ([says(HQ, extent=(span("c", 0, 1400),)), says(HQ, extent=(span("c", 1400),))], "approved"),
        ([says(HQ, extent=(span("c", way=Direction.FORWARD),))], "partly_approved"),
        ([says(HQ, extent=(span("c", 0, 2795),))], "approved"),
        ([says(HQ, form="oral", document_no="")], "approved"),
    ],
)
def test_state_follows_the_newest_word_and_the_approved_window_and_extent(decisions, expected):
    assert state(closed("c", decisions=decisions)) == expected


def test_between_two_approvals_the_first_has_expired():
    decisions = [says(HQ, end=hours(3)), says(HQ, start=hours(6), end=hours(10))]
    found = [state(closed("c", decisions=decisions), at=hours(at)) for at in (1, 4, 7)]
    assert found == ["partly_approved", "expired", "partly_approved"]


def test_roads_approved_one_after_the_other_are_never_approved_as_a_whole():
    decisions = [says(HQ, extent=(span("p"),), end=hours(5)), says(HQ, extent=(span("c"),), start=hours(5))]
    assert state(closed("p", "c", decisions=decisions)) == "partly_approved"


def test_a_newer_approval_takes_the_place_of_the_one_it_overlaps():
    decisions = [says(HQ), says(HQ, at=hours(1), end=hours(3))]
    found = [state(closed("c", decisions=decisions), at=hours(at)) for at in (0, 2, 3)]
    assert found == ["approved", "partly_approved", "expired"]


@pytest.mark.parametrize("all_of", [True, False])
def test_a_rule_that_names_nobody_approves_nothing(all_of):
    nobody = Requirement(ApprovalRule("epidemic", ("*",), (), all_of=all_of), (), (span("c"),))
    assert not nobody.is_decided(NOON)


def test_paper_is_due_for_a_spoken_approval_until_a_written_one_replaces_it():
    def due(*decisions):
        return approval_of(closed("c", decisions=decisions), RULES.policy, NETWORK).paper_due(NOON)

    spoken = says(HQ, form="oral", document_no="")
    assert due(spoken) == hours(23)
    assert due(says(HQ, form="oral", document_no="12号")) is None
    assert due(spoken, says(HQ, at=hours(1))) is None


def test_word_of_mouth_is_no_approval_where_the_rule_wants_paper():
    works = closed("c", cause="works", decisions=[says(POLICE, form="oral")])
    assert state(works) == "requested"


def test_one_refusal_of_two_required_bodies_refuses():
    assert state(closed("x", decisions=[says(HQ), says(UPPER, "refused")])) == "refused"


def test_the_shorter_of_two_required_approvals_ends_both():
    both = [says(HQ), says(UPPER, end=hours(3))]
    assert state(closed("x", decisions=both), at=hours(2)) == "partly_approved"
    assert state(closed("x", decisions=both), at=hours(3)) == "expired"


def test_approval_expires_with_the_closure_itself():
    assert state(closed("c", decisions=[says(HQ)]), at=hours(10)) == "expired"


def test_a_rule_bounds_the_days_of_an_approval():
    sealed = closed("c", cause="animal", end=hours(24 * 60), decisions=[says("government")])
    assert state(sealed, at=hours(24 * 41), regime=both_regimes()) == "partly_approved"
    assert state(sealed, at=hours(24 * 42), regime=both_regimes()) == "expired"


def test_nobody_asked_is_a_draft_and_waiting_approves_nothing():
    assert state(closed("c", requested_by="")) == "draft"
    assert state(closed("c", end=None), at=hours(24 * 365)) == "requested"


def test_requirements_group_the_roads_by_rule():
    found = requirements_of(closed("x", "c", "n", "s"), RULES.policy, NETWORK)
    assert [[span.road_id for span in one.spans] for one in found] == [["x"], ["c", "n"], ["s"]]
    assert found[0].authorities == (HQ, UPPER)


def test_of_two_required_approvals_the_common_part_counts():
    decisions = [says(HQ, extent=(span("x", 0, 2000),)), says(UPPER, extent=(span("x", 1000),))]
    approval = approval_of(closed("x", decisions=decisions), RULES.policy, NETWORK)
    assert approval.approved_parts(NOON) == (span("x", 1000, 2000),)


def test_of_two_bodies_either_of_which_may_decide_both_parts_count():
    decisions = [says(POLICE, extent=(span("c", 0, 500),)), says(HQ, extent=(span("c", 2000),))]
    approval = approval_of(closed("c", cause="flood", decisions=decisions), RULES.policy, NETWORK)
    assert approval.approved_parts(NOON) == (span("c", 0, 500), span("c", 2000))


bodies = st.sampled_from([HQ, UPPER, POLICE, TRANSPORT, "谁也不是"])
decided = st.lists(
    st.builds(
        lambda body, word, at, form: says(body, word, at=hours(at), form=form),
        bodies,
        st.sampled_from(["approved", "refused", "withdrawn"]),
        st.integers(-5, 12),
        st.sampled_from(["written", "oral"]),
    ),
    max_size=6,
)


@given(decided, st.sampled_from(["c", "x", "xc"]), st.integers(-2, 12))
def test_nothing_is_approved_unless_each_required_body_said_so_last(decisions, roads, at):
    """Oracle: the newest word of each body known at the time, for every class."""
    closure = closed(*roads, decisions=decisions)
    words = {}
    for one in sorted(decisions, key=lambda one: one.decided_at):
        if one.decided_at <= hours(at):
            words[one.authority] = one.decision
    required = {HQ, UPPER} if "x" in roads else {HQ}
    given_all = all(words.get(body) == "approved" for body in required)
    assert (state(closure, at=hours(at)) in {"approved", "partly_approved", "expired"}) is given_all
    parts = approval_of(closure, RULES.policy, NETWORK).approved_parts(hours(at))
    assert bool(parts) is (given_all and EIGHT <= hours(at) < hours(10))
