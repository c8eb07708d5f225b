"""Plan a truck that is under way anew from where it was seen, and join what it has driven with what is ahead of it.

Every rule is asked again of the trip that is left, as at the issue. The edition that comes of it covers the whole trip:
its roads, its line and its corridor begin at the origin, so that what was driven stays within the pass.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from geodata.closures.closure import Direction
from geodata.findings import Finding
from geodata.network import Network
from geodata.snapping import LocalPlane
from geodata.windows import format_instant, parse_instant
from passes.applications.application import Application
from passes.applications.office import Office
from passes.editions.bulk_editions import Unsigned
from passes.editions.pass_register import PassRecord
from passes.reissue.replacing import route_roads
from passes.tokens.claims import StatusSlot, check_pass_claims
from passes.tokens.front_door import decode_base64url
from passes.tracks.driven_part import DrivenPart
from passes.ways.packed_route import PackedRoute, pack_json, packed_route
from routing.corridor import CorridorLine
from routing.corridor_kernel import bend_weights

#: The stop of a route at which its truck was seen when the rest was planned anew.
SEEN: Final = "seen"
_ON_CLOSED_ROAD: Final = "truck-on-closed-road"
_FORWARD: Final = {"forward": Direction.FORWARD, "backward": Direction.BACKWARD}


@dataclass(frozen=True, slots=True)
class Onward:
    """A truck under way: the application for what is left of its trip, and what it has driven."""

    application: Application
    driven: DrivenPart


def onward_of(application: Application, driven: DrivenPart, *, at: datetime) -> Onward | None:
    """Return the application for what is left of a trip; None where a stop that renewed a condition is behind."""
    kinds = [one["kind"] for one in driven.stops]
    if "sampling" in kinds:
        return None
    lon, lat = driven.lonlat
    here = {"lon": lon, "lat": lat}
    if driven.is_on_way_back:
        goal = application.origin
        left = replace(application, origin=here, destination=goal, via=(), round_trip=False, depart_at=at)
        return Onward(left, driven)
    back = application.origin if application.round_trip else None
    via = application.via[kinds.count("via") :]
    return Onward(replace(application, origin=here, via=via, returns_to=back, depart_at=at), driven)


def goes_on_as_before(new: PassRecord, driven: DrivenPart) -> bool:
    """Tell whether what is ahead of a truck is what was ahead of it before."""
    return route_roads(new.route) == route_roads({"roads": driven.left_rows})


def stands_on_closed_road(driven: DrivenPart, office: Office, *, at: datetime) -> Finding | None:
    """Return a finding where a truck was seen on a part of a road that is closed now (L5): by what, and which."""
    row, network = driven.left_rows[0], office.engine.network
    road = network.road_index.get(row["road_id"])
    if road is None:
        return None
    offset_m = _offset_m(driven, network, road)
    closed = {
        one.closure_id
        for one in office.engine.closings
        if one.road == road
        and one.direction in (Direction.BOTH, _FORWARD[row["direction"]])
        and one.from_m <= offset_m <= one.to_m
        and (one.window is None or one.window.holds(at))
        and not one.lets_pass_holders_through
    }
    facts = {"blocking": sorted(closed), "road": row["name"] or row["ref"] or row["road_id"]}
    return Finding(_ON_CLOSED_ROAD, "L5", facts=facts) if closed else None


def _offset_m(driven: DrivenPart, network: Network, road: int) -> float:
    """Return how far along its road a truck was seen, from the road's start."""
    plane = LocalPlane(network)
    line = plane.to_metres(network.line_of(road))
    runs = np.diff(line, axis=0)
    away = plane.to_metres(np.array(driven.lonlat)) - line[:-1]
    share = np.clip((away * runs).sum(axis=1) / np.maximum((runs**2).sum(axis=1), 1e-9), 0.0, 1.0)
    nearest = int(np.argmin(np.hypot(*(away - share[:, None] * runs).T)))
    lengths = np.hypot(*runs.T)
    walked = float(lengths[:nearest].sum() + share[nearest] * lengths[nearest])
    return walked * float(network.length_m[road]) / max(float(lengths.sum()), 0.01)


