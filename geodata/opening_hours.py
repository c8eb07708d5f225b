"""Read a place's opening hours, such as "08:00-12:00,14:00-18:00", and tell whether it is open."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Final

_SPAN: Final = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-~至—–]\s*(\d{1,2}):([0-5]\d)", re.ASCII)
_SPANS: Final = re.compile(rf"{_SPAN.pattern}(?:[,;、\s]+{_SPAN.pattern})*", re.ASCII)
_LAST_MINUTE: Final = 24 * 60


def read_hours(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of a day, in minutes since midnight; none where the text is empty or not understood.

    Full-width digits and signs, and the usual dashes, are understood. A span past midnight becomes two.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _SPANS.fullmatch(plain):
        return ()
    spans: list[tuple[int, int]] = []
    for found in _SPAN.finditer(plain):
        start, end = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
        if max(start, end) > _LAST_MINUTE:
            return ()
        spans += [(start, end)] if start < end else [(start, _LAST_MINUTE), (0, end)]
    return tuple(sorted(span for span in spans if span[0] < span[1]))


def is_open(hours: str, at_local: datetime) -> bool:
    """Tell whether a place is open; one whose hours are not known counts as open.

    Parameters
    ----------
    at_local
        On the county's clock.
    """
    spans = read_hours(hours)
    minute = at_local.hour * 60 + at_local.minute
    return not spans or any(start <= minute < end for start, end in spans)
