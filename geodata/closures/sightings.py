"""What observations say of a road at an instant: blocked and credibly so, or seen open again.

The newest observation counts. A truck's track through is weaker than a person who looked: only three of them together
say that a road is open; until then the last person's word stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from geodata.closures.closure import Observation

#: So many tracks through since the last word make a blockage doubtful.
TRACKS_THAT_DOUBT: Final = 3
#: Whose sight confirms; the others report.
CONFIRMING: Final = ("inspection", "checkpoint")
BLOCKED: Final = "blocked"
OPEN: Final = "open"


def known_at(observations: Sequence[Observation], at: datetime) -> list[Observation]:
    """Return the observations made by an instant, oldest first; of one moment's, the later recorded is the newer."""
    if not observations:
        return []
    return sorted((one for one in observations if one.at <= at), key=lambda one: one.at)


def _is_track_through(observation: Observation) -> bool:
    return observation.source == "track" and observation.state == OPEN


def last_word(observations: Sequence[Observation], at: datetime) -> Observation | None:
    """Return the newest observation that is not a mere track through; None where there is none."""
    return next((one for one in reversed(known_at(observations, at)) if not _is_track_through(one)), None)


def _tracks_after(observations: Sequence[Observation], since: datetime | None, at: datetime) -> int:
    known = known_at(observations, at)
    return sum(_is_track_through(one) and (since is None or one.at > since) for one in known)


def credible_blockage(observations: Sequence[Observation], at: datetime) -> Observation | None:
    """Return the observation that makes a road blocked at an instant, None where it is open, doubtful or unknown."""
    word = last_word(observations, at) if observations else None
    if word is None or word.state != BLOCKED:
        return None
    return word if _tracks_after(observations, word.at, at) < TRACKS_THAT_DOUBT else None


def is_seen_open(observations: Sequence[Observation], at: datetime, *, after: datetime | None = None) -> bool:
    """Tell whether a road was seen open later than an instant, and not blocked again."""
    if not observations:
        return False
    later = [one for one in observations if after is None or one.at > after]
    word = last_word(later, at)
    if word is not None and word.state == OPEN:
        return True
    return _tracks_after(later, word.at if word else after, at) >= TRACKS_THAT_DOUBT


def blocked_run(observations: Sequence[Observation], at: datetime) -> list[Observation]:
    """Return the observations of the blockage that is credible at an instant, oldest first, since it was last open."""
    if credible_blockage(observations, at) is None:
        return []
    run: list[Observation] = []
    for one in reversed(known_at(observations, at)):
        if _is_track_through(one):
            continue
        if one.state == OPEN:
            break
        run.append(one)
    return run[::-1]


def seen_barrier(observations: Sequence[Observation], at: datetime) -> str:
    """Return the barrier last named by those who saw the credible blockage; "" where nobody named one."""
    if not observations:
        return ""
    return next((one.barrier for one in reversed(blocked_run(observations, at)) if one.barrier), "")


def physical_state(observations: Sequence[Observation], at: datetime) -> str:
    """Return "unknown", "reported", "confirmed_blocked" or "confirmed_open"."""
    run = blocked_run(observations, at)
    if run:
        return "confirmed_blocked" if any(one.source in CONFIRMING for one in run) else "reported"
    word = last_word(observations, at)
    if word is not None and word.state == OPEN:
        return "confirmed_open" if word.source in CONFIRMING else "unknown"
    return "confirmed_open" if is_seen_open(observations, at) else "unknown"
