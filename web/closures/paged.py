"""One page of one of the lists that stand on a page: the heads of all where none is asked for alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from flask import url_for

#: Rows of a page, and of each list's head where all are shown.
PAGE_ROWS: Final = 50
Item = TypeVar("Item")
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """One page of one list.

    Attributes
    ----------
    endpoint
        Of the page that the list stands on.
    total
        Of the whole list.
    page, pages
        From 1; one page where there is nothing.
    is_alone
        The page shows this list only.
    """

    endpoint: str
    group: str
    rows: tuple[Item, ...]
    total: int
    page: int = 1
    is_alone: bool = False

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return pages_of(self.total)

    def address(self, page: int) -> str:
        """Return the address of a page of this list alone."""
        return url_for(self.endpoint, group=self.group, page=page)

    def with_rows(self, rows: Sequence[Shown]) -> Paged[Shown]:
        """Return the same page of the list with something else for each row."""
        return Paged(self.endpoint, self.group, tuple(rows), self.total, self.page, self.is_alone)


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which list an address asks for, "" for the heads of all, and which page of it."""

    endpoint: str
    group: str = ""
    page: int = 1

    @classmethod
    def of(cls, endpoint: str, asked: Mapping[str, str], groups: Collection[str]) -> PageAsked:
        """Read an address; a list that is none is all lists, and a page that is none the first."""
        said = asked.get("page", "1")
        page = int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 1
        wanted = asked.get("group", "")
        return cls(endpoint, wanted, max(page, 1)) if wanted in groups else cls(endpoint)

    def shows(self, group: str) -> bool:
        """Tell whether a list is to be shown."""
        return self.group in ("", group)

    def start(self, total: int) -> int:
        """Return where the page begins in a list of so many; one past its end is its last."""
        return (min(self.page, pages_of(total)) - 1) * PAGE_ROWS

    def cut(self, group: str, items: Sequence[Item]) -> Paged[Item]:
        """Return the page of a whole list."""
        start = self.start(len(items))
        return self.page_of(group, items[start : start + PAGE_ROWS], len(items))

    def page_of(self, group: str, rows: Sequence[Item], total: int) -> Paged[Item]:
        """Return rows that begin at `start` as the page of their list."""
        page = self.start(total) // PAGE_ROWS + 1
        return Paged(self.endpoint, group, tuple(rows), total, page, bool(self.group))


def pages_of(total: int) -> int:
    """Return how many pages so many rows fill, at least one."""
    return max(1, -(-total // PAGE_ROWS))
