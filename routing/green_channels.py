"""The check K11 and what it rests on: does a hub's designated route still lead to a hub outside and back (L12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from geodata.areas import Area
from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.findings import Finding
from geodata.network import BACKWARD, Network
from geodata.places import Place
from geodata.windows import format_instant
from routing.route import RoadLeg

_CHECK: Final = "K11"
_CLAUSE: Final = "L12"


@dataclass(frozen=True, slots=True)
class ChannelLeg:
    """Part of one road on a designated route, in the order of travel."""

    road_id: str
    direction: int
    from_m: float
    to_m: float


@dataclass(frozen=True, slots=True)
class ChannelState:
    """Whether a designated route can be driven there and back, by a truck with a pass.

    Attributes
    ----------
    closures
        Ids of closures and blockages in force on it that let no pass holder through.
    road_id
        The first road where it is broken, "" where it is not.
    gone
        Roads that the network has no more.
    """

    closures: tuple[str, ...] = ()
    road_id: str = ""
    gone: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """Tell whether nothing stops it."""
        return not (self.closures or self.gone)


@dataclass(frozen=True, slots=True)
class HubChannels:
    """A hub inside an area in force, and how it is joined to the hubs outside.

    Attributes
    ----------
    states
        Of each route designated for it.
    has_way
        Some way leads out and some way leads in, designated or not.
    """

    hub: Place
    area: Area
    states: tuple[ChannelState, ...]
    has_way: bool

    @property
    def works(self) -> bool:
        """Tell whether a designated route works; of a hub for which none is designated, whether there is any way."""
        return any(one.works for one in self.states) if self.states else self.has_way


def legs_of(legs: Iterable[RoadLeg], network: Network) -> tuple[ChannelLeg, ...]:
    """Return a route's legs as they are kept."""
    return tuple(ChannelLeg(str(network.road_id[one.road]), one.direction, one.from_m, one.to_m) for one in legs)


def state_of(legs: Sequence[ChannelLeg], closings: Iterable[Closing], network: Network) -> ChannelState:
    """Return whether a route works under the closings in force."""
    gone = tuple(dict.fromkeys(one.road_id for one in legs if one.road_id not in network.road_index))
    by_road: dict[int, list[Closing]] = {}
    for closing in closings:
        if not closing.lets_pass_holders_through:
            by_road.setdefault(closing.road, []).append(closing)
    stopped = [
        (leg.road_id, closing.closure_id)
        for leg in legs
        if leg.road_id in network.road_index
        for closing in by_road.get(network.road_index[leg.road_id], ())
        if _stops(closing, leg)
    ]
    first = stopped[0][0] if stopped else next(iter(gone), "")
    return ChannelState(tuple(dict.fromkeys(closure for _, closure in stopped)), first, gone)


def _stops(closing: Closing, leg: ChannelLeg) -> bool:
    own = Direction.BACKWARD if leg.direction == BACKWARD else Direction.FORWARD
    lower, upper = sorted((leg.from_m, leg.to_m))
    if closing.direction not in {Direction.BOTH, own} or lower == upper:
        return False
    if closing.from_m == closing.to_m:
        return lower <= closing.from_m <= upper
    return lower < closing.to_m and closing.from_m < upper


def hub_has_working_channel(channels: HubChannels) -> Finding | None:
    """K11 (L12): a hub inside an area in force without a working green channel to a hub outside.

    Where routes are designated one of them must work. Where none is yet, any way counts; designating one is asked for
    on the planner's page.
    """
    if channels.works:
        return None
    return Finding(_CHECK, _CLAUSE, channels.hub.id, _facts(channels))


def _facts(channels: HubChannels) -> Mapping[str, Any]:
    hub, area = channels.hub, channels.area
    broken = channels.states[0] if channels.states else ChannelState()
    facts = {
        "road": broken.road_id or None,
        "hub_name": hub.name,
        "area": area.id,
        "area_name": area.name,
        "township": hub.township,
        "lonlat": [hub.lon, hub.lat],
        "designated": len(channels.states),
        "closures": list(dict.fromkeys(one for state in channels.states for one in state.closures)),
        "roads_gone": list(dict.fromkeys(one for state in channels.states for one in state.gone)),
        "other_way": channels.has_way,
        "cure": "designate-another" if channels.has_way else "reopen-channel",
    }
    if area.window is not None:
        facts["since"] = format_instant(area.window.start)
    return facts
