"""Read tables of county.toml into records: every value of its kind, every word among its choices, no key unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from types import MappingProxyType
from typing import Any, Final, TypeVar

from geodata.closures.closure import BARRIERS, VEHICLE_LIMITS
from geodata.errors import BadInputError
from geodata.road_classes import RoadClass

_CLASSES: Final = tuple(one.value for one in RoadClass)
#: Words that a key, or each item of its list, may be; any other key's words are the regime's own.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "approval_rule.cause": (
        "epidemic",
        "animal",
        "flood",
        "fire",
        "hazmat",
        "collapse",
        "works",
        "accident",
        "event",
    ),
    "approval_rule.classes": (*_CLASSES, "*"),
    "approval_rule.prior": ("always", "danger_first"),
    "hard_isolation.classes": _CLASSES,
    "hard_isolation.rule": ("forbidden", "approvable", "not_regulated"),
    "hard_isolation.barriers": BARRIERS + VEHICLE_LIMITS,
    "hard_isolation.never_counts": BARRIERS + VEHICLE_LIMITS,
    "area_kind.passes_required_for": ("in_out", "inside", "none"),
    "area_kind.transit": ("free", "pass", "no"),
    "condition.subject": ("crew", "vehicle", "goods", "driver"),
    "condition.kind": ("max_age", "valid_until", "flag", "absent"),
    "condition.pending": ("no", "with_older", "yes"),
    "condition.proof": ("declared", "seen", "imported"),
    "condition.on_expiry_inside": ("amber", "red"),
    "condition.late": ("refuse", "follow_up"),
    "pass.applicant": ("enterprise", "office"),
    "pass.trips_per_pass": ("one_way", "one_round_trip"),
    "pass.links": ("own", "contracted", "one_off"),
    "pass.one_off_vehicles": ("no", "firm_guarantees", "yes"),
    "pass.stops_on_confirmed_case": ("no", "review", "yes"),
    "outlet.kind": ("webhook", "sms"),
    "outlet.content": ("json", "form"),
    "outlet.occasions": ("issued", "renewed", "replaced", "signed_again", "withdrawn", "suspended", "resumed", "cut"),
    "refusal_reason.evidence": ("photo", "none", "call"),
}
#: How many items a list must have, where that is fixed: green, amber, red; fresh and usable; normal and in force.
_LENGTHS: Final = {"verdict.words": 3, "verdict.colours": 3, "verdict.staleness_h": 2, "regime.state_words": 2}
#: Lists that would switch their rule off if they were empty.
_NEVER_EMPTY: Final = frozenset({"approval_rule.classes", "approval_rule.authorities"})
#: So many hours or days added to a time still give a time.
LARGEST_NUMBER: Final = 1_000_000
T = TypeVar("T")


def is_number(value: object) -> bool:
    """Tell whether a value is a number from 0 to `LARGEST_NUMBER`."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LARGEST_NUMBER


def _is_whole(value: object) -> bool:
    """Tell whether a value is a whole number: what travels in a signed list has no fractions."""
    return is_number(value) and isinstance(value, int)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def wrong_kind(place: str, value: object, form: str, *, part: str = "policy") -> BadInputError:
    """Return the error of a value of the wrong kind; `form` shows how TOML writes the right one."""
    return BadInputError(f"{part}-value-wrong-kind", place, value=str(value), form=form)


def table_of(document: Mapping[str, Any], key: str, *, where: str, part: str = "policy") -> Mapping[str, Any]:
    """Return the table `[key]`, empty where there is none.

    Raises
    ------
    BadInputError
        `policy-value-wrong-kind`, or the same of another part of county.toml.
    """
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise wrong_kind(f"{where}: {key}", table, f"[{key}]", part=part)
    return table


def named_tables_of(
    document: Mapping[str, Any], key: str, *, where: str, part: str = "policy"
) -> dict[str, Mapping[str, Any]]:
    """Return the tables `[key.ID]` by their ids.

    Raises
    ------
    BadInputError
        As `table_of`.
    """
    named = table_of(document, key, where=where, part=part)
    wrong = next((one for one, table in named.items() if not isinstance(table, dict)), None)
    if wrong is not None:
        raise wrong_kind(f"{where}: {key}.{wrong}", named[wrong], f"[{key}.{wrong}]", part=part)
    return dict(named)


