from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError, SurroundingsError
from geodata.store import transaction
from passes.key_encryption import make_key_file
from passes.keyring.key_register import (
    SIGNING_KEYS,
    add_key,
    list_keys,
    new_key,
    open_key_ring,
    public_key_list,
    read_key_ring,
    rotate_keys,
)
from tests.signed_passes import AT, ISSUER, KEY

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "settings" / "key"


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as opened:
        yield opened


def states(connection, at):
    return [one.state(at) for one in list_keys(connection)]


def test_the_first_key_is_made_on_first_need_and_signs_at_once(connection, key_file):
    ring = open_key_ring(connection, key_file, at=AT)
    assert ring.current(AT).kid == list_keys(connection)[0].public.kid
    assert key_file.exists()


def test_the_same_key_comes_back(connection, key_file):
    first = open_key_ring(connection, key_file, at=AT).current(AT)
    assert open_key_ring(connection, key_file, at=AT + DAY).current(AT + DAY).to_bytes() == first.to_bytes()


def test_no_private_key_is_in_the_database(connection, key_file):
    secret = open_key_ring(connection, key_file, at=AT).current(AT).to_bytes()
    row = connection.execute(sa.select(SIGNING_KEYS)).one()
    assert all(secret not in bytes(value) for value in row if isinstance(value, bytes | memoryview))


def test_a_lost_key_file_is_not_replaced_by_a_new_one(connection, key_file):
    open_key_ring(connection, key_file, at=AT)
    key_file.unlink()
    with pytest.raises(SurroundingsError, match="key-file-missing"):
        open_key_ring(connection, key_file, at=AT)
    assert not key_file.exists()


def test_another_key_file_opens_no_key(connection, key_file, tmp_path):
    open_key_ring(connection, key_file, at=AT)
    with pytest.raises(SurroundingsError, match="key-file-wrong"):
        read_key_ring(connection, make_key_file(tmp_path / "other"))


def test_a_key_of_the_same_name_is_refused(connection, key_file):
    encryption_key = make_key_file(key_file)
    add_key(connection, KEY, encryption_key, at=AT)
    with pytest.raises(BadInputError, match="key-named-twice"):
        add_key(connection, KEY, encryption_key, at=AT)


def test_a_further_key_is_published_seven_days_before_it_signs(connection, key_file):
    first, second = new_key(connection, key_file, at=AT), new_key(connection, key_file, at=AT)
    ring = open_key_ring(connection, key_file, at=AT)
    assert ring.current(AT + WEEK - timedelta(seconds=1)).kid == first.kid
    assert ring.current(AT + WEEK).kid == second.kid
    assert states(connection, AT) == ["signing", "published"]


def test_rotation_hands_over_without_a_gap(connection, key_file):
    old = new_key(connection, key_file, at=AT)
    new = rotate_keys(connection, key_file, at=AT + DAY)
    ring = open_key_ring(connection, key_file, at=AT)
    for hours, kid in ((0, old.kid), (8 * 24 - 1, old.kid), (8 * 24, new.kid), (9 * 24, new.kid)):
        assert ring.current(AT + timedelta(hours=hours)).kid == kid
    assert states(connection, AT + 9 * DAY) == ["retired", "signing"]


def test_a_retired_key_stays_on_the_list_so_that_its_passes_verify(connection, key_file):
    old = new_key(connection, key_file, at=AT)
    rotate_keys(connection, key_file, at=AT)
    listed = public_key_list(connection, issuer=ISSUER, at=AT + 9 * DAY)
    assert listed.keys[old.kid].retired_at == AT + WEEK


def test_compromised_keys_are_withdrawn_and_replaced_at_once(connection, key_file):
    old = new_key(connection, key_file, at=AT)
    new = rotate_keys(connection, key_file, at=AT + DAY, compromised=True)
    listed = public_key_list(connection, issuer=ISSUER, at=AT + DAY)
    assert open_key_ring(connection, key_file, at=AT).current(AT + DAY).kid == new.kid
    assert (set(listed.keys), listed.withdrawn) == ({new.kid}, {old.kid})
    assert states(connection, AT + DAY) == ["withdrawn", "signing"]


def test_the_first_rotation_makes_a_key_that_signs_at_once(connection, key_file):
    key = rotate_keys(connection, key_file, at=AT)
    assert open_key_ring(connection, key_file, at=AT).current(AT).kid == key.kid


def test_the_list_tells_issuer_and_time(connection):
    listed = public_key_list(connection, issuer=ISSUER, at=AT)
    assert (listed.issuer, listed.issued_at, dict(listed.keys)) == (ISSUER, AT, {})
