"""A stolen key is withdrawn: its passes are red at once, and each live one is signed again, once, whatever happens."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from geodata.store import transaction
from passes.editions.pass_register import GRANTED, PASSES, REPLACED, find_pass
from passes.editions.status_register import RegisterStatuses
from passes.editions.suspending import suspend_pass
from passes.keyring.key_register import list_keys, new_key, open_key_ring, public_key_list, withdraw_key
from passes.reissue.key_reissue import Progress, reissue_all, reissue_chunk
from passes.reissue.void_register import count_void
from passes.verifying.trust import Trust
from passes.verifying.verify import read_token, verify_pass
from tests.issuing_office import WHITELIST, applied, office_of, put_on_whitelist
from tests.many_passes import fill_with_passes
from tests.pass_applications import NOW

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "key"


@pytest.fixture
def stolen(store, small_county, key_file):
    """The key that has signed every pass of the register, one of them and seven copies of it."""
    from passes.editions.issuing import issue_pass

    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        office = office_of(connection, small_county)
        new_key(connection, key_file, at=NOW - timedelta(days=30))
        new_key(connection, key_file, at=NOW - timedelta(days=20))
        record = issue_pass(applied(office), office, key_file=key_file, at=NOW).record
        key = open_key_ring(connection, key_file, at=NOW).current(NOW)
    fill_with_passes(store, record, key, 7, public_url=small_county.settings.public_url)
    return key.kid


@pytest.fixture
def drill(store, small_county, key_file, stolen):
    """A function that withdraws the stolen key, and one that signs again what it signed."""

    def withdraw():
        with transaction(store, writes=True) as connection:
            withdraw_key(connection, stolen, key_file, at=SOON)

    def reissue():
        settings = small_county.settings
        writing = partial(transaction, store, writes=True)
        return reissue_all(
            writing, lambda *_: None, public_url=settings.public_url, key_file=key_file, now=lambda: SOON
        )

    return withdraw, reissue


def verdict_of(store, token):
    with transaction(store, writes=False) as connection:
        at = min(row.not_before for row in connection.execute(sa.select(PASSES.c.not_before))) + timedelta(minutes=1)
        keys = public_key_list(connection, issuer=read_token(token).claims["iss"], at=at)
        found = verify_pass(token, Trust(keys, RegisterStatuses(connection, at)), at=at)
    return found.verdict, found.reasons[0].code


def passes_of(store):
    with transaction(store, writes=False) as connection:
        return connection.execute(sa.select(PASSES).order_by(PASSES.c.jti)).all()


def editions(store):
    """Return the state of each edition by number."""
    found = {}
    for row in passes_of(store):
        found.setdefault(row.number, []).append(row.state)
    return found


def test_every_pass_of_the_key_is_red_at_once_with_its_own_reason(store, drill):
    withdraw, _ = drill
    tokens = [row.token for row in passes_of(store)]
    assert {verdict_of(store, one)[0] for one in tokens} <= {"green", "amber"}
    withdraw()
    assert {verdict_of(store, one) for one in tokens} == {("red", "key-withdrawn")}


def test_each_live_pass_is_signed_again_once_by_another_key(store, drill, stolen):
    withdraw, reissue = drill
    withdraw()
    assert (reissue(), reissue()) == (8, 0)
    assert set(map(tuple, editions(store).values())) == {(REPLACED, GRANTED)}
    rows = passes_of(store)
    new = [row for row in rows if row.state == GRANTED]
    assert {row.kid == stolen for row in new} == {False}
    assert {verdict_of(store, row.token)[0] for row in new} <= {"green", "amber"}
    assert {row.replaced_by for row in rows if row.state == REPLACED} == {row.jti for row in new}


def test_a_run_that_is_killed_goes_on_and_makes_none_twice(store, small_county, key_file, drill):
    withdraw, reissue = drill
    withdraw()
    url = small_county.settings.public_url
    with transaction(store, writes=True) as connection:
        first = reissue_chunk(connection, Progress(), public_url=url, key_file=key_file, at=SOON, most=3)

    def killed():
        with transaction(store, writes=True) as connection:
            reissue_chunk(connection, first, public_url=url, key_file=key_file, at=SOON, most=3)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert sorted(map(len, editions(store).values())) == [1] * 5 + [2] * 3
    assert (first.done, reissue()) == (3, 5)
    assert set(map(tuple, editions(store).values())) == {(REPLACED, GRANTED)}


def test_what_is_not_live_is_left_alone(store, drill, small_county):
    withdraw, reissue = drill
    number = min(editions(store))
    with transaction(store, writes=True) as connection:
        suspend_pass(connection, number, reason="核实", at=NOW)
        connection.execute(sa.update(PASSES).where(PASSES.c.number == max(editions(store))).values(expires_at=SOON))
    withdraw()
    assert reissue() == 6
    with transaction(store, writes=False) as connection:
        assert (count_void(connection, at=SOON), find_pass(connection, number).edition) == (0, 1)


def test_passes_of_other_keys_stay(store, drill, stolen, key_file, small_county):
    withdraw, reissue = drill
    with transaction(store, writes=True) as connection:
        other = next(one.public.kid for one in list_keys(connection) if one.public.kid != stolen)
        connection.execute(sa.update(PASSES).where(PASSES.c.number == max(editions(store))).values(kid=other))
    withdraw()
    assert reissue() == 7
