"""Read the members of one JSON object by kind, and collect every fault with its path, not only the first."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from geodata.errors import BadInputError
from geodata.windows import parse_instant

#: No name, number or note of an application is longer; what is longer is a mistake or an attack.
LONGEST_TEXT: Final = 200
T = TypeVar("T")


def clean_text(text: str) -> str:
    """Return a text without surrounding space and in one Unicode form, so that the same name is the same text."""
    return unicodedata.normalize("NFC", text).strip()


def _is_control(letter: str) -> bool:
    """Tell whether a letter is a control sign, half a letter, or none at all; none of these is printable."""
    return unicodedata.category(letter)[0] == "C"


class JsonObject:
    """One JSON object, its path, and the list that its faults go to.

    Parameters
    ----------
    value
        What the document holds at the path; anything but an object is a fault.
    path
        Where it stands, such as "crew[1]"; "" at the top.
    where
        The file, put before the path in every fault.
    faults
        Grows by one error a fault.
    """

    def __init__(self, value: Any, *, path: str, where: str, faults: list[BadInputError]) -> None:
        self.path = path
        self.where = where
        self.faults = faults
        self.members: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        if not isinstance(value, Mapping):
            self.fault("", "field-not-object", value=type(value).__name__)

    def path_of(self, key: str) -> str:
        """Return the path of a member, such as "crew[1].sampled_at"."""
        return ".".join(part for part in (self.path, key) if part)

    def place_of(self, key: str) -> str:
        """Return file and path of a member."""
        return ": ".join(part for part in (self.where, self.path_of(key)) if part)

    def fault(self, key: str, code: str, /, **facts: object) -> None:
        """Note a fault of a member."""
        self.faults.append(BadInputError(code, self.place_of(key), path=self.path_of(key), **facts))

    def get(self, key: str, *, required: bool = False) -> Any:
        """Return a member as it stands, None where it is absent or empty."""
        value = self.members.get(key)
        if value is not None and not (isinstance(value, str) and not value.strip()):
            return value
        if required:
            self.fault(key, "field-missing", key=key)
        return None

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a text, "" where it is absent."""
        value = self.get(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(key, "field-not-text", value=type(value).__name__)
            return ""
        cleaned = clean_text(value)
        if len(cleaned) > LONGEST_TEXT or (not cleaned.isprintable() and any(map(_is_control, cleaned))):
            self.fault(key, "text-not-usable", longest=LONGEST_TEXT)
            return ""
        return cleaned

    def choice(self, key: str, choices: Collection[str]) -> str:
        """Return a text that is one of a few, "" where it is absent."""
        value = self.text(key)
        if value and value not in choices:
            self.fault(key, "value-unknown", value=value, choices=list(choices))
            return ""
        return value

    def number(self, key: str, *, most: float, least: float = 0.0) -> float | None:
        """Return a number with least < number <= most, None where it is absent."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.fault(key, "field-not-number", value=str(value)[:40])
            return None
        if not least < value <= most:
            self.fault(key, "number-out-of-range", value=value, least=least, most=most)
            return None
        return float(value)

    def flag(self, key: str) -> bool:
        """Return true or false, false where it is absent."""
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self.fault(key, "field-not-flag", value=str(value)[:40])
            return False
        return bool(value)

    def instant(self, key: str, *, required: bool = False) -> datetime | None:
        """Return an instant in UTC, None where it is absent; a time without offset is a fault."""
        value = self.get(key, required=required)
        if value is None:
            return None
        return self.read(key, parse_instant, value)

    def read(self, key: str, reader: Callable[..., T], text: Any) -> T | None:
        """Return what a reader `reader(text, where=...)` makes of a member, None where it refuses it."""
        try:
            return reader(text, where=self.place_of(key))
        except BadInputError as error:
            error.facts = {**error.facts, "path": self.path_of(key)}
            self.faults.append(error)
            return None

    def items(self, key: str) -> Iterator[tuple[str, Any]]:
        """Yield path and value of each item of a list, none where it is absent."""
        value = self.get(key)
        if value is not None and not isinstance(value, list):
            self.fault(key, "field-not-list", value=type(value).__name__)
        elif value:
            yield from ((f"{self.path_of(key)}[{index}]", item) for index, item in enumerate(value))

    def object_at(self, path: str, value: Any) -> JsonObject:
        """Return an object inside this one."""
        return JsonObject(value, path=path, where=self.where, faults=self.faults)

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Note every member that nothing reads: a misspelt key must not be lost in silence."""
        for key in self.members:
            if key not in known:
                self.fault(str(key), "field-unknown", key=str(key), known=sorted(known))
