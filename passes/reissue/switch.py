"""Put prepared editions in force: the last step of re-issuing, in one transaction with everything it changes.

1. Before the switch the old edition is in force and the new one known to nobody; after it the new one is in force, and
the register counts the old one as replaced. It comes when the driver takes the new edition or a guard hands it over, or
when the road closes, by the clock of whoever works.
2. The code of the old one stays good (its slot in the status list says valid) until the new one is delivered and the
road is closed, whichever is later: nobody stands at a checkpoint with nothing that is valid. Delivered means that the
driver took it, that a guard handed it over, or that a message took it to the driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.collector import collector_resting
from geodata.errors import BadInputError
from passes.editions.pass_register import GRANTED, REPLACED, SUSPENDED, PassEvent, PassRecord, record_events
from passes.editions.status_register import change_statuses, statuses_of
from passes.reissue.outgoing_register import CODE_ENDED, due_outgoing, told_by_message
from passes.reissue.planning import REROUTED
from passes.reissue.prepared_register import drop_prepared, grant_prepared, read_prepared, read_states, replace_granted
from passes.reissue.reissue_register import (
    BY_MESSAGE,
    DROPPED,
    HELD,
    OUTGOING,
    OVERTAKEN,
    PREPARED,
    SWITCHED,
    Reissue,
    change_reissues,
    closures_hitting,
    find_reissues,
    reissue_of,
)
from passes.verifying.status_list import Status

if TYPE_CHECKING:
    import sqlalchemy as sa


def waiting_edition(connection: sa.Connection, number: str) -> tuple[Reissue, PassRecord] | None:
    """Return the edition that waits for the driver of a pass to take it; None where none waits."""
    row = reissue_of(connection, number, PREPARED)
    return None if row is None else (row, read_prepared(connection, [row.next_jti])[0])


@collector_resting()
def switch_reissues(connection: sa.Connection, rows: Sequence[Reissue], *, at: datetime) -> tuple[Reissue, ...]:
    """Put the prepared editions of rows in force, in the caller's transaction; return the rows as they are then.

    A pass that was changed otherwise meanwhile, such as renewed or withdrawn, keeps what it was changed to: its
    prepared edition is given up. One that is suspended stays so and waits.

    Raises
    ------
    BadInputError
        `reissue-changed`, `pass-state-changed`: somebody else was faster.
    """
    states = read_states(connection, [row.jti for row in rows])
    going = [row for row in rows if states[row.jti] == GRANTED]
    overtaken = [row for row in rows if states[row.jti] not in {GRANTED, SUSPENDED}]
    grant_prepared(connection, [row.next_jti for row in going])
    replace_granted(connection, [(row.jti, row.next_jti) for row in going])
    record_events(connection, _events(connection, going, at=at))
    _give_up(connection, overtaken, at=at)
    given_up = [replace(row, state=OVERTAKEN, changed_at=at) for row in overtaken]
    switched = _ended(connection, [replace(row, switched_at=at, changed_at=at) for row in going], at=at)
    change_reissues(connection, [*switched, *given_up])
    return tuple(replace(row, version=row.version + 1) for row in (*switched, *given_up))


def _events(connection: sa.Connection, rows: Sequence[Reissue], *, at: datetime) -> list[PassEvent]:
    closures = closures_hitting(connection, [row.jti for row in rows])
    begun = [
        PassEvent(
            row.next_jti,
            at,
            REROUTED,
            "",
            {"replaces": row.jti, "closures": list(closures[row.jti]), "by": row.delivered_by},
        )
        for row in rows
    ]
    return [*begun, *(PassEvent(row.jti, at, REPLACED, "", {"replaced_by": row.next_jti}) for row in rows)]


def _ended(connection: sa.Connection, rows: Sequence[Reissue], *, at: datetime) -> list[Reissue]:
    """End the old codes of rows whose new edition is delivered and whose road is closed; the others stay good."""
    told = told_by_message(connection, [row.jti for row in rows if row.delivered_at is None])
    known = [replace(row, delivered_at=at, delivered_by=BY_MESSAGE) if row.jti in told else row for row in rows]
    due = {row.jti for row in known if row.delivered_at is not None and row.closes_at <= at}
    _end_codes(connection, [row.jti for row in known if row.jti in due], at=at)
    return [replace(row, state=SWITCHED if row.jti in due else OUTGOING) for row in known]


def _end_codes(connection: sa.Connection, jtis: Sequence[str], *, at: datetime) -> None:
    """Mark codes as replaced in the status list, but for those that something else has made void."""
    statuses = statuses_of(connection, jtis)
    valid = [jti for jti in jtis if statuses[jti] in {Status.VALID, Status.SUSPENDED}]
    change_statuses(connection, valid, Status.REPLACED, at=at)
    record_events(connection, [PassEvent(jti, at, CODE_ENDED, "", {}) for jti in valid])


def end_old_codes(connection: sa.Connection, *, at: datetime, most: int) -> int:
    """End the old codes that are due, at most so many, in the caller's transaction; return how many."""
    jtis = due_outgoing(connection, at=at, most=most)
    told = told_by_message(connection, jtis)
    rows = [replace(one, state=SWITCHED, changed_at=at) for one in find_reissues(connection, jtis).values()]
    by_message = [
        replace(one, delivered_at=at, delivered_by=BY_MESSAGE) if one.delivered_at is None and one.jti in told else one
        for one in rows
    ]
    _end_codes(connection, jtis, at=at)
    change_reissues(connection, by_message)
    return len(rows)


def take_edition(connection: sa.Connection, number: str, *, seen: str, by: str, at: datetime) -> Reissue | None:
    """Let a driver or a checkpoint take the new edition of a pass: it is in force from now on.

    Taking it twice changes nothing; after the road closed it ends the old code, for now the new one is delivered.

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
    row = reissue_of(connection, number, PREPARED, OUTGOING, SWITCHED)
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
    (ended,) = _ended(connection, [replace(told, changed_at=at)], at=at)
    change_reissues(connection, [ended])
    return find_reissues(connection, [row.jti])[row.jti]


def _give_up(connection: sa.Connection, rows: Iterable[Reissue], *, at: datetime) -> None:
    """Forget prepared editions; their slots in the status list are void."""
    jtis = [row.next_jti for row in rows if row.next_jti]
    change_statuses(connection, jtis, Status.WITHDRAWN, at=at)
    drop_prepared(connection, jtis)


def drop_reissues(connection: sa.Connection, rows: Sequence[Reissue], *, at: datetime) -> None:
    """Give up prepared editions that nobody took: the old ones stay as they are."""
    _give_up(connection, rows, at=at)
    change_reissues(connection, [replace(row, state=DROPPED, changed_at=at) for row in rows])


def go_on(connection: sa.Connection, rows: Sequence[Reissue], *, at: datetime) -> None:
    """Let held editions be taken all the same."""
    change_reissues(connection, [replace(row, state=PREPARED, changed_at=at) for row in rows if row.state == HELD])
