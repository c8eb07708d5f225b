"""Sum up a comparison: medians, ratios to our own engine taken run by run, and the share of wrong answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from web.bench.lane import Record

_CLOSED: Final = ("1", "10", "100", "1000", "way-1", "way-10", "area")
#: Rows of the table, in its order; memory is not timed and comes last.
MEASURES: Final = (
    "preprocess",
    "restart",
    "query",
    *(f"{change}-{what}" for what in _CLOSED for change in ("close", "reopen")),
    "what-if",
    "matrix",
)


@dataclass(frozen=True, slots=True)
class Result:
    """What one router did in one measure.

    Attributes
    ----------
    median_ms
        None where it never finished one.
    ratio
        Median over runs of its time divided by ours in the same run; None where there is no such run.
    """

    router: str
    median_ms: float | None
    runs: int
    ratio: float | None


def result_of(record: Record, own: Record, measure: str) -> Result:
    """Return a router's result in one measure."""
    mine, ours = record.seconds.get(measure, {}), own.seconds.get(measure, {})
    ratios = [seconds / ours[run] for run, seconds in mine.items() if run in ours]
    return Result(
        record.name,
        round(median(mine.values()) * 1000, 6) if mine else None,
        len(mine),
        round(median(ratios), 4) if ratios else None,
    )


def _memory_of(record: Record, own: Record) -> Result:
    held, ours = record.memory_bytes, own.memory_bytes
    ratio = round(held / ours, 4) if held and ours else None
    return Result(record.name, None if held is None else held / 1e6, 1, ratio)


def measures_json(records: Sequence[Record], *, closed: dict[str, int]) -> list[dict[str, Any]]:
    """Return every measure with every router's result, ours first.

    Parameters
    ----------
    closed
        How many roads each measure closes at once.
    """
    own = records[0]
    rows = []
    for measure in MEASURES:
        found = [result_of(record, own, measure) for record in records]
        results = [
            {"router": one.router, "median_ms": one.median_ms, "runs": one.runs, "ratio": one.ratio} for one in found
        ]
        rows.append({"measure": measure, "roads": closed.get(measure.partition("-")[2]), "results": results})
    memory = [_memory_of(record, own) for record in records]
    results = [{"router": one.router, "megabytes": one.median_ms, "ratio": one.ratio} for one in memory]
    return [*rows, {"measure": "memory", "roads": None, "results": results}]


def routers_json(records: Sequence[Record], missing: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return every router: version, answers judged and wrong, the first fault; those not installed last."""
    compared = [
        {
            "router": one.name,
            "version": one.version,
            "installed": True,
            "lacks": "",
            "judged": one.tally.judged,
            "wrong": one.tally.wrong,
            "wrong_share": round(one.tally.wrong_share, 6),
            "fault": one.fault,
        }
        for one in records
    ]
    absent = {"version": "", "installed": False, "judged": 0, "wrong": 0, "wrong_share": None, "fault": ""}
    return [*compared, *({"router": name, "lacks": lacks, **absent} for name, lacks in missing)]
