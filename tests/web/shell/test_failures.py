"""Errors become pages in both languages, or problem+json for a client that asks for JSON."""

from __future__ import annotations

import logging
import sys

import pytest

from geodata.errors import BadInputError, BaotongError, SurroundingsError
from web.shell.access import allow_all
from web.shell.request_log import JsonLines


@pytest.fixture
def fail(small_app):
    """Make a page that raises an error, and ask for it."""

    def ask(error, **options):
        small_app.testing = False
        small_app.view_functions["shell.health"] = allow_all(lambda: (_ for _ in ()).throw(error))
        return small_app.test_client().get("/health", **options)

    return ask


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInputError("pass-unknown", "411399000001", number="411399000001"), 404),
        (BadInputError("pass-state-changed", "411399000001", number="411399000001", state="granted"), 409),
        (BadInputError("time-without-offset", "depart", value="2022"), 422),
        (SurroundingsError("database-busy", "baotong.sqlite", reason="locked"), 503),
        (BaotongError("bug", "somewhere", reason="x"), 409),
    ],
)
def test_an_error_has_its_status_and_says_what_to_do(fail, error, status):
    answer = fail(error)
    assert answer.status_code == status
    assert "<h1>" in answer.get_data(as_text=True)


def test_a_client_that_asks_for_json_is_told_the_problem(fail):
    answer = fail(BadInputError("pass-unknown", "1", number="1"), headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    assert (answer.json["status"], answer.json["code"]) == (404, "pass-unknown")


def test_an_unknown_page_is_said_in_the_language_of_the_reader(small_app):
    client = small_app.test_client()
    assert "没有这个页面" in client.get("/nowhere").get_data(as_text=True)
    assert "There is no such page" in client.get("/nowhere?lang=en").get_data(as_text=True)


def test_every_answer_carries_the_strict_headers(small_app):
    for address in ("/", "/nowhere", "/static/shell.css"):
        with small_app.test_client().get(address) as answer:
            headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_log_tells_where_a_bug_is_and_nothing_of_whom_it_spoke():
    try:
        try:
            raise KeyError("王小明")
        except KeyError:
            raise BadInputError("id-number-unreadable", "411322199001011234", value="13800000000") from None
    except BadInputError:
        record = logging.LogRecord("baotong.web", logging.ERROR, "", 1, "bug", (), sys.exc_info())
    line = JsonLines().format(record)
    assert not any(one in line for one in ("王小明", "411322199001011234", "13800000000"))
    assert "BadInputError id-number-unreadable" in line
    assert "test_failures.py:" in line
