"""How long anything about people is kept, and what was deleted on which day: counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta, tzinfo
from typing import Final

from flask import render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from passes.keeping.deletions_register import Deletion, list_deletions
from passes.keeping.limits import KINDS, days_kept
from web.shell.access import allow
from web.site import reading, site
from web.supervision.blueprint import pages

#: Days are shown as far back as this.
_SHOWN: Final = timedelta(days=90)
NAMES: Final[Mapping[str, LazyString]] = {
    "positions": _l("Positions that phones sent on a trip"),
    "tracks": _l("What tracks of trucks showed"),
    "stops": _l("Stops that drivers needed"),
    "receipts": _l("Receipts and ends of trips"),
    "truck_counts": _l("Counts of waiting trucks"),
    "scans": _l("Checks and refusals at checkpoints"),
    "reports": _l("Who reported a blocked road"),
    "applications": _l("Applications without a pass, drafts too"),
    "files": _l("Files of applications and other long work"),
    "passes": _l("Passes with their application, link and messages"),
    "photos": _l("Photos"),
}


@pages.get("/kept")
@allow("S", "T", "HQ")
def kept_days() -> str:
    """Show for how many days each kind is kept, and how many of it were deleted on each day."""
    settings, at = site().county.settings, site().now()
    with reading() as connection:
        deletions = list_deletions(connection, since=at - _SHOWN)
    days = _by_day(deletions, settings.timezone)
    sums = Counter[str]()
    for counts in days.values():
        sums.update(counts)
    limits = {kind: days_kept(kind, settings.policy) for kind in KINDS}
    shown = {"limits": limits, "days": days, "sums": sums, "names": NAMES, "shown_days": _SHOWN.days}
    return render_template("supervision/kept.html", **shown, keeping=settings.policy.keeping)


def _by_day(deletions: Iterable[Deletion], zone: tzinfo) -> Mapping[date, Counter[str]]:
    """Return how many of each kind were deleted on each day of the county, the newest day first."""
    days: dict[date, Counter[str]] = {}
    for one in deletions:
        days.setdefault(one.deleted_at.astimezone(zone).date(), Counter())[one.kind] += one.deleted
    return days