def joined(unsigned: Unsigned, before: PassRecord, onward: Onward, network: Network) -> Unsigned:
    """Return the edition of a trip that is left, with what was driven before it."""
    driven, new = onward.driven, packed_route(unsigned.record.route)
    head = _head(before.route, new, onward)
    names = (*(one.name for one in driven.ways), *new.names)
    route = PackedRoute(pack_json(head), (*driven.packed, *new.packed_ways), names)
    legs = sum(len(one.road_ids) for one in driven.ways)
    ahead = (replace(one, first_leg=one.first_leg + legs) for one in unsigned.stages)
    bends = np.array(route["geometry"])
    weights = bend_weights(*np.ascontiguousarray(LocalPlane(network).to_metres(bends).T))
    facts = {**unsigned.event.facts, "from": SEEN, "seen_at": format_instant(driven.where.at)}
    return Unsigned(
        record=replace(unsigned.record, route=route, depart_at=before.depart_at),
        claims=_claims_of(unsigned, before),
        line=CorridorLine(bends, weights),
        stages=(*driven.stages, *ahead),
        event=replace(unsigned.event, facts=facts),
    )


def _claims_of(unsigned: Unsigned, before: PassRecord) -> Callable[[StatusSlot], Mapping[str, Any]]:
    """Return what makes the claims: those of the trip that is left, with the ends and terms of the whole one."""
    old = json.loads(decode_base64url(before.token.split(".")[1]))
    check_pass_claims(old)

    def claims(slot: StatusSlot) -> Mapping[str, Any]:
        return {**unsigned.claims(slot), **{name: old[name] for name in ("org", "dst", "trm")}}

    return claims


def _head(old: Mapping[str, Any], new: PackedRoute, onward: Onward) -> dict[str, Any]:
    """Return what is kept with the pass itself: both parts end to end."""
    driven = onward.driven
    here_m = round(driven.where.here_m, 2)
    share = here_m / max(float(old["distance_m"]), 0.01)
    stops = _stops(new, onward)
    is_return = stops[-1]["kind"] == "return"
    goal = next((one for one in stops if one["kind"] == "destination"), None)
    checkpoints = [one for one in old["checkpoints"] if float(one["along_m"]) <= here_m]
    checkpoints += [{**one, "along_m": round(float(one["along_m"]) + here_m, 2)} for one in new["checkpoints"]]
    seen_at = driven.where.at
    areas = [one for one in old["areas"] if parse_instant(one["enter_at"], where="areas") <= seen_at]
    return {
        "distance_m": round(here_m + float(new["distance_m"]), 2),
        "duration_s": round(share * float(old["duration_s"]) + float(new["duration_s"]), 3),
        "depart_at": old["depart_at"],
        "arrive_at": old["arrive_at"] if goal is None or driven.is_on_way_back else goal["arrive_at"],
        "end_at": stops[-1]["arrive_at"] if is_return else new["end_at"],
        "entry_point": old["entry_point"] or new["entry_point"],
        "exit_point": (new["entry_point"] or old["exit_point"]) if old["exit_point"] else "",
        "stops": stops,
        "sections": _sections(old, new, onward),
        "checkpoints": checkpoints,
        "areas": [*areas, *new["areas"]],
        "driven_m": here_m,
    }


def _stops(new: Mapping[str, Any], onward: Onward) -> list[dict[str, Any]]:
    """Return every stop of the whole trip; where the truck was seen is one that nobody has to make."""
    driven = onward.driven
    first, *others = ({**one} for one in new["stops"])
    seen_at = format_instant(driven.where.at)
    first.update(kind=SEEN, arrive_at=seen_at)
    if driven.is_on_way_back:
        others[-1].update(kind="return", leave_at=others[-1]["arrive_at"])
    return [*map(dict, driven.stops), first, *others]


def _sections(old: Mapping[str, Any], new: PackedRoute, onward: Onward) -> list[dict[str, Any]]:
    """Return the sections of the whole trip: those behind the truck until where it was seen, and those ahead."""
    driven = onward.driven
    here_m = round(driven.where.here_m, 2)
    found = []
    for one in old["sections"]:
        if float(one["from_m"]) < here_m:
            to_m = min(float(one["to_m"]), here_m)
            length_m = to_m - float(one["from_m"])
            share = length_m / max(float(one["distance_m"]), 0.01)
            duration_s = round(share * float(one["duration_s"]), 3)
            found.append({**one, "to_m": to_m, "distance_m": round(length_m, 2), "duration_s": duration_s})
    for one in new["sections"]:
        way = "back" if driven.is_on_way_back else one["way"]
        shifted = {key: round(float(one[key]) + here_m, 2) for key in ("from_m", "to_m")}
        found.append({**one, **shifted, "way": way})
    return found
