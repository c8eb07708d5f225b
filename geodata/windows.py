"""Instants and half-open time windows; a time without an offset is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from geodata.errors import BadInputError

#: Earlier times are slips of the pen; the last day of the calendar is left free, for other offsets reach beyond it.
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 31, tzinfo=UTC)


def parse_instant(text: str, *, where: str) -> datetime:
    """Read an ISO 8601 time that carries its offset; EARLIEST <= it < LATEST.

    Raises
    ------
    BadInputError
        `time-unreadable`, `time-out-of-range`, or `time-without-offset`: a local time means another moment elsewhere.
    """
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadInputError("time-unreadable", where, value=str(text)) from None
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise BadInputError("time-without-offset", where, value=str(text))
    try:
        instant = instant.astimezone(UTC)
        is_in_range = EARLIEST <= instant < LATEST
    except OverflowError:
        is_in_range = False
    if not is_in_range:
        raise BadInputError(
            "time-out-of-range", where, value=text, earliest=f"{EARLIEST:%Y-%m-%d}", latest=f"{LATEST:%Y-%m-%d}"
        )
    return instant


def format_instant(instant: datetime) -> str:
    """Write an instant as ISO 8601 in UTC with `Z`."""
    # Most are in UTC already: then nothing has to be reckoned.
    plain = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return f"{plain.isoformat()[:-6]}Z"


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open window start <= t < end; an absent end means until further notice.

    Raises
    ------
    BadInputError
        `window-reversed` where the end is not after the start.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise BadInputError(
                "window-reversed", "end", start=format_instant(self.start), end=format_instant(self.end)
            )

    def holds(self, instant: datetime) -> bool:
        """Tell whether the instant lies in the window."""
        return self.start <= instant and (self.end is None or instant < self.end)

    def overlaps(self, other: Window) -> bool:
        """Tell whether the two windows share an instant."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)
