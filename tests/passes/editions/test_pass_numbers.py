from __future__ import annotations

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import COUNTERS, transaction
from passes.editions.pass_numbers import next_pass_number


def test_numbers_are_the_area_code_and_a_serial_from_one(store: sa.Engine) -> None:
    with transaction(store, writes=True) as connection:
        numbers = [next_pass_number(connection, "411322") for _ in range(3)]
    assert numbers == ["411322000001", "411322000002", "411322000003"]


def test_each_area_counts_for_itself(store: sa.Engine) -> None:
    with transaction(store, writes=True) as connection:
        numbers = [next_pass_number(connection, code) for code in ("411322", "411399", "411322")]
    assert numbers == ["411322000001", "411399000001", "411322000002"]


def take_and_fail(store: sa.Engine) -> None:
    with transaction(store, writes=True) as connection:
        next_pass_number(connection, "411322")
        raise ZeroDivisionError


def test_what_is_rolled_back_leaves_no_gap(store: sa.Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        take_and_fail(store)
    with transaction(store, writes=True) as connection:
        assert next_pass_number(connection, "411322") == "411322000001"


def test_the_serial_never_grows_beyond_six_digits(store: sa.Engine) -> None:
    with transaction(store, writes=True) as connection:
        connection.execute(sa.insert(COUNTERS).values(name="pass_serial:411322", value=999_998))
        assert next_pass_number(connection, "411322") == "411322999999"
        with pytest.raises(BadInputError, match="pass-numbers-used-up"):
            next_pass_number(connection, "411322")
