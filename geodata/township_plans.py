"""What each township has ready for an emergency area: its distribution plan (L16) and its reserve (L17).

The file `township-plans.json` of the county folder is the list that a county keeps of both: one row a township, either
part may be missing. It says that a plan exists, not what is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geodata.errors import BadInputError, RowErrors
from geodata.json_rows import RowFaults, text_of

TOWNSHIP_PLANS_FILE: Final = "township-plans.json"
_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class TownshipPlan:
    """One township's row.

    Attributes
    ----------
    township
        Its name, as the township areas have it.
    title, version, author
        Of the distribution plan; an empty title: there is none.
    vehicles, drivers
        In reserve.
    """

    township: str
    title: str = ""
    version: str = ""
    author: str = ""
    vehicles: int = 0
    drivers: int = 0

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing: "plan", "reserve" (no vehicle, or nobody to drive one)."""
        has = {"plan": bool(self.title), "reserve": self.vehicles > 0 and self.drivers > 0}
        return tuple(name for name, there in has.items() if not there)


def _count(record: Mapping[str, Any], key: str, row: RowFaults) -> int:
    value = record.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        row.keep(BadInputError("township-plan-count-unusable", row.place(f"reserve: {key}"), value=str(value)[:40]))
        return 0
    return value


def _words(record: Mapping[str, Any], key: str, row: RowFaults) -> str:
    return row.take(lambda: text_of(record, key, where=row.where), "")


def _part(record: Mapping[str, Any], key: str, row: RowFaults) -> Mapping[str, Any]:
    value = record.get(key) or {}
    if not isinstance(value, Mapping):
        row.keep(BadInputError("property-not-an-object", row.place(key)))
        return {}
    return value


def _row(record: Any, row: RowFaults) -> TownshipPlan | None:
    if not isinstance(record, Mapping):
        row.keep(BadInputError("property-not-an-object", row.where))
        return None
    row.id = township = _words(record, "township", row)
    if not township:
        row.keep(BadInputError("township-plan-without-township", row.place("township")))
    plan, reserve = _part(record, "plan", row), _part(record, "reserve", row)
    return TownshipPlan(
        township=township,
        title=_words(plan, "title", row),
        version=_words(plan, "version", row),
        author=_words(plan, "author", row),
        vehicles=_count(reserve, "vehicles", row),
        drivers=_count(reserve, "drivers", row),
    )


def read_township_plans(document: Any, *, where: str) -> tuple[TownshipPlan, ...]:
    """Read the list, ordered by township: all rows or none.

    Raises
    ------
    BadInputError
        `township-plans-not-a-list`.
    RowErrors
        `township-plans-file-has-errors` with every fault of every row.
    """
    if not isinstance(document, list):
        raise BadInputError("township-plans-not-a-list", where)
    plans: dict[str, TownshipPlan] = {}
    faults: list[BadInputError] = []
    for number, record in enumerate(document, start=1):
        row = RowFaults(f"{where}: row {number}", number)
        plan = _row(record, row)
        if plan is not None and plan.township in plans:
            row.keep(BadInputError("township-plan-twice", row.where, township=plan.township))
        if plan is not None:
            plans[plan.township] = plan
        faults.extend(row.faults)
    if faults:
        raise RowErrors("township-plans-file-has-errors", where, tuple(faults))
    return tuple(plans[key] for key in sorted(plans))


def write_township_plans(plans: Iterable[TownshipPlan]) -> list[dict[str, Any]]:
    """Return the list as the file has it."""
    return [
        {
            "township": one.township,
            "plan": {"title": one.title, "version": one.version, "author": one.author},
            "reserve": {"vehicles": one.vehicles, "drivers": one.drivers},
        }
        for one in plans
    ]
