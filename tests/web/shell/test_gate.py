"""Signing in, being known again, and forms that come after a sign-in has ended."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest

from geodata.store import transaction
from passes.accounts.account_register import add_account, find_sign_in
from passes.accounts.passwords import hash_password
from passes.accounts.signing_in import LONGEST_REST, MOST_TRIES
from tests.web_fixtures import OPENED_AT, PASSWORD
from web.shell.gate import SIGN_IN_COOKIE


def sign_in(client, name="t", password=PASSWORD, **more):
    return client.post("/sign-in", data={"name": name, "password": password, **more})


@pytest.fixture
def later(monkeypatch):
    """Let a time pass for everything that a site does."""
    from web import site
    from web.session import now

    def wait(time: timedelta) -> None:
        monkeypatch.setattr(site, "now", lambda: now() + time)

    return wait


def test_a_page_of_a_role_asks_to_sign_in_and_then_shows(client_of):
    client = client_of("")
    assert client.get("/password").headers["Location"] == "/sign-in?next=/password"
    assert sign_in(client, next="/password").headers["Location"] == "/password"
    assert client.get("/password").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example", "javascript:1"]
)
def test_signing_in_leads_nowhere_else(client_of, elsewhere):
    assert sign_in(client_of(""), next=elsewhere).headers["Location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("t", "wrong"), ("nobody", PASSWORD), ("", ""), ("t", "x" * 5000)])
def test_a_wrong_try_says_the_same_whatever_was_wrong(client_of, name, password):
    answer = sign_in(client_of(""), name, password)
    assert answer.status_code == 422
    assert SIGN_IN_COOKIE not in answer.headers.get("Set-Cookie", "")


def test_whoever_guesses_at_an_account_does_not_keep_its_owner_out(client_of):
    owner, stranger = client_of(""), client_of("")
    sign_in(owner)
    for _ in range(2 * MOST_TRIES):
        assert sign_in(stranger, "t", "a guess").status_code == 422
    assert sign_in(stranger).status_code == 422
    assert sign_in(owner).status_code == 303


def test_a_browser_that_is_known_may_not_go_on_guessing_either(client_of):
    thief, stranger = client_of(""), client_of("")
    sign_in(thief)
    for _ in range(MOST_TRIES):
        sign_in(stranger, "t", "a guess")
    for _ in range(MOST_TRIES):
        assert sign_in(thief, "t", "a guess").status_code == 422
    assert sign_in(thief).status_code == 422


def test_a_password_is_weighed_while_others_write(client_of, small_site, monkeypatch):
    def weigh(_hash: str, _password: str) -> bool:
        with transaction(small_site.store, writes=True):
            return True

    monkeypatch.setattr("passes.accounts.signing_in.matches", weigh)
    assert sign_in(client_of(""), "t", "anything").status_code == 303


def test_nobody_without_an_account_sends_megabytes_of_empty_fields(client_of):
    words = "application/x-www-form-urlencoded"
    assert client_of("").post("/sign-in", data=b"a&" * 60_000, content_type=words).status_code == 413
    assert client_of("").post("/sign-in", data=b"a&" * 40_000, content_type=words).status_code == 422


def test_a_person_with_an_account_sends_a_large_form_of_words_and_no_megabytes_of_empty_fields(client_of):
    words, client = "application/x-www-form-urlencoded", client_of("S")
    told = client.post("/supervision/report", data=b"a&" * 600_000, content_type=words)
    assert told.status_code == 413
    assert "表单内容太多" in told.text
    assert "1000 kB" in told.text
    assert client.post("/supervision/report", data=b"a&" * 100_000, content_type=words).status_code == 422


def test_what_was_typed_is_kept_but_not_the_password(client_of):
    text = sign_in(client_of(""), "t", "wrong-password").get_data(as_text=True)
    assert 'value="t"' in text
    assert "wrong-password" not in text


def test_after_too_many_tries_the_right_password_does_not_open_for_a_while(client_of, later):
    client = client_of("")
    for _ in range(MOST_TRIES):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 422
    later(timedelta(minutes=16))
    assert sign_in(client).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client_of):
    cookie = sign_in(client_of("")).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_ends_the_sign_in_on_the_server(client_of, small_site):
    client = client_of("T")
    secret = client.get_cookie(SIGN_IN_COOKIE).value
    client.post("/sign-out")
    with transaction(small_site.store, writes=False) as connection:
        assert find_sign_in(connection, secret) is None


def test_a_rest_ends_the_sign_in(client_of, later):
    client = client_of("T")
    later(LONGEST_REST + timedelta(minutes=1))
    assert client.get("/password").status_code == 303


def test_a_password_given_by_somebody_else_must_be_changed_first(small_site, client_of):
    with transaction(small_site.store, writes=True) as connection:
        hashed = hash_password("given-to-me")
        add_account(connection, "new", role="S", unit="", password_hash=hashed, at=OPENED_AT)
    client = client_of("")
    sign_in(client, "new", "given-to-me")
    assert client.get("/").headers["Location"] == "/password"
    new = {"old": "given-to-me", "new": "my own words", "again": "my own words"}
    assert client.post("/password", data=new).status_code == 303
    assert sign_in(client, "new", "my own words").status_code == 303
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "a new one", "a new one"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "a new one", "another"),
        ("", "", ""),
    ],
)
def test_a_wrong_change_of_password_comes_back_with_its_reason(client_of, old, new, again):
    answer = client_of("T").post("/password", data={"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)


def test_a_form_sent_after_the_sign_in_had_ended_is_kept_and_sent_again(client_of, later):
    client = client_of("T")
    later(LONGEST_REST + timedelta(minutes=1))
    change = {
        "old": PASSWORD,
        "new": "kept over the end",
        "again": "kept over the end",
        "file": (BytesIO(b"x"), "x.txt"),
    }
    sent = client.post("/password", data=change, content_type="multipart/form-data")
    held = re.search(r"held=([\w-]+)", sent.headers["Location"])[1]
    assert sign_in(client, held=held).headers["Location"] == f"/held/{held}"
    assert client.post(f"/held/{held}").headers["Location"] == "/sign-in?changed=1"
    assert sign_in(client, password="kept over the end").status_code == 303


def test_a_held_form_is_given_to_nobody_else_and_only_once(client_of, later):
    client = client_of("T")
    later(LONGEST_REST + timedelta(minutes=1))
    sent = client.post("/password", data={"old": PASSWORD, "new": "something new", "again": "something new"})
    held = re.search(r"held=([\w-]+)", sent.headers["Location"])[1]
    other = client_of("S")
    assert other.post(f"/held/{held}").status_code == 404
    sign_in(client)
    assert client.post(f"/held/{held}").status_code == 303
    sign_in(client, password="something new")
    assert client.post(f"/held/{held}").status_code == 404


def test_a_form_without_any_sign_in_is_not_kept(client_of):
    assert client_of("").post("/password", data={"old": "x"}).headers["Location"] == "/sign-in"


def test_a_forged_form_is_refused(small_app):
    answer = small_app.test_client().post("/sign-in", data={"name": "t", "password": PASSWORD})
    assert answer.status_code == 400
