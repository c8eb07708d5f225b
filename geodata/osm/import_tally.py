"""Count what an import repaired and dropped, with a few examples of each: nothing is mended or left out in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

#: Examples kept of each code: enough to look the fault up in the source.
MOST_EXAMPLES: Final = 5


@dataclass(slots=True)
class _Entry:
    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str, count: int) -> None:
        self.count += count
        if example and example not in self.examples and len(self.examples) < MOST_EXAMPLES:
            self.examples.append(example)


class ImportTally:
    """What was repaired (used, but not as it stood) and what was dropped (not used), by code."""

    def __init__(self) -> None:
        self._repaired: dict[str, _Entry] = {}
        self._dropped: dict[str, _Entry] = {}

    def repair(self, code: str, example: str = "", *, count: int = 1) -> None:
        """Count something that was mended; an example looks like "way/123 ref=017县道"."""
        self._repaired.setdefault(code, _Entry()).add(example, count)

    def drop(self, code: str, example: str = "", *, count: int = 1) -> None:
        """Count something that was left out."""
        self._dropped.setdefault(code, _Entry()).add(example, count)

    def take_over(self, other: ImportTally) -> None:
        """Take over what another tally counted."""
        for own, counted in ((self._repaired, other._repaired), (self._dropped, other._dropped)):
            own.update(counted)

    @property
    def repaired(self) -> list[dict[str, Any]]:
        """Rows {"code", "count", "examples"}, ordered by code."""
        return _rows(self._repaired)

    @property
    def dropped(self) -> list[dict[str, Any]]:
        """Rows {"code", "count", "examples"}, ordered by code."""
        return _rows(self._dropped)


def _rows(entries: Mapping[str, _Entry]) -> list[dict[str, Any]]:
    return [{"code": code, "count": one.count, "examples": list(one.examples)} for code, one in sorted(entries.items())]
