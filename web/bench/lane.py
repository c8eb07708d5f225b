"""One router on the course: its stopwatch, and the judge of its answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from time import perf_counter
from typing import Final, TypeVar

from web.bench.judging import Tally, Truth, is_right
from web.bench.road_arcs import RoadArcs
from web.bench.router import Maker, Router, rounding_of

#: Runs that every router makes, unless a single one takes longer than the whole budget.
FEWEST_RUNS: Final = 3
AnswerT = TypeVar("AnswerT")


class Failed(Enum):
    """What comes instead of an answer where a router failed; it is counted already."""

    FAILED = "failed"


@dataclass
class Record:
    """What came of a router.

    Attributes
    ----------
    seconds
        By measure and number of the run.
    memory_bytes
        What the process grew by while the router was made; None where unknown.
    fault
        The first thing that went wrong inside it, "" if nothing did.
    """

    name: str
    version: str
    seconds: defaultdict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    tally: Tally = field(default_factory=Tally)
    memory_bytes: int | None = None
    fault: str = ""


class Lane:
    """A router, timed and judged; whatever goes wrong inside it counts as a wrong answer and stops nobody else."""

    def __init__(self, record: Record, make: Maker, *, budget_s: float) -> None:
        self.record, self.make = record, make
        self.router: Router | None = None
        self._budget_s = budget_s

    def has_time(self, measure: str) -> bool:
        """Tell whether the router may run once more: slow ones make fewer runs, but hardly ever too few."""
        runs = self.record.seconds[measure].values()
        is_slow = any(seconds > self._budget_s for seconds in runs)
        return sum(runs) < self._budget_s or (len(runs) < FEWEST_RUNS and not is_slow)

    def attempt(self, work: Callable[[], AnswerT]) -> AnswerT | Failed:
        """Return what work gives, FAILED where it fails: a panic of compiled code is no ordinary exception."""
        try:
            return work()
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as fault:
            self.record.fault = self.record.fault or f"{type(fault).__name__}: {fault}".strip()[:200]
            self.record.tally.count(right=False)
            return Failed.FAILED

    def time(self, measure: str, run: int, work: Callable[[], AnswerT], *, share: int = 1) -> AnswerT | Failed:
        """Return what work gives and note how long it took, divided by how many answers it gave."""

        def timed() -> AnswerT:
            begin = perf_counter()
            answer = work()
            self.record.seconds[measure][run] = (perf_counter() - begin) / share
            return answer

        return self.attempt(timed)

    def judge(self, answer: object, truth: Truth, arcs: RoadArcs) -> None:
        """Count an answer as right or wrong."""
        router = self.router
        if router is None or answer is Failed.FAILED:
            return
        found = self.attempt(lambda: router.read(answer))
        if not isinstance(found, Failed):
            self.record.tally.count(right=is_right(found, truth, arcs, rounding=rounding_of(router)))
