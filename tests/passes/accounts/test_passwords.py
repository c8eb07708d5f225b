"""Passwords are hashed with argon2id; weak ones are refused with the reason."""

import pytest

from geodata.errors import BadInputError
from passes.accounts.passwords import LONGEST, SHORTEST, hash_of_nobody, hash_password, make_password, matches


def test_a_password_fits_its_own_hash_alone():
    hashed = hash_password("correct horse")
    assert hashed.startswith("$argon2id$")
    assert matches(hashed, "correct horse")
    assert not matches(hashed, "Correct horse")


def test_two_hashes_of_one_password_differ():
    assert hash_password("correct horse") != hash_password("correct horse")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x" * (SHORTEST - 1), "password-too-short"),
        ("x" * (LONGEST + 1), "password-too-long"),
        ("Zhang.San", "password-is-the-name"),
    ],
)
def test_a_weak_password_is_refused(password, code):
    with pytest.raises(BadInputError) as refused:
        hash_password(password, name="zhang.san")
    assert refused.value.code == code


def test_no_password_fits_nobody_and_a_broken_hash_fits_none():
    assert not matches(hash_of_nobody(), "correct horse")
    assert not matches("no hash at all", "correct horse")


def test_made_passwords_are_legible_and_differ():
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert not any(letter in word for word in made for letter in "0o1lI")
    assert all(len(word) >= SHORTEST for word in made)
