"""The regime's conditions as rules: one rule a function, each says no with a `Finding` or says nothing.

A condition speaks of the crew, the driver, the vehicle or the goods, and is of one of four kinds: not older than so
many hours, valid until a time, a flag, or something that must be absent. Its name, numbers and clause are data of the
regime (`geodata.policy`); nothing here knows what is tested, disinfected or forbidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from geodata.findings import Finding
from geodata.policy import Condition
from geodata.windows import format_instant
from passes.applications.application import DRIVER, PROOFS, Application, Record, Subject, crew_labels
from passes.applications.member_keys import flag_keys

ACCEPTED: Final = "negative"
PENDING: Final = "pending"
#: Codes that say "late", which a condition with `late = "follow_up"` turns from a refusal into a note (X6).
_LATE_CODES: Final = frozenset({"condition-missing", "condition-expired", "condition-ends-before-departure"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One counted moment, such as a sample taken or a disinfection done, with its result and proof."""

    at: datetime
    result: str
    proof: str
    path: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition asked of one subject at one moment.

    Attributes
    ----------
    label
        How the subject may be named to others: a masked name, a plate, a kind of goods.
    is_person
        A person's sample has a result; a vehicle's disinfection need not.
    samples
        Counted moments, newest first (kind `max_age`).
    further
        What is stated of the whole trip.
    marks
        What is known of the subject; only looked up for conditions that something be absent.
    """

    condition: Condition
    path: str
    label: str
    is_person: bool
    record: Record
    further: Record
    samples: tuple[Sample, ...]
    marks: frozenset[str]
    at: datetime
    depart_at: datetime

    def finding(self, code: str, *, path: str = "", **facts: object) -> Finding:
        """Make the finding of a rule about this condition and subject; `nearest` is where it can be met again (H2)."""
        shown = {key: format_instant(fact) if isinstance(fact, datetime) else fact for key, fact in facts.items()}
        named = {
            "condition": self.condition.id,
            "name": self.condition.name or self.condition.id,
            "subject": self.label,
            "path": path or self.path,
            "nearest": self.condition.nearest,
        }
        return Finding(code, self.condition.clause or "policy", self.label, {**named, **shown})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a subject stands to a condition.

    Attributes
    ----------
    ends_at
        When the condition lapses; None where it never does, or is not met.
    pending
        It is met by an older result while the newest is not known yet (L2).
    """

    condition: Condition
    path: str
    label: str
    ends_at: datetime | None
    pending: bool
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def _count_key(condition: Condition, is_person: bool) -> str:
    return condition.count_from or ("sampled_at" if is_person else "done_at")


def _samples(condition: Condition, record: Record, is_person: bool) -> tuple[Sample, ...]:
    """Return the counted moments of a record and its older ones; an older one without proof shares the newer's."""
    key = _count_key(condition, is_person)
    found = [
        Sample(one.times[key], one.result, one.proof or record.proof or PROOFS[0], f"{one.path}.{key}")
        for one in (record, *record.earlier)
        if key in one.times
    ]
    return tuple(sorted(found, key=lambda sample: sample.at, reverse=True))


def _longest(asked: Asked) -> timedelta:
    hours = asked.condition.max_age_h
    return timedelta.max if hours is None else timedelta(hours=hours)


def _has_result(asked: Asked, sample: Sample) -> bool:
    """Tell whether a sample's result is known; of a person one that is not stated is not known."""
    return sample.result != PENDING and (bool(sample.result) or not asked.is_person)


def _is_accepted(asked: Asked, sample: Sample) -> bool:
    """Tell whether a sample has the accepted result; what is no person need not state any."""
    return _has_result(asked, sample) and sample.result in {"", ACCEPTED}


def decided_sample(asked: Asked) -> Sample | None:
    """Return the newest sample whose result is known: only that one says how a person stands."""
    return next((one for one in asked.samples if _has_result(asked, one)), None)


def relied_sample(asked: Asked) -> Sample | None:
    """Return the sample that meets the condition, None where none does.

    A pending result is not yet a proof (L2 with L4): by policy it never counts, counts only while an older accepted
    result is still in force and then no longer than that one, or counts by itself.
    """
    newest = asked.samples[0] if asked.samples else None
    if newest is None or newest.result != PENDING:
        return newest if newest is not None and _is_accepted(asked, newest) else None
    if asked.condition.pending == "yes":
        return newest
    older = decided_sample(asked) if asked.condition.pending == "with_older" else None
    counts = older is not None and _is_accepted(asked, older) and asked.at - older.at <= _longest(asked)
    return older if counts else None


