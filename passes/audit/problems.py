"""Join what the audit finds with the tickets and the townships: the list that supervision works through (L8, D7).

A finding that was sent to a unit stays on the list until another has verified and closed it, also where the audit no
longer finds it; one that was closed comes back as found where the record has changed since and the check still says no.
A blockage that only tracks contradict stays too until a person has looked: nothing automatic closes a case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.areas import township_at
from geodata.closures.closure import Closure
from geodata.closures.history_register import last_position
from geodata.closures.register import ids_with_tracks
from geodata.closures.sightings import BLOCKED, credible_blockage, last_word
from geodata.county import County
from geodata.findings import Finding
from geodata.tickets.register import list_tickets
from geodata.tickets.ticket import FOUND, Ticket
from geodata.townships import middle_of
from geodata.windows import parse_instant
from passes.audit.audit import AuditResult, run_audit

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding with how it is handled.

    Attributes
    ----------
    finding
        What the check says now; None where it says nothing any more and the ticket is still open.
    closure
        What it is about; None where it is about no closure that can be read.
    lonlat
        Where: the middle of the finding's road part, longitude first.
    township
        Whose road it is, "" where no township's area is known.
    since
        Since when, as the record has it.
    comes_back
        It was closed, and the record has changed since.
    """

    check: str
    subject: str
    finding: Finding | None
    ticket: Ticket
    closure: Closure | None
    lonlat: tuple[float, float] | None
    road_id: str
    township: str
    since: datetime | None
    comes_back: bool = False

    @property
    def state(self) -> str:
        """Return the ticket's state, "found" for one that comes back."""
        return FOUND if self.comes_back else self.ticket.state

    @property
    def who(self) -> str:
        """Return who set it up, as far as the record says."""
        return "" if self.closure is None else self.closure.requested_by


def list_problems(connection: sa.Connection, county: County, *, at: datetime) -> tuple[Problem, ...]:
    """Return every finding of this moment and every ticket not closed, ordered by check and subject."""
    return problems_of(connection, county, run_audit(connection, county, at=at), at=at)


def problems_of(connection: sa.Connection, county: County, audit: AuditResult, *, at: datetime) -> tuple[Problem, ...]:
    """Return every finding of an audit of this moment and every ticket not closed, ordered by check and subject."""
    findings = {(one.code, one.subject): one for one in audit.findings}
    tickets = {(one.check, one.subject): one for one in list_tickets(connection)}
    closures = {one.id: one for one in audit.closures}
    with_tracks = [closures[one] for one in ids_with_tracks(connection) if one in closures]
    doubtful = {("K7", one) for one in _doubtful(with_tracks, at)}
    closed = {key for key, one in tickets.items() if one.state == "closed"}
    wanted = sorted({*findings, *(tickets.keys() - closed), *(doubtful - closed)}, key=_order)
    found = []
    for check, subject in wanted:
        ticket = tickets.get((check, subject), Ticket(check, subject))
        found.append(_problem(findings.get((check, subject)), ticket, closures.get(subject), county))
    return tuple(_marked(connection, found))


def _doubtful(closures: Iterable[Closure], at: datetime) -> Iterable[str]:
    """Give the blockages that nobody registered whose last word of a person is "blocked", and tracks say otherwise."""
    for one in closures:
        word = last_word(one.observations, at) if one.is_blockage_only else None
        if word is not None and word.state == BLOCKED and credible_blockage(one.observations, at) is None:
            yield one.id


def _order(key: tuple[str, str]) -> tuple[int, str]:
    check, subject = key
    return int(check.removeprefix("K")), subject


def _problem(finding: Finding | None, ticket: Ticket, closure: Closure | None, county: County) -> Problem:
    spans = () if closure is None else [one for one in closure.extent if one.road_id in county.network.road_index]
    named = "" if finding is None else str(finding.facts.get("road") or "")
    span = next((one for one in spans if one.road_id == named), next(iter(spans), None))
    lonlat = _spot_told(finding) or (None if span is None else middle_of(span, county.network))
    told = "" if finding is None else str(finding.facts.get("township") or "")
    return Problem(
        check=ticket.check,
        subject=ticket.subject,
        finding=finding,
        ticket=ticket,
        closure=closure,
        lonlat=lonlat,
        road_id="" if span is None else span.road_id,
        township=told or ("" if lonlat is None else township_at(county.areas, *lonlat)),
        since=_since(finding, closure),
    )


def _spot_told(finding: Finding | None) -> tuple[float, float] | None:
    """Return the place that a finding tells of itself, longitude first."""
    spot = None if finding is None else finding.facts.get("lonlat")
    return (float(spot[0]), float(spot[1])) if isinstance(spot, list) else None


def _since(finding: Finding | None, closure: Closure | None) -> datetime | None:
    """Return since when: what the check says, else the start on record, else the first sight."""
    for key in ("approved_end", "first_seen_at", "since"):
        said = None if finding is None else finding.facts.get(key)
        if isinstance(said, str):
            return parse_instant(said, where=key)
    if closure is None:
        return None
    return closure.window.start if closure.window else min((one.at for one in closure.observations), default=None)


def _marked(connection: sa.Connection, problems: Iterable[Problem]) -> Iterable[Problem]:
    """Mark those that were closed before the record changed; of the others that were closed the finding is known."""
    for problem in problems:
        changed = (
            problem.finding is not None
            and problem.ticket.state == "closed"
            and last_position(connection, problem.subject) > problem.ticket.position
        )
        yield replace(problem, comes_back=True) if changed else problem
