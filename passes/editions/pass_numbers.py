"""Give pass numbers: six-digit area code and six-digit serial, none twice and none left out."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import raise_counter

_MOST_SERIALS: Final = 999_999


def next_pass_number(connection: sa.Connection, area_code: str) -> str:
    """Return the next number of an area, counted in the caller's transaction: what is rolled back leaves no gap.

    Raises
    ------
    BadInputError
        `pass-numbers-used-up`.
    """
    return next_pass_numbers(connection, area_code, 1)[0]


def next_pass_numbers(connection: sa.Connection, area_code: str, count: int) -> tuple[str, ...]:
    """Return the next numbers of an area, as `next_pass_number` gives them one by one.

    Raises
    ------
    BadInputError
        `pass-numbers-used-up`.
    """
    last = raise_counter(connection, f"pass_serial:{area_code}", by=count) if count else 0
    if last > _MOST_SERIALS:
        raise BadInputError("pass-numbers-used-up", "area_code", area_code=area_code, most=_MOST_SERIALS)
    return tuple(f"{area_code}{serial:06d}" for serial in range(last - count + 1, last + 1))
