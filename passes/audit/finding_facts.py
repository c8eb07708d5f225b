"""Tell of each finding what somebody needs who is to do something about it: where, whose, since when, what it hurts.

- `lonlat`: a place on the map, longitude first; None where it is about none, such as a cut log.
- `township`: whose road or firm it is, "" where no township's border is known there.
- `since`: since when the matter stands, as the record has it; None where it does not say.
- `places_behind`, `people_behind`: who is cut off by this closure alone; `passes_hit`: granted passes that meet it. Of
  findings about roads only; None where there were too many findings to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.areas import TOWNSHIP
from geodata.closures.closure import Closure, RoadSpan
from geodata.closures.states import hypothetical_closings
from geodata.closures.unmatched import matched_part
from geodata.county import County
from geodata.findings import Finding
from geodata.townships import middles_of
from geodata.windows import Window, format_instant
from passes.consequence.hit_passes import count_hit_passes
from passes.consequence.places_behind import places_behind

if TYPE_CHECKING:
    import sqlalchemy as sa

    from routing.engine import Engine

#: With more closures than these nothing is looked at behind any: a list of so many is worked off page by page.
MOST_CLOSURES: Final = 300
#: Facts that say since when, the closest first.
_SINCE: Final = ("approved_end", "first_seen_at", "since")


def placed(findings: Sequence[Finding], closures: Iterable[Closure], county: County) -> list[Finding]:
    """Return findings with their place, township and time."""
    known = {one.id: one for one in closures}
    spans = [_span(one, known.get(one.subject), county) for one in findings]
    distinct = tuple(dict.fromkeys(span for span in spans if span is not None))
    middles = dict(zip(distinct, middles_of(distinct, county.network), strict=True))
    spots = [
        middles[span] if span is not None else _own_spot(finding) for finding, span in zip(findings, spans, strict=True)
    ]
    townships = _townships(spots, county)
    return [
        Finding(
            finding.code,
            finding.clause,
            finding.subject,
            {**finding.facts, **_facts(finding, known.get(finding.subject), spot, township)},
        )
        for finding, spot, township in zip(findings, spots, townships, strict=True)
    ]


def _span(finding: Finding, closure: Closure | None, county: County) -> RoadSpan | None:
    """Return the part of a road that a finding is about: on the road that it names, else the first on the map."""
    if closure is None:
        return None
    spans = [one for one in closure.extent if one.road_id in county.network.road_index]
    return next((one for one in spans if one.road_id == finding.facts.get("road")), next(iter(spans), None))


def _own_spot(finding: Finding) -> tuple[float, float] | None:
    spot = finding.facts.get("lonlat")
    return (float(spot[0]), float(spot[1])) if isinstance(spot, list) else None


def _townships(spots: Sequence[tuple[float, float] | None], county: County) -> list[str]:
    """Return in which township each place lies, "" where none is known."""
    found = [""] * len(spots)
    areas = [one for one in county.areas if one.kind == TOWNSHIP]
    numbers = [number for number, spot in enumerate(spots) if spot is not None]
    if not areas or not numbers:
        return found
    points = shapely.points(np.array([spots[number] for number in numbers]))
    tree = shapely.STRtree([one.polygon for one in areas])
    inside, area = tree.query(points, predicate="covered_by")
    for point, number in zip(inside[::-1].tolist(), area[::-1].tolist(), strict=True):
        found[numbers[point]] = areas[number].name  # backwards: the first township wins, as everywhere
    return found


def _facts(
    finding: Finding, closure: Closure | None, spot: tuple[float, float] | None, township: str
) -> dict[str, object]:
    said = next((finding.facts[key] for key in _SINCE if finding.facts.get(key)), None)
    if said is None and closure is not None and closure.observations:
        said = format_instant(min(one.at for one in closure.observations))
    lonlat = None if spot is None else [round(spot[0], 6), round(spot[1], 6)]
    return {"lonlat": lonlat, "township": township or finding.facts.get("township") or "", "since": said}


def subjects_on_roads(findings: Iterable[Finding], closures: Mapping[str, Closure]) -> tuple[str, ...]:
    """Return the ids of the closures that findings are about, each once."""
    return tuple(dict.fromkeys(one.subject for one in findings if one.subject in closures))


def with_consequences(
    findings: Sequence[Finding],
    closures: Mapping[str, Closure],
    county: County,
    engine: Callable[[], Engine],
    *,
    connection: sa.Connection,
    at: datetime,
) -> list[Finding]:
    """Return findings with the places behind each closure and the passes it hits.

    Parameters
    ----------
    closures
        Those that the findings are about, by id.
    engine
        Returns the roads with every closing of the register; asked only where a finding is about a road.
    """
    subjects = subjects_on_roads(findings, closures)
    looked_at = [closures[one] for one in subjects] if len(subjects) <= MOST_CLOSURES else []
    behind = places_behind(looked_at, county, engine(), at=at) if looked_at else {}
    closings = hypothetical_closings([matched_part(one, county.network) for one in looked_at], county.network)
    hits = count_hit_passes(connection, closings, network=county.network, window=Window(at))
    told: list[Finding] = []
    for finding in findings:
        places = behind.get(finding.subject)
        facts: dict[str, object] = {}
        if finding.subject in closures:
            facts = {"places_behind": None, "people_behind": None, "passes_hit": None}
        if places is not None:
            named = [{"id": one.id, "name": one.name, "way": one.way} for one in places]
            people = round(sum(one.population or 0 for one in places if one.is_settlement))
            facts = {"places_behind": named, "people_behind": people, "passes_hit": hits.get(finding.subject, 0)}
        told.append(replace(finding, facts={**finding.facts, **facts}))
    return told
