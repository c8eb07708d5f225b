"""Two people rotate or withdraw a key; each of their steps is in the log."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.ledger.register import append_records, read_ledger
from geodata.store import transaction
from passes.accounts.account_register import add_account, close_account
from passes.keyring.key_act_register import KEY_STEPS, KIND, find_act, key_step_leaves
from passes.keyring.key_acts import GOOD_FOR, confirm, needs_two, note_alone, open_acts, propose, turn_down
from passes.keyring.key_register import list_keys, new_key
from tests.signed_passes import AT

HOUR = timedelta(hours=1)


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "key"


@pytest.fixture
def connection(store, key_file):
    with transaction(store, writes=True) as opened:
        new_key(opened, key_file, at=AT)
        for name, role, unit in (("t", "T", ""), ("hq", "HQ", "epidemic_hq"), ("c", "C", "check")):
            add_account(opened, name, role=role, unit=unit, password_hash="x", at=AT)
        yield opened


@pytest.fixture
def kid(connection):
    return list_keys(connection)[0].public.kid


def refused(do, *args, **named):
    with pytest.raises(BadInputError) as error:
        do(*args, at=AT, **named)
    return error.value.code


def states(connection):
    return sorted(one.state(AT) for one in list_keys(connection))


def test_nothing_happens_before_another_person_confirms(connection, key_file, kid):
    act = propose(connection, "withdraw", by="t", at=AT, about=kid, reason="被盗")
    assert states(connection) == ["signing"]
    confirm(connection, act.id, by="hq", key_file=key_file, at=AT)
    assert states(connection) == ["signing", "withdrawn"]
    assert open_acts(connection, at=AT) == ()


def test_nobody_confirms_his_own_proposal(connection, key_file):
    act = propose(connection, "rotate", by="t", at=AT, reason="到期")
    assert refused(confirm, connection, act.id, by="t", key_file=key_file) == "key-act-own"
    assert states(connection) == ["signing"]


def test_a_rotation_publishes_a_key_that_signs_later(connection, key_file):
    act = propose(connection, "rotate", by="hq", at=AT, reason="到期")
    confirm(connection, act.id, by="t", key_file=key_file, at=AT, ahead=timedelta(days=10))
    assert states(connection) == ["published", "signing"]
    assert list_keys(connection)[1].usable_from == AT + timedelta(days=10)


def test_only_the_issuing_office_and_headquarters_may(connection, key_file, kid):
    assert refused(propose, connection, "rotate", by="c", reason="x") == "key-act-not-entitled"
    act = propose(connection, "withdraw", by="t", at=AT, about=kid, reason="被盗")
    close_account(connection, "hq", at=AT)
    for name in ("c", "hq", "nobody"):
        assert refused(confirm, connection, act.id, by=name, key_file=key_file) == "key-act-not-entitled"


def test_a_proposal_is_done_with_once(connection, key_file):
    act = propose(connection, "rotate", by="t", at=AT, reason="到期")
    turn_down(connection, act.id, by="t", at=AT)
    assert refused(confirm, connection, act.id, by="hq", key_file=key_file) == "key-act-over"
    assert refused(confirm, connection, "never", by="hq", key_file=key_file) == "key-act-unknown"


def test_a_proposal_that_nobody_answers_is_over_some_day(connection):
    act = propose(connection, "rotate", by="t", at=AT - GOOD_FOR, reason="到期")
    assert open_acts(connection, at=AT) == ()
    assert refused(turn_down, connection, act.id, by="hq") == "key-act-over"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"about": "nothing", "reason": "x"}, "signing-key-unknown"),
        ({"about": "", "reason": "x"}, "signing-key-unknown"),
        ({"reason": " "}, "key-act-without-reason"),
    ],
)
def test_a_proposal_names_a_key_and_a_reason(connection, named, code):
    assert refused(propose, connection, "withdraw", by="t", **named) == code


def test_the_same_is_proposed_once_and_a_withdrawn_key_not_again(connection, key_file, kid):
    act = propose(connection, "withdraw", by="t", at=AT, about=kid, reason="被盗")
    again = {"by": "hq", "about": kid, "reason": "被盗"}
    assert refused(propose, connection, "withdraw", **again) == "key-act-open"
    confirm(connection, act.id, by="hq", key_file=key_file, at=AT)
    assert refused(propose, connection, "withdraw", **again) == "key-withdrawn-already"


def test_an_act_of_an_earlier_version_says_what_it_is_about_and_stays_as_the_log_has_it(connection):
    said = '{"kid": "firm", "name": "宏达面粉", "reason": "已移出"}'
    row = {"subject": "a1", "number": 0, "step": "proposed", "act": "firm", "parameters": said}
    append_records(connection, KIND, KEY_STEPS, [{**row, "account": "t", "taken_at": AT}], at=AT)
    act = find_act(connection, "a1")
    assert (act.about, dict(act.parameters)) == ("firm", {"name": "宏达面粉", "reason": "已移出"})
    assert [one.hash for one in key_step_leaves(connection)] == [one.hash for one in read_ledger(connection).leaves]


def test_one_alone_may_act_only_where_there_is_no_second_person(connection):
    assert needs_two(connection)
    assert refused(note_alone, connection, "rotate") == "key-act-needs-two"
    close_account(connection, "hq", at=AT)
    assert note_alone(connection, "rotate", at=AT).steps[0].step == "alone"


def test_each_step_is_in_the_log_and_a_changed_one_is_found(connection, key_file):
    act = propose(connection, "rotate", by="t", at=AT, reason="到期")
    confirm(connection, act.id, by="hq", key_file=key_file, at=AT)
    logged = [one.hash for one in read_ledger(connection).leaves if one.kind == KIND]
    assert [one.hash for one in key_step_leaves(connection)] == logged
    connection.execute(sa.update(KEY_STEPS).where(KEY_STEPS.c.number == 1).values(account="t"))
    assert [one.hash for one in key_step_leaves(connection)] != logged
