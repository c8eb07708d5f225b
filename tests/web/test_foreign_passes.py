"""A trusted issuer's pass at the checkpoint: as its own newest list says, on the server's page and in the phone's bundle."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from geodata.store import transaction
from passes.keyring.foreign_lists_register import take_foreign_list
from passes.keyring.key_register import new_key
from passes.keyring.root_publishing import ComingRoot, next_list, publish_list
from passes.keyring.root_register import trust_issuer
from passes.tokens.claims import CrewEntry
from passes.verifying.bundle import read_bundle
from passes.verifying.root_list import sign_root_list
from passes.verifying.status_list import Status
from tests.road_world import the_moment
from tests.signed_passes import ROOT, forge_list, status_list
from tests.vectors.issuer_vectors import CLAIMS, NEIGHBOUR, NEIGHBOUR_KEY, OTHER, pass_of


@pytest.fixture
def at():
    return the_moment().replace(microsecond=0)


@pytest.fixture
def trusting(small_site, at):
    """A county that takes the neighbour's passes."""
    issuer = small_site.county.settings.area_code
    with transaction(small_site.store, writes=True) as connection:
        new_key(connection, small_site.key_file, at=at)
        trust_issuer(connection, replace(OTHER, until=at + timedelta(days=30)), at=at)
        signed = sign_root_list(next_list(connection, issuer=issuer, at=at), ROOT)
        publish_list(connection, signed, issuer=issuer, at=at, root=ComingRoot(ROOT.public))
    return small_site


def take(site, at, *withdrawn, hours=1):
    found = status_list(dict.fromkeys(withdrawn, Status.WITHDRAWN), at=at - timedelta(hours=hours))
    with transaction(site.store, writes=True) as connection:
        take_foreign_list(connection, OTHER, forge_list(found, NEIGHBOUR_KEY), at=at, where="list")


def verdict(client_of, at):
    times = {"issued_at": at - timedelta(hours=1), "not_before": at - timedelta(hours=1)}
    token = pass_of(
        NEIGHBOUR,
        **times,
        expires_at=at + timedelta(hours=5),
        crew=(CrewEntry("王*明", "123X", at + timedelta(hours=8)),),
    )
    answer = client_of("C").post("/checkpoint/check", data={"text": token})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    return page, re.search(r'data-verdict="(\w+)"', page)[1]


def test_a_withdrawn_pass_of_a_trusted_issuer_is_red_once_its_list_is_held(trusting, client_of, at):
    assert "没有作废名单" in verdict(client_of, at)[0]
    take(trusting, at, CLAIMS.status.index)
    page, said = verdict(client_of, at)
    assert (said, "通行证已作废" in page) == ("red", True)


def test_an_old_list_of_a_trusted_issuer_is_told_by_its_age(trusting, client_of, at):
    take(trusting, at, hours=30)
    assert "30 小时前更新" in verdict(client_of, at)[0]


def test_the_phones_bundle_brings_the_lists_of_trusted_issuers(trusting, client_of, at):
    take(trusting, at, 5)
    found = read_bundle(client_of("").get("/checkpoint/bundle").text, None, where="bundle", root=ROOT.public)
    assert found.foreign[NEIGHBOUR][0].find("/status/1", 5) is Status.WITHDRAWN
