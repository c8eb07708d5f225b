"""Read properties of one row of a file and keep every fault with its place, so that a file is told all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from geodata.errors import BadInputError
from geodata.windows import parse_instant

T = TypeVar("T")
U = TypeVar("U")
LONGEST_ID: Final = 100
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class RowFaults:
    """Faults found while one row is read.

    Parameters
    ----------
    where
        File and row.
    row
        Number of the row, 1 for the first.
    """

    def __init__(self, where: str, row: int) -> None:
        self.where = where
        self.row = row
        self.id = ""
        self.faults: list[BadInputError] = []

    def take(self, read: Callable[[], T], otherwise: U) -> T | U:
        """Read one property; a fault is kept and the row reads on with a stand-in."""
        try:
            return read()
        except BadInputError as fault:
            self.keep(fault)
            return otherwise

    def keep(self, fault: BadInputError) -> None:
        """Keep a fault, with row and id among its facts."""
        fault.facts = {**fault.facts, "row": self.row, "id": self.id or None}
        self.faults.append(fault)

    def place(self, name: str) -> str:
        """Return where a property stands."""
        return f"{self.where}: {name}"


def text_of(record: Mapping[str, Any], key: str, *, where: str) -> str:
    """Return a text without the blanks round it; an absent one is empty, a number is written out.

    Characters that no database stores (NUL, halves of surrogate pairs) are refused.

    Raises
    ------
    BadInputError
        `property-not-text`.
    """
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or _UNSTORABLE.search(str(value)):
        raise BadInputError("property-not-text", f"{where}: {key}", value=ascii(value))
    return str(value).strip()


def word_of(record: Mapping[str, Any], key: str, choices: Collection[str], *, code: str, where: str) -> str:
    """Return one of some words; "" where none is given.

    Raises
    ------
    BadInputError
        The given code, with the value and the choices.
    """
    word = text_of(record, key, where=where)
    if word and word not in choices:
        raise BadInputError(code, f"{where}: {key}", value=word, choices=list(choices))
    return word


def instant_of(record: Mapping[str, Any], key: str, *, where: str) -> datetime | None:
    """Return a time that carries its offset; None where none is given.

    Raises
    ------
    BadInputError
        `time-unreadable` or `time-without-offset`.
    """
    value = record.get(key)
    return None if value is None or value == "" else parse_instant(value, where=f"{where}: {key}")


def records_of(record: Mapping[str, Any], key: str, *, where: str) -> list[Mapping[str, Any]]:
    """Return a list of objects; empty where none is given.

    Raises
    ------
    BadInputError
        `property-not-a-list`.
    """
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise BadInputError("property-not-a-list", f"{where}: {key}")
    return value


def id_of(feature: Mapping[str, Any], properties: Mapping[str, Any], *, where: str) -> str:
    """Return a feature's id, from its properties or its own member.

    Raises
    ------
    BadInputError
        `feature-without-id` or `feature-id-unusable`.
    """
    source = properties if properties.get("id") not in (None, "") else feature
    found = text_of(source, "id", where=where)
    if not found:
        raise BadInputError("feature-without-id", where)
    if len(found) > LONGEST_ID or not found.isprintable():
        raise BadInputError("feature-id-unusable", where, longest=LONGEST_ID)
    return found
