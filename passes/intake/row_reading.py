"""Read the cells of one row into an application: numbers, times and words as people write them in a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from geodata.errors import BadInputError
from geodata.windows import format_instant, parse_instant
from passes.applications.application import Application
from passes.intake.columns import CREW, FLAG, FLAGS, LIST, NUMBER, TEXT, TIME, WORDS, Column, words_to_type

_CREW_INDEX: Final = re.compile(r"crew\[(\d+)\]\..*")
#: A time as people write it in a table: 2022-07-01 8:00, 2022/7/1 08:00, 2022年7月1日 8:00.
_LOCAL_TIME: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One row as an application.

    Attributes
    ----------
    number
        As people count rows, the headers being the first.
    document
        The application, as `read_application` reads it.
    titles
        What the file calls the column that fills a member, by the member's path.
    application
        The document as it was read to see that its form is right, as the firm's own; None where that was not done.
    """

    number: int
    document: Mapping[str, Any]
    titles: Mapping[str, str]
    application: Application | None = None


class Cell(NamedTuple):
    """Where a column stands in every row, what the file calls it, and which member of an application it fills.

    Attributes
    ----------
    owner
        Whose member it is: "" for the application's own, a member's name, or the number of a person.
    """

    position: int
    column: Column
    title: str
    owner: str | int
    member: str


def cell_of(position: int, column: Column, title: str) -> Cell:
    """Return where a column of a file stands."""
    person = _CREW_INDEX.fullmatch(column.path)
    owner, _, member = column.path.rpartition(".")
    return Cell(position, column, title, int(person[1]) if person else owner, member)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being read: its name, its columns, and the clock of its times.

    Attributes
    ----------
    known
        What cells were read as before, by column and text: thousands of rows say the same.
    shown
        What the file calls each member, by the numbers of the persons that a row names.
    """

    name: str
    cells: Sequence[Cell]
    zone: tzinfo
    known: dict[tuple[int, str], Any] = field(default_factory=dict)
    shown: dict[tuple[int, ...], Mapping[str, str]] = field(default_factory=dict)

    def error(self, code: str, number: int, title: str, **facts: object) -> BadInputError:
        """Make the fault of a cell."""
        return BadInputError(code, f"{self.name}: row {number}: {title}", row=number, column=title, **facts)


def local_instant(text: str, zone: tzinfo, *, where: str) -> datetime:
    """Read a time as people write it, on the clock of a zone unless it carries its offset.

    Raises
    ------
    BadInputError
        `time-unreadable`, `time-out-of-range`; `time-does-not-exist` where the clock is put forward over it.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _LOCAL_TIME.fullmatch(plain)
    if found:
        year, month, day, hour, minute, second = (part or "0" for part in found.groups())
        plain = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second:0>2}"
    try:
        naive = datetime.fromisoformat(plain)
    except ValueError:
        raise BadInputError("time-unreadable", where, value=text) from None
    if naive.tzinfo is not None:
        return parse_instant(naive.isoformat(), where=where)
    aware = naive.replace(tzinfo=zone)
    instant = parse_instant(aware.isoformat(), where=where)
    if instant.astimezone(zone).replace(tzinfo=None) != naive:
        raise BadInputError("time-does-not-exist", where, value=text)
    return instant


def _number(text: str) -> int | float | None:
    try:
        number = float(unicodedata.normalize("NFKC", text))
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def _value(cell: Cell, text: str, number: int, reading: Reading) -> Any:
    """Read a cell by the kind of its column."""
    kind = cell.column.kind
    if kind == TEXT:
        return text
    if kind == LIST:
        return [one.strip() for one in re.split("[;；]", text) if one.strip()]
    key = cell.position, text
    if key not in reading.known:
        reading.known[key] = _read_cell(cell, text, number, reading)
    return reading.known[key]


def _read_cell(cell: Cell, text: str, number: int, reading: Reading) -> Any:
    """Read a number, a time, or one of a few words.

    Raises
    ------
    BadInputError
        `cell-not-number`, `cell-word-unknown`, or what is wrong with a time.
    """
    column, plain = cell.column, unicodedata.normalize("NFKC", text).strip().casefold()
    if column.kind == NUMBER:
        value = _number(plain)
        if value is None:
            raise reading.error("cell-not-number", number, cell.title, value=text[:40])
        return value
    if column.kind == TIME:
        try:
            return format_instant(local_instant(text, reading.zone, where=""))
        except BadInputError as error:
            raise reading.error(error.code, number, cell.title, **error.facts) from None
    choices: Mapping[str, str | bool] = FLAGS if column.kind == FLAG else WORDS[cell.member]
    if plain not in choices:
        raise reading.error("cell-word-unknown", number, cell.title, value=text[:40], **words_to_type(choices))
    return choices[plain]


def row_document(number: int, cells: Sequence[str], reading: Reading) -> tuple[ApplicationRow, list[BadInputError]]:
    """Make an application of a row; persons of whom nothing is filled in are left out."""
    document: dict[str, Any] = {}
    crew: dict[int, dict[str, Any]] = {}
    faults = []
    for cell in reading.cells:
        text = cells[cell.position] if cell.position < len(cells) else ""
        if not text:
            continue
        try:
            value = _value(cell, text, number, reading)
        except BadInputError as fault:
            faults.append(fault)
            continue
        owner = cell.owner
        if isinstance(owner, int):
            crew.setdefault(owner, {"role": CREW[owner][2]})[cell.member] = value
        elif owner:
            document.setdefault(owner, {})[cell.member] = value
        else:
            document[cell.member] = value
    aboard = tuple(sorted(crew))
    document["crew"] = [crew[index] for index in aboard]
    if aboard not in reading.shown:
        reading.shown[aboard] = _shown(aboard, reading.cells)
    return ApplicationRow(number, MappingProxyType(document), reading.shown[aboard]), faults


def _shown(aboard: Sequence[int], cells: Sequence[Cell]) -> Mapping[str, str]:
    """Return what the file calls each member of an application that names these persons, in this order."""
    titles = {one.column.path: one.title for one in cells if isinstance(one.owner, str)}
    for place, index in enumerate(aboard):
        titles.update({f"crew[{place}].{one.member}": one.title for one in cells if one.owner == index})
    return MappingProxyType(titles)
