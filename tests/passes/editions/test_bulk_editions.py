from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import transaction
from geodata.windows import Window
from passes.editions.bulk_editions import replace_editions
from passes.editions.issuing import check_application, issue_pass
from passes.editions.pass_edition import Edition, make_editions
from passes.editions.pass_register import GRANTED, REPLACED, events_of, find_pass, read_passes
from passes.editions.passages_register import passages_on_roads
from passes.editions.status_register import status_of
from passes.keyring.key_register import open_key_ring
from passes.reissue.signing_again import sign_again
from passes.tokens.keys import new_signing_key
from passes.verifying.status_list import Status
from passes.ways.ways_register import PASSAGES
from tests.issuing_office import WHITELIST, applied, office_of, put_on_whitelist
from tests.pass_applications import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def office(store, small_county):
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        yield office_of(connection, small_county)


@pytest.fixture
def issued(office, tmp_path):
    return issue_pass(applied(office), office, key_file=tmp_path / "key", at=NOW).record


def again(office, records, reason="key-lost"):
    key = new_signing_key(usable_from=LATER)
    return sign_again(
        office.connection, records, key=key, public_url=office.settings.public_url, at=LATER, reason=reason
    )


def test_many_editions_are_made_as_one_is(office, issued, tmp_path):
    key = open_key_ring(office.connection, tmp_path / "key", at=NOW).current(NOW)
    application = applied(office)
    checked = check_application(application, office, at=NOW)
    wanted = [(checked, Edition(f"4113990001{number:02}", issued.application)) for number in range(20)]
    made = make_editions(wanted, office, key=key, at=NOW)
    assert [one.jti for one in made] == [edition.jti for _, edition in wanted]
    assert read_passes(office.connection, [one.jti for one in made]) == made
    assert {dict(one.route) == dict(issued.route) for one in made} == {True}


def test_a_pass_signed_again_says_the_same_under_another_key(office, issued):
    (new,) = again(office, [issued])
    assert (new.jti, new.edition, new.plate, new.expires_at) == (
        f"{issued.number}-2",
        2,
        issued.plate,
        issued.expires_at,
    )
    assert new.kid != issued.kid
    assert find_pass(office.connection, issued.number).jti == new.jti
    assert [one.event for one in events_of(office.connection, issued.number)] == ["issued", "signed_again", REPLACED]


def test_the_one_before_is_replaced_in_register_and_list(office, issued):
    (new,) = again(office, [issued])
    before = find_pass(office.connection, f"{issued.number}-1")
    assert (before.state, before.replaced_by) == (REPLACED, new.jti)
    assert status_of(office.connection, issued.jti) is Status.REPLACED
    assert status_of(office.connection, new.jti) is Status.VALID


def test_a_pass_signed_again_drives_the_roads_of_the_one_before(office, issued):
    (second,) = again(office, [issued])
    (third,) = again(office, [find_pass(office.connection, second.jti)])
    rows = office.connection.execute(sa.select(PASSAGES.c.jti).distinct()).scalars().all()
    assert rows == [issued.jti]
    road = issued.route["roads"][0]["road_id"]
    found = passages_on_roads(office.connection, [road], window=Window(NOW, None))
    assert {one.jti for one in found} == {third.jti}
    assert dict(find_pass(office.connection, third.jti).route) == dict(issued.route)


def test_a_pass_that_is_not_granted_is_not_signed_again(office, issued):
    again(office, [issued])
    with pytest.raises(BadInputError, match="pass-not-open"):
        again(office, [find_pass(office.connection, f"{issued.number}-1")])


def test_who_was_slower_replaces_nothing(office, issued):
    again(office, [issued])
    assert issued.state == GRANTED
    with pytest.raises(BadInputError, match="pass-state-changed"):
        replace_editions(office.connection, [(issued, "x")], at=LATER)
