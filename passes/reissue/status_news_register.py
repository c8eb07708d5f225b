"""Tell whether the status of any pass has changed since one looked last: what checkpoints fetch their lists for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from passes.editions.pass_register import PASS_EVENTS, REPLACED, SUSPENDED, WITHDRAWN
from passes.reissue.outgoing_register import CODE_ENDED
from passes.reissue.planning import REROUTED

_CHANGES: Final = (REROUTED, REPLACED, CODE_ENDED, WITHDRAWN, SUSPENDED, "resumed")


@dataclass(frozen=True, slots=True)
class StatusNews:
    """What has changed.

    Attributes
    ----------
    last
        Number of the last change; 0 where there was none.
    rerouted
        How many passes go another way because a road closes.
    """

    last: int
    rerouted: int


def status_news(connection: sa.Connection, *, after: int) -> StatusNews:
    """Return what has changed after the change of a number."""
    event = PASS_EVENTS.c.event
    rerouted = sa.func.sum(sa.case((event == REROUTED, 1), else_=0))
    query = sa.select(sa.func.max(PASS_EVENTS.c.id), rerouted).where(PASS_EVENTS.c.id > after, event.in_(_CHANGES))
    last, count = connection.execute(query).one()
    return StatusNews(int(last or 0), int(count or 0))


def last_pass_event(connection: sa.Connection) -> int:
    """Return the number of the last thing that happened to any pass, 0 where nothing did."""
    return int(connection.scalar(sa.select(sa.func.max(PASS_EVENTS.c.id))) or 0)
