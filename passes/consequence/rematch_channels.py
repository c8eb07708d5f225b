"""Put the designated green channels onto a newer map: the old record ends, a new one says the same way on its roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.closures.closure import Direction, RoadSpan
from geodata.closures.map_matching import ExtentMatch, MapMatcher, Misfit, is_unchanged
from geodata.network import BACKWARD, FORWARD
from passes.consequence.channel_register import designate_channel, end_channel, list_channels
from routing.green_channels import ChannelLeg

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class ChannelFit:
    """A channel whose roads changed; parts that the newer map does not have are broken until it is designated anew."""

    hub: str
    distance_m: float
    misfits: tuple[Misfit, ...]


@dataclass(frozen=True, slots=True)
class ChannelsFit:
    """What became of the designated channels."""

    unchanged: int
    changed: tuple[ChannelFit, ...]


def rematch_channels(connection: sa.Connection, matcher: MapMatcher, *, account: str, at: datetime) -> ChannelsFit:
    """Bring every channel that stands onto the newer map, within the caller's transaction."""
    channels = list_channels(connection, at=at)
    changed = []
    for channel in channels:
        sides = [_match(legs, matcher) for legs in (channel.out_legs, channel.back_legs)]
        pairs = [pair for side in sides for pair in side]
        if all(is_unchanged((span,), match) for span, match in pairs):
            continue
        out_legs, back_legs = (_legs(side) for side in sides)
        renewed = replace(channel, out_legs=out_legs, back_legs=back_legs, network_digest=matcher.new.digest)
        end_channel(connection, channel.id, by=account, at=at)
        designate_channel(connection, renewed, by=channel.designated_by, at=at)
        misfits = tuple(dict.fromkeys(one for _, match in pairs for one in match.misfits))
        changed.append(ChannelFit(channel.hub, max(match.distance_m for _, match in pairs), misfits))
    return ChannelsFit(len(channels) - len(changed), tuple(changed))


def _match(legs: Sequence[ChannelLeg], matcher: MapMatcher) -> list[tuple[RoadSpan, ExtentMatch]]:
    spans = [_span(leg) for leg in legs if leg.from_m != leg.to_m]
    return [(span, matcher.match([span])) for span in spans]


def _span(leg: ChannelLeg) -> RoadSpan:
    way = Direction.BACKWARD if leg.direction == BACKWARD else Direction.FORWARD
    low, high = sorted((leg.from_m, leg.to_m))
    return RoadSpan(leg.road_id, way, low, high)


def _legs(side: Sequence[tuple[RoadSpan, ExtentMatch]]) -> tuple[ChannelLeg, ...]:
    """Return the legs on the newer map in the order of travel."""
    return tuple(_leg(span) for _, match in side for span in match.extent)


def _leg(span: RoadSpan) -> ChannelLeg:
    backward = span.direction is Direction.BACKWARD
    ends = (span.to_m, span.from_m) if backward else (span.from_m, span.to_m)
    return ChannelLeg(span.road_id, BACKWARD if backward else FORWARD, *ends)
