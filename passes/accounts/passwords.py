"""Hash passwords with argon2id, check them, and say which are too weak (OWASP: length counts, composition does not)."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geodata.errors import BadInputError

SHORTEST: Final = 8
#: Argon2 works on any length; a book as a password is an attack on the server.
LONGEST: Final = 200
#: Letters and digits that nobody mistakes for another when read from paper.
_LEGIBLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"
#: RFC 9106, second recommended choice scaled to a small server: 19 MiB, two passes.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str, *, name: str = "") -> str:
    """Return the argon2id hash of a password, with its salt and parameters.

    Raises
    ------
    BadInputError
        `password-too-short`, `password-too-long` or `password-is-the-name`.
    """
    if len(password) < SHORTEST:
        raise BadInputError("password-too-short", "password", least=SHORTEST)
    if len(password) > LONGEST:
        raise BadInputError("password-too-long", "password", most=LONGEST)
    if name and password.casefold() == name.casefold():
        raise BadInputError("password-is-the-name", "password")
    return _HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Tell whether a password is the hashed one."""
    if len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def hash_of_nobody() -> str:
    """Return a hash that nobody's password has: checking it takes an unknown name as long as a known one."""
    return _HASHER.hash(secrets.token_urlsafe(32))


def make_password() -> str:
    """Return a random password that is easy to read out: 12 characters, 59 bits."""
    letters = [secrets.choice(_LEGIBLE) for _ in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))
