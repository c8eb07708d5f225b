"""What a caller did wrong: a code, the place it was found, and facts. Sentences are made in `web`."""

from __future__ import annotations

from collections.abc import Mapping


class BaotongError(Exception):
    """The caller asked wrongly, or the surroundings failed; nothing was changed.

    Parameters
    ----------
    code
        Stable kebab-case name of the fault, the key of its sentence in `web.wording`.
    where
        The place: file, row, property, option or id.
    facts
        Values that the sentence names.
    """

    def __init__(self, code: str, where: str = "", **facts: object) -> None:
        super().__init__(code, where, facts)
        self.code = code
        self.where = where
        self.facts: Mapping[str, object] = facts

    def __str__(self) -> str:
        """Say code, place and facts in one line, for logs."""
        facts = ", ".join(f"{key}={value!r}" for key, value in self.facts.items())
        return f"{self.code} at {self.where or '-'}" + (f" ({facts})" if facts else "")


class BadInputError(BaotongError, ValueError):
    """A file, position, place or setting cannot be used as it is (exit code 3)."""


class SurroundingsError(BaotongError, OSError):
    """Disk, port or database failed or does not fit (exit code 5)."""

    def __str__(self) -> str:
        """Say it as every other error does, not as the operating system's."""
        return BaotongError.__str__(self)


class RowErrors(BadInputError):  # noqa: N818 - it is a list of errors
    """Several rows of one file are wrong; none was taken.

    Parameters
    ----------
    code
        What was being read.
    where
        The file.
    rows
        One error a fault, each with `row` and, where known, `id` among its facts.
    """

    def __init__(self, code: str, where: str, rows: tuple[BadInputError, ...]) -> None:
        super().__init__(code, where, count=len(rows))
        self.rows = rows
