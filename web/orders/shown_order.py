"""What a page shows of an approved closure: roads, bodies, the way round and pictures; nothing of who asked or why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import LazyString
from markupsafe import Markup

from geodata.closures.approved_part import ApprovedPart
from geodata.closures.closure import Decision
from geodata.closures.lines import extent_lines
from geodata.places import PlaceKind
from routing.detour import Detour, Stretch, find_detour
from routing.route import Route, route_geometry
from web.closures.dossier import extent_features
from web.orders.naming import heading_of, road_names_in, way_names_in
from web.road_picture import draw_closure
from web.site import site

if TYPE_CHECKING:
    from routing.engine import Engine

#: So many roads of a way round are named.
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class ShownDetour:
    """The way round: the roads it runs over in both languages, how long it is, and its line.

    Attributes
    ----------
    added_min
        Minutes more than the way through.
    """

    roads_zh: tuple[str, ...]
    roads_en: tuple[str, ...]
    distance_m: float
    minutes: int
    added_min: int
    line: list[tuple[float, float]]

    def roads(self, tongue: str) -> tuple[str, ...]:
        """Return the names of its roads."""
        return self.roads_zh if tongue == "zh" else self.roads_en


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An approved part of a closure as everybody may see it.

    Attributes
    ----------
    is_in_force
        Now; else it is to come.
    detour
        None where there is no way round, or no way through.
    is_cut
        Whoever went through has no way round.
    """

    part: ApprovedPart
    is_in_force: bool
    detour: ShownDetour | None
    is_cut: bool

    @property
    def closure_id(self) -> str:
        """Id of the closure."""
        return self.part.closure.id

    @property
    def heading(self) -> LazyString:
        """Which way of travel is closed."""
        return heading_of(self.part.extent)

    @property
    def state(self) -> str:
        """How the map draws it."""
        return "approved" if self.is_in_force else "planned"

    def roads(self, tongue: str) -> tuple[str, ...]:
        """Return the names of its roads in a language."""
        return road_names_in(self.part.extent, tongue)


def shown_order(part: ApprovedPart, engine: Engine, at: datetime) -> ShownOrder:
    """Return an approved part with the way round it."""
    found = _detour(part, engine, at)
    shown = None if found is None or found.route is None else _shown_detour(found.route, found.added_s or 0.0)
    return ShownOrder(part, part.window.holds(at), shown, found is not None and found.route is None)


def _detour(part: ApprovedPart, engine: Engine, at: datetime) -> Detour | None:
    county = site().county
    roads = sorted({county.network.road_index[one.road_id] for one in part.extent})
    stretch = Stretch(roads, part.closure.id, max(at, part.window.start))
    return find_detour(engine, stretch, county.settings.vehicles["car"])


def _shown_detour(route: Route, added_s: float) -> ShownDetour:
    """Return a way round with the names of its roads."""
    network = site().county.network
    zh, en = (way_names_in([leg.road for leg in route.legs], tongue)[:_MOST_NAMED] for tongue in ("zh", "en"))
    minutes = max(1, round(route.duration_s / 60))
    return ShownDetour(zh, en, route.distance_m, minutes, round(added_s / 60), route_geometry(route, network))


def order_features(orders: Iterable[ShownOrder], addresses: dict[str, str]) -> dict[str, Any]:
    """Return approved parts and the ways round them as the map draws them."""
    features: list[dict[str, Any]] = []
    for one in orders:
        name, href = " ".join(one.roads(site().lang)), addresses.get(one.closure_id, "")
        features += extent_features(one.part.extent, one.state, name=name, href=href)
        if one.detour is not None:
            line = {"type": "LineString", "coordinates": [list(spot) for spot in one.detour.line]}
            features.append({"type": "Feature", "properties": {"kind": "route", "name": ""}, "geometry": line})
    return {"type": "FeatureCollection", "features": features}


def order_picture(order: ShownOrder) -> Markup:
    """Return the extent with the way round as a drawing."""
    network = site().county.network
    lines = [line["coordinates"] for line in extent_lines(order.part.extent, network)]
    detour = order.detour.line if order.detour is not None else ()
    settled = site().county.places.of_kind(PlaceKind.TOWNSHIP_SEAT, PlaceKind.VILLAGE)
    names = [(one.lon, one.lat, one.name) for one in settled]
    return Markup(draw_closure(network, lines, detour, names=names))  # noqa: S704 - drawn by our own encoder


def body_name(decision: Decision, cause: str) -> str:
    """Return the name of the body that decided about a closure of that cause."""
    body = site().county.settings.policy_for(cause).authority(decision.authority)
    return decision.authority if body is None else body.name


def body_phones(part: ApprovedPart) -> tuple[str, ...]:
    """Return the numbers of the bodies that approved, as far as the county tells them."""
    policy = site().county.settings.policy_for(part.closure.cause)
    bodies = [policy.authority(one.authority) for one in part.decisions]
    return tuple(dict.fromkeys(one.phone for one in bodies if one is not None and one.phone))
