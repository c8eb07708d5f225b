"""Say what of people may be deleted at an instant: its days are over, and nothing that is open leans on it.

What stays for good: the log with its digests, sightings, decisions and steps of tickets, which name offices and no
persons of a crew; slots of status lists, so that none is given twice; and the ways that trucks drive, without a truck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from geodata.closures.sightings import credible_blockage

if TYPE_CHECKING:
    from geodata.closures.closure import Closure
    from geodata.policy import Policy

#: For how many days each kind is kept, in the order in which they go: photos last, as what names them goes before.
_DAYS: Final[Mapping[str, Callable[[Policy], float]]] = MappingProxyType(
    {
        "positions": lambda policy: policy.tracks.keep_days,
        "tracks": lambda policy: policy.keeping.scans_days,
        "stops": lambda policy: policy.keeping.scans_days,
        "receipts": lambda policy: policy.keeping.scans_days,
        "truck_counts": lambda policy: policy.keeping.scans_days,
        "scans": lambda policy: policy.keeping.scans_days,
        "reports": lambda policy: policy.keeping.reports_days,
        "applications": lambda policy: policy.keeping.applications_days,
        "files": lambda policy: policy.keeping.applications_days,
        "passes": lambda policy: policy.keeping.passes_days,
        "photos": lambda policy: policy.keeping.photos_days,
    }
)
KINDS: Final = tuple(_DAYS)


@dataclass(frozen=True, slots=True)
class Trail:
    """Something that is kept of people, and what it belongs to.

    Attributes
    ----------
    key
        By which its register knows it.
    ended_at
        From when its days count.
    numbers, firms
        Of passes that it belongs to, and their firms.
    subjects
        Closures, blockages and scans that a ticket about it would name.
    """

    key: str | int
    ended_at: datetime
    numbers: frozenset[str] = frozenset()
    firms: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Holds:
    """What open matters hold back: pass numbers, firms, and subjects of tickets."""

    numbers: frozenset[str] = frozenset()
    firms: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()


def days_kept(kind: str, policy: Policy) -> float:
    """Return for how many days a kind is kept."""
    return _DAYS[kind](policy)


def ended_before(kind: str, policy: Policy, at: datetime) -> datetime:
    """Return the instant before which something of a kind must have ended to go."""
    return at - timedelta(days=days_kept(kind, policy))


def may_go(trail: Trail, before: datetime, holds: Holds) -> bool:
    """Tell whether something may be deleted: it ended before an instant, and no open matter holds it."""
    if trail.ended_at >= before:
        return False
    held = (trail.numbers & holds.numbers, trail.firms & holds.firms, trail.subjects & holds.subjects)
    return not any(held)


def standing_subjects(closures: Iterable[Closure], at: datetime) -> frozenset[str]:
    """Return the ids of what still stands on a road: a closure within its window, or a credible blockage."""
    return frozenset(
        one.id
        for one in closures
        if (one.window is not None and one.window.holds(at)) or credible_blockage(one.observations, at) is not None
    )