def is_stated(asked: Asked) -> Finding | None:
    """Refuse where nothing is stated that the condition could rest on; a result needs its time (L4, X4, X5)."""
    if asked.condition.kind == "max_age":
        key = _count_key(asked.condition, asked.is_person)
        missing = not asked.samples or (bool(asked.record.result) and key not in asked.record.times)
    elif asked.condition.kind == "valid_until":
        key = _until_key(asked.condition)
        missing = key not in asked.record.times
    else:
        key = flag_keys(asked.condition)[-1]
        missing = not any(_flag_of(asked, key) for key in flag_keys(asked.condition))
    return asked.finding("condition-missing", key=key) if missing else None


def result_is_stated(asked: Asked) -> Finding | None:
    """Refuse a person's sample that says nothing of its result: not known is not accepted (L4)."""
    if asked.is_person and asked.samples and not asked.samples[0].result:
        return asked.finding("condition-missing", key="result")
    return None


def is_not_in_the_future(asked: Asked) -> Finding | None:
    """Refuse a counted moment later than the moment of asking: nobody was sampled tomorrow (L4)."""
    times = [(sample.at, sample.path) for sample in asked.samples]
    if asked.condition.kind == "flag":
        times = [
            (record.times[key], f"{record.path}.{key}".lstrip("."))
            for record in (asked.record, asked.further)
            for key in flag_keys(asked.condition)
            if key in record.times
        ]
    late = next(((time, path) for time, path in times if time > asked.at), None)
    return late and asked.finding("condition-in-future", path=late[1], time=late[0])


def is_recent_enough(asked: Asked) -> Finding | None:
    """Refuse what is older than the condition's most hours; exactly so old is still accepted (L4)."""
    if not asked.samples or asked.at - asked.samples[0].at <= _longest(asked):
        return None
    newest = asked.samples[0].at
    return asked.finding(
        "condition-expired",
        max_age_h=asked.condition.max_age_h,
        counted_from=newest,
        ends_at=newest + _longest(asked),
    )


def is_not_past(asked: Asked) -> Finding | None:
    """Refuse a paper whose last moment is over; like every condition it holds through the instant of its end."""
    ends_at = asked.record.times.get(_until_key(asked.condition))
    if ends_at is None or asked.at <= ends_at:
        return None
    return asked.finding("condition-expired", ends_at=ends_at, max_age_h=None)


def result_is_accepted(asked: Asked) -> Finding | None:
    """Refuse where the newest known result is not the accepted one, whatever is still pending (L4)."""
    decided = decided_sample(asked)
    if decided is None or _is_accepted(asked, decided):
        return None
    return asked.finding("condition-failed", path=decided.path, result=decided.result)


def pending_is_covered(asked: Asked) -> Finding | None:
    """Refuse a pending result that the policy does not let stand, alone or at all (L2 with L4).

    Beside a result that is known and not accepted it is not spoken of.
    """
    if not asked.samples or asked.samples[0].result != PENDING or relied_sample(asked) is not None:
        return None
    if result_is_accepted(asked) is not None:
        return None
    alone = asked.condition.pending == "with_older"
    return asked.finding("condition-pending-alone" if alone else "condition-pending", path=asked.samples[0].path)


def proof_is_strong_enough(asked: Asked) -> Finding | None:
    """Refuse a statement proved more weakly than the policy asks: declared < seen < imported (L4)."""
    relied = relied_sample(asked)
    proof = relied.proof if relied is not None else asked.record.proof or PROOFS[0]
    if PROOFS.index(proof) >= PROOFS.index(asked.condition.proof):
        return None
    return asked.finding("proof-too-weak", proof=proof, least=asked.condition.proof)


def is_absent(asked: Asked) -> Finding | None:
    """Refuse what must not be there: a person who is to be held (L2, X8), goods that must not move."""
    found = sorted(asked.marks & set(asked.condition.values or (asked.condition.id,)))
    if not found:
        return None
    return asked.finding("person-held" if asked.is_person else "condition-present", found=found[0])


def holds_at_departure(asked: Asked) -> Finding | None:
    """Refuse what is in force now but lapses before the trip begins (L4)."""
    ends_at = end_of(asked)
    if ends_at is None or not asked.at <= ends_at < asked.depart_at:
        return None
    return asked.finding("condition-ends-before-departure", ends_at=ends_at, depart_at=asked.depart_at)


_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
Rule = Callable[[Asked], Finding | None]
#: Which rules a kind of condition is asked by.
RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "max_age": (
        is_stated,
        result_is_stated,
        is_not_in_the_future,
        is_recent_enough,
        result_is_accepted,
        pending_is_covered,
        proof_is_strong_enough,
        holds_at_departure,
    ),
    "valid_until": (is_stated, is_not_past, proof_is_strong_enough, holds_at_departure),
    "flag": (is_stated, is_not_in_the_future, proof_is_strong_enough),
    "absent": (is_absent,),
}


