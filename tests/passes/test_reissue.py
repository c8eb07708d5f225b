"""A closure hits passes: found, planned anew, and put in force one by one; whatever breaks off, each is valid once."""

import subprocess
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import transaction
from passes.checkpoint.scan_register import LET_PASS, Scan, add_scan
from passes.editions.pass_register import events_of, find_pass
from passes.editions.status_register import status_of
from passes.editions.withdrawal import withdraw_pass
from passes.reissue.finding import counts_of
from passes.reissue.progress_register import count_by_closure
from passes.reissue.reissue_register import BY_DRIVER, list_hit_closures, list_reissues
from passes.reissue.renewal import renew_pass
from passes.reissue.switch import drop_reissues, go_on, take_edition, waiting_edition
from passes.verifying.status_list import Status
from tests.issuing_office import office_of
from tests.pass_applications import NOW
from tests.reissue_cases import CLOSES_AT, Desk

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(store, small_county, tmp_path):
    return Desk(store, small_county, tmp_path / "key")


def roads_of(record):
    return [one["road_id"] for one in record.route["roads"]]


def current(desk, number):
    with transaction(desk.store, writes=False) as connection:
        return find_pass(connection, number)


def states(desk):
    return [one.state for one in desk.rows()]


def take(desk, row, at=NOW + timedelta(minutes=5)):
    with transaction(desk.store, writes=True) as connection:
        return take_edition(connection, row.number, seen=row.next_jti, by=BY_DRIVER, at=at)


def test_a_hit_pass_is_prepared_and_stays_as_it_is(desk):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    assert desk.look() == 1
    (row,) = desk.prepare()
    assert (row.state, row.is_started, row.next_jti) == ("prepared", False, f"{issued.number}-2")
    assert row.added_min > 0
    assert desk.valid_of(issued.number) == [issued.jti]
    assert roads_of(current(desk, issued.number)) == ["c1"]


def test_the_driver_is_told_when_the_new_edition_is_prepared(desk):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    desk.prepare()
    with transaction(desk.store, writes=False) as connection:
        told = events_of(connection, issued.number)[-1]
    assert (told.jti, told.event, told.facts["closures"]) == (issued.jti, "route_changes", ["x"])


def test_taking_the_new_edition_is_the_switch(desk):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    (row,) = desk.prepare()
    taken = take(desk, row)
    assert (taken.state, taken.delivered_by) == ("outgoing", "driver")
    new = current(desk, issued.number)
    assert (new.jti, roads_of(new)) == (row.next_jti, ["n2", "c2", "c3"])
    assert desk.valid_of(issued.number) == [new.jti]
    assert take(desk, row).switched_at == taken.switched_at


def test_what_nobody_took_is_switched_when_the_road_closes_and_not_before(desk):
    issued = desk.issue(3)
    desk.close("x", "c1")
    desk.look()
    desk.prepare()
    assert desk.switch(CLOSES_AT - timedelta(seconds=1)) == ()
    assert desk.valid_once(issued) == [one.jti for one in issued]
    assert len(desk.switch(CLOSES_AT)) == 3
    assert desk.valid_once(issued) == [f"{one.number}-2" for one in issued]
    assert all("c1" not in roads_of(current(desk, one.number)) for one in issued)


def test_asking_again_changes_nothing(desk):
    desk.issue(2)
    desk.close("x", "c1")
    assert (desk.look(), len(desk.prepare())) == (1, 2)
    assert (desk.look(), desk.prepare()) == (0, ())
    assert states(desk) == ["prepared"] * 2


def test_a_truck_seen_beyond_the_road_is_left_alone(desk):
    (issued,) = desk.issue(origin="firm", destination="east")
    late = NOW + timedelta(minutes=70)
    with transaction(desk.store, writes=True) as connection:
        scan = Scan("s1", late, "check", "c", issued.plate, issued.jti, "green", (), LET_PASS)
        add_scan(connection, scan, at=late)
    desk.close("x", "c1", start=late)
    desk.look(late)
    (row,) = desk.rows()
    assert (row.state, row.is_started, row.known_from) == ("past", True, "scan")
    assert desk.prepare(late) == ()


def test_a_truck_under_way_that_nobody_saw_is_planned_anew(desk):
    desk.issue()
    late = NOW + timedelta(minutes=61)
    desk.close("x", "c1", start=late)
    desk.look(late)
    (row,) = desk.prepare(late)
    assert (row.state, row.is_started, row.known_from) == ("prepared", True, "time")


def test_a_closure_that_begins_after_the_truck_hits_nobody(desk):
    desk.issue()
    desk.close("x", "c1", start=NOW + timedelta(days=2), end=NOW + timedelta(days=3))
    desk.look()
    assert desk.rows() == ()
    with transaction(desk.store, writes=False) as connection:
        assert [one.closure_id for one in list_hit_closures(connection)] == ["x"]


def test_no_way_left_is_named_with_the_closures(desk):
    (issued,) = desk.issue()
    desk.close("x", "c1", "c3")
    desk.look()
    (row,) = desk.prepare()
    assert (row.state, row.next_jti, [one["code"] for one in row.findings]) == ("no_route", "", ["no-route"])
    assert desk.switch() == ()
    assert desk.valid_of(issued.number) == [issued.jti]
    with transaction(desk.store, writes=False) as connection:
        assert events_of(connection, issued.number)[-1].event == "cut"
        assert counts_of(count_by_closure(connection)["x"])["no_route"] == 1


