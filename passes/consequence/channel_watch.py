"""Watch every hub inside an area in force: its designated green channels, whether any way is left, and a proposal."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.areas import TOWNSHIP, Area
from geodata.closures.closing import Closing
from geodata.county import County
from geodata.errors import BadInputError
from geodata.places import Place, PlaceKind
from geodata.snapping import RoadPoint
from passes.consequence.channel_register import GreenChannel, list_channels
from routing.criticality.ends import ends_of
from routing.criticality.single_roads import reached_without
from routing.engine import Ask, Engine
from routing.green_channels import ChannelLeg, ChannelState, HubChannels, legs_of, state_of
from routing.metric import build_metric
from routing.open_network import OpenNetwork, close_arcs
from routing.reaching import WAYS
from routing.route import Route

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class WatchedHub:
    """A hub inside an area in force.

    Attributes
    ----------
    designated
        Its channels, each with whether it works.
    """

    channels: HubChannels
    designated: tuple[tuple[GreenChannel, ChannelState], ...]


@dataclass(frozen=True)
class ChannelWatch:
    """The hubs of a county at an instant.

    Attributes
    ----------
    closings
        Of the register, in force or not.
    """

    county: County
    designated: tuple[GreenChannel, ...]
    closings: tuple[Closing, ...]
    at: datetime

    @cached_property
    def hubs(self) -> tuple[WatchedHub, ...]:
        """Every hub inside an area in force, by area and id."""
        return tuple(self._watched(area, hub) for area, hub in hubs_in_areas(self.county, self.at))

    def _watched(self, area: Area, hub: Place) -> WatchedHub:
        own = [one for one in self.designated if one.hub == hub.id]
        states = tuple(state_of(one.legs, self._in_force, self.county.network) for one in own)
        channels = HubChannels(hub, area, states, self._has_way(area, hub))
        return WatchedHub(channels, tuple(zip(own, states, strict=True)))

    @cached_property
    def _in_force(self) -> list[Closing]:
        return [one for one in self.closings if one.window is None or one.window.holds(self.at)]

    @cached_property
    def _view(self) -> OpenNetwork:
        """The roads as a truck with a pass finds them."""
        county = self.county
        metric = build_metric(county.network, county.settings.vehicles["truck"], speeds_kmh=county.settings.speeds_kmh)
        stopped = [one for one in self._in_force if not one.lets_pass_holders_through]
        return close_arcs(county.network, metric=metric, closings=stopped)

    def _has_way(self, area: Area, hub: Place) -> bool:
        usable = np.asarray(self._view.metric.usable.any(axis=1))
        here = _points(self.county, [hub], usable)
        outside = _points(self.county, places_outside(self.county, area), usable)
        if not here:
            return False
        both = (reached_without(ends_of(self._view, here, outside, way=way)) for way in WAYS)
        return all(bool(reached[0]) for reached in both)


def watch_channels(
    connection: sa.Connection, county: County, closings: Iterable[Closing], *, at: datetime
) -> ChannelWatch:
    """Return the hubs inside areas in force with their channels, as they stand at an instant."""
    return ChannelWatch(county, list_channels(connection, at=at), tuple(closings), at)


def hubs_in_areas(county: County, at: datetime) -> Iterator[tuple[Area, Place]]:
    """Give every hub that lies in an area in force, with the area."""
    for area in county.areas:
        if area.kind != TOWNSHIP and area.in_force(at):
            for hub in _inside(area, county.places.of_kind(PlaceKind.HUB)):
                yield area, hub


def places_outside(county: County, area: Area) -> tuple[Place, ...]:
    """Return the hubs outside an area; where the county has none, its entry points for the next county's hubs."""
    for kind in (PlaceKind.HUB, PlaceKind.ENTRY_POINT):
        places = county.places.of_kind(kind)
        inside = {one.id for one in _inside(area, places)}
        outside = tuple(one for one in places if one.id not in inside)
        if outside:
            return outside
    return ()


