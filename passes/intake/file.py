"""Read a file of applications, CSV or XLSX, one a row: every fault with its row and column, all rows or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from geodata.collector import collector_resting
from geodata.errors import BadInputError, RowErrors
from geodata.policy import Condition
from passes.applications.application import read_application
from passes.applications.office import Office
from passes.applications.trip import faults_of_ends
from passes.intake.bulk_intake import file_many
from passes.intake.columns import column_titled
from passes.intake.handling import Act, Filing
from passes.intake.row_reading import ApplicationRow, Cell, Reading, cell_of, row_document
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


def _columns(titles: Sequence[str], name: str) -> Sequence[Cell]:
    """Find which column each header stands for.

    Raises
    ------
    RowErrors
        `column-unknown`, `column-twice`, `column-missing`: a misspelt header must not be lost in silence.
    """
    found: list[Cell] = []
    faults = []
    for position, title in enumerate(titles):
        column = column_titled(title)
        if column is None and title:
            faults.append(BadInputError("column-unknown", f"{name}: row 1: {title}", row=1, column=title))
        elif column is not None and column in [one.column for one in found]:
            faults.append(BadInputError("column-twice", f"{name}: row 1: {title}", row=1, column=title))
        elif column is not None:
            found.append(cell_of(position, column, title))
    known = {one.column.key for one in found}
    missing = [column for key in _NEEDED if key not in known if (column := column_titled(key)) is not None]
    faults += [
        BadInputError("column-missing", f"{name}: row 1", row=1, column=one.titles[0], key=one.key) for one in missing
    ]
    if faults:
        raise RowErrors(FAULTS, name, tuple(faults))
    return found


def _read(
    row: ApplicationRow, name: str, conditions: Sequence[Condition], *, enterprise: str
) -> tuple[ApplicationRow, list[BadInputError]]:
    """Read a row's application; return what is wrong with its form."""
    try:
        read = read_application({**row.document, "enterprise": enterprise}, where="", conditions=conditions)
    except RowErrors as several:
        return row, [_placed(one, row, name) for one in several.rows]
    except BadInputError as one:
        return row, [_placed(one, row, name)]
    return ApplicationRow(row.number, row.document, row.titles, read), []


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
    data: bytes,
    name: str,
    *,
    zone: tzinfo,
    conditions: Sequence[Condition] = (),
    enterprise: str = "-",
    places: Planning | None = None,
) -> tuple[ApplicationRow, ...]:
    """Read every row of a file, times on the clock of a zone; empty lines are left out, but counted.

    Parameters
    ----------
    enterprise
        Name of the firm whose file it is.
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
    reading = Reading(name, _columns(titles, name), zone)
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
        row, wrong = row_document(number, cells, reading)
        read, unread = (row, wrong) if wrong else _read(row, name, conditions, enterprise=enterprise)
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
