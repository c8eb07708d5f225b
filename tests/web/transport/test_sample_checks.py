"""A clean application of a firm has its pass at once where the policy says so, and the officer checks what is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.store import transaction
from passes.intake.auto_issue import issue_by_policy
from passes.intake.handling import Act, file_application
from passes.whitelist.register import find_firm
from tests.issued_today import fresh_document
from tests.issuing_office import WHITELIST, office_of, put_on_whitelist, with_policy


@pytest.fixture
def drawn(small_site):
    """The number of a pass that the policy issued and that was drawn."""
    with transaction(small_site.store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        office = office_of(connection, small_site.county)
        passes = replace(office.policy.passes, auto_issue=True, sample_check_pct=100.0)
        office = with_policy(office, replace(office.policy, passes=passes))
        act = Act("e", small_site.now(), small_site.key_file)
        filing = file_application(fresh_document(small_site), office, act, firm=find_firm(connection, "firm"))
        return issue_by_policy(filing, office, act).record.pass_number


def test_the_officer_opens_it_and_says_it_is_in_order(drawn, client_of):
    client = client_of("T")
    assert drawn in client.get("/transport/checks").text
    page = client.get(f"/transport/checks/{drawn}").text
    assert "/transport/applications/" in page
    assert client.post(f"/transport/checks/{drawn}", data={"said": ""}).status_code == 422
    assert client.post(f"/transport/checks/{drawn}", data={"said": "原件相符"}).status_code == 303
    assert "没有待复核" in client.get("/transport/checks").text
    assert client.get(f"/transport/checks/{drawn}").status_code == 404


def test_the_firm_does_not_see_that_it_was_drawn(drawn, client_of):
    assert "抽中" in client_of("T").get(f"/transport/passes/{drawn}").text
    page = client_of("E").get(f"/firm/passes/{drawn}")
    assert page.status_code == 200
    assert "抽中" not in page.text
