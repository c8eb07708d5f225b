"""What must be shown before a ticket about a thing on the road is answered or closed."""

from dataclasses import replace

import pytest

from geodata.errors import BadInputError
from geodata.tickets.evidence import OnRecord, check_evidence
from geodata.tickets.ticket import CLOSED, REOPEN, RESOLVED, SENT, Step, Ticket
from tests.closure_cases import NOON, hours, sees

SEND = Step(SENT, "s", "督导检查组", "杨集乡", NOON)
ANSWER = Step(RESOLVED, "tw", "杨集乡", "杨集乡", hours(5), note="已清除", photo="p1", sight="open")
CLOSE = Step(CLOSED, "s2", "督导检查组", "杨集乡", hours(7), note="已核实", photo="p2", sight="open")
NOTHING, APPROVED = OnRecord(), OnRecord(is_approved=True)


def refusal(step, check="K6", record=NOTHING, steps=(SEND, ANSWER)):
    with pytest.raises(BadInputError) as refused:
        check_evidence(Ticket(check, "z1", steps), step, record)
    return refused.value.code


def accept(step, check="K6", record=NOTHING, steps=(SEND, ANSWER)):
    check_evidence(Ticket(check, "z1", steps), step, record)


@pytest.mark.parametrize("step", [ANSWER, CLOSE])
def test_a_thing_on_the_road_is_shown_by_whoever_answers_and_by_whoever_closes(step):
    accept(step)
    assert refusal(replace(step, photo="")) == "ticket-photo-missing"
    assert refusal(replace(step, sight="")) == "ticket-sight-missing"


def test_what_an_approval_cures_needs_no_photo():
    accept(replace(ANSWER, photo="", sight=""), check="K1")


def test_a_hard_barrier_may_give_way_to_a_soft_one_but_not_stay():
    accept(replace(CLOSE, sight="softened"))
    assert refusal(replace(CLOSE, sight="blocked")) == "ticket-still-blocked"


def test_two_tracks_through_since_the_answer_stand_for_the_photo_of_whoever_closes():
    bare = replace(CLOSE, photo="")
    tracks = [sees("open", hours(6 + share), "track") for share in (0.2, 0.4)]
    accept(bare, record=OnRecord(observations=tracks))
    assert refusal(bare, record=OnRecord(observations=tracks[:1])) == "ticket-photo-missing"
    early = [sees("open", hours(share), "track") for share in (1, 2)]
    assert refusal(bare, record=OnRecord(observations=early)) == "ticket-photo-missing"
    assert refusal(replace(ANSWER, photo=""), record=OnRecord(observations=tracks)) == "ticket-photo-missing"


def test_a_road_to_be_reopened_is_open_or_approved_anew():
    opened = (replace(SEND, step=REOPEN, account="", by_unit=""),)
    assert refusal(replace(ANSWER, sight="softened"), "K5", steps=opened) == "ticket-not-open"
    accept(ANSWER, "K5", steps=opened)
    accept(replace(ANSWER, photo="", sight=""), "K5", APPROVED, opened)