def tables_of(document: Mapping[str, Any], key: str, *, where: str) -> Sequence[Mapping[str, Any]]:
    """Return the tables `[[key]]` in their order.

    Raises
    ------
    BadInputError
        `policy-value-wrong-kind`: one table, or no table at all.
    """
    tables = document.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise wrong_kind(f"{where}: {key}", tables, f"[[{key}]]")
    return tables


def _checked_list(name: str, value: Any, place: str, is_item: Callable[[object], bool]) -> tuple[Any, ...]:
    """Return a list as a tuple; `name` is the key with its table."""
    length = _LENGTHS.get(name)
    item = '"…"' if is_item is _is_text else "1"
    form = "[" + ", ".join([item] * (length or 1)) + "]"
    if not isinstance(value, list) or not all(map(is_item, value)) or (length and len(value) != length):
        raise wrong_kind(place, value, form)
    if not value and name in _NEVER_EMPTY:
        raise BadInputError("policy-list-empty", place, form=form)
    return tuple(value)


def _checked(name: str, value: Any, place: str, kind: str) -> Any:
    """Return one setting as its field's type, written as in the source, wants it; else name the fault."""
    if kind.startswith("tuple"):
        value = _checked_list(name, value, place, _is_text if "str" in kind else _is_whole)
    elif kind == "bool":
        if not isinstance(value, bool):
            raise BadInputError("policy-value-not-a-flag", place, value=str(value))
    elif kind.startswith("float"):
        if not is_number(value):
            raise BadInputError("policy-value-not-a-number", place, value=str(value))
        value = float(value)
    elif not _is_text(value):
        raise wrong_kind(place, value, '"…"')
    choices = CHOICES.get(name)
    if choices is not None:
        refuse_unknown_words(value if isinstance(value, tuple) else (value,), choices, place)
    return value


def refuse_unknown_words(words: Sequence[str], choices: Sequence[str], place: str) -> None:
    """Refuse the first word that is not among the choices.

    Raises
    ------
    BadInputError
        `policy-value-unknown` with the word and the choices.
    """
    unknown = next((word for word in words if word not in choices), None)
    if unknown is not None:
        raise BadInputError("policy-value-unknown", place, value=unknown, choices=list(choices))


def refuse_unknown_keys(table: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    """Refuse the first key of a table that no rule reads.

    Raises
    ------
    BadInputError
        `policy-key-unknown` with the known keys.
    """
    unknown = next((key for key in table if key not in known), None)
    if unknown is not None:
        raise BadInputError("policy-key-unknown", f"{place}.{unknown}", known=list(known))


def read_record(kind: type[T], table: str, values: Mapping[str, Any], *, place: str) -> T:
    """Make one record of a table; `table` names it in the list of choices, `place` where it stands.

    Raises
    ------
    BadInputError
        `policy-key-unknown`, `policy-key-missing`, `policy-value-*` or `policy-list-empty`.
    """
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]  # T is one of the dataclasses of policy
    refuse_unknown_keys(values, sorted(known), place)
    missing = [k for k, f in known.items() if f.default is MISSING and f.default_factory is MISSING and k not in values]
    if missing:
        raise BadInputError("policy-key-missing", f"{place}.{missing[0]}", table=table)
    return kind(
        **{key: _checked(f"{table}.{key}", one, f"{place}.{key}", str(known[key].type)) for key, one in values.items()}
    )


def read_named(kind: type[T], table: str, document: Mapping[str, Any], *, where: str) -> Mapping[str, T]:
    """Make the records of the tables `[table.ID]`, by id.

    Raises
    ------
    BadInputError
        As `read_record`.
    """
    return MappingProxyType(
        {
            key: read_record(kind, table, {**values, "id": key}, place=f"{where}: {table}.{key}")
            for key, values in named_tables_of(document, table, where=where).items()
        }
    )


def read_listed(kind: type[T], table: str, document: Mapping[str, Any], *, where: str) -> tuple[T, ...]:
    """Make the records of the tables `[[table]]`, in their order.

    Raises
    ------
    BadInputError
        As `read_record`.
    """
    return tuple(
        read_record(kind, table, values, place=f"{where}: {table}[{number}]")
        for number, values in enumerate(tables_of(document, table, where=where))
    )
