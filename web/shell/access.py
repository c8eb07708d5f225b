"""Who may reach which page: every view says so itself; one that says nothing keeps the application from starting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, abort, g

from passes.accounts.account_register import ROLES
from passes.accounts.signing_in import SignedIn

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE: Final = "open_to_roles"
#: Everybody, also without an account.
EVERYBODY: Final = frozenset({"", *ROLES})


def allow(*roles: str) -> Callable[[View], View]:
    """Let the accounts of these roles reach a view; without any role: every account."""
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"no such role: {sorted(unknown)}")

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, frozenset(roles or ROLES))
        return view

    return mark


def allow_all(view: View) -> View:
    """Let everybody reach a view, also without an account."""
    setattr(view, _ATTRIBUTE, EVERYBODY)
    return view


def roles_of(app: Flask, endpoint: str) -> frozenset[str]:
    """Return who may reach an endpoint; "" is a person without an account."""
    found: frozenset[str] | None = getattr(app.view_functions[endpoint], _ATTRIBUTE, None)
    if found is None:
        raise LookupError(f"{endpoint} does not say who may reach it (web.shell.access)")
    return found


def check_every_view(app: Flask) -> None:
    """Refuse an application with a view that does not say who may reach it.

    Raises
    ------
    LookupError
    """
    for endpoint in app.view_functions:
        roles_of(app, endpoint)


def who() -> SignedIn:
    """Return the person who asks; only a view that needs an account calls this."""
    person: SignedIn | None = g.get("person")
    if person is None:
        abort(401)
    return person


def person_here() -> SignedIn | None:
    """Return the person who asks, None without an account."""
    person: SignedIn | None = g.get("person")
    return person
