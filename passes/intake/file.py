"""Read a file of applications, CSV or XLSX, one a row: every fault with its row and column, all rows or none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from geodata.collector import collector_resting
from geodata.errors import BadInputError, RowErrors
from geodata.policy import Condition
from geodata.windows import format_instant, parse_instant
from passes.applications.application import Application, read_application
from passes.applications.office import Office
from passes.applications.trip import faults_of_ends
from passes.intake.bulk_intake import file_many
from passes.intake.columns import CREW, FLAG, FLAGS, LIST, NUMBER, TIME, WORD, WORDS, Column, column_titled
from passes.intake.handling import Act, Filing
from passes.reading.table_file import SHEET_KIND, TEXT_KINDS, TableFile, refuse_larger, table_lines
from passes.whitelist.firms import Firm

if TYPE_CHECKING:
    from routing.trips.closed_loop import TripPlanner

FAULTS: Final = "applications-have-errors"
#: A carrier's week; a larger file is another file.
MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 5_000_000
#: Gives what plans trips, and knows the places.
Planning: TypeAlias = "Callable[[], TripPlanner]"
_KINDS: Final = (*TEXT_KINDS, SHEET_KIND)
_NEEDED: Final = ("plate", "origin", "destination", "depart_at", "driver_name", "driver_id_number")
_CREW_INDEX: Final = re.compile(r"crew\[(\d+)\](.*)")
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
        The document as it was read to see that its form is right, of no enterprise yet; None where that was not done.
    """

    number: int
    document: Mapping[str, Any]
    titles: Mapping[str, str]
    application: Application | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file being read: its name, its columns by position with their titles, and the clock of its times."""

    name: str
    columns: Mapping[int, tuple[Column, str]]
    zone: tzinfo

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


def _value(column: Column, text: str, number: int, title: str, reading: _Reading) -> Any:
    """Read a cell by the kind of its column."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if column.kind == NUMBER:
        value = _number(plain)
        if value is None:
            raise reading.error("cell-not-number", number, title, value=text[:40])
        return value
    if column.kind in {FLAG, WORD}:
        choices: Mapping[str, str | bool] = FLAGS if column.kind == FLAG else WORDS[column.path.rpartition(".")[2]]
        if plain not in choices:
            raise reading.error("cell-word-unknown", number, title, value=text[:40], choices=list(choices))
        return choices[plain]
    if column.kind == TIME:
        try:
            return format_instant(local_instant(text, reading.zone, where=""))
        except BadInputError as error:
            raise reading.error(error.code, number, title, **error.facts) from None
    return [one.strip() for one in re.split("[;；]", text) if one.strip()] if column.kind == LIST else text


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at its path in an application."""
    person = _CREW_INDEX.fullmatch(path)
    if person:
        index = int(person[1])
        document["crew"].setdefault(index, {"role": CREW[index][2]})[person[2].lstrip(".")] = value
    elif "." in path:
        outer, inner = path.split(".")
        document.setdefault(outer, {})[inner] = value
    else:
        document[path] = value


def _row_document(number: int, cells: Sequence[str], reading: _Reading) -> tuple[ApplicationRow, list[BadInputError]]:
    """Make an application of a row; persons of whom nothing is filled in are left out."""
    document: dict[str, Any] = {"crew": {}}
    titles: dict[str, str] = {}
    faults = []
    for position, (column, title) in reading.columns.items():
        text = cells[position] if position < len(cells) else ""
        titles[column.path] = title
        if not text:
            continue
        try:
            _put(document, column.path, _value(column, text, number, title, reading))
        except BadInputError as fault:
            faults.append(fault)
    aboard = sorted(document["crew"])
    document["crew"] = [document["crew"][index] for index in aboard]
    shown = {
        f"crew[{place}].{key}": title
        for place, index in enumerate(aboard)
        for path, title in titles.items()
        if (key := path.removeprefix(f"crew[{index}].")) != path
    }
    kept = {path: title for path, title in titles.items() if not path.startswith("crew[")}
    return ApplicationRow(number, MappingProxyType(document), MappingProxyType({**kept, **shown})), faults


def _columns(titles: Sequence[str], name: str) -> Mapping[int, tuple[Column, str]]:
    """Find which column each header stands for.

    Raises
    ------
    RowErrors
        `column-unknown`, `column-twice`, `column-missing`: a misspelt header must not be lost in silence.
    """
    found: dict[int, tuple[Column, str]] = {}
    faults = []
    for position, title in enumerate(titles):
        column = column_titled(title)
        if column is None and title:
            faults.append(BadInputError("column-unknown", f"{name}: row 1: {title}", row=1, column=title))
        elif column is not None and column in [one for one, _ in found.values()]:
            faults.append(BadInputError("column-twice", f"{name}: row 1: {title}", row=1, column=title))
        elif column is not None:
            found[position] = (column, title)
    known = {column.key for column, _ in found.values()}
    missing = [column for key in _NEEDED if key not in known if (column := column_titled(key)) is not None]
    faults += [
        BadInputError("column-missing", f"{name}: row 1", row=1, column=one.titles[0], key=one.key) for one in missing
    ]
    if faults:
        raise RowErrors(FAULTS, name, tuple(faults))
    return found


def _read(
    row: ApplicationRow, name: str, conditions: Sequence[Condition]
) -> tuple[ApplicationRow, list[BadInputError]]:
    """Read a row's application; return what is wrong with its form."""
    try:
        read = read_application({**row.document, "enterprise": "-"}, where="", conditions=conditions)
    except RowErrors as several:
        return row, [_placed(one, row, name) for one in several.rows]
    except BadInputError as one:
        return row, [_placed(one, row, name)]
    return replace(row, application=read), []


