"""The room of the keys: one proposes, another confirms; what the world fetches tells a withdrawal within a minute."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from geodata.store import transaction
from passes.editions.withdrawal import withdraw_pass
from passes.jobs_register import list_jobs
from passes.keyring.key_act_register import list_acts
from passes.keyring.key_register import list_keys, new_key
from passes.verifying.key_list import read_key_list
from passes.verifying.status_list import Status, read_status_list
from passes.verifying.verify import read_token
from tests.road_world import issue_now
from web.app import create_app
from web.site import Site


@pytest.fixture
def kid(small_site):
    with transaction(small_site.store, writes=True) as connection:
        return new_key(connection, small_site.key_file, at=datetime.now(UTC)).kid


def look(site, read):
    with transaction(site.store, writes=False) as connection:
        return read(connection)


def propose(client, **changes):
    return client.post("/keys", data={"act": "withdraw", "reason": "私钥被盗", **changes})


def act_of(site):
    return look(site, list_acts)[0].id


def states(site):
    return [one.state(datetime.now(UTC)) for one in look(site, list_keys)]


def test_one_proposes_and_another_confirms(small_site, client_of, kid):
    assert propose(client_of("T"), kid=kid).status_code == 303
    assert states(small_site) == ["signing"]
    own = client_of("T").get("/keys").get_data(as_text=True)
    assert "须由另一人复核" in own
    assert "复核同意并办理" not in own
    assert client_of("HQ").post(f"/keys/acts/{act_of(small_site)}/confirm").status_code == 303
    assert states(small_site) == ["withdrawn", "signing"]
    assert [one.kind for one in look(small_site, list_jobs)] == ["reissue"]


def test_nobody_confirms_his_own(small_site, client_of, kid):
    propose(client_of("T"), kid=kid)
    answer = client_of("T").post(f"/keys/acts/{act_of(small_site)}/confirm")
    assert (answer.status_code, "不能复核自己提出的办理" in answer.get_data(as_text=True)) == (422, True)
    assert states(small_site) == ["signing"]


def test_a_proposal_is_turned_down(small_site, client_of, kid):
    propose(client_of("HQ"), kid=kid)
    client_of("T").post(f"/keys/acts/{act_of(small_site)}/turn-down")
    assert states(small_site) == ["signing"]
    assert "不同意或撤回" in client_of("T").get("/keys").get_data(as_text=True)


def test_what_is_missing_is_told_and_what_was_typed_is_kept(client_of, kid):
    answer = propose(client_of("T"), kid="unknown", reason="一个原因")
    assert (answer.status_code, "一个原因" in answer.get_data(as_text=True)) == (422, True)
    assert propose(client_of("T"), kid=kid, reason="").status_code == 422


@pytest.mark.parametrize("role", ["", "C", "S", "P"])
def test_others_do_not_see_the_keys(client_of, role):
    assert client_of(role).get("/keys").status_code in {302, 303, 403}


class ClockedSite(Site):
    """A site whose clock the test moves."""

    moved = timedelta(0)

    def now(self):
        return super().now() + ClockedSite.moved


@pytest.fixture
def clocked(small_site, monkeypatch):
    monkeypatch.setattr(ClockedSite, "moved", timedelta(0))
    return ClockedSite(**{one.name: getattr(small_site, one.name) for one in fields(Site)})


def test_a_withdrawal_is_published_within_a_minute_for_whoever_keeps_to_the_headers(clocked):
    record = issue_now(clocked.store, clocked.county, clocked.key_file, origin="east")
    client = create_app(clocked, testing=True).test_client()
    slot = read_token(record.token).claims["status"]
    keys = read_key_list(client.get("/.well-known/jwks.json").get_json(), where="keys")

    def fetch():
        answer = client.get(slot["uri"])
        found = read_status_list(answer.get_data(as_text=True), keys, where="list")
        return found.find(slot["uri"], slot["idx"]), found.issued_at, answer.cache_control.max_age

    _, before, kept_s = fetch()
    with transaction(clocked.store, writes=True) as connection:
        withdraw_pass(connection, record.number, reason="停运", at=clocked.now())
    ClockedSite.moved = timedelta(seconds=kept_s)
    status, after, kept_s = fetch()
    assert (status, after > before) == (Status.WITHDRAWN, True)
    ClockedSite.moved += timedelta(seconds=29)
    assert fetch()[1] == after
    ClockedSite.moved += timedelta(seconds=2)
    assert fetch()[1] > after
    assert kept_s + 30 <= 60


def test_a_list_that_there_is_not_is_not_found(client_of):
    assert [client_of("").get(f"/status/{name}").status_code for name in (0, 2, "x")] == [404, 404, 404]


def test_the_public_addresses_tell_their_kind_and_are_not_sent_twice(client_of):
    for address, kind in (("/status/1", "statuslist+jwt"), ("/.well-known/jwks.json", "jwk-set+json")):
        first = client_of("").get(address)
        assert first.content_type == f"application/{kind}"
    again = client_of("").get("/status/1", headers={"If-None-Match": client_of("").get("/status/1").headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
