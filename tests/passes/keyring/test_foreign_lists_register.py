"""Lists of other issuers: only their own trusted keys bring them, never an older one, and a phone takes what fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from geodata.errors import BadInputError
from geodata.store import transaction
from passes.keyring.foreign_lists_register import carried_lists, foreign_lists, foreign_statuses, take_foreign_list
from passes.keyring.root_register import issuer_addresses, trust_issuer, trusted_issuers
from passes.verifying.status_list import Status
from tests.signed_passes import AT, HOUR, KEY, LIST_URI, forge_list, status_list
from tests.vectors.issuer_vectors import NEIGHBOUR, NEIGHBOUR_KEY, OTHER

WITHDRAWN = status_list({5: Status.WITHDRAWN})


@pytest.fixture
def taking(store):
    with transaction(store, writes=True) as connection:
        yield lambda found, key=NEIGHBOUR_KEY, at=AT: take_foreign_list(
            connection, OTHER, forge_list(found, key), at=at, where="list"
        )


def refused(take, *given, **named):
    with pytest.raises(BadInputError) as error:
        take(*given, **named)
    return error.value.code


def test_a_list_takes_the_place_of_an_older_one_and_never_the_other_way_round(store, taking):
    taking(status_list())
    taking(replace(WITHDRAWN, issued_at=AT))
    assert refused(taking, status_list()) == "status-list-older"
    taking(replace(WITHDRAWN, issued_at=AT))


def test_only_the_issuers_own_keys_bring_its_list_and_none_is_of_the_future(taking):
    assert refused(taking, WITHDRAWN, KEY) == "status-list-not-signed"
    assert refused(taking, WITHDRAWN, at=AT - HOUR - timedelta(minutes=6)) == "status-list-from-the-future"
    assert refused(taking, replace(WITHDRAWN, uri="/" * 300)) == "status-list-unreadable"


def test_what_is_held_is_known_by_issuer_and_ends_with_the_trust_in_its_key(store):
    with transaction(store, writes=True) as connection:
        take_foreign_list(connection, OTHER, forge_list(WITHDRAWN, NEIGHBOUR_KEY), at=AT, where="list")
        statuses = foreign_statuses(connection, {NEIGHBOUR: OTHER})
        assert statuses[NEIGHBOUR].find(LIST_URI, 5) is Status.WITHDRAWN
        told = replace(OTHER, withdrawn=frozenset({NEIGHBOUR_KEY.kid}))
        assert foreign_lists(connection, {NEIGHBOUR: told}) == ()
        assert foreign_lists(connection, {}) == ()


def test_a_phone_takes_whole_issuers_along_as_far_as_they_fit(store):
    with transaction(store, writes=True) as connection:
        for uri in ("/status/1", "/status/2"):
            take_foreign_list(
                connection, OTHER, forge_list(replace(WITHDRAWN, uri=uri), NEIGHBOUR_KEY), at=AT, where="list"
            )
        held = foreign_lists(connection, {NEIGHBOUR: OTHER})
    size = sum(len(one.token) for one in held)
    assert {issuer: len(tokens) for issuer, tokens in carried_lists(held, most=size).items()} == {NEIGHBOUR: 2}
    assert carried_lists(held, most=size - 1) == {}


def test_an_address_is_kept_with_the_issuer(store):
    with transaction(store, writes=True) as connection:
        trust_issuer(connection, OTHER, at=AT)
        assert issuer_addresses(connection) == {}
        trust_issuer(connection, OTHER, at=AT, address="https://pass.example")
        assert issuer_addresses(connection) == {NEIGHBOUR: "https://pass.example"}
        assert set(trusted_issuers(connection)) == {NEIGHBOUR}
