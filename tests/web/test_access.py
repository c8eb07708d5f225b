"""Every role reaches exactly the pages that are its own: each endpoint is tried with each role."""

from __future__ import annotations

import pytest
from flask import Flask

from passes.accounts.account_register import ROLES
from web.app import create_app
from web.shell.access import EVERYBODY, allow, roles_of


def _attempts(app: Flask):
    """Yield every endpoint with one of its methods and an address: names in it stand for things that are not there."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = {name: 1 if "Integer" in type(rule._converters[name]).__name__ else "none" for name in rule.arguments}
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            with app.test_request_context():
                from flask import url_for

                yield rule.endpoint, method, url_for(rule.endpoint, **values)


def _is_turned_away(answer) -> bool:
    to_sign_in = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
    return answer.status_code == 403 or to_sign_in


@pytest.mark.parametrize("role", ["", *ROLES])
def test_a_role_reaches_what_its_pages_allow_and_nothing_else(small_app, client_of, role):
    small_app.testing = False  # a view that fails for want of the thing is answered, not raised
    client, wrong = client_of(role), []
    for endpoint, method, address in _attempts(small_app):
        if endpoint in {"shell.sign_out", "shell.sign_in"}:
            continue
        answer = client.open(address, method=method)
        answer.close()
        if _is_turned_away(answer) == (role in roles_of(small_app, endpoint)):
            wrong.append((endpoint, method, answer.status_code))
    assert wrong == []


def test_a_view_that_says_nothing_keeps_the_application_from_starting(small_site, monkeypatch):
    from web.shell import pages

    monkeypatch.delattr(pages.health, "open_to_roles")
    with pytest.raises(LookupError, match=r"shell\.health"):
        create_app(small_site)


def test_there_is_no_role_of_another_name():
    with pytest.raises(ValueError, match="no such role"):
        allow("ADMIN")


def test_the_first_page_and_the_sign_in_are_for_everybody(small_app):
    assert all(roles_of(small_app, f"shell.{name}") == EVERYBODY for name in ("home", "sign_in", "health"))
