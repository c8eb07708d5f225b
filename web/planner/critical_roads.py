"""The planner's page of roads that must never be closed: on the map, as tables, and as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Response, abort, jsonify, make_response, render_template, request

from passes.consequence.critical_rows import criticality_features, criticality_rows
from passes.consequence.settlements import ways_out
from web.closures.critical_here import critical_here
from web.critical_table import table_text
from web.map.county_map import county_map
from web.planner.blueprint import pages
from web.shell.access import allow
from web.site import reading, site

if TYPE_CHECKING:
    from passes.consequence.critical_roads import CriticalityQuestion

#: So many rows are shown; the files have all, but of the detours the worst.
_SHOWN: Final = 200
_CHAINS_SHOWN: Final = 60
_DETOURS_SHOWN: Final = 30
_DETOURS_WRITTEN: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for.

    Attributes
    ----------
    without
        Ids of hubs and entry points that do not count.
    """

    vehicle: str
    without: tuple[str, ...]


def _asked() -> Asked:
    """Read the address: every way out counts but those that a sent form left unticked, and those named as left out."""
    known = [one.id for one in ways_out(site().county.places)]
    counted = request.args.getlist("hub")
    unticked = [one for one in known if counted and one not in counted]
    vehicle = request.args.get("vehicle", "car")
    if vehicle not in site().county.settings.vehicles:
        abort(404)
    return Asked(vehicle, tuple(dict.fromkeys([*unticked, *request.args.getlist("without")])))


def _question(asked: Asked) -> CriticalityQuestion:
    with reading() as connection:
        return critical_here(connection, site().now(), vehicle=asked.vehicle, without=asked.without)


@pages.get("/planner/critical")
@allow("P", "HQ")
def critical() -> str:
    """Show which roads must stay open, chains of them, the worst detours, and who is cut off already."""
    asked = _asked()
    question = _question(asked)
    rows = criticality_rows(question, most_detours=_DETOURS_SHOWN)
    return render_template(
        "planner/critical.html",
        asked=asked,
        known=ways_out(site().county.places),
        vehicles=sorted(site().county.settings.vehicles),
        rows=rows,
        places=_places_cut_off(rows),
        shown=_SHOWN,
        chains_shown=_CHAINS_SHOWN,
        features=_features(question, rows),
        near=county_map().village_near,
        index=site().county.network.road_index,
        at=site().now(),
    )


@pages.get("/planner/critical.<suffix>")
@allow("P", "HQ")
def critical_file(suffix: str) -> Response:
    """Send the same as a file: csv, geojson or json."""
    question = _question(_asked())
    if suffix == "csv":
        answer = make_response(table_text(question))
        answer.content_type = "text/csv; charset=utf-8"
    elif suffix == "geojson":
        answer = jsonify(criticality_features(question, most_detours=_DETOURS_WRITTEN))
        answer.content_type = "application/geo+json"
    elif suffix == "json":
        answer = jsonify(criticality_rows(question, most_detours=_DETOURS_WRITTEN))
    else:
        abort(404)
    answer.headers["Content-Disposition"] = f"attachment; filename=critical-roads.{suffix}"
    return answer


def _places_cut_off(rows: Mapping[str, Any]) -> int:
    return len({place["id"] for row in rows["roads"] for place in row["places"]})


def _features(question: CriticalityQuestion, rows: Mapping[str, Any]) -> dict[str, Any]:
    """Return the roads shown, and the places that hang on one road, for the map."""
    return {"type": "FeatureCollection", "features": [*_lines(question, rows), *_points(rows)]}


def _lines(question: CriticalityQuestion, rows: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    chained = {road for row in rows["chains"][:_CHAINS_SHOWN] for group in row["groups"] for road in group}
    chained |= {road for row in rows["pairs"][:_CHAINS_SHOWN] for side in ("one", "other") for road in row[side]}
    listed = [("detour", {row["road_id"] for row in rows["detours"]}), ("chain", chained)]
    listed.append(("critical", {row["road_id"] for row in rows["roads"]}))
    network = question.county.network
    for kind, road_ids in listed:
        for road_id in sorted(road_ids):
            road = network.road_index[road_id]
            name = " ".join(one for one in (str(network.ref[road]), str(network.name[road])) if one) or road_id
            line = {"type": "LineString", "coordinates": network.line_of(road).tolist()}
            yield {"type": "Feature", "geometry": line, "properties": {"kind": kind, "name": name}}


def _points(rows: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the places behind critical roads; who stands on one is beside its line."""
    places = site().county.places.by_id
    behind = {place["id"] for row in rows["roads"] for place in row["places"] if not place["on_the_road"]}
    for place_id in sorted(behind):
        place = places[place_id]
        point = {"type": "Point", "coordinates": [place.lon, place.lat]}
        yield {"type": "Feature", "geometry": point, "properties": {"kind": "place", "name": place.name}}