def _inside(area: Area, places: Iterable[Place]) -> list[Place]:
    return [one for one in places if shapely.intersects_xy(area.polygon, one.lon, one.lat)]


def _points(county: County, places: Iterable[Place], usable: np.ndarray) -> list[RoadPoint]:
    """Return where places meet the road; one far from any road is left out."""
    found = []
    for place in places:
        try:
            found.append(county.road_index.snap(place.lon, place.lat, usable=usable, where=place.id))
        except BadInputError:
            continue
    return found


def propose_channel(
    county: County,
    engine: Engine,
    hub_id: str,
    *,
    at: datetime,
    avoiding: Collection[str] = (),
    over: RoadPoint | None = None,
) -> GreenChannel | None:
    """Return the quickest way of a hub to a hub outside its area and back on the roads as they are; None: no way.

    The same place there and back where one is joined both ways, the one whose slower way is quickest.

    Parameters
    ----------
    avoiding
        Ids of places outside that are not wanted.
    over
        A point that the way out must lead over, for a channel that is not to be the quickest.

    Raises
    ------
    BadInputError
        `hub-not-in-area-unknown`.
    """
    found = next(((area, hub) for area, hub in hubs_in_areas(county, at) if hub.id == hub_id), None)
    if found is None:
        raise BadInputError("hub-not-in-area-unknown", hub_id, id=hub_id)
    area, hub = found
    usable = engine.usable_roads(county.settings.vehicles["truck"])
    wanted = [one for one in places_outside(county, area) if one.id not in avoiding]
    outside = [one for one in wanted if _points(county, [one], usable)]
    here, there = _points(county, [hub], usable), _points(county, outside, usable)
    ends = _best_ends(engine, here[0], there, county, at) if here else None
    if ends is None:
        return None
    stops = (here[0], there[ends[0]]) if over is None else (here[0], over, there[ends[0]])
    out, back = (_way(engine, one, county, at) for one in (stops, (there[ends[1]], here[0])))
    if out is None or back is None:
        return None
    network = county.network
    return GreenChannel(
        hub=hub.id,
        area=area.id,
        out_to=outside[ends[0]].id,
        back_from=outside[ends[1]].id,
        out_legs=out[0],
        back_legs=back[0],
        out_min=out[1],
        back_min=back[1],
        network_digest=network.digest,
    )


def _best_ends(
    engine: Engine, here: RoadPoint, there: Sequence[RoadPoint], county: County, at: datetime
) -> tuple[int, int] | None:
    """Return which place to go to and which to come from; None where one of the two is not to be had."""
    if not there:
        return None
    truck = county.settings.vehicles["truck"]
    out = engine.matrix([here], there, vehicle=truck, depart_at=at, holder="pass").duration_s[0]
    back = engine.matrix(there, [here], vehicle=truck, depart_at=at, holder="pass").duration_s[:, 0]
    slower = np.maximum(out, back)
    if np.isfinite(slower).any():
        return int(np.argmin(slower)), int(np.argmin(slower))
    if np.isfinite(out).any() and np.isfinite(back).any():
        return int(np.argmin(out)), int(np.argmin(back))
    return None


def _way(
    engine: Engine, stops: Sequence[RoadPoint], county: County, at: datetime
) -> tuple[tuple[ChannelLeg, ...], float] | None:
    """Return the legs of the quickest way from stop to stop, and its minutes; None where there is none."""
    truck = county.settings.vehicles["truck"]
    routes = [engine.route(Ask(*pair, truck, at, holder="pass")) for pair in itertools.pairwise(stops)]
    found = [one for one in routes if isinstance(one, Route)]
    if len(found) < len(routes):
        return None
    legs = legs_of((leg for one in found for leg in one.legs), county.network)
    return legs, round(sum(one.duration_s for one in found) / 60, 1)
