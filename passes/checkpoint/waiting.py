"""Say how long trucks wait at each checkpoint, from what its guards have noted.

Two times are told apart, as only the second one is known of every truck: the wait from joining the queue, where the
guard noted the arrival, to the outcome; and the time at the barrier, from the first look at the pass to the outcome.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from passes.checkpoint.scan_register import BARRED, REFERRED, Scan

if TYPE_CHECKING:
    from passes.checkpoint.queue_register import QueueCount

#: What lasts longer is no wait: the mark was forgotten, or a clock jumped.
LONGEST_WAIT: Final = timedelta(hours=24)
_HIGH_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: of how many trucks, the median, and what nine in ten did not exceed, in seconds."""

    count: int
    median_s: float
    p90_s: float


@dataclass(frozen=True, slots=True)
class PostWaiting:
    """The waiting at one checkpoint.

    Attributes
    ----------
    trucks
        Outcomes, each truck once.
    wait, at_barrier
        From joining the queue, and from the first look; None where no truck has it noted.
    queue
        The newest count, None where nobody counted.
    """

    checkpoint: str
    trucks: int
    wait: Spread | None
    at_barrier: Spread | None
    queue: QueueCount | None


def waiting_at(
    checkpoints: Sequence[str], scans: Iterable[Scan], queues: dict[str, QueueCount]
) -> tuple[PostWaiting, ...]:
    """Return the waiting at each of these checkpoints, in their order."""
    by_post: dict[str, list[Scan]] = {one: [] for one in checkpoints}
    for scan in scans:
        # A reason that was not taken is not the end of a truck's stop.
        if scan.checkpoint in by_post and scan.outcome not in {BARRED, REFERRED}:
            by_post[scan.checkpoint].append(scan)
    return tuple(
        PostWaiting(
            post,
            len(found),
            _spread((one.arrived_at, one.at) for one in found),
            _spread((one.shown_at, one.at) for one in found),
            queues.get(post),
        )
        for post, found in by_post.items()
    )


def _spread(times: Iterable[tuple[datetime | None, datetime]]) -> Spread | None:
    lasted = sorted(
        (end - start).total_seconds()
        for start, end in times
        if start is not None and timedelta(0) <= end - start <= LONGEST_WAIT
    )
    if not lasted:
        return None
    return Spread(len(lasted), _share_of(lasted, 0.5), _share_of(lasted, _HIGH_SHARE))


def _share_of(ordered: Sequence[float], share: float) -> float:
    """Return the value that this share of all does not exceed (nearest rank)."""
    return ordered[max(1, math.ceil(share * len(ordered))) - 1]
