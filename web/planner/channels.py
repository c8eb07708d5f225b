"""The planner's page of green channels: hubs inside areas in force, what is designated for them, and a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from passes.consequence.channel_register import GreenChannel, designate_channel, end_channel
from passes.consequence.channel_watch import WatchedHub, propose_channel, watch_channels
from routing.green_channels import ChannelLeg
from web.map.channels import INTERRUPTED, OPEN, leg_on_map, line_feature
from web.map.county_map import county_map
from web.planner.blueprint import pages
from web.shell.access import allow, who
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class HubRow:
    """A hub as the page shows it.

    Attributes
    ----------
    proposal
        The best way now; None where there is none, or where a designated one works.
    """

    watched: WatchedHub
    proposal: GreenChannel | None


@pages.get("/planner/channels")
@allow("P", "HQ", "S")
def green_channels() -> str:
    """Show every hub inside an area in force with its channels, beside the map."""
    with reading() as connection:
        rows = _rows(connection)
    places = site().county.places.by_id
    return render_template(
        "planner/channels.html",
        rows=rows,
        features={"type": "FeatureCollection", "features": list(_features(rows))},
        place_name=lambda place_id: places[place_id].name if place_id in places else place_id,
        at=site().now(),
    )


def _rows(connection: sa.Connection) -> list[HubRow]:
    at, county, engine = site().now(), site().county, site().engine(connection)
    watch = watch_channels(connection, county, engine.closings, at=at)
    rows = []
    for one in watch.hubs:
        works = any(state.works for state in one.channels.states)
        proposal = None if works else propose_channel(county, engine, one.channels.hub.id, at=at)
        rows.append(HubRow(one, proposal))
    return rows


@pages.post("/planner/channels/hubs/<path:hub>")
@allow("P")
def designate(hub: str) -> Response:
    """Designate the best way of this moment for a hub."""
    at = site().now()
    with writing() as connection:
        proposal = propose_channel(site().county, site().engine(connection), hub, at=at)
        if proposal is None:
            raise BadInputError("green-channel-without-way", hub, id=hub)
        designate_channel(connection, proposal, by=who().name, at=at)
    flash(_("Designated: it is watched against every closure from now on."), "good")
    return redirect(url_for("planner.green_channels"), 303)


@pages.post("/planner/channels/<int:channel_id>/end")
@allow("P")
def give_up_channel(channel_id: int) -> Response:
    """Give a designated channel up."""
    with writing() as connection:
        end_channel(connection, channel_id, by=who().name, at=site().now())
    flash(_("The channel is no longer designated."))
    return redirect(url_for("planner.green_channels"), 303)


def _features(rows: Iterable[HubRow]) -> Iterator[dict[str, Any]]:
    """Give the channels as lines, designated and proposed ones, and the hubs."""
    for row in rows:
        hub = row.watched.channels.hub
        for channel, state in row.watched.designated:
            kind = OPEN if state.works else INTERRUPTED
            yield from (_line(leg, kind, hub.name) for leg in channel.legs)
        if row.proposal is not None:
            yield from (_line(leg, "detour", hub.name) for leg in row.proposal.legs)
        point = {"type": "Point", "coordinates": [hub.lon, hub.lat]}
        yield {"type": "Feature", "geometry": point, "properties": {"kind": "place", "name": hub.name}}


def _line(leg: ChannelLeg, kind: str, name: str) -> dict[str, Any]:
    return line_feature(leg_on_map(leg, county_map()), kind, name)
