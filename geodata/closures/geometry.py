"""Read the place of a closure or of a decision: lines, areas or named roads, as the file gives them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, cast, get_args

from geodata.area_roads import find_area_parts
from geodata.area_rule import INSIDE_SHARE, AreaRule, Structures
from geodata.closures.closure import ALONG, Direction, Drawing, RoadSpan
from geodata.closures.extent import extent_of_line, extent_of_roads
from geodata.closures.road_spans import SHORTEST_M, join_spans
from geodata.drawn_area import area_text, read_area_geometries
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.snapping import RoadIndex

LineCoordinates = tuple[tuple[float, float], ...]
_LINES: Final = ("LineString", "MultiLineString")
_AREAS: Final = ("Polygon", "MultiPolygon")
_ANY_AREA: Final = AreaRule()


@dataclass(frozen=True, slots=True)
class DrawnExtent:
    """Where a closure or decision applies: how it came, and the road parts it means."""

    drawn: Drawing
    extent: tuple[RoadSpan, ...]


def read_place(
    geometry: object,
    named: object,
    index: RoadIndex,
    *,
    direction: Direction | str,
    where: str,
    area_rule: AreaRule = _ANY_AREA,
) -> DrawnExtent | None:
    """Read a geometry and `road_ids`; None where neither is given.

    A polygon closes the parts of roads really inside it (`geodata.area_roads.find_area_parts`).

    A line alone is matched onto the roads it follows; named roads alone count whole; a line with named roads lies on
    those, which is how one answers the question which of two parallel roads is meant. The direction "along" closes
    travel the way the line runs.

    Raises
    ------
    BadInputError
        `direction-along-without-line`, `closure-geometry-not-a-line`, `closure-position-unusable`,
        `road-ids-not-a-list`, `road-unknown`, what `geodata.closures.extent` says about the line or
        `geodata.drawn_area` about the area, or `area-without-roads`.
    """
    if isinstance(geometry, Mapping) and geometry.get("type") in _AREAS:
        if direction == ALONG:
            raise BadInputError("direction-along-without-line", f"{where}: direction")
        return _read_area(geometry, index, direction=Direction(direction), where=f"{where}: geometry", rule=area_rule)
    lines = _lines_of(geometry, where)
    road_ids = _road_ids(named, f"{where}: road_ids")
    if not lines and not road_ids:
        return None
    place = f"{where}: {'geometry' if lines else 'road_ids'}"
    if not lines and direction == ALONG:
        raise BadInputError("direction-along-without-line", f"{where}: direction")
    if not lines:
        extent = extent_of_roads(road_ids, index.network, direction=Direction(direction), where=place)
    else:
        matched = [extent_of_line(one, index, direction=direction, among=road_ids, where=place) for one in lines]
        extent = join_spans(span for spans in matched for span in spans)
    return DrawnExtent(Drawing(lines, road_ids), extent)


def _read_area(
    geometry: Mapping[str, Any], index: RoadIndex, *, direction: Direction, where: str, rule: AreaRule
) -> DrawnExtent:
    """Read a polygon as the road parts inside it; it is kept to a centimetre."""
    text = area_text(read_area_geometries([geometry], index, where=where))
    kept = read_area_geometries([json.loads(text)], index, where=where)
    found = find_area_parts(kept, index, inside_share=rule.inside_share, structures=rule.structures)
    parts = [one for one in found if one.to_m - one.from_m >= SHORTEST_M]
    if not parts:
        raise BadInputError("area-without-roads", where)
    spans = (RoadSpan(str(index.network.road_id[one.road]), direction, one.from_m, one.to_m) for one in parts)
    return DrawnExtent(Drawing(area=text, **asdict(rule)), join_spans(spans))


def read_area_rule(given: Mapping[str, Any], *, where: str) -> AreaRule:
    """Read what counts as inside a polygon: `inside_share` and `structures`.

    Raises
    ------
    BadInputError
        `inside-share-out-of-range` or `structures-unknown`.
    """
    share, structures = given.get("inside_share"), given.get("structures")
    if share is not None and not (type(share) in (int, float) and 0 <= share < 1):
        raise BadInputError("inside-share-out-of-range", f"{where}: inside_share", value=str(share))
    if structures is not None and structures not in get_args(Structures):
        choices = list(get_args(Structures))
        raise BadInputError("structures-unknown", f"{where}: structures", value=str(structures), choices=choices)
    return AreaRule(INSIDE_SHARE if share is None else float(share), cast("Structures", structures or "joined"))


def refuse_wrong_side(extent: Iterable[RoadSpan], network: Network, *, where: str) -> None:
    """Refuse to close the one direction of travel that nobody may drive on a one-way road.

    Raises
    ------
    BadInputError
        `closure-on-wrong-side` with the roads: the line was drawn against the traffic, or the direction is the other.
    """
    wrong = []
    for span in extent:
        road = network.road_index[span.road_id]
        closed, other = (0, 1) if span.direction is Direction.FORWARD else (1, 0)
        if span.direction is not Direction.BOTH and not network.access[road, closed] and network.access[road, other]:
            wrong.append(span.road_id)
    if wrong:
        raise BadInputError("closure-on-wrong-side", where, road_ids=list(dict.fromkeys(wrong)))


def _road_ids(value: object, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not value or not all(type(one) in (str, int) for one in value):
        raise BadInputError("road-ids-not-a-list", where)
    return tuple(dict.fromkeys(str(one).strip() for one in value))


def _lines_of(geometry: object, where: str) -> tuple[LineCoordinates, ...]:
    if geometry is None:
        return ()
    place = f"{where}: geometry"
    if not isinstance(geometry, Mapping) or geometry.get("type") not in _LINES:
        kind = geometry.get("type") if isinstance(geometry, Mapping) else None
        raise BadInputError("closure-geometry-not-a-line", place, type=str(kind), choices=[*_LINES, *_AREAS])
    lines = geometry.get("coordinates")
    if geometry["type"] == "LineString":
        lines = [lines]
    if not isinstance(lines, list) or not lines:
        raise BadInputError("closure-line-zero-length", place)
    return tuple(_positions(line, place) for line in lines)


def _positions(line: object, where: str) -> LineCoordinates:
    if not isinstance(line, list):
        raise BadInputError("closure-position-unusable", where, value=None)
    return tuple(_position(one, where) for one in line)


def _position(value: Any, where: str) -> tuple[float, float]:
    numbers = value[:2] if isinstance(value, list) else []
    if len(numbers) != 2 or not all(type(one) in (int, float) for one in numbers):
        raise BadInputError("closure-position-unusable", where, value=value)
    # Written so that what is not a number fails too.
    if not (-180 <= numbers[0] <= 180 and -90 <= numbers[1] <= 90):
        raise BadInputError("closure-position-unusable", where, value=value)
    return float(numbers[0]), float(numbers[1])
