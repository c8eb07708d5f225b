"""Answer many tickets of one cause together (批处理, D8): one answer, and a step in the record of each.

All or none: where one of them was handled meanwhile, or may not take the step, nothing is recorded and each such ticket
is named with what stands in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from geodata.county import County
from geodata.errors import BadInputError
from passes.ticket_handling import Done, check_handling, handle

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Check, subject, and how many steps the ticket had on the screen.
Seen: TypeAlias = tuple[str, str, int]


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
    refused = []
    for one in seen:
        try:
            check_handling(connection, county, one, done)
        except BadInputError as error:
            refused.append(Refused(one[0], one[1], error))
    if not refused:
        for one in seen:
            handle(connection, county, one, done)
    return tuple(refused)
