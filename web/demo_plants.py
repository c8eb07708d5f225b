"""Keep in the demo's database what its folder cannot hold: refusals at a checkpoint, a green channel that is broken."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from geodata.county import County
from geodata.demo.planted import planted_channel, planted_refusals
from web.issuing_office import open_office
from web.session import Session

if TYPE_CHECKING:
    from geodata.snapping import RoadPoint


def plant_refusals(session: Session, county: County, *, checkpoint: str, at: datetime) -> None:
    """Keep the demo's two refusals at a checkpoint, once: what K9 and K10 find."""
    from passes.checkpoint.refusal_reasons import refusal_reasons
    from passes.checkpoint.scan_register import BARRED, NOT_LET_PASS, Scan, add_scan

    policy = county.settings.policy
    forbidden, listed = policy.forbidden_reasons[0].id, refusal_reasons(policy)[0].id
    with session.transaction(writes=True) as connection:
        for one in planted_refusals(at):
            outcome, reason = (BARRED, forbidden) if one.is_forbidden else (NOT_LET_PASS, listed)
            scan = Scan(one.key, one.at, checkpoint, "c", one.plate, "", one.verdict, (), outcome, reason=reason)
            add_scan(connection, scan, at=at)


def plant_channel(session: Session, *, at: datetime) -> None:
    """Keep the demo's green channel, once: designated before a closure came to lie on it, which K11 finds."""
    from passes.consequence.channel_register import designate_channel, list_channels
    from passes.consequence.channel_watch import propose_channel

    county, planted = session.county, planted_channel(at)
    with session.transaction(writes=True) as connection:
        if list_channels(connection):
            return
        closed = open_office(session, connection).engine
        over = next(one for one in closed.closings if one.closure_id == planted.over)
        as_before = closed.snapshot(lifted={one.closure_id for one in closed.closings})
        channel = propose_channel(county, as_before, planted.hub, at=planted.at, over=_middle_of(county, over.road))
        if channel is not None:
            designate_channel(connection, channel, by="p", at=planted.at)


def _middle_of(county: County, road: int) -> RoadPoint:
    """Return the point in the middle of a road."""
    line = county.network.line_of(road)
    lon, lat = (float(one) for one in line[len(line) // 2])
    return county.road_index.point_on_road(road, lon, lat)
