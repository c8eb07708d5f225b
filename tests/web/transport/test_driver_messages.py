"""Where nothing can be sent, the officer reads what to say to whom, and has what failed sent again."""

from __future__ import annotations

import pytest

from geodata.store import transaction
from passes.messages.message_register import find_message
from tests.issued_today import issue_today
from web.outlet.post import post_waiting


@pytest.fixture
def told(small_site, client_of):
    number = issue_today(small_site)
    post_waiting(small_site)
    return client_of("T"), number


def test_without_a_gateway_the_page_says_so_with_text_and_number(told):
    client, number = told
    page = client.get("/transport/messages?lang=en").text
    assert "No SMS gateway is set up" in page
    assert 'href="tel:13800000000"' in page
    assert f"证号 {number}" in page
    assert "王*明" in page
    assert "王小明" not in page


def test_the_text_holds_the_link_that_opens_the_pass(told):
    client, number = told
    page = client.get("/transport/messages").text
    link = page.partition("/d/")[2][:24]
    assert number in client.get(f"/d/{link}", follow_redirects=True).text


def test_what_was_told_by_telephone_is_on_record_and_off_the_list(told, small_site):
    client, _ = told
    assert client.post("/transport/messages/1/told").status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        message = find_message(connection, 1)
    assert (message.state, message.done_by, message.sealed) == ("told", "t", b"")
    assert "13800000000" not in client.get("/transport/messages").text


def test_one_that_is_over_or_has_no_outlet_is_not_sent_again(told):
    client, _ = told
    assert client.post("/transport/messages/1/again").status_code == 409
    assert client.post("/transport/messages/9/again").status_code == 422


def test_an_application_without_a_phone_names_the_firm(small_site, client_of):
    issue_today(small_site, driver={"phone": None}, rider={"phone": None})
    post_waiting(small_site)
    page = client_of("T").get("/transport/messages?lang=en").text
    assert "tell the firm" in page
    assert "tel:" not in page