def test_two_closures_at_once_are_both_kept_to(desk):
    desk.issue()
    desk.close("x", "c1")
    desk.close("y", "c3")
    assert desk.look() == 2
    (row,) = desk.prepare()
    assert row.state == "no_route"
    assert {one.closure_id for one in open_closures(desk)} == {"x", "y"}


def open_closures(desk):
    with transaction(desk.store, writes=False) as connection:
        return list_hit_closures(connection, "active")


def test_a_second_closure_on_the_new_way_takes_the_prepared_edition_back(desk):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    (first,) = desk.prepare()
    desk.close("y", "c3")
    desk.look()
    (row,) = desk.prepare()
    assert row.state == "no_route"
    with transaction(desk.store, writes=False) as connection:
        assert status_of(connection, first.next_jti) is Status.WITHDRAWN
    desk.withdraw("y")
    desk.close("x", "c1", end=CLOSES_AT + timedelta(days=2))
    desk.look()
    (again,) = desk.prepare()
    assert (again.state, again.next_jti) == ("prepared", f"{issued.number}-3")


def test_a_closure_withdrawn_meanwhile_holds_what_nobody_took(desk):
    issued = desk.issue(2)
    desk.close("x", "c1")
    desk.look()
    rows = desk.prepare()
    take(desk, rows[0])
    desk.withdraw("x")
    desk.look()
    assert sorted(states(desk)) == ["held", "outgoing"]
    assert desk.switch() == ()
    assert len(desk.valid_once(issued)) == 2


def test_a_closure_withdrawn_before_anything_is_planned_leaves_every_pass_as_it_is(desk):
    issued = desk.issue(2)
    desk.close("x", "c1")
    desk.look()
    desk.withdraw("x")
    desk.look()
    assert (states(desk), desk.prepare(), desk.switch()) == (["dropped"] * 2, (), ())
    assert desk.valid_once(issued) == [one.jti for one in issued]


@pytest.mark.parametrize(("decide", "state", "edition"), [(drop_reissues, "dropped", ""), (go_on, "prepared", "")])
def test_an_officer_decides_about_what_is_held(desk, decide, state, edition):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    (row,) = desk.prepare()
    desk.withdraw("x")
    desk.look()
    with transaction(desk.store, writes=True) as connection:
        decide(connection, list_reissues(connection, "held"), at=NOW)
        status = status_of(connection, row.next_jti)
    assert states(desk) == [state]
    assert (status is Status.VALID) == (state == "prepared")
    assert desk.valid_of(issued.number) == [issued.jti]


@pytest.mark.parametrize("act", ["renew", "withdraw"])
def test_a_pass_changed_otherwise_gives_the_prepared_edition_up(desk, act):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    (row,) = desk.prepare()
    with transaction(desk.store, writes=True) as connection:
        if act == "renew":
            renew_pass(issued.number, office_of(connection, desk.county), key_file=desk.key_file, at=NOW)
        else:
            withdraw_pass(connection, issued.number, reason="r", at=NOW)
    desk.switch()
    assert states(desk) == ["overtaken"]
    with transaction(desk.store, writes=False) as connection:
        assert status_of(connection, row.next_jti) is Status.WITHDRAWN
    assert desk.valid_of(issued.number) == ([f"{issued.number}-3"] if act == "renew" else [])


def test_who_looked_at_another_edition_is_told(desk):
    desk.issue()
    desk.close("x", "c1")
    desk.look()
    (row,) = desk.prepare()
    with transaction(desk.store, writes=True) as connection, pytest.raises(BadInputError, match="reissue-changed"):
        take_edition(connection, row.number, seen="other", by=BY_DRIVER, at=NOW)


def test_the_waiting_edition_is_whole(desk):
    (issued,) = desk.issue()
    desk.close("x", "c1")
    desk.look()
    desk.prepare()
    with transaction(desk.store, writes=False) as connection:
        row, new = waiting_edition(connection, issued.number)
    assert (new.jti, new.plate, new.crew) == (row.next_jti, issued.plate, issued.crew)
    assert roads_of(new) == ["n2", "c2", "c3"]
    desk.switch()
    assert current(desk, issued.number) == new


class BrokenOffError(RuntimeError):
    """The process is as good as dead."""


def broken_off_after(store, statements, act):
    """Do something that is killed before its n-th statement; tell whether it came to its end."""
    done = count(1)

    def kill(*_):
        if next(done) > statements:
            raise BrokenOffError

    sa.event.listen(store, "before_cursor_execute", kill)
    try:
        act()
    except BrokenOffError:
        return False
    finally:
        sa.event.remove(store, "before_cursor_execute", kill)
    return True


def test_killed_before_any_statement_each_pass_is_valid_once(desk):
    issued = desk.issue(2)
    desk.close("x", "c1")
    acts = (desk.look, desk.prepare, lambda: desk.switch(most=1), lambda: take(desk, desk.rows("prepared")[0]))
    for act in (*acts, desk.end_old_codes):
        for statements in count(1):
            is_done = broken_off_after(desk.store, statements, act)
            assert len(desk.valid_once(issued)) == 2
            if is_done:
                break
        assert statements > 3
    assert desk.valid_once(issued) == [f"{one.number}-2" for one in issued]


def test_a_process_killed_while_it_switches_leaves_each_pass_valid_once(desk):
    issued = desk.issue(12)
    desk.close("x", "c1")
    desk.look()
    desk.prepare()
    url = desk.store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.passes.kill_switching", url, CLOSES_AT.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout.read(3) == b"..."
        process.kill()
    before = desk.valid_once(issued)
    assert sum(jti.endswith("-2") for jti in before) >= 2
    desk.switch()
    assert desk.valid_once(issued) == [f"{one.number}-2" for one in issued]
