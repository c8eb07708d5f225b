"""Say in the database which edition of the map its records are on."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from geodata.store import CLOSURE_SET_VERSION, MAP_EDITION, raise_counter, read_counter, set_counter

#: Letters of a network's digest that name its edition.
NAME_LENGTH: Final = 12


def edition_name(digest: str) -> str:
    """Return how an edition of the map is called: the beginning of its network's digest."""
    return digest[:NAME_LENGTH]


def register_edition(connection: sa.Connection) -> str:
    """Return the name of the edition that the records are on; "" where the map was never changed."""
    value = read_counter(connection, MAP_EDITION)
    return f"{value:0{NAME_LENGTH}x}" if value else ""


def set_register_edition(connection: sa.Connection, digest: str) -> None:
    """Say that the records are on the map of a digest; every engine of the register is made anew."""
    set_counter(connection, MAP_EDITION, int(edition_name(digest), 16))
    raise_counter(connection, CLOSURE_SET_VERSION)
