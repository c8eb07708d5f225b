"""Sign a person in and know him again: lockout after failed tries, an end by time and by rest.

An unknown name, a wrong password, a closed and a locked account give the same answer, and take the same time, so that
nobody learns which names exist. A locked account opens by itself, and the browser in which its owner signed in before
may go on trying, a few times too: whoever goes on guessing locks out himself, and not the officer on duty.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from geodata.errors import BadInputError
from passes.accounts.account_register import (
    Account,
    SignIn,
    add_sign_in,
    find_account,
    find_sign_in,
    note_try,
    set_password,
    touch_sign_in,
)
from passes.accounts.passwords import hash_of_nobody, hash_password, matches

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Failed tries in a row before the account rests.
MOST_TRIES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
#: A duty shift: after it a person signs in again.
LONGEST_SIGN_IN: Final = timedelta(hours=12)
#: Without any request for so long, the sign-in ends.
LONGEST_REST: Final = timedelta(hours=2)
#: Being seen is written down at most so often.
_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks: an account's name, its role, and the unit it acts for."""

    name: str
    role: str
    unit: str
    must_change: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """A name and whether the password that came with it fits.

    Attributes
    ----------
    password_hash
        What the password was held against.
    is_known
        It came from a browser in which this account has signed in before.
    """

    name: str
    password_hash: str
    fits: bool
    is_known: bool = False


def hash_for(connection: sa.Connection, name: str) -> str:
    """Return what the password of a name is held against: nobody's hash where there is no such account."""
    account = find_account(connection, name.strip().casefold())
    return account.password_hash if account else hash_of_nobody()


def weigh_attempt(name: str, password: str, password_hash: str, *, is_known: bool = False) -> Attempt:
    """Hold a password against a hash: slow on purpose, so it is done outside of any transaction."""
    return Attempt(name.strip().casefold(), password_hash, matches(password_hash, password), is_known)


def sign_in(connection: sa.Connection, name: str, password: str, *, at: datetime) -> str | None:
    """Return the secret of a new sign-in, None where name and password do not open an account now.

    The password is weighed within the caller's transaction: for a command, where nobody else waits.
    """
    return sign_in_weighed(connection, weigh_attempt(name, password, hash_for(connection, name)), at=at)


def sign_in_weighed(connection: sa.Connection, attempt: Attempt, *, at: datetime) -> str | None:
    """Return the secret of a new sign-in, None where an attempt does not open its account now.

    A failed try is written down in the caller's transaction, which therefore must not be rolled back.
    """
    account = find_account(connection, attempt.name)
    if account is None or account.closed_at is not None or _is_locked(account, attempt, at):
        return None
    if not attempt.fits or account.password_hash != attempt.password_hash:
        _note_failed(connection, account, at)
        return None
    note_try(connection, account.name, failed_tries=0, locked_until=None)
    secret = secrets.token_urlsafe(32)
    add_sign_in(connection, account.name, secret, at=at, ends_at=at + LONGEST_SIGN_IN)
    return secret


def _note_failed(connection: sa.Connection, account: Account, at: datetime) -> None:
    """Count a failed try; the last one locks the account, and of a locked one its known browsers too."""
    locked_until = account.locked_until if _rests(account, at) else None
    before = account.failed_tries if locked_until or account.failed_tries < MOST_TRIES else 0
    if locked_until is None and before + 1 >= MOST_TRIES:
        note_try(connection, account.name, failed_tries=0, locked_until=at + LOCKED_FOR)
    else:
        note_try(connection, account.name, failed_tries=before + 1, locked_until=locked_until)


def _rests(account: Account, at: datetime) -> bool:
    return account.locked_until is not None and at < account.locked_until


def _is_locked(account: Account, attempt: Attempt, at: datetime) -> bool:
    """Tell whether an attempt is not even counted: tries that were not his keep a known browser out no longer."""
    return _rests(account, at) and not (attempt.is_known and account.failed_tries < MOST_TRIES)


def is_live(one: SignIn, *, at: datetime) -> bool:
    """Tell whether a sign-in still holds: its end and its rest are not past, its account is open."""
    return at < one.ends_at and at - one.seen_at < LONGEST_REST and one.account.closed_at is None


def is_due_to_be_seen(one: SignIn, *, at: datetime) -> bool:
    """Tell whether it is time to write down that the person is still there."""
    return at - one.seen_at >= _SEEN_EVERY


def recognise(connection: sa.Connection, secret: str, *, at: datetime) -> tuple[SignedIn | None, SignIn | None]:
    """Return who a secret belongs to, None where nobody; and the sign-in itself, also one that has ended."""
    one = find_sign_in(connection, secret)
    if one is None or not is_live(one, at=at):
        return None, one
    account = one.account
    return SignedIn(account.name, account.role, account.unit, account.must_change), one


def keep_alive(connection: sa.Connection, secret: str, *, at: datetime) -> None:
    """Note that a person is still there."""
    touch_sign_in(connection, secret, at=at)


def change_password(connection: sa.Connection, name: str, *, old: str, new: str) -> None:
    """Change a person's own password; every sign-in of the account ends.

    Raises
    ------
    BadInputError
        `password-wrong`, `password-unchanged`, or as `passes.accounts.passwords.hash_password`.
    """
    account = find_account(connection, name)
    if account is None or not matches(account.password_hash, old):
        raise BadInputError("password-wrong", "old")
    if old == new:
        raise BadInputError("password-unchanged", "new")
    set_password(connection, name, hash_password(new, name=name), must_change=False)
