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
    serial = raise_counter(connection, f"pass_serial:{area_code}")
    if serial > _MOST_SERIALS:
        raise BadInputError("pass-numbers-used-up", "area_code", area_code=area_code, most=_MOST_SERIALS)
    return f"{area_code}{serial:06d}"
