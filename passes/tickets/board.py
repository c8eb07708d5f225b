"""Write the board from the audit, and read its rows with the closures that they are about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from geodata.closures.closure import Closure
from geodata.closures.register import closure_set_version, list_closures
from geodata.county import County
from geodata.errors import SurroundingsError
from geodata.findings import Finding
from geodata.tickets.board_register import BoardRow, board_state, put_findings, row_of_ticket, tell_board_state
from geodata.tickets.news_register import note_news
from passes.audit.audit import run_audit
from passes.audit.problems import Problem, problems_of
from passes.tickets.clock import roads_to_reopen

if TYPE_CHECKING:
    import sqlalchemy as sa

    from routing.engine import Engine


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the board with the closure it is about.

    Attributes
    ----------
    closure
        None where it is about none that can be read, or its roads are not on the map.
    """

    row: BoardRow
    closure: Closure | None

    @property
    def check(self) -> str:
        """Which check."""
        return self.row.check

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.row.subject

    @property
    def key(self) -> tuple[str, str]:
        """Check and subject."""
        return self.row.key

    @property
    def lonlat(self) -> tuple[float, float] | None:
        """Where, longitude first; None where it is at no place."""
        return None if self.row.lon is None or self.row.lat is None else (self.row.lon, self.row.lat)

    @property
    def finding(self) -> Finding | None:
        """What the check said when it was last run; None where it says nothing any more."""
        if not self.row.is_found:
            return None
        return Finding(self.row.check, self.row.clause, self.row.subject, self.row.facts)


@dataclass(frozen=True, slots=True)
class BoardAudit:
    """What every check said at an instant, of one version of the register.

    Attributes
    ----------
    reopen
        Ids of the closures whose roads are to be reopened.
    """

    version: int
    at: datetime
    rows: tuple[BoardRow, ...]
    reopen: tuple[str, ...] = ()


def minute_of(at: datetime) -> int:
    """Return the number of a minute: the audit is run again in each."""
    return int(at.timestamp() // 60)


def board_time(connection: sa.Connection) -> datetime:
    """Return the minute in which the checks were last run for the board."""
    return datetime.fromtimestamp(board_state(connection)[1] * 60, UTC)


def is_board_fresh(connection: sa.Connection, *, at: datetime, slack_min: int = 0) -> bool:
    """Tell whether the board is of this version of the register and of this minute, or not older than some minutes."""
    version, minute = board_state(connection)
    return version == closure_set_version(connection) and 0 <= minute_of(at) - minute <= slack_min


def judge_board(
    connection: sa.Connection, county: County, *, at: datetime, ready_engine: Callable[[], Engine] | None = None
) -> BoardAudit:
    """Run every check, and return what the board is to say; see `run_audit` for the engine."""
    audit = run_audit(connection, county, at=at, ready_engine=ready_engine)
    rows = tuple(problem_row(one, county, at) for one in problems_of(connection, county, audit, at=at))
    reopen = roads_to_reopen(audit.closures, county, at=at)
    return BoardAudit(closure_set_version(connection), at, rows, reopen)


def write_board(connection: sa.Connection, audit: BoardAudit) -> bool:
    """Write what was judged onto the board, in a writer's transaction; not where the register has changed since."""
    if closure_set_version(connection) != audit.version:
        return False
    note_news(connection, audit.rows, at=audit.at)
    put_findings(connection, audit.rows)
    tell_board_state(connection, audit.version, minute_of(audit.at))
    return True


def problem_row(problem: Problem, county: County, at: datetime) -> BoardRow:
    """Return a problem's row; a finding that nobody has sent yet has its time to be sent."""
    policy = county.settings.policy
    finding, lonlat = problem.finding, problem.lonlat
    cause = problem.closure.cause if problem.closure is not None and problem.closure.window else ""
    known = BoardRow(problem.check, problem.subject, at)
    if problem.ticket.steps:
        known = row_of_ticket(problem.ticket)
    due_at = known.due_at
    if problem.comes_back or not problem.ticket.steps:
        due_at = at + timedelta(hours=policy.tickets.send_within_h)
    return BoardRow(
        problem.check,
        problem.subject,
        at if problem.comes_back else known.changed_at,
        state=problem.state,
        unit=known.unit,
        level=0 if problem.comes_back else known.level,
        steps=known.steps,
        is_reopening=known.is_reopening and not problem.comes_back,
        due_at=due_at,
        is_found=finding is not None,
        comes_back=problem.comes_back,
        township=problem.township,
        road_id=problem.road_id,
        lon=None if lonlat is None else lonlat[0],
        lat=None if lonlat is None else lonlat[1],
        put_up_by=problem.who,
        cause=cause,
        since=problem.since,
        clause="" if finding is None else finding.clause,
        facts={} if finding is None else finding.facts,
    )


def with_closures(connection: sa.Connection, rows: Sequence[BoardRow]) -> tuple[Listed, ...]:
    """Return rows with their closures; one that somebody made unreadable (K14) is without."""
    closures = readable_closures(connection, sorted({one.subject for one in rows if one.subject}))
    return tuple(Listed(one, closures.get(one.subject)) for one in rows)


def readable_closures(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Closure]:
    """Return closures by their ids, without those that somebody made unreadable (K14)."""
    try:
        return {one.id: one for one in list_closures(connection, ids)}
    except SurroundingsError:
        if len(ids) == 1:
            return {}
        # One of them was made unreadable: halve until it stands alone.
        middle = len(ids) // 2
        return readable_closures(connection, ids[:middle]) | readable_closures(connection, ids[middle:])
