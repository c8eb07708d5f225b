"""What a verifier trusts: a key list, a status list if it holds one, and the newest signed time it has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from passes.verifying.key_list import KeyList
from passes.verifying.status_list import Status, StatusList


class Statuses(Protocol):
    """Where statuses are read: a signed list, or the county's own register."""

    @property
    def issued_at(self) -> datetime:
        """When they were true."""

    def find(self, uri: str, index: int) -> Status | None:
        """Return the status of a slot; None where it is not held."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier holds.

    Attributes
    ----------
    keys
        The key list.
    statuses
        None: no status list is held.
    latest_seen
        Newest time in anything signed that this verifier ever accepted; None where it keeps none.
    others
        Statuses of other issuers' passes, by issuer, as far as their lists are held; they say nothing of the time here.
    older_list
        The status list that came but is not held, because one newer was seen before (`accept_newer`).
    """

    keys: KeyList
    statuses: Statuses | None = None
    latest_seen: datetime | None = None
    older_list: StatusList | None = None
    others: Mapping[str, Statuses] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def newest_signed(self) -> datetime | None:
        """The newest time that somebody else has vouched for: no right clock is behind it."""
        listed = None if self.statuses is None else self.statuses.issued_at
        return max((time for time in (self.keys.issued_at, listed, self.latest_seen) if time is not None), default=None)
