"""What a pass shows to whoever holds its link: what stands on the pass itself, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from geodata.windows import parse_instant
from passes.editions.pass_register import COMPLETED, EXPIRED, GRANTED, SUSPENDED, WITHDRAWN

if TYPE_CHECKING:
    from geodata.county import County
    from geodata.places import Place
    from passes.editions.pass_register import PassRecord

#: A pass that was issued and whose time has not come.
NOT_YET: Final = "not_yet"
#: Colour of each state's banner.
LEVELS: Final[Mapping[str, str]] = {
    GRANTED: "good",
    NOT_YET: "care",
    EXPIRED: "bad",
    WITHDRAWN: "bad",
    SUSPENDED: "bad",
    COMPLETED: "done",
}
#: States in which the pass can be shown at a checkpoint.
SHOWABLE: Final = (GRANTED, NOT_YET)


@dataclass(frozen=True, slots=True)
class ShownStop:
    """A stop with its times; `ends` are the conditions because of which it is made."""

    kind: str
    name: str
    arrive_at: datetime
    leave_at: datetime
    ends: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """One of the crew, by the masked name."""

    name: str
    role: str
    condition_ends_at: datetime | None
    pending: bool = False


@dataclass(frozen=True, slots=True)
class ShownPass:
    """A pass at a moment.

    Attributes
    ----------
    state
        A key of `LEVELS`.
    goal
        The receiving point or wherever the trip leads; None where it is a bare position.
    desk_phone
        Of the issuer, "" where county.toml tells none.
    """

    record: PassRecord
    state: str
    stops: tuple[ShownStop, ...]
    crew: tuple[ShownPerson, ...]
    goal: Place | None
    goal_name: str
    desk_phone: str

    @property
    def level(self) -> str:
        """Colour of the banner."""
        return LEVELS.get(self.state, "bad")

    @property
    def can_be_shown(self) -> bool:
        """Whether there is a code to show."""
        return self.state in SHOWABLE

    @property
    def route(self) -> Mapping[str, Any]:
        """The route as it is kept."""
        return self.record.route

    @property
    def is_round_trip(self) -> bool:
        """Whether the way back is part of the pass."""
        return any(stop.kind == "return" for stop in self.stops)


def shown_pass(record: PassRecord, county: County, *, at: datetime) -> ShownPass:
    """Return what a pass shows at a moment."""
    state = record.state_at(at)
    stops = tuple(_stop(one) for one in record.route["stops"])
    goal = next((one for one in record.route["stops"] if one["kind"] == "destination"), None)
    policy = county.settings.policy
    issuer = policy.authorities.get(policy.passes.issuer)
    return ShownPass(
        record=record,
        state=NOT_YET if state == GRANTED and at < record.not_before else state,
        stops=stops,
        crew=tuple(_person(one) for one in record.crew),
        goal=None if goal is None else county.places.by_id.get(goal["place"]),
        goal_name="" if goal is None else goal["name"],
        desk_phone="" if issuer is None else issuer.phone,
    )


def _stop(stop: Mapping[str, Any]) -> ShownStop:
    arrive_at, leave_at = (parse_instant(stop[key], where=key) for key in ("arrive_at", "leave_at"))
    ends = tuple(parse_instant(one["ends_at"], where="because") for one in stop["because"])
    return ShownStop(stop["kind"], stop["name"], arrive_at, leave_at, ends)


def _person(person: Mapping[str, Any]) -> ShownPerson:
    ends_at = person["condition_ends_at"]
    return ShownPerson(
        person["name"],
        person["role"],
        parse_instant(ends_at, where="crew") if ends_at else None,
        bool(person.get("pending")),
    )


def route_features(route: Mapping[str, Any]) -> dict[str, Any]:
    """Return a route with its stops as GeoJSON for the map."""
    line = {"type": "LineString", "coordinates": route["geometry"]}
    features = [{"type": "Feature", "properties": {"kind": "route"}, "geometry": line}]
    for number, stop in enumerate(route["stops"], start=1):
        properties = {"kind": "place", "name": stop["name"], "order": number}
        point = {"type": "Point", "coordinates": [stop["lon"], stop["lat"]]}
        features.append({"type": "Feature", "properties": properties, "geometry": point})
    return {"type": "FeatureCollection", "features": features}
