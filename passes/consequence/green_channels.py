"""Green channels: does every hub inside an area keep a way to and from a hub outside it (L12, K11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.areas import TOWNSHIP, Area
from geodata.places import Place, PlaceKind
from geodata.snapping import RoadPoint
from passes.consequence.channel_register import list_channels
from passes.consequence.what_if import WhatIf
from routing.engine import Engine
from routing.green_channels import state_of


@dataclass(frozen=True, slots=True)
class Channel:
    """The green channel of one hub inside an area: minutes to and from hubs outside, now and then (L12).

    Attributes
    ----------
    to
        The nearest place outside then, now where there is none then; "" where never any. Where a county has no hub
        outside the area, its entry points stand for the next county's hubs.
    before_min, after_min
        The slower of there and back; None where one of the two has no way.
    loses_designated
        Of the routes designated for it some work now, and none would.
    is_interrupted
        Routes are designated for it, and none works now, whatever other way there is.
    """

    hub: str
    name: str
    area: str
    area_name: str
    to: str
    before_min: float | None
    after_min: float | None
    loses_designated: bool = False
    is_interrupted: bool = False

    @property
    def is_broken(self) -> bool:
        """Tell whether the closures break it; what had no way before is not broken by them."""
        return self.loses_designated or (self.before_min is not None and self.after_min is None)


def find_channels(what_if: WhatIf) -> tuple[Channel, ...]:
    """Look at every hub inside an area in force, and inside the what-if's own area."""
    county, moment = what_if.county, what_if.window.start
    areas = [one for one in county.areas if one.kind != TOWNSHIP and one.in_force(moment)]
    if what_if.area is not None:
        areas.append(what_if.area)
    return tuple(channel for area in areas for channel in _channels_of(area, what_if))


def _inside(area: Area, places: Iterable[Place]) -> list[Place]:
    return [one for one in places if shapely.intersects_xy(area.polygon, one.lon, one.lat)]


def _channels_of(area: Area, what_if: WhatIf) -> Iterable[Channel]:
    places = what_if.county.places
    hubs, entries = places.of_kind(PlaceKind.HUB), places.of_kind(PlaceKind.ENTRY_POINT)
    inside = _inside(area, hubs)
    gone = set(inside) | set(_inside(area, entries))
    outside = [one for one in hubs if one not in gone] or [one for one in entries if one not in gone]
    for hub in inside:
        (before, near), (after, nearest) = (_slower_way(engine, hub, outside, what_if) for engine in _engines(what_if))
        works, would = _designated(hub, what_if)
        lost = works and not would
        yield Channel(hub.id, hub.name, area.id, area.name, nearest or near, before, after, lost, not works)


def _designated(hub: Place, what_if: WhatIf) -> tuple[bool, bool]:
    """Tell whether a designated route of a hub works now, and would; both where none is designated."""
    moment, network = what_if.window.start, what_if.county.network
    own = [one for one in list_channels(what_if.connection, at=moment) if one.hub == hub.id]
    if not own:
        return True, True
    now = [one for one in what_if.now.closings if one.window is None or one.window.holds(moment)]
    works, would = (
        any(state_of(one.legs, closings, network).works for one in own) for closings in (now, (*now, *what_if.closings))
    )
    return works, would


def _engines(what_if: WhatIf) -> tuple[Engine, Engine]:
    return what_if.now, what_if.then


def _slower_way(engine: Engine, hub: Place, outside: Sequence[Place], what_if: WhatIf) -> tuple[float | None, str]:
    """Return the minutes of the slower of there and back, and the place that is best so; None and "" without a way."""
    if not outside:
        return None, ""
    truck = what_if.county.settings.vehicles["truck"]
    usable = engine.usable_roads(truck)
    here, *there = (_point(one, what_if, usable) for one in (hub, *outside))
    moment = what_if.window.start
    out = engine.matrix([here], there, vehicle=truck, depart_at=moment, holder="pass").duration_s[0]
    back = engine.matrix(there, [here], vehicle=truck, depart_at=moment, holder="pass").duration_s[:, 0]
    # Any way out and any way back will do: a one-way entry of an expressway serves one direction only.
    slower = max(float(out.min()), float(back.min()))
    return (slower / 60, outside[int(np.argmin(out))].name) if np.isfinite(slower) else (None, "")


def _point(place: Place, what_if: WhatIf, usable: NDArray[np.bool_]) -> RoadPoint:
    return what_if.county.road_index.snap(place.lon, place.lat, usable=usable, where=place.id)
