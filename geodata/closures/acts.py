"""Read what a closure's row says of decisions and observations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from geodata.closures.closure import (
    ALONG,
    BARRIERS,
    DECISIONS,
    FORMS,
    OBSERVERS,
    VEHICLE_LIMITS,
    Decision,
    Direction,
    Observation,
    RoadSpan,
)
from geodata.closures.geometry import DrawnExtent, read_area_rule, read_place
from geodata.errors import BadInputError
from geodata.json_rows import RowFaults, instant_of, records_of, text_of, word_of
from geodata.snapping import RoadIndex
from geodata.windows import Window

#: Stands in for a time that could not be read, in a row that is not used.
_UNREAD: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STATES: Final = ("blocked", "open")


def read_barrier(record: Mapping[str, Any], *, where: str) -> str:
    """Return a barrier type; "" where none is given.

    Raises
    ------
    BadInputError
        `barrier-is-vehicle-limit`: a height bar or width posts limit vehicles for good and close nothing;
        `barrier-unknown` otherwise.
    """
    if record.get("barrier") in VEHICLE_LIMITS:
        raise BadInputError("barrier-is-vehicle-limit", f"{where}: barrier", value=record["barrier"])
    return word_of(record, "barrier", BARRIERS, code="barrier-unknown", where=where)


def _needed(record: Mapping[str, Any], key: str, choices: tuple[str, ...], code: str, where: str) -> str:
    word = word_of(record, key, choices, code=code, where=where)
    if not word:
        raise BadInputError(code, f"{where}: {key}", value="", choices=list(choices))
    return word


def _needed_instant(record: Mapping[str, Any], key: str, code: str, where: str) -> datetime:
    instant = instant_of(record, key, where=where)
    if instant is None:
        raise BadInputError(code, f"{where}: {key}")
    return instant


def _records(given: Mapping[str, Any], key: str, row: RowFaults) -> list[Mapping[str, Any]]:
    return row.take(lambda: records_of(given, key, where=row.where), [])


def read_observations(given: Mapping[str, Any], row: RowFaults) -> tuple[Observation, ...]:
    """Read what was seen on site; faults are kept in the row."""
    found = []
    for number, record in enumerate(_records(given, "observations", row)):
        place = row.place(f"observations[{number}]")
        found.append(row.take(partial(_observation, record, place), None))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _observation(record: Mapping[str, Any], where: str) -> Observation:
    return Observation(
        at=_needed_instant(record, "at", "observation-without-time", where),
        state=_needed(record, "state", _STATES, "observation-state-unknown", where),
        source=_needed(record, "source", OBSERVERS, "observation-source-unknown", where),
        barrier=read_barrier(record, where=where),
        photo=text_of(record, "photo", where=where),
    )


def read_decisions(
    given: Mapping[str, Any], index: RoadIndex, row: RowFaults, *, set_up: DrawnExtent, direction: Direction | str
) -> tuple[Decision, ...]:
    """Read the decisions about a closure; faults are kept in the row.

    A decision may name its own place and, beyond the format, its own `direction`; what it leaves out is as set up.
    """
    found = []
    for number, record in enumerate(_records(given, "decisions", row)):
        where = row.place(f"decisions[{number}]")
        decision = _decision(record, row, where)
        place = row.take(partial(_decided_extent, record, index, set_up, direction, where), None)
        if place is not None:
            decision = replace(decision, extent=place.extent, drawn=place.drawn)
        found.append(decision)
    return tuple(dict.fromkeys(found))


def _decision(record: Mapping[str, Any], row: RowFaults, where: str) -> Decision:
    start, end = row.take(lambda: _decided_window(record, where), (None, None))
    return Decision(
        authority=row.take(lambda: _authority(record, where), ""),
        decision=row.take(lambda: _needed(record, "decision", DECISIONS, "decision-unknown", where), ""),
        form=row.take(lambda: word_of(record, "form", FORMS, code="form-unknown", where=where), "") or "written",
        document_no=row.take(lambda: text_of(record, "document_no", where=where), ""),
        decided_at=row.take(lambda: _needed_instant(record, "decided_at", "decision-without-time", where), _UNREAD),
        start=start,
        end=end,
    )


def _authority(record: Mapping[str, Any], where: str) -> str:
    authority = text_of(record, "authority", where=where)
    if not authority:
        raise BadInputError("decision-without-authority", f"{where}: authority")
    return authority


def _decided_window(record: Mapping[str, Any], where: str) -> tuple[datetime | None, datetime | None]:
    start, end = (instant_of(record, key, where=where) for key in ("start", "end"))
    if start is not None and end is not None:
        try:
            Window(start, end)
        except BadInputError as fault:
            fault.where = f"{where}: end"
            raise
    return start, end


def _decided_extent(
    record: Mapping[str, Any], index: RoadIndex, set_up: DrawnExtent, direction: Direction | str, where: str
) -> DrawnExtent | None:
    own = read_direction(record, where=where, otherwise=direction)
    rule = read_area_rule(record, where=where)
    ends = record.get("geometry"), record.get("road_ids")
    place = read_place(*ends, index, direction=own, where=where, area_rule=rule)
    if place is None and record.get("direction") and own != ALONG:
        return DrawnExtent(set_up.drawn, tuple(_turned(span, Direction(own)) for span in set_up.extent))
    return place


def read_direction(record: Mapping[str, Any], *, where: str, otherwise: Direction | str) -> Direction | str:
    """Return the direction of travel that is closed; "along" for the one in which the row's own line runs.

    Raises
    ------
    BadInputError
        `direction-unknown`.
    """
    word = word_of(record, "direction", [*Direction, ALONG], code="direction-unknown", where=where)
    return ALONG if ALONG in (word, otherwise if not word else "") else Direction(word or otherwise)


def _turned(span: RoadSpan, direction: Direction) -> RoadSpan:
    return replace(span, direction=direction)
