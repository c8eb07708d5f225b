"""The roads that must never be closed as a CSV table, for the command and the page."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from passes.consequence.critical_roads import CriticalityQuestion

_COLUMNS: Final = (
    *("road_id", "ref", "name", "class", "length_m", "township", "lon", "lat", "people", "way", "has_behind"),
    *("places_in", "places_out", "places_both", "places"),
)


def table_text(question: CriticalityQuestion) -> str:
    """Return the critical roads as CSV, with the mark by which spreadsheets know UTF-8."""
    from passes.consequence.critical_rows import critical_table

    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(critical_table(question))
    return "\ufeff" + out.getvalue()
