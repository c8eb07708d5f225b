"""The queue that an officer finds in the morning: what is clean, and what is not, in groups of one cause.

Every waiting application is judged as of now. A judgement is used again while nothing that it rests on has changed:
the application, the closures, the whitelist, the rules, and the time by more than a few minutes; issuing asks every
rule again in any case.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.store import CLOSURE_SET_VERSION, read_counter
from geodata.windows import EARLIEST
from passes.applications.check import CheckedApplication, check_application
from passes.applications.office import Office
from passes.intake.handling import judgement_of, read_filed
from passes.intake.intake_register import APPLIED, IntakeRecord, Judgement, list_intake
from passes.keyring.key_register import open_encryption_key
from passes.whitelist.register import whitelist_mark

#: So long a judgement may stand though the clock goes on: conditions lapse, departures come near.
STANDS_FOR: Final = timedelta(minutes=10)
#: Judgements remembered at most, of applications that may be gone by now.
MOST_REMEMBERED: Final = 20_000
#: Facts that make two findings of one code the same cause: one answer then serves both.
_CAUSE_FACTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "no-route": ("blocking",),
        "unreachable": ("destination",),
        "receiving-point-missing": ("enterprise",),
        "enterprise-not-listed": ("enterprise",),
        "enterprise-removed": ("enterprise",),
        "place-unknown": ("place",),
    }
)
_USUAL_FACTS: Final = ("condition",)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why applications cannot be granted as they are: a finding's code and the facts that one answer depends on."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A waiting application and what the rules say of it now.

    Attributes
    ----------
    fault
        Why it cannot be judged at all, such as a place that the county no longer has.
    """

    record: IntakeRecord
    judgement: Judgement
    fault: BadInputError | None = None

    @property
    def is_clean(self) -> bool:
        """Tell whether a pass may be issued."""
        return self.fault is None and not self.judgement.findings

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Return every cause once, in order."""
        if self.fault is not None:
            return (cause_of(Finding(self.fault.code, facts=dict(self.fault.facts))),)
        return tuple(sorted({cause_of(one) for one in self.judgement.findings}, key=_order))


@dataclass(frozen=True, slots=True)
class Group:
    """Applications that one answer serves: they have the same causes, all of them."""

    causes: tuple[Cause, ...]
    waiting: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class MorningQueue:
    """Waiting applications as of a moment: clean ones, and groups; each by departure, groups by their first one."""

    clean: tuple[Judged, ...]
    groups: tuple[Group, ...]
    at: datetime

    @property
    def count(self) -> int:
        """How many applications wait."""
        return len(self.clean) + sum(len(one.waiting) for one in self.groups)


@dataclass(eq=False)
class Judgements:
    """What was judged before, for one process; safe for many threads."""

    _known: OrderedDict[tuple[object, ...], Judged] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: tuple[object, ...]) -> Judged | None:
        """Return a judgement that rests on exactly this, None where there is none."""
        with self._lock:
            return self._known.get(key)

    def remember(self, key: tuple[object, ...], judged: Judged) -> None:
        """Remember a judgement; the oldest are forgotten."""
        with self._lock:
            self._known[key] = judged
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)


def _order(cause: Cause) -> tuple[Any, ...]:
    return cause.code, cause.facts


def cause_of(finding: Finding) -> Cause:
    """Return the cause that a finding is one case of."""
    named = _CAUSE_FACTS.get(finding.code, _USUAL_FACTS)
    return Cause(finding.code, tuple((key, _plain(finding.facts[key])) for key in named if key in finding.facts))


def _plain(fact: object) -> str:
    return ", ".join(sorted(str(one) for one in fact)) if isinstance(fact, list | tuple) else str(fact)


def check_filed(office: Office, record: IntakeRecord, *, key_file: Path, at: datetime) -> CheckedApplication:
    """Check a kept application as of a moment, with its route: what an officer sees in full.

    Raises
    ------
    BadInputError
        Why it cannot be judged.
    """
    return check_application(read_filed(office, record, key_file), office, at=at)


def judge_waiting(
    office: Office, records: Iterable[IntakeRecord], judgements: Judgements, *, key_file: Path, at: datetime
) -> tuple[Judged, ...]:
    """Judge applications as of a moment, those judged before on the same ground from memory."""
    ground = (
        read_counter(office.connection, CLOSURE_SET_VERSION),
        whitelist_mark(office.connection),
        office.policy.regime.id,
        office.policy.regime.edition,
        office.trip_map.network.digest,
        (at - EARLIEST) // STANDS_FOR,
    )
    judged = []
    for record in records:
        key = (record.id, record.version, *ground)
        known = judgements.find(key)
        if known is None:
            known = _judge(office, record, key_file, at)
            judgements.remember(key, known)
        judged.append(known)
    return tuple(judged)


def _judge(office: Office, record: IntakeRecord, key_file: Path, at: datetime) -> Judged:
    try:
        checked = check_filed(office, record, key_file=key_file, at=at)
    except BadInputError as fault:
        return Judged(record, Judgement(judged_at=at), fault)
    return Judged(record, judgement_of(checked, office, at=at))


def split_queue(judged: Iterable[Judged], *, at: datetime) -> MorningQueue:
    """Split judged applications into clean ones and groups of one cause, each by departure."""
    ordered = sorted(judged, key=lambda one: (one.record.depart_at or at, one.record.id))
    groups: dict[tuple[Cause, ...], list[Judged]] = {}
    for one in ordered:
        if not one.is_clean:
            groups.setdefault(one.causes, []).append(one)
    return MorningQueue(
        clean=tuple(one for one in ordered if one.is_clean),
        groups=tuple(Group(causes, tuple(waiting)) for causes, waiting in groups.items()),
        at=at,
    )


def morning_queue(office: Office, judgements: Judgements, *, key_file: Path, at: datetime) -> MorningQueue:
    """Return every waiting application, split and grouped.

    Raises
    ------
    SurroundingsError
        What is wrong with the key file.
    """
    waiting = list_intake(office.connection, APPLIED)
    if waiting:
        open_encryption_key(office.connection, key_file)
    return split_queue(judge_waiting(office, waiting, judgements, key_file=key_file, at=at), at=at)
