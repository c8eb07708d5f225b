"""When the result comes, one press lets the pass go on, or withdraws it and shows where the truck was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geodata.store import transaction
from passes.editions.pass_register import find_pass
from tests.issued_today import issue_today


@pytest.fixture
def waiting(small_site):
    def ago(hours):
        return (small_site.now() - timedelta(hours=hours)).isoformat()

    older = [{"sampled_at": ago(30), "result": "negative", "proof": "seen"}]
    return issue_today(small_site, driver={"sampled_at": ago(2), "result": "pending", "earlier": older})


def state(site, number):
    with transaction(site.store, writes=False) as connection:
        return find_pass(connection, number)


def test_the_page_says_that_a_result_is_waited_for_and_one_press_lets_it_go_on(small_site, client_of, waiting):
    client = client_of("T")
    page = client.get(f"/transport/passes/{waiting}?lang=en").text
    assert "result not known yet" in page
    assert client.post(f"/transport/passes/{waiting}/result-accepted").status_code == 303
    assert (state(small_site, waiting).edition, state(small_site, waiting).state) == (2, "granted")
    assert "result not known yet" not in client.get(f"/transport/passes/{waiting}?lang=en").text


def test_one_press_withdraws_it_and_shows_the_trace(small_site, client_of, waiting):
    client = client_of("T")
    done = client.post(f"/transport/passes/{waiting}/result-refused")
    assert done.location.endswith(f"/transport/passes/{waiting}/trace")
    assert state(small_site, waiting).state == "withdrawn"
    assert client.get(done.location).status_code == 200
    assert client.post(f"/transport/passes/{waiting}/result-refused").status_code in {409, 422}
