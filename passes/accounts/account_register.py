"""Keep accounts and who is signed in: names, roles, password hashes, failed tries, and sign-ins that end.

A sign-in's secret is in the person's browser; the register holds its hash alone. An account is closed, never deleted:
what it did stays on record under its name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant

#: Kinds of users (design: who uses it): transport officer, firm's dispatcher, checkpoint staff, planner, township
#: officer, headquarters duty officer, supervision. A driver has no account: he comes by link.
ROLES: Final = ("T", "E", "C", "P", "TW", "HQ", "S")
#: Roles that act for one firm, checkpoint, township or authority: their account names it.
ROLES_WITH_UNIT: Final = ("E", "C", "TW", "HQ")
_NAME_LENGTH: Final = 64

ACCOUNTS: Final = sa.Table(
    "accounts",
    METADATA,
    sa.Column("name", sa.String(_NAME_LENGTH), primary_key=True),
    sa.Column("role", sa.String(4), nullable=False),
    sa.Column("unit", sa.String(200), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("failed_tries", sa.Integer, nullable=False),
    sa.Column("locked_until", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
)
SIGN_INS: Final = sa.Table(
    "sign_ins",
    METADATA,
    sa.Column("secret_hash", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(_NAME_LENGTH), sa.ForeignKey("accounts.name"), nullable=False, index=True),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One account.

    Attributes
    ----------
    unit
        The firm, checkpoint, township or authority it acts for; "" where the role acts for the whole county.
    must_change
        The password was given by somebody else and must be changed first.
    """

    name: str
    role: str
    unit: str
    password_hash: str
    must_change: bool
    failed_tries: int
    locked_until: datetime | None
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person at work: whose account, since when, last seen when, and when it ends at the latest."""

    account: Account
    began_at: datetime
    seen_at: datetime
    ends_at: datetime


def account_name(text: str) -> str:
    """Return the name as accounts are known by: without spaces around it, in small letters.

    Raises
    ------
    BadInputError
        `account-name-unusable`.
    """
    name = text.strip().casefold()
    if not name or len(name) > _NAME_LENGTH or any(character.isspace() for character in name) or not name.isprintable():
        raise BadInputError("account-name-unusable", "name", name=text, most=_NAME_LENGTH)
    return name


def add_account(
    connection: sa.Connection, name: str, *, role: str, unit: str, password_hash: str, at: datetime
) -> Account:
    """Add an account whose password must be changed at the first sign-in.

    Raises
    ------
    BadInputError
        `account-exists`, `account-name-unusable`, `role-unknown`, `unit-missing` or `unit-needless`.
    """
    known_by = account_name(name)
    _check_role(role, unit)
    if find_account(connection, known_by) is not None:
        raise BadInputError("account-exists", "name", name=known_by)
    values: dict[str, Any] = {"name": known_by, "role": role, "unit": unit, "password_hash": password_hash}
    state = {"must_change": True, "failed_tries": 0, "locked_until": None, "created_at": at, "closed_at": None}
    connection.execute(sa.insert(ACCOUNTS).values(**values, **state))
    return Account(**values, **state)  # type: ignore[arg-type] # the two dicts hold exactly the fields


def _check_role(role: str, unit: str) -> None:
    if role not in ROLES:
        raise BadInputError("role-unknown", "role", role=role, known=ROLES)
    if role in ROLES_WITH_UNIT and not unit:
        raise BadInputError("unit-missing", "unit", role=role)
    if role not in ROLES_WITH_UNIT and unit:
        raise BadInputError("unit-needless", "unit", role=role)


def find_account(connection: sa.Connection, name: str) -> Account | None:
    """Return an account by its name, None where there is none."""
    row = connection.execute(sa.select(ACCOUNTS).where(ACCOUNTS.c.name == name)).first()
    return None if row is None else Account(**row._mapping)


def list_accounts(connection: sa.Connection) -> tuple[Account, ...]:
    """Return every account, closed ones too, by name."""
    rows = connection.execute(sa.select(ACCOUNTS).order_by(ACCOUNTS.c.name))
    return tuple(Account(**row._mapping) for row in rows)


def set_password(connection: sa.Connection, name: str, password_hash: str, *, must_change: bool) -> None:
    """Set an account's password and forget its failed tries; every sign-in of it ends.

    Raises
    ------
    BadInputError
        `account-unknown`.
    """
    values = {"password_hash": password_hash, "must_change": must_change, "failed_tries": 0, "locked_until": None}
    _update(connection, name, values)
    end_sign_ins(connection, name)


def close_account(connection: sa.Connection, name: str, *, at: datetime) -> None:
    """Close an account: nobody signs in with it any more, and every sign-in of it ends.

    Raises
    ------
    BadInputError
        `account-unknown`.
    """
    _update(connection, name, {"closed_at": at})
    end_sign_ins(connection, name)


def note_try(connection: sa.Connection, name: str, *, failed_tries: int, locked_until: datetime | None) -> None:
    """Write down how many tries have failed since the last good one, and until when the account is locked."""
    _update(connection, name, {"failed_tries": failed_tries, "locked_until": locked_until})


def _update(connection: sa.Connection, name: str, values: dict[str, Any]) -> None:
    if connection.execute(sa.update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(values)).rowcount != 1:
        raise BadInputError("account-unknown", "name", name=name)


def _hash_of(secret: str) -> str:
    # The secret has 256 random bits: no salt and no slow hash is needed against guessing.
    return hashlib.sha256(secret.encode()).hexdigest()


def add_sign_in(connection: sa.Connection, name: str, secret: str, *, at: datetime, ends_at: datetime) -> None:
    """Keep a sign-in by its secret's hash; those long ended go."""
    connection.execute(sa.delete(SIGN_INS).where(SIGN_INS.c.ends_at < at - (ends_at - at)))
    times = {"began_at": at, "seen_at": at, "ends_at": ends_at}
    connection.execute(sa.insert(SIGN_INS).values(secret_hash=_hash_of(secret), account=name, **times))


def find_sign_in(connection: sa.Connection, secret: str) -> SignIn | None:
    """Return the sign-in of a secret, also one that has ended by time; None where it was never or is no more."""
    joined = SIGN_INS.join(ACCOUNTS, SIGN_INS.c.account == ACCOUNTS.c.name)
    query = sa.select(ACCOUNTS, SIGN_INS.c.began_at, SIGN_INS.c.seen_at, SIGN_INS.c.ends_at).select_from(joined)
    row = connection.execute(query.where(SIGN_INS.c.secret_hash == _hash_of(secret))).first()
    if row is None:
        return None
    values = dict(row._mapping)
    times = {name: values.pop(name) for name in ("began_at", "seen_at", "ends_at")}
    return SignIn(Account(**values), **times)


def touch_sign_in(connection: sa.Connection, secret: str, *, at: datetime) -> None:
    """Note that a person is still there."""
    connection.execute(sa.update(SIGN_INS).where(SIGN_INS.c.secret_hash == _hash_of(secret)).values(seen_at=at))


def end_sign_in(connection: sa.Connection, secret: str) -> None:
    """End one sign-in; one that is no more is fine."""
    connection.execute(sa.delete(SIGN_INS).where(SIGN_INS.c.secret_hash == _hash_of(secret)))


def end_sign_ins(connection: sa.Connection, name: str) -> None:
    """End every sign-in of an account."""
    connection.execute(sa.delete(SIGN_INS).where(SIGN_INS.c.account == name))
