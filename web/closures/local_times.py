"""Read and write times as a form's field has them: on the county's clock, without an offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from geodata.errors import BadInputError
from geodata.windows import parse_instant
from web.site import site


def read_local(text: str | None, *, where: str) -> datetime | None:
    """Return the instant that a field such as "2022-06-22T08:00" means on the county's clock; None where it is empty.

    Raises
    ------
    BadInputError
        `local-time-unreadable`, or `time-out-of-range`.
    """
    said = (text or "").strip()
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise BadInputError("local-time-unreadable", where, value=said) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=site().county.settings.timezone)
    try:
        return parse_instant(found.isoformat(), where=where)
    except OverflowError:
        raise BadInputError("local-time-unreadable", where, value=said) from None


def write_local(instant: datetime | None) -> str:
    """Return an instant as a field shows it, to the minute."""
    if instant is None:
        return ""
    return instant.astimezone(site().county.settings.timezone).strftime("%Y-%m-%dT%H:%M")


def next_hour(at: datetime) -> datetime:
    """Return the beginning of the hour after the next: what a request begins with unless somebody says otherwise."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
