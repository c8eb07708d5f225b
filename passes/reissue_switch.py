"""Put prepared editions in force: the last step of re-issuing, each pass in one transaction with everything it changes.

Before the switch the old edition is valid and the new one is known to nobody; after it the new one is valid and the old
one replaced. It comes when the driver takes the new edition, or when the road closes, by the clock of whoever works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geodata.errors import BadInputError
from passes.bulk_editions import replace_editions
from passes.pass_register import (
    GRANTED,
    SUSPENDED,
    PassEvent,
    PassRecord,
    add_passes,
    read_passes,
    record_events,
)
from passes.prepared_edition import PreparedEdition, unpack_edition
from passes.reissue_planning import REROUTED
from passes.reissue_register import (
    DROPPED,
    HELD,
    OVERTAKEN,
    PREPARED,
    SWITCHED,
    Reissue,
    change_reissues,
    closures_hitting,
    find_reissues,
    prepared_of,
    reissue_of,
)
from passes.status_list import Status
from passes.status_register import change_statuses

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Who delivered a new edition.
BY_DRIVER: Final = "driver"
BY_CHECKPOINT: Final = "checkpoint"


def waiting_edition(connection: sa.Connection, number: str) -> tuple[Reissue, PreparedEdition] | None:
    """Return the edition that waits for the driver of a pass to take it; None where none waits."""
    row = reissue_of(connection, number, PREPARED)
    return None if row is None else (row, unpack_edition(prepared_of(connection, row.jti)))


def switch_reissues(connection: sa.Connection, rows: Sequence[Reissue], *, at: datetime) -> tuple[Reissue, ...]:
    """Put the prepared editions of rows in force, in the caller's transaction; return the rows as they are then.

    A pass that was changed otherwise meanwhile, such as renewed or withdrawn, keeps what it was changed to: its
    prepared edition is given up. One that is suspended stays so and waits.

    Raises
    ------
    BadInputError
        `reissue-changed`, `pass-state-changed`: somebody else was faster.
    """
    records = {one.jti: one for one in read_passes(connection, [row.jti for row in rows])}
    going = [row for row in rows if records[row.jti].state == GRANTED]
    overtaken = [row for row in rows if records[row.jti].state not in {GRANTED, SUSPENDED}]
    pairs = [(row, records[row.jti], unpack_edition(prepared_of(connection, row.jti))) for row in going]
    add_passes(connection, [(new.record, new.stages) for _, _, new in pairs])
    record_events(connection, [_event(connection, row, old, new.record, at=at) for row, old, new in pairs])
    replace_editions(connection, [(old, new.record.jti) for _, old, new in pairs], at=at)
    switched = [replace(row, state=SWITCHED, switched_at=at, changed_at=at) for row in going]
    given_up = [replace(row, state=OVERTAKEN, changed_at=at) for row in overtaken]
    change_statuses(connection, [row.next_jti for row in given_up], Status.WITHDRAWN, at=at)
    changed = [*switched, *given_up]
    change_reissues(connection, [(row, None) for row in changed])
    return tuple(replace(row, version=row.version + 1) for row in changed)


def _event(connection: sa.Connection, row: Reissue, old: PassRecord, new: PassRecord, *, at: datetime) -> PassEvent:
    facts = {"replaces": old.jti, "closures": list(closures_hitting(connection, row.jti)), "by": row.delivered_by}
    return PassEvent(new.jti, at, REROUTED, "", facts)


def take_edition(connection: sa.Connection, number: str, *, seen: str, by: str, at: datetime) -> Reissue | None:
    """Let a driver or a checkpoint take the new edition of a pass: it is in force from now on.

    Taking it twice, or after the road closed, changes nothing but that it is known to be delivered.

    Parameters
    ----------
    seen
        The edition (jti) that was looked at.
    by
        `BY_DRIVER` or `BY_CHECKPOINT`.

    Raises
    ------
    BadInputError
        `reissue-changed`: what was looked at is not what waits now.
    """
    row = reissue_of(connection, number, PREPARED, SWITCHED)
    if row is None:
        return None
    if row.next_jti != seen:
        raise BadInputError("reissue-changed", number, number=number)
    if row.delivered_at is not None:
        return row
    told = replace(row, delivered_at=at, delivered_by=by)
    if row.state == PREPARED:
        done = switch_reissues(connection, [told], at=at)
        return done[0] if done else None
    change_reissues(connection, [(replace(told, changed_at=at), None)])
    return find_reissues(connection, [row.jti])[row.jti]


def drop_reissues(connection: sa.Connection, rows: Sequence[Reissue], *, at: datetime) -> None:
    """Give up prepared editions that nobody took: the old ones stay as they are."""
    changed_statuses = [row.next_jti for row in rows if row.next_jti]
    change_statuses(connection, changed_statuses, Status.WITHDRAWN, at=at)
    change_reissues(connection, [(replace(row, state=DROPPED, changed_at=at), None) for row in rows])


def go_on(connection: sa.Connection, rows: Sequence[Reissue], *, at: datetime) -> None:
    """Let held editions be taken all the same."""
    changed = [replace(row, state=PREPARED, changed_at=at) for row in rows if row.state == HELD]
    change_reissues(connection, [(row, prepared_of(connection, row.jti)) for row in changed])
