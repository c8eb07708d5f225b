"""The designated green channels as the county's map draws them, and as the list beside it says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geodata.places import Place
from passes.consequence.channel_register import GreenChannel, list_channels
from passes.consequence.channel_watch import hubs_in_areas
from routing.green_channels import ChannelLeg, ChannelState, state_of
from routing.route import RoadLeg, leg_line
from web.map.county_map import CountyMap

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

#: What a channel is drawn as: one that works, one that something stops.
OPEN = "channel"
INTERRUPTED = "channel_interrupted"


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A designated channel of a hub inside an area in force.

    Attributes
    ----------
    out_to, back_from
        Names of the places outside.
    road_id
        Where it is interrupted first, "" where it is not.
    focus
        West, south, east, north, as the map's script reads it.
    lines
        Of its legs, there and back.
    """

    channel: GreenChannel
    state: ChannelState
    hub: Place
    out_to: str
    back_from: str
    focus: str
    lines: tuple[list[list[float]], ...]

    @property
    def kind(self) -> str:
        """`OPEN` or `INTERRUPTED`."""
        return OPEN if self.state.works else INTERRUPTED


def channel_rows(connection: sa.Connection, drawn: CountyMap, at: datetime) -> list[ChannelRow]:
    """Return the designated channels of the hubs inside areas in force, interrupted ones first."""
    county = drawn.county
    hubs = {hub.id: hub for _, hub in hubs_in_areas(county, at)}
    designated = [one for one in list_channels(connection, at=at) if one.hub in hubs] if hubs else []
    if not designated:
        return []
    closings = [one for one in drawn.closings(connection) if one.window is None or one.window.holds(at)]
    rows = [_row(one, state_of(one.legs, closings, county.network), hubs[one.hub], drawn=drawn) for one in designated]
    return sorted(rows, key=lambda row: (row.state.works, row.hub.name, row.channel.id))


def _row(channel: GreenChannel, state: ChannelState, hub: Place, *, drawn: CountyMap) -> ChannelRow:
    places = drawn.county.places.by_id
    to, back = (places[one].name if one in places else one for one in (channel.out_to, channel.back_from))
    lines = tuple(leg_on_map(leg, drawn) for leg in channel.legs)
    spots = np.array([spot for line in lines for spot in line] or [[hub.lon, hub.lat]])
    box = (*spots.min(axis=0).tolist(), *spots.max(axis=0).tolist())
    return ChannelRow(channel, state, hub, to, back, ",".join(f"{value:.6f}" for value in box), lines)


def leg_on_map(leg: ChannelLeg, drawn: CountyMap) -> list[list[float]]:
    """Return the line of one leg; none where its road is no longer on the map."""
    county = drawn.county
    road = county.network.road_index.get(leg.road_id)
    if road is None:
        return []
    part = RoadLeg(road, leg.direction, leg.from_m, leg.to_m, abs(leg.to_m - leg.from_m), 0.0)
    line: list[list[float]] = leg_line(part, county.network, plane=county.road_index.plane).tolist()
    return line


def line_feature(line: list[list[float]], kind: str, name: str, **more: str) -> dict[str, Any]:
    """Return a line of the map's own features."""
    geometry = {"type": "LineString", "coordinates": line}
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, "name": name, **more}}


def channel_features(rows: Iterable[ChannelRow], **more: str) -> Iterator[dict[str, Any]]:
    """Give each leg of each channel as a line, those that work first: what is interrupted lies on top."""
    for row in sorted(rows, key=lambda one: not one.state.works):
        yield from (line_feature(line, row.kind, row.hub.name, **more) for line in row.lines if len(line) > 1)
