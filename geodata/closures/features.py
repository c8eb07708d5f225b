"""Write closures and blockages as GeoJSON features that read back as the same closures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from geodata.closures.closure import ALONG, Closure, Decision, Direction, Drawing, Observation, RoadSpan
from geodata.closures.travel_lines import line_of_span, travel_lines
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.snapping import LocalPlane
from geodata.windows import format_instant


def closure_feature(closure: Closure, network: Network) -> dict[str, Any]:
    """Return a closure or blockage as a feature of the closure file, leaving out what is not known.

    Raises
    ------
    BadInputError
        `closure-directions-mixed`: a program made an extent of which parts are closed in both directions and parts in
        one, for which the file has no word; `closure-road-unknown`: it lies on a road that the network does not have.
    """
    geometry, place = _place(closure.extent, closure.drawn, network, closure.id)
    properties: dict[str, Any] = {"id": closure.id, "direction": _direction(closure.extent, closure.id), **place}
    if closure.window is not None:
        properties |= {
            "barrier": closure.barrier,
            "cause": closure.cause,
            "start": format_instant(closure.window.start),
            **_known(end=_time(closure.window.end), requested_by=closure.requested_by, reason=closure.reason),
            "pass_holders": closure.pass_holders,
            **_known(requested=closure.requested),
        }
    if closure.decisions:
        properties["decisions"] = [_decision(one, closure, network) for one in closure.decisions]
    if closure.observations:
        properties["observations"] = [_observation(one) for one in closure.observations]
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _known(**values: object) -> dict[str, object]:
    return {key: value for key, value in values.items() if value not in ("", None)}


def _time(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _direction(extent: Iterable[RoadSpan], closure_id: str) -> str:
    directions = {span.direction for span in extent}
    if directions == {Direction.FORWARD, Direction.BACKWARD}:
        return ALONG
    if len(directions) > 1:
        raise BadInputError("closure-directions-mixed", closure_id, id=closure_id)
    return next(iter(directions), Direction.BOTH).value


def _decision(decision: Decision, closure: Closure, network: Network) -> dict[str, Any]:
    record: dict[str, Any] = {
        "authority": decision.authority,
        "decision": decision.decision,
        "form": decision.form,
        "decided_at": format_instant(decision.decided_at),
        **_known(document_no=decision.document_no, start=_time(decision.start), end=_time(decision.end)),
    }
    if decision.extent is not None:
        geometry, place = _place(decision.extent, decision.drawn, network, closure.id)
        record |= {**_known(geometry=geometry), **place}
        direction = _direction(decision.extent, closure.id)
        if direction != _direction(closure.extent, closure.id):
            record["direction"] = direction
    return record


def _observation(observation: Observation) -> dict[str, Any]:
    known = _known(barrier=observation.barrier, photo=observation.photo)
    return {"at": format_instant(observation.at), "state": observation.state, "source": observation.source, **known}


def _place(
    extent: tuple[RoadSpan, ...], drawn: Drawing | None, network: Network, closure_id: str
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return geometry and place properties, as they came where that is known."""
    is_known = all(span.road_id in network.road_index for span in extent)
    if drawn is None or (is_known and _direction(extent, closure_id) == ALONG):
        drawn = _draw(extent, network, closure_id)
    if drawn.area:
        return json.loads(drawn.area), {"inside_share": drawn.inside_share, "structures": drawn.structures}
    named = {"road_ids": list(drawn.road_ids)} if drawn.road_ids else {}
    lines = [[list(position) for position in line] for line in drawn.lines]
    if not lines:
        return None, named
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}, named
    return {"type": "MultiLineString", "coordinates": lines}, named


def _draw(extent: tuple[RoadSpan, ...], network: Network, closure_id: str) -> Drawing:
    """Draw an extent that a program made: whole roads by name, parts as lines on named roads."""
    road_ids = tuple(dict.fromkeys(span.road_id for span in extent))
    roads = [road_of(road_id, network, closure_id) for road_id in road_ids]
    if _direction(extent, closure_id) == ALONG:
        return Drawing(tuple(one.line for one in travel_lines(extent, network)), road_ids)
    lengths = dict(zip(road_ids, (float(network.length_m[road]) for road in roads), strict=True))
    if all(span.from_m <= 0.0 and span.to_m >= lengths[span.road_id] for span in extent):
        return Drawing(road_ids=road_ids)
    plane = LocalPlane(network)
    return Drawing(tuple(line_of_span(span, network, plane) for span in extent), road_ids)


def road_of(road_id: str, network: Network, closure_id: str) -> int:
    """Return the index of a closure's road.

    Raises
    ------
    BadInputError
        `closure-road-unknown`: the closure was registered on another network.
    """
    road = network.road_index.get(road_id)
    if road is None:
        raise BadInputError("closure-road-unknown", closure_id, id=closure_id, road_id=road_id)
    return road
