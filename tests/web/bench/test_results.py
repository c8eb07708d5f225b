"""Medians and ratios: taken run by run, over the runs that both made."""

from __future__ import annotations

from web.bench.lane import Record
from web.bench.results import MEASURES, measures_json, result_of


def record(name, runs, memory=None):
    made = Record(name, "1", memory_bytes=memory)
    made.seconds["query"] = runs
    return made


OWN = record("own", {0: 0.001, 1: 0.003, 2: 0.002}, memory=1_000_000)


def test_a_ratio_is_the_median_of_the_ratios_within_runs():
    peer = record("peer", {0: 0.004, 1: 0.003, 2: 0.006})
    found = result_of(peer, OWN, "query")
    assert (found.median_ms, found.runs, found.ratio) == (4.0, 3, 3.0)


def test_runs_that_only_one_made_count_for_no_ratio():
    assert result_of(record("peer", {0: 0.002, 9: 0.9}), OWN, "query").ratio == 2.0
    assert result_of(record("peer", {9: 0.9}), OWN, "query").ratio is None


def test_a_measure_without_a_run_is_empty():
    found = result_of(record("peer", {}), OWN, "matrix")
    assert (found.median_ms, found.runs, found.ratio) == (None, 0, None)


def test_every_measure_has_a_row_with_every_router_and_memory_comes_last():
    rows = measures_json([OWN, record("peer", {}, memory=2_500_000)], closed={"1": 1, "area": 40})
    assert [row["measure"] for row in rows] == [*MEASURES, "memory"]
    assert {tuple(one["router"] for one in row["results"]) for row in rows} == {("own", "peer")}
    assert rows[-1]["results"][1] == {"router": "peer", "megabytes": 2.5, "ratio": 2.5}
    assert {row["measure"]: row["roads"] for row in rows}["close-area"] == 40
