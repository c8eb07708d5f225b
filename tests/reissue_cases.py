"""Passes that a closure hits, on the small county: issue them, close roads, and see that each is valid exactly once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from geodata.closures.closing import Closing
from geodata.county import County
from geodata.store import transaction
from passes.editions.issuing import issue_pass
from passes.editions.pass_register import GRANTED, PASSES, PassRecord, editions_of
from passes.editions.status_register import status_of
from passes.reissue.finding import Approved, look_for_hits
from passes.reissue.planning import prepare_reissues
from passes.reissue.reissue_register import FOUND, PREPARED, Asked, Reissue, list_reissues
from passes.reissue.switch import end_old_codes, switch_reissues
from passes.verifying.status_list import Status
from tests.issuing_office import WHITELIST, applied, closing, office_of, put_on_whitelist
from tests.pass_applications import NOW

#: When the roads of these tests close: while the trucks, which leave at NOW + 1 h, may be on them.
CLOSES_AT = NOW + timedelta(minutes=30)
REOPENS_AT = NOW + timedelta(hours=30)


@dataclass
class Desk:
    """A county's office with its store, whose roads may be closed one after the other; each call is a transaction."""

    store: sa.Engine
    county: County
    key_file: Path
    closed: dict[str, tuple[Closing, ...]] = field(default_factory=dict)

    def issue(self, count: int = 1, **changes: object) -> list[PassRecord]:
        """Issue passes from A to C, which drive over c1."""
        with transaction(self.store, writes=True) as connection:
            put_on_whitelist(connection, *WHITELIST)
            office = office_of(connection, self.county)
            applications = [applied(office, id=f"a{number}", **changes) for number in range(count)]
            issued = [issue_pass(one, office, key_file=self.key_file, at=NOW).record for one in applications]
        return [one for one in issued if one is not None]

    def close(self, closure_id: str, *roads: str, start: datetime = CLOSES_AT, end: datetime = REOPENS_AT) -> None:
        """Have a closure of whole roads approved."""
        parts = (closing(self.county, road, start, end, closure_id=closure_id) for road in roads)
        self.closed[closure_id] = tuple(parts)

    def withdraw(self, closure_id: str) -> None:
        """Have an approval withdrawn."""
        del self.closed[closure_id]

    def look(self, at: datetime = NOW) -> int:
        """Look for hits."""
        approved = [Approved(closure_id, parts) for closure_id, parts in self.closed.items()]
        with transaction(self.store, writes=True) as connection:
            return look_for_hits(connection, approved, network=self.county.network, at=at)

    def prepare(self, at: datetime = NOW, most: int = 0) -> tuple[Reissue, ...]:
        """Plan what was found."""
        with transaction(self.store, writes=True) as connection:
            closings = [one for parts in self.closed.values() for one in parts]
            office = office_of(connection, self.county, closings=closings)
            found = list_reissues(connection, FOUND, asked=Asked(most=most))
            return prepare_reissues(office, found, key_file=self.key_file, at=at)

    def switch(self, at: datetime = CLOSES_AT, most: int = 0) -> tuple[Reissue, ...]:
        """Put in force what is due."""
        with transaction(self.store, writes=True) as connection:
            return switch_reissues(
                connection, list_reissues(connection, PREPARED, asked=Asked(due_at=at, most=most)), at=at
            )

    def rows(self, *states: str) -> tuple[Reissue, ...]:
        """Return the rows in these states."""
        with transaction(self.store, writes=False) as connection:
            return list_reissues(connection, *states)

    def end_old_codes(self, at: datetime = CLOSES_AT) -> int:
        """End the old codes that are due."""
        with transaction(self.store, writes=True) as connection:
            return end_old_codes(connection, at=at, most=1_000)

    def codes_of(self, number: str) -> list[str]:
        """Return the editions of a number whose codes are good, the oldest first."""
        with transaction(self.store, writes=False) as connection:
            editions = editions_of(connection, number)
            return [jti for jti in editions if status_of(connection, jti) is Status.VALID]

    def valid_of(self, number: str) -> list[str]:
        """Return the editions of a number that are in force, having seen that their codes are good."""
        with transaction(self.store, writes=False) as connection:
            query = sa.select(PASSES.c.jti).where(PASSES.c.number == number, PASSES.c.state == GRANTED)
            granted = list(connection.scalars(query))
        assert set(granted) <= set(self.codes_of(number))
        return granted

    def valid_once(self, records: Iterable[PassRecord]) -> list[str]:
        """Return the one valid edition of each number, having seen that there is exactly one."""
        valid = [self.valid_of(one.number) for one in records]
        assert [len(one) for one in valid] == [1] * len(valid)
        return [one[0] for one in valid]


def two_closures(desk: Desk) -> None:
    """Close one road at once, and on the next day the only other way as well."""
    desk.close("x", "c1")
    desk.close("y", "c3", start=NOW + timedelta(hours=15), end=NOW + timedelta(hours=30))
