"""Read the place of a closure or of a decision: lines or named roads, as the file gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geodata.closures.closure import ALONG, Direction, Drawing, RoadSpan
from geodata.closures.extent import extent_of_line, extent_of_roads
from geodata.closures.road_spans import join_spans
from geodata.errors import BadInputError
from geodata.snapping import RoadIndex

LineCoordinates = tuple[tuple[float, float], ...]
_LINES: Final = ("LineString", "MultiLineString")


@dataclass(frozen=True, slots=True)
class DrawnExtent:
    """Where a closure or decision applies: how it came, and the road parts it means."""

    drawn: Drawing
    extent: tuple[RoadSpan, ...]


def read_place(
    geometry: object, named: object, index: RoadIndex, *, direction: Direction | str, where: str
) -> DrawnExtent | None:
    """Read a geometry and `road_ids`; None where neither is given.

    A line alone is matched onto the roads it follows; named roads alone count whole; a line with named roads lies on
    those, which is how one answers the question which of two parallel roads is meant. The direction "along" closes
    travel the way the line runs.

    Raises
    ------
    BadInputError
        `direction-along-without-line`, `closure-geometry-not-a-line`, `closure-position-unusable`,
        `road-ids-not-a-list`, `road-unknown`, or what `geodata.closures.extent` says about the line.
    """
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
        raise BadInputError("closure-geometry-not-a-line", place, type=str(kind), choices=list(_LINES))
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