def end_of(asked: Asked) -> datetime | None:
    """Return the last instant of a condition for its subject, None where it never lapses or is not met."""
    if asked.condition.kind == "valid_until":
        return asked.record.times.get(_until_key(asked.condition))
    relied = relied_sample(asked) if asked.condition.kind == "max_age" else None
    if relied is None or asked.condition.max_age_h is None or relied.at > asked.at:
        return None
    return relied.at + _longest(asked)


def _until_key(condition: Condition) -> str:
    return condition.count_from or "valid_until"


def _flag_of(asked: Asked, key: str) -> bool:
    """Tell whether a flag is set for the subject or for the whole trip: true, a time, or a reference number."""
    return any(key in one.times or bool(one.values.get(key)) for one in (asked.record, asked.further))


def _subjects(application: Application, condition: Condition) -> list[tuple[Subject, str, bool]]:
    """Return what a condition speaks of: what is stated, its label, and whether it is a person."""
    if condition.subject == "vehicle":
        return [(application.vehicle.stated, application.vehicle.plate, False)]
    if condition.subject == "goods":
        return [(application.goods.stated, application.goods.kind, False)]
    crew = zip(application.crew, crew_labels(application.crew), strict=True)
    return [(one.stated, label, True) for one, label in crew if condition.subject == "crew" or one.role == DRIVER]


def _known_result(record: Record) -> str:
    """Return the newest result of a record and its older ones that is known."""
    known = [one for one in (record, *record.earlier) if one.result not in {"", PENDING}]
    newest = max(known, key=lambda one: max(one.times.values(), default=_LONG_AGO), default=record)
    return newest.result


def _marks(application: Application, stated: Subject) -> frozenset[str]:
    """Return what is known of a subject: flags that are set, known results, the kind of goods, a stay."""
    records = (stated.record, *stated.records.values())
    marks = {key for record in records for key, value in record.values.items() if value is True}
    marks.update(_known_result(record) for record in records)
    marks.update([application.goods.kind] if stated.path == "goods" else [])
    person = next((one for one in application.crew if one.stated is stated), None)
    marks.update(["stayed_in_risk_area"] if person is not None and person.stayed_in_risk_area else [])
    return frozenset(marks - {""})


def _ask(application: Application, condition: Condition, subject: tuple[Subject, str, bool], at: datetime) -> Asked:
    stated, label, is_person = subject
    record = stated.records.get(condition.id, stated.record)
    return Asked(
        condition=condition,
        path=stated.path,
        label=label,
        is_person=is_person,
        record=record,
        further=application.stated,
        samples=_samples(condition, record, is_person),
        marks=_marks(application, stated) if condition.kind == "absent" else frozenset(),
        at=at,
        depart_at=application.depart_at,
    )


def _said(asked: Asked) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Ask every rule of the condition's kind; return findings, and notes on lateness that is only followed up (X6)."""
    said = [finding for rule in RULES[asked.condition.kind] if (finding := rule(asked)) is not None]
    late = _LATE_CODES if asked.condition.late == "follow_up" else frozenset()
    notes = (asked.finding("condition-follow-up", missed=one.code) for one in said if one.code in late)
    return tuple(one for one in said if one.code not in late), tuple(notes)


def _stand(asked: Asked) -> Standing:
    findings, notes = _said(asked)
    pending = bool(asked.samples) and asked.samples[0].result == PENDING
    return Standing(
        condition=asked.condition,
        path=asked.path,
        label=asked.label,
        ends_at=None if findings else end_of(asked),
        pending=pending and not findings,
        findings=findings,
        notes=notes,
    )


def check_conditions(
    application: Application, conditions: Sequence[Condition], *, area_kinds: frozenset[str], at: datetime
) -> tuple[Standing, ...]:
    """Ask every condition of every subject that it speaks of.

    Parameters
    ----------
    area_kinds
        Kinds of the areas in force in which the trip has an end; a condition with `applies_to` counts only there (L3).
    at
        The moment of asking.
    """
    counted = [one for one in conditions if not one.applies_to or area_kinds & set(one.applies_to)]
    return tuple(
        _stand(_ask(application, condition, subject, at))
        for condition in counted
        for subject in _subjects(application, condition)
    )


def stays_for_review(application: Application, conditions: Sequence[Condition]) -> tuple[Finding, ...]:
    """Note who stayed in a risk area (X7): for a person to look at, never a refusal unless a condition says so.

    Passing through is not asked at all: no township may hold that against a truck (L6).
    """
    named = {value for one in conditions if one.kind == "absent" for value in (*one.values, one.id)}
    if "stayed_in_risk_area" in named:
        return ()
    crew = zip(application.crew, crew_labels(application.crew), strict=True)
    return tuple(
        Finding("stay-for-review", "X7", label, {"subject": label, "path": one.stated.path})
        for one, label in crew
        if one.stayed_in_risk_area
    )
