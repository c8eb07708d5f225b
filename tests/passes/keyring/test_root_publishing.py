"""A key signs only when the root's list that holds it was published long enough before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from geodata.errors import BadInputError, SurroundingsError
from geodata.store import transaction
from passes.keyring.key_acts import REPLACE_ROOT, note_alone
from passes.keyring.key_register import list_keys, new_key, open_key_ring, public_key_list, rotate_keys, withdraw_key
from passes.keyring.root_publishing import ComingRoot, next_list, publish_list
from passes.keyring.root_register import CARRYING, find_root, published_list, successions, trust_issuer
from passes.keyring.root_succession import fingerprint, sign_succession
from passes.tokens.keys import signing_key_of
from passes.verifying.root_list import sign_root_list
from tests.signed_passes import AT, ISSUER, KEY, OTHER_KEY, ROOT
from tests.vectors.issuer_vectors import NEIGHBOUR, OTHER

NEXT_ROOT = signing_key_of(bytes([9]) * 32)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "settings" / "key"


@pytest.fixture
def connection(store, key_file):
    with transaction(store, writes=True) as opened:
        new_key(opened, key_file, at=AT)
        yield opened


def signed(connection, *, at=AT, root=ROOT, **changes):
    return sign_root_list(replace(next_list(connection, issuer=ISSUER, at=at), **changes), root)


def publish(connection, token=None, *, at=AT, root=None, succession=""):
    coming = None if root is None else ComingRoot(root, succession)
    return publish_list(connection, token or signed(connection, at=at), issuer=ISSUER, at=at, root=coming)


def refused(connection, token, **further):
    with pytest.raises(BadInputError) as error:
        publish(connection, token, **further)
    return error.value.code


def current(connection, key_file, at):
    return open_key_ring(connection, key_file, at=at).current(at).kid


def test_the_first_list_makes_its_root_known_and_every_list_is_signed_by_it(connection):
    publish(connection, root=ROOT.public)
    listed = public_key_list(connection, issuer=ISSUER, at=AT + DAY)
    assert (listed.number, listed.issued_at, bool(listed.root_list)) == (1, AT + DAY, True)
    assert refused(connection, signed(connection, root=OTHER_KEY)) == "root-list-not-signed"
    assert refused(connection, signed(connection), root=OTHER_KEY.public) == "root-known"


def test_without_a_root_nothing_is_published(connection):
    assert refused(connection, signed(connection)) == "root-unknown"


def test_a_new_key_signs_nothing_before_the_root_has_signed_for_it(connection, key_file):
    publish(connection, root=ROOT.public)
    old, new = list_keys(connection)[0].public.kid, rotate_keys(connection, key_file, at=AT)
    later = AT + WEEK + CARRYING
    assert new.public.usable_from == later
    assert {one.public.kid: one.state(AT) for one in list_keys(connection)}[new.kid] == "waiting"
    with pytest.raises(SurroundingsError, match="no-signing-key"):
        current(connection, key_file, later)
    publish(connection, at=AT + timedelta(hours=20))
    assert [current(connection, key_file, at) for at in (AT + WEEK, later)] == [old, new.kid]


def test_a_list_carried_back_too_late_is_refused_as_its_key_would_sign_too_early(connection, key_file):
    publish(connection, root=ROOT.public)
    rotate_keys(connection, key_file, at=AT)
    late = AT + CARRYING + timedelta(seconds=1)
    assert refused(connection, signed(connection, at=late), at=late) == "key-list-late"


def test_an_older_list_is_refused(connection):
    first = signed(connection)
    publish(connection, first, root=ROOT.public)
    publish(connection)
    assert refused(connection, first) == "key-list-older"
    assert published_list(connection).found.number == 2


def test_a_list_that_is_not_of_this_register_is_refused(connection, key_file):
    publish(connection, root=ROOT.public)
    stranger = signed(connection, keys={KEY.kid: KEY.public})
    assert refused(connection, stranger) == "root-list-unknown-key"
    assert refused(connection, signed(connection, issuer="411300")) == "root-list-of-another-county"
    assert refused(connection, signed(connection, at=AT + DAY)) == "root-list-from-the-future"
    before = signed(connection)
    withdraw_key(connection, list_keys(connection)[0].public.kid, key_file, at=AT)
    assert refused(connection, before) == "root-list-lacks-withdrawn"


def test_a_withdrawn_key_is_on_every_list_at_once_without_the_root(connection, key_file):
    spare = new_key(connection, key_file, at=AT)
    publish(connection, root=ROOT.public)
    stolen = list_keys(connection)[0].public.kid
    withdraw_key(connection, stolen, key_file, at=AT + 9 * DAY)
    listed = public_key_list(connection, issuer=ISSUER, at=AT + 9 * DAY)
    assert (set(listed.keys), listed.withdrawn) == ({spare.kid}, {stolen})
    assert current(connection, key_file, AT + 9 * DAY) == spare.kid


def test_a_published_key_takes_over_early_where_the_only_other_one_was_stolen(connection, key_file):
    spare = new_key(connection, key_file, at=AT)
    publish(connection, root=ROOT.public)
    withdraw_key(connection, list_keys(connection)[0].public.kid, key_file, at=AT + DAY)
    assert current(connection, key_file, AT + DAY) == spare.kid


def test_without_a_spare_key_nothing_is_signed_until_the_root_has_signed(connection, key_file):
    publish(connection, root=ROOT.public)
    withdraw_key(connection, list_keys(connection)[0].public.kid, key_file, at=AT + DAY)
    with pytest.raises(SurroundingsError, match="no-signing-key"):
        current(connection, key_file, AT + DAY)
    publish(connection, at=AT + DAY)
    assert current(connection, key_file, AT + DAY)


def test_another_issuer_is_trusted_from_the_next_list_on(connection):
    publish(connection, root=ROOT.public)
    trust_issuer(connection, OTHER, at=AT)
    assert public_key_list(connection, issuer=ISSUER, at=AT).others == {}
    publish(connection)
    assert public_key_list(connection, issuer=ISSUER, at=AT).others == {NEIGHBOUR: OTHER}


def test_the_old_root_hands_on_to_the_next_one_with_its_first_list(connection):
    publish(connection, root=ROOT.public)
    by_next = signed(connection, at=AT + DAY, root=NEXT_ROOT)
    assert refused(connection, by_next, at=AT + DAY, root=NEXT_ROOT.public) == "root-known"
    for old, new in ((OTHER_KEY, NEXT_ROOT), (ROOT, OTHER_KEY)):
        wrong = sign_succession(ISSUER, old, new.public, at=AT)
        assert refused(connection, by_next, at=AT + DAY, root=NEXT_ROOT.public, succession=wrong) == (
            "succession-not-signed"
        )
    elsewhere = sign_succession("411300", ROOT, NEXT_ROOT.public, at=AT)
    assert refused(connection, by_next, root=NEXT_ROOT.public, succession=elsewhere) == "succession-not-signed"
    assert refused(connection, by_next, root=NEXT_ROOT.public, succession="x") == "succession-unreadable"
    step = sign_succession(ISSUER, ROOT, NEXT_ROOT.public, at=AT)
    publish(connection, by_next, at=AT + DAY, root=NEXT_ROOT.public, succession=step)
    assert (find_root(connection), published_list(connection).found.number) == (NEXT_ROOT.public, 2)
    assert successions(connection) == (step,)
    assert refused(connection, signed(connection), root=ROOT.public) == "root-known"


def test_a_lost_root_is_replaced_by_the_fingerprint_that_was_confirmed(connection):
    publish(connection, root=ROOT.public)
    note_alone(connection, REPLACE_ROOT, at=AT, about=fingerprint(NEXT_ROOT.public), reason="lost")
    by_next = signed(connection, at=AT + DAY, root=NEXT_ROOT)
    assert refused(connection, signed(connection, root=OTHER_KEY), root=OTHER_KEY.public) == "root-known"
    assert refused(connection, by_next, at=AT + 4 * DAY, root=NEXT_ROOT.public) == "root-known"
    publish(connection, by_next, at=AT + DAY, root=NEXT_ROOT.public)
    assert (find_root(connection), successions(connection)) == (NEXT_ROOT.public, ())
    note_alone(connection, REPLACE_ROOT, at=AT + DAY, about=fingerprint(ROOT.public), reason="found again")
    assert refused(connection, signed(connection, at=AT + DAY), at=AT + DAY, root=ROOT.public) == "root-had-before"
