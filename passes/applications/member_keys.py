"""Which members an application may hold, for the conditions that read them: told once for thousands of applications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from geodata.policy import Condition

SIZES_M: Final = {"height_m": 6.0, "width_m": 6.0, "length_m": 60.0}
_PERSON_KEYS: Final = ("name", "id_number", "phone", "role", "stayed_in_risk_area")
_RECORD_KEYS: Final = ("result", "proof", "earlier")
_VEHICLE_KEYS: Final = ("plate", "link", "guaranteed", "seats", "axles", "gross_weight_t", "hazardous_goods")
_GOODS_KEYS: Final = ("kind", "name", "weight_t")
_TOP_KEYS: Final = (
    "id",
    "enterprise",
    "vehicle",
    "crew",
    "goods",
    "origin",
    "destination",
    "entry_point",
    "via",
    "depart_at",
    "round_trip",
    "prereported_at",
)
#: Sets of conditions remembered at most: a county has one.
_MOST_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class RecordKeys:
    """What a record reads, in order: times and values; and every member that it or an older one may hold."""

    times: tuple[str, ...]
    values: tuple[str, ...]
    of_older: frozenset[str]
    known: frozenset[str]


@lru_cache(maxsize=512)
def record_keys(keys: tuple[str, ...]) -> RecordKeys:
    """Return what a record reads of these members; those that end in `_at` or `_until` are times."""
    once = tuple(dict.fromkeys(keys))
    times = tuple(key for key in once if key.endswith(("_at", "_until")))
    values = tuple(key for key in once if key not in times)
    return RecordKeys(times, values, frozenset({*once, "result", "proof"}), frozenset({*once, *_RECORD_KEYS}))


def flag_keys(condition: Condition) -> tuple[str, ...]:
    """Return the members in which a flag may be stated: as the policy names it, else its id or the id as a time."""
    return (condition.count_from,) if condition.count_from else (condition.id, f"{condition.id}ed_at")


def own_keys(condition: Condition) -> tuple[str, ...]:
    """Return the members that a statement under a condition's own id may hold."""
    return ("sampled_at", "done_at", "valid_until", *flag_keys(condition), condition.id, *condition.values)


def _stated_keys(conditions: Sequence[Condition]) -> tuple[str, ...]:
    """Return the further members that these conditions read."""
    keys: list[str] = []
    for condition in conditions:
        keys += [condition.id, *flag_keys(condition), *(["valid_until"] if condition.kind == "valid_until" else [])]
    return tuple(keys)


@dataclass(frozen=True, slots=True)
class SubjectKeys:
    """What may be stated of one kind of subject: for which conditions, in which members; and all that it may hold."""

    conditions: tuple[Condition, ...]
    stated: tuple[str, ...]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class MemberKeys:
    """What an application may hold for a set of conditions, at the top and of each kind of subject."""

    conditions: tuple[Condition, ...]
    top: frozenset[str]
    stated: tuple[str, ...]
    crew: SubjectKeys
    vehicle: SubjectKeys
    goods: SubjectKeys


def _subject(
    conditions: Sequence[Condition], subjects: Sequence[str], own: Sequence[str], stated: Sequence[str] = ()
) -> SubjectKeys:
    about = tuple(one for one in conditions if one.subject in subjects)
    keys = (*stated, *_stated_keys(about))
    return SubjectKeys(about, keys, frozenset({*own, *keys, *_RECORD_KEYS}))


_KNOWN: Final[dict[tuple[int, ...], MemberKeys]] = {}


def member_keys(conditions: Sequence[Condition]) -> MemberKeys:
    """Return what an application may hold for these conditions."""
    # Conditions that are held here are never others at the same addresses.
    key = tuple(map(id, conditions))
    known = _KNOWN.get(key)
    if known is None:
        if len(_KNOWN) >= _MOST_KEPT:
            _KNOWN.clear()
        known = _KNOWN[key] = _made(tuple(conditions))
    return known


def _made(conditions: tuple[Condition, ...]) -> MemberKeys:
    flags = tuple(key for one in conditions if one.kind == "flag" for key in flag_keys(one))
    return MemberKeys(
        conditions=conditions,
        top=frozenset({*_TOP_KEYS, *flags}),
        stated=("prereported_at", *flags),
        crew=_subject(conditions, ("crew", "driver"), _PERSON_KEYS, ["sampled_at"]),
        vehicle=_subject(conditions, ("vehicle",), (*_VEHICLE_KEYS, *SIZES_M)),
        goods=_subject(conditions, ("goods",), _GOODS_KEYS),
    )
