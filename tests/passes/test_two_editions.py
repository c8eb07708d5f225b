"""Two editions of one pass side by side: what is prepared is seen by nobody, and old codes go when their time has come."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.message_settings import MessageSettings
from geodata.store import transaction
from geodata.windows import Window
from passes.checkpoint.expected_register import find_by_plate, list_expected
from passes.editions.pass_register import editions_of, find_pass, list_passes, read_passes
from passes.editions.passages_register import passages_on_roads
from passes.editions.suspending import resume_pass, suspend_pass
from passes.editions.withdrawal import withdraw_pass
from passes.keyring.key_register import open_encryption_key
from passes.messages.message_register import MESSAGES
from passes.messages.telling_register import tell_events
from passes.reissue.reissue_register import BY_DRIVER
from passes.reissue.renewal import renew_pass
from passes.reissue.switch import take_edition
from tests.issuing_office import office_of
from tests.pass_applications import NOW
from tests.reissue_cases import CLOSES_AT, Desk


@pytest.fixture
def desk(store, small_county, tmp_path):
    return Desk(store, small_county, tmp_path / "key")


def states(desk):
    return [one.state for one in desk.rows()]


def take(desk, row, at=NOW + timedelta(minutes=5)):
    with transaction(desk.store, writes=True) as connection:
        return take_edition(connection, row.number, seen=row.next_jti, by=BY_DRIVER, at=at)


def test_an_old_code_is_good_until_the_new_one_is_delivered_and_the_road_is_closed(desk):
    early, late = desk.issue(2)
    desk.close("x", "c1")
    desk.look()
    rows = {one.number: one for one in desk.prepare()}
    take(desk, rows[early.number])
    assert desk.codes_of(early.number) == [early.jti, f"{early.number}-2"]
    assert desk.end_old_codes(CLOSES_AT - timedelta(seconds=1)) == 0
    assert [one.state for one in desk.switch()] == ["outgoing"]
    assert desk.end_old_codes() == 1
    assert desk.codes_of(early.number) == [f"{early.number}-2"]
    assert desk.codes_of(late.number) == [late.jti, f"{late.number}-2"]
    take(desk, rows[late.number], at=CLOSES_AT + timedelta(minutes=5))
    assert desk.codes_of(late.number) == [f"{late.number}-2"]
    assert desk.valid_once([early, late]) == [f"{early.number}-2", f"{late.number}-2"]


def test_a_message_that_an_outlet_has_taken_delivers(desk):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    desk.prepare()
    with transaction(desk.store, writes=True) as connection:
        key = open_encryption_key(connection, desk.key_file)
        while tell_events(connection, MessageSettings(), key, at=NOW):
            pass
        connection.execute(sa.update(MESSAGES).where(MESSAGES.c.occasion == "replaced").values(state="told"))
    assert [(one.state, one.delivered_by) for one in desk.switch()] == [("switched", "message")]
    assert desk.codes_of(issued.number) == [f"{issued.number}-2"]


@pytest.mark.parametrize("act", ["withdraw", "suspend", "renew"])
def test_what_is_done_to_the_new_edition_counts_for_the_old_code_too(desk, act):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    (row,) = desk.prepare()
    take(desk, row)
    with transaction(desk.store, writes=True) as connection:
        if act == "withdraw":
            withdraw_pass(connection, issued.number, reason="r", at=NOW)
        elif act == "suspend":
            suspend_pass(connection, issued.number, reason="r", at=NOW)
        else:
            closings = desk.closed["x"]
            office = office_of(connection, desk.county, closings=closings)
            renew_pass(issued.number, office, key_file=desk.key_file, at=NOW)
    desk.end_old_codes(NOW)
    assert desk.codes_of(issued.number) == ([f"{issued.number}-3"] if act == "renew" else [])
    if act == "suspend":
        with transaction(desk.store, writes=True) as connection:
            resume_pass(connection, issued.number, reason="r", at=NOW)
        assert desk.codes_of(issued.number) == [issued.jti, row.next_jti]


def test_suspended_passes_hold_nothing_up(desk):
    issued = desk.issue(4)
    desk.close("x", "c1")
    desk.look()
    desk.prepare()
    with transaction(desk.store, writes=True) as connection:
        for one in issued[:3]:
            suspend_pass(connection, one.number, reason="r", at=NOW)
    assert [one.number for one in desk.switch(most=2)] == [issued[3].number]
    with transaction(desk.store, writes=True) as connection:
        resume_pass(connection, issued[0].number, reason="r", at=CLOSES_AT)
    assert [one.number for one in desk.switch(most=2)] == [issued[0].number]


def test_a_prepared_edition_is_seen_by_nobody(desk):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    (row,) = desk.prepare()
    window = Window(NOW, NOW + timedelta(days=1))
    with transaction(desk.store, writes=False) as connection:
        assert [one.jti for one in list_passes(connection, at=NOW)] == [issued.jti]
        assert editions_of(connection, issued.number) == (issued.jti,)
        assert read_passes(connection, [row.next_jti]) == ()
        assert [one.jti for one in find_by_plate(connection, issued.plate, road_ids=["c2"], at=NOW)] == [issued.jti]
        assert list_expected(connection, ["c2"], from_at=NOW, to_at=window.end) == ()
        assert list(passages_on_roads(connection, ["c2"], window=window)) == []
        with pytest.raises(BadInputError, match="pass-unknown"):
            find_pass(connection, row.next_jti)


def test_a_suspended_pass_that_is_hit_is_planned_anew(desk):
    (issued,) = desk.issue()
    with transaction(desk.store, writes=True) as connection:
        suspend_pass(connection, issued.number, reason="r", at=NOW)
    desk.close("x", "c1")
    desk.look()
    assert [one.state for one in desk.prepare()] == ["prepared"]
    assert desk.switch() == ()
    with transaction(desk.store, writes=True) as connection:
        resume_pass(connection, issued.number, reason="r", at=CLOSES_AT)
    assert len(desk.switch()) == 1


def test_a_held_edition_whose_way_another_closure_cuts_is_given_up(desk):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    desk.prepare()
    desk.withdraw("x")
    desk.close("y", "c3")
    desk.look()
    assert states(desk) == ["dropped"]
    assert desk.valid_of(issued.number) == [issued.jti]
