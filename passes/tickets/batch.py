"""Answer many tickets of one cause together (批处理, D8): one answer, and a step in the record of each.

All or none: where one of them was handled meanwhile, or may not take the step, nothing is recorded and each such ticket
is named with what stands in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from geodata.county import County
from geodata.errors import BadInputError
from geodata.tickets.board_register import find_rows
from passes.tickets.board import with_closures
from passes.tickets.handling import Done, check_handling, handle
from passes.tickets.units import known_units, responsible_unit

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Check, subject, and how many steps the ticket had on the screen.
Seen: TypeAlias = tuple[str, str, int]


#: In place of a unit: each ticket goes to the one that is responsible for it.
EACH_ITS_OWN: Final = "each-its-own"


@dataclass(frozen=True, slots=True)
class Refused:
    """One ticket that stands in the way of answering a group together."""

    check: str
    subject: str
    error: BadInputError

    @property
    def is_changed(self) -> bool:
        """Tell whether somebody handled it since it was on the screen."""
        return self.error.code == "ticket-changed"


def handle_together(connection: sa.Connection, county: County, seen: Sequence[Seen], done: Done) -> tuple[Refused, ...]:
    """Record one person's answer on every ticket of a group; return why not, where nothing was recorded.

    Raises
    ------
    BadInputError
        `ticket-group-empty`.
    """
    if not seen:
        raise BadInputError("ticket-group-empty", "tickets")
    seen = list(dict.fromkeys(seen))
    steps = dict(zip(seen, _each(connection, county, seen, done), strict=True))
    refused = []
    for one, own in steps.items():
        try:
            check_handling(connection, county, one, own)
        except BadInputError as error:
            refused.append(Refused(one[0], one[1], error))
    if not refused:
        for one, own in steps.items():
            handle(connection, county, one, own)
    return tuple(refused)


def _each(connection: sa.Connection, county: County, seen: Sequence[Seen], done: Done) -> list[Done]:
    """Return the answer for each ticket, where each is to go to its own responsible unit."""
    if done.unit != EACH_ITS_OWN:
        return [done] * len(seen)
    units = known_units(connection, county)
    rows = {one.key: one for one in with_closures(connection, find_rows(connection, [one[:2] for one in seen]))}
    answers = []
    for check, subject, _ in seen:
        row = rows.get((check, subject))
        unit = "" if row is None else row.row.unit or responsible_unit(row.closure, row.row.township, county, units)
        answers.append(replace(done, unit=unit))
    return answers
