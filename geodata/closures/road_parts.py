"""Read roads as somebody picks them, one a line, each whole or from one metre to another; and write them so again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from geodata.closures.closure import Direction, RoadSpan
from geodata.closures.road_spans import SHORTEST_M, join_spans
from geodata.errors import BadInputError
from geodata.network import Network

#: A road's id, and after @, a space or a colon "from-to" in metres along the digitised direction.
_LINE: Final = re.compile(r"^(?P<road>\S+?)(?:\s*[\s:@]\s*(?P<start>\d+(?:\.\d+)?)\s*[-~]\s*(?P<end>\d+(?:\.\d+)?))?$")


def read_road_parts(text: str, network: Network, *, direction: Direction, where: str) -> tuple[RoadSpan, ...]:
    """Read lines such as `r12` or `r12@200-850`; empty lines count for nothing.

    Raises
    ------
    BadInputError
        `road-part-unreadable`, `road-unknown`, `road-part-reversed` where the end is not after the start, or
        `road-part-beyond-road` with the road's length; each names the line.
    """
    lines = (line.strip() for line in text.splitlines())
    return join_spans(_part(line, network, direction, where) for line in lines if line)


def _part(line: str, network: Network, direction: Direction, where: str) -> RoadSpan:
    if line in network.road_index:
        return RoadSpan(line, direction, 0.0, float(network.length_m[network.road_index[line]]))
    match = _LINE.match(line)
    if match is None:
        raise BadInputError("road-part-unreadable", where, value=line)
    road = network.road_index.get(match["road"])
    if road is None:
        raise BadInputError("road-unknown", where, road_id=match["road"])
    whole_m = float(network.length_m[road])
    if match["start"] is None:
        return RoadSpan(match["road"], direction, 0.0, whole_m)
    start, end = float(match["start"]), float(match["end"])
    if end - start < SHORTEST_M:
        raise BadInputError("road-part-reversed", where, value=line)
    # What a page shows is rounded to metres: so much beyond the end is the end.
    if start > whole_m or end > whole_m + 1.0:
        raise BadInputError("road-part-beyond-road", where, road_id=match["road"], length_m=round(whole_m))
    return RoadSpan(match["road"], direction, start, min(end, whole_m))


def road_parts_text(extent: Iterable[RoadSpan], network: Network) -> str:
    """Write an extent as `read_road_parts` reads it, parts to the metre; its direction is told apart."""
    lines = []
    for span in extent:
        road = network.road_index.get(span.road_id)
        whole_m = float("inf") if road is None else float(network.length_m[road])
        is_whole = span.from_m < SHORTEST_M and span.to_m > whole_m - SHORTEST_M
        lines.append(span.road_id if is_whole else f"{span.road_id}@{span.from_m:.0f}-{span.to_m:.0f}")
    return "\n".join(dict.fromkeys(lines))
