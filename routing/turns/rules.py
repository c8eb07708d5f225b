"""Turn restrictions as sequences of arcs: what must not be driven, or after what nothing else may be driven.

A restriction via a junction is a sequence of two arcs, one via roads a longer one. `only_*` binds whoever came along
the whole sequence but its last arc: the last arc must follow. Names of streets count as little as angles: what a
restriction forbids was mapped road by road.

A condition is read where it is made of hours ("Mo-Fr 07:00-09:00,16:00-18:00") and limits ("weight>7.5"), several of
them joined by AND. What is not understood ("wet", public holidays) is taken as always met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Final

from geodata.network import BACKWARD, FORWARD, Network, TurnRestriction
from geodata.vehicles import Vehicle

#: Values of `except` under which a vehicle goes free, by its kind of access.
_EXEMPT_AS: Final = {
    "car": frozenset({"motorcar", "motor_vehicle", "vehicle"}),
    "truck": frozenset({"hgv", "goods", "motor_vehicle", "vehicle"}),
}
_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY: Final = "|".join(_DAYS)
_SPAN: Final = r"\d{1,2}:\d{2}-\d{1,2}:\d{2}"
#: "Mo-Fr 07:00-09:00,16:00-18:00": days, hours, or both.
_HOURS: Final = re.compile(
    rf"(?P<days>(?:{_DAY})(?:-(?:{_DAY}))?(?:,\s*(?:{_DAY})(?:-(?:{_DAY}))?)*)?\s*(?P<spans>{_SPAN}(?:,\s*{_SPAN})*)?"
)
_LIMIT: Final = re.compile(r"(weight|height|width|length|axleload)\s*(>=|>)\s*(\d+(?:\.\d+)?)\s*t?m?")
_AND: Final = re.compile(r"\s+AND\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TurnRule:
    """One restriction, laid out on arcs.

    Attributes
    ----------
    before
        Arcs driven one after the other, at least one.
    last
        Arcs to which the rule applies after them.
    is_only
        Nothing but `last` may follow; else none of `last` may.
    """

    before: tuple[int, ...]
    last: frozenset[int]
    is_only: bool
    restriction: TurnRestriction

    def forbids(self, history: tuple[int, ...], arc: int) -> bool:
        """Tell whether going on with an arc is forbidden to whoever came along these arcs."""
        came = history[-len(self.before) :] == self.before
        return came and (arc in self.last) != self.is_only


def _arcs_into(network: Network, road: int, junction: int) -> list[int]:
    ends = network.ends[road]
    return [2 * road + way for way, end in ((FORWARD, ends[1]), (BACKWARD, ends[0])) if end == junction]


def _arcs_out_of(network: Network, road: int, junction: int) -> list[int]:
    return [arc ^ 1 for arc in _arcs_into(network, road, junction)]


def _head(network: Network, arc: int) -> int:
    return int(network.ends[arc >> 1, 1 - (arc & 1)])


def _ways_via(network: Network, roads: tuple[int, ...], start: int) -> Iterator[tuple[int, ...]]:
    """Give the ways along roads, in their order, from a junction."""
    if not roads:
        yield ()
        return
    for arc in _arcs_out_of(network, roads[0], start):
        for further in _ways_via(network, roads[1:], _head(network, arc)):
            yield (arc, *further)


def lay_out(restriction: TurnRestriction, network: Network) -> list[TurnRule]:
    """Return the rules that a restriction makes on arcs, one for each way to come."""
    if restriction.via_roads:
        starts = {int(end) for end in network.ends[restriction.via_roads[0]]}
    else:
        starts = {restriction.via_junction}
    is_only = restriction.kind.startswith("only_")
    rules = []
    for start, road in product(sorted(starts), restriction.from_roads):
        for came in _arcs_into(network, road, start):
            for way in _ways_via(network, restriction.via_roads, start):
                end = _head(network, way[-1]) if way else start
                last = [arc for to in restriction.to_roads for arc in _arcs_out_of(network, to, end)]
                if last:
                    rules.append(TurnRule((came, *way), frozenset(last), is_only, restriction))
    return rules


def _terms(restriction: TurnRestriction) -> list[str]:
    """Return the parts of a condition that must all be met."""
    condition = restriction.condition.strip(" ()")
    return [term.strip(" ()") for term in _AND.split(condition)] if condition else []


def binds(restriction: TurnRestriction, vehicle: Vehicle) -> bool:
    """Tell whether a restriction concerns a kind of vehicle at any time."""
    if _EXEMPT_AS[vehicle.access] & set(restriction.exempt):
        return False
    return all(_exceeds(vehicle, limit) for term in _terms(restriction) if (limit := _LIMIT.fullmatch(term)))


def _exceeds(vehicle: Vehicle, limit: re.Match[str]) -> bool:
    value = {
        "weight": vehicle.gross_weight_kg / 1000,
        "height": vehicle.height_m,
        "width": vehicle.width_m,
        "length": vehicle.length_m,
        "axleload": vehicle.axle_load_kg / 1000,
    }[limit[1]]
    return value > float(limit[3]) or (limit[2] == ">=" and value == float(limit[3]))


def is_by_time(restriction: TurnRestriction) -> bool:
    """Tell whether a restriction has hours that are understood; without them it counts at any time."""
    return any(_HOURS.fullmatch(term) for term in _terms(restriction))


def _is_day(days: str | None, weekday: int) -> bool:
    if not days:
        return True
    for part in re.split(r",\s*", days):
        first, _, last = part.partition("-")
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        if start <= weekday <= end or (end < start and (weekday >= start or weekday <= end)):
            return True
    return False


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)


def counts_at(restriction: TurnRestriction, at: datetime) -> bool:
    """Tell whether a restriction counts by the instant's own clock; a span past midnight is that of its first day."""
    return all(_holds(hours, at) for term in _terms(restriction) if (hours := _HOURS.fullmatch(term)))


def _holds(found: re.Match[str], at: datetime) -> bool:
    if not found["spans"]:
        return _is_day(found["days"], at.weekday())
    now, day, before = 60 * at.hour + at.minute, at.weekday(), (at.weekday() - 1) % 7
    for span in re.split(r",\s*", found["spans"]):
        start, end = (_minute(text) for text in span.split("-"))
        until = end if start <= end else 24 * 60
        if start <= now < until and _is_day(found["days"], day):
            return True
        if start > end and now < end and _is_day(found["days"], before):
            return True
    return False
