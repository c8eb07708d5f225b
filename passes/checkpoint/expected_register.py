"""Find passes at a checkpoint by part of the plate: first those whose route leads past it at this time."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from passes.editions.pass_register import EXPIRED, GRANTED, PASSES, PREPARED, REPLACED, SUSPENDED, WITHDRAWN
from passes.reading.plates import normalise_plate
from passes.ways.ways_register import PASSAGES

#: A pass that ended longer ago is not offered any more.
REMEMBERED: Final = timedelta(days=7)
#: Fewest characters of a plate that are searched for.
SHORTEST_PART: Final = 3
_NOT_OF_PLATES: Final = re.compile(r"[^0-9A-Z\u4e00-\u9fff]")
_SHOWN: Final = (
    PASSES.c.jti,
    PASSES.c.number,
    PASSES.c.plate,
    PASSES.c.enterprise,
    PASSES.c.state,
    PASSES.c.not_before,
    PASSES.c.expires_at,
)


@dataclass(frozen=True, slots=True)
class ExpectedPass:
    """A pass as a checkpoint finds it.

    Attributes
    ----------
    state
        Of `passes.editions.pass_register.STATES`, at the time of the question.
    from_at, to_at
        When its truck may be on the checkpoint's road; None where its route does not lead past it.
    """

    jti: str
    number: str
    plate: str
    enterprise: str
    state: str
    not_before: datetime
    expires_at: datetime
    from_at: datetime | None = None
    to_at: datetime | None = None

    def is_expected(self, at: datetime) -> bool:
        """Tell whether the truck may be on the checkpoint's road at a time."""
        return self.from_at is not None and self.to_at is not None and self.from_at <= at <= self.to_at


@dataclass(frozen=True, slots=True)
class ExpectedTruck:
    """A truck as a checkpoint takes it along: the pass as it was signed, and when it may come."""

    token: str
    expected: ExpectedPass


def find_by_plate(
    connection: sa.Connection, part: str, *, road_ids: Collection[str], at: datetime, most: int = 20
) -> tuple[ExpectedPass, ...]:
    """Return the passes whose plate holds these characters.

    First those expected on the checkpoint's roads now, then those expected there at another time, then the others; of
    equals the one whose plate ends with the characters, and then the newest.

    Parameters
    ----------
    part
        Three characters of the plate or more; fewer find nothing.
    road_ids
        Roads of the checkpoint.
    """
    wanted = _NOT_OF_PLATES.sub("", normalise_plate(part))
    if len(wanted) < SHORTEST_PART:
        return ()
    query = (
        sa.select(*_SHOWN)
        .where(PASSES.c.plate.contains(wanted, autoescape=True), PASSES.c.state.not_in((REPLACED, PREPARED)))
        .where(PASSES.c.expires_at > at - REMEMBERED)
        .order_by(PASSES.c.issued_at.desc(), PASSES.c.jti.desc())
        .limit(10 * most)
    )
    rows = connection.execute(query).all()
    times = _times_on(connection, [row.jti for row in rows], road_ids)
    found = [_expected(row, at, *times.get(row.jti, (None, None))) for row in rows]
    return tuple(sorted(found, key=lambda one: _order(one, wanted, at))[:most])


def list_expected(
    connection: sa.Connection, road_ids: Collection[str], *, from_at: datetime, to_at: datetime, most: int = 50
) -> tuple[ExpectedPass, ...]:
    """Return the granted passes whose trucks may be on these roads within a window, the first to come first."""
    rows = _expected_rows(connection, road_ids, from_at=from_at, to_at=to_at, states=(GRANTED,), most=most)
    return tuple(_expected(row, from_at, row.first, row.last) for row in rows)


def list_trucks(
    connection: sa.Connection, road_ids: Collection[str], *, from_at: datetime, to_at: datetime, most: int
) -> tuple[ExpectedTruck, ...]:
    """Return the trucks that may be on these roads within a window, each with its pass, the first to come first.

    Those whose pass was withdrawn or suspended are among them: a guard must not be told that there is none.
    """
    states = (GRANTED, WITHDRAWN, SUSPENDED)
    rows = _expected_rows(connection, road_ids, from_at=from_at, to_at=to_at, states=states, most=most)
    return tuple(ExpectedTruck(row.token, _expected(row, from_at, row.first, row.last)) for row in rows)


def _expected_rows(
    connection: sa.Connection,
    road_ids: Collection[str],
    *,
    from_at: datetime,
    to_at: datetime,
    states: Collection[str],
    most: int,
) -> list[Any]:
    first = sa.func.min(PASSAGES.c.from_at).label("first")
    last = sa.func.max(PASSAGES.c.to_at).label("last")
    on_road = (
        sa.select(PASSAGES.c.jti, first, last)
        .where(PASSAGES.c.road_id.in_(list(road_ids)))
        .where(PASSAGES.c.from_at < to_at, PASSAGES.c.to_at > from_at, PASSAGES.c.over_at > from_at)
        .group_by(PASSAGES.c.jti)
        .subquery()
    )
    query = (
        sa.select(*_SHOWN, PASSES.c.token, on_road.c.first, on_road.c.last)
        .join(on_road, on_road.c.jti == PASSES.c.roads_of)
        .where(PASSES.c.state.in_(states), PASSES.c.expires_at > from_at)
        .order_by(on_road.c.first, PASSES.c.jti)
        .limit(most)
    )
    return list(connection.execute(query))


def _times_on(
    connection: sa.Connection, jtis: list[str], road_ids: Collection[str]
) -> dict[str, tuple[datetime, datetime]]:
    """Return when each pass's truck may be on the roads, first to last."""
    query = (
        sa.select(PASSES.c.jti, PASSAGES.c.from_at, PASSAGES.c.to_at)
        .join(PASSES, PASSES.c.roads_of == PASSAGES.c.jti)
        .where(PASSES.c.jti.in_(jtis), PASSAGES.c.road_id.in_(list(road_ids)))
        .order_by(PASSAGES.c.leg)
    )
    found: dict[str, tuple[datetime, datetime]] = {}
    for row in connection.execute(query):
        first, last = found.get(row.jti, (row.from_at, row.to_at))
        found[row.jti] = (min(first, row.from_at), max(last, row.to_at))
    return found


def _expected(row: Any, at: datetime, from_at: datetime | None, to_at: datetime | None) -> ExpectedPass:
    state = EXPIRED if row.state == GRANTED and at >= row.expires_at else row.state
    shown = (row.jti, row.number, row.plate, row.enterprise, state, row.not_before, row.expires_at)
    return ExpectedPass(*shown, from_at, to_at)


def _order(one: ExpectedPass, wanted: str, at: datetime) -> tuple[bool, bool, bool, bool]:
    return not one.is_expected(at), one.from_at is None, one.state != GRANTED, not one.plate.endswith(wanted)