def _placed(error: BadInputError, row: ApplicationRow, name: str) -> BadInputError:
    """Return an application's fault as the fault of the cell that it comes from."""
    path = str(error.facts.get("path") or error.where)
    title = row.titles.get(path) or next((title for key, title in row.titles.items() if path.startswith(key)), path)
    facts = {**error.facts, "path": title, "row": row.number, "column": title}
    return BadInputError(error.code, f"{name}: row {row.number}: {title}", **facts)


def placed_faults(faults: Iterable[BadInputError], row: ApplicationRow, name: str) -> list[BadInputError]:
    """Return an application's faults as the faults of the cells that they come from."""
    return [_placed(one, row, name) for one in faults]


@collector_resting()
def read_application_rows(
    data: bytes, name: str, *, zone: tzinfo, conditions: Sequence[Condition] = (), places: Planning | None = None
) -> tuple[ApplicationRow, ...]:
    """Read every row of a file, times on the clock of a zone; empty lines are left out, but counted.

    Parameters
    ----------
    places
        Gives what knows the places, where faults of form are to come with the places that are unknown.

    Raises
    ------
    BadInputError
        `file-kind-unknown`, `file-too-large`, `applications-file-empty`, `applications-too-many`, or why it cannot be
        read.
    RowErrors
        `applications-have-errors`: every fault with `row` and `column`; merged cells and formulas among them.
    """
    file = TableFile(name, data, FAULTS)
    if file.kind not in _KINDS:
        raise BadInputError("file-kind-unknown", name, kind=file.kind, choices=list(_KINDS))
    refuse_larger(data, name, most=MOST_BYTES)
    lines = table_lines(file, formulas=False)
    titles = [title.strip() for title in next(lines, [])]
    reading = _Reading(name, _columns(titles, name), zone)
    rows: list[ApplicationRow] = []
    faults: list[BadInputError] = []
    filled = list(islice(_filled(lines), MOST_ROWS + 1))
    if len(filled) > MOST_ROWS:
        raise BadInputError("applications-too-many", name, most=MOST_ROWS)
    for number, cells in filled:
        if any(cells[len(titles) :]):
            facts = {"row": number, "cells": len(cells), "titles": len(titles), "column": ""}
            faults.append(BadInputError("row-too-long", f"{name}: row {number}", **facts))
            continue
        row, wrong = _row_document(number, cells, reading)
        read, unread = (row, wrong) if wrong else _read(row, name, conditions)
        rows.append(read)
        faults += unread
    if faults:
        raise RowErrors(FAULTS, name, (*faults, *_unknown_places(rows, name, places)))
    if not rows:
        raise BadInputError("applications-file-empty", name)
    return tuple(rows)


def _unknown_places(rows: Sequence[ApplicationRow], name: str, places: Planning | None) -> list[BadInputError]:
    """Return the faults of the ends that rows name, also of rows whose form is right."""
    if places is None:
        return []
    planner = places()
    return [fault for row in rows for fault in placed_faults(faults_of_ends(row.document, planner), row, name)]


def _filled(lines: Iterable[Sequence[str]]) -> Iterable[tuple[int, list[str]]]:
    """Yield the number and the cells of every line that is not empty."""
    for number, line in enumerate(lines, start=2):
        cells = [cell.strip() for cell in line]
        if any(cells):
            yield number, cells


def file_rows(
    rows: Sequence[ApplicationRow], office: Office, act: Act, *, firm: Firm, name: str
) -> tuple[tuple[ApplicationRow, Filing], ...]:
    """File every row's application for a firm, whatever the rules find in them: all or none.

    Raises
    ------
    RowErrors
        `applications-have-errors`: such as a place that is unknown. The caller's transaction must not be kept.
    """
    documents, read = [row.document for row in rows], [row.application for row in rows]
    filings: list[tuple[ApplicationRow, Filing]] = []
    faults: list[BadInputError] = []
    for row, filed in zip(rows, file_many(documents, office, act, firm=firm, read=read), strict=True):
        if isinstance(filed, Filing):
            filings.append((row, filed))
        elif isinstance(filed, BadInputError):
            inner = filed.rows if isinstance(filed, RowErrors) else (filed,)
            faults += placed_faults(inner, row, name)
        else:
            raise filed
    if faults:
        raise RowErrors(FAULTS, name, tuple(faults))
    return tuple(filings)
