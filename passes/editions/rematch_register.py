"""Put the passes in force onto a newer map.

A pass stays as it was signed. What tells which roads it uses, the route's roads and the index road -> pass, is brought
to the newer map; an event of the pass keeps what stood there before, and why it changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.closures.closure import Direction, RoadSpan
from geodata.closures.map_matching import ExtentMatch, MapMatcher, Misfit, is_unchanged
from geodata.network import BACKWARD, FORWARD, Network
from passes.editions.pass_register import (
    GRANTED,
    PASSES,
    SUSPENDED,
    PassEvent,
    PassRecord,
    read_passes,
    record_event,
)
from passes.ways.driven_way import Passage, stage_of_passages
from passes.ways.packed_route import pack_json
from passes.ways.ways_register import PASSAGES, forget_stages, keep_stages

REMATCHED: Final = "rematched"
_LONGEST_ROAD_ID: Final = 64


@dataclass(frozen=True, slots=True)
class PassFit:
    """A pass whose roads changed.

    Attributes
    ----------
    distance_m
        Greatest distance between an old road of it and the new one.
    misfits
        Roads that the newer map does not have: the pass is planned anew, see `replacing`.
    """

    jti: str
    number: str
    distance_m: float
    misfits: tuple[Misfit, ...]


@dataclass(frozen=True, slots=True)
class PassesFit:
    """What became of the passes in force."""

    unchanged: int
    changed: tuple[PassFit, ...]


@dataclass(frozen=True, slots=True)
class _Leg:
    """One road of a route, and when its truck may be there."""

    span: RoadSpan
    from_at: datetime
    to_at: datetime


def rematch_passes(connection: sa.Connection, matcher: MapMatcher, *, at: datetime) -> PassesFit:
    """Bring every pass that may still be used onto the newer map, within the caller's transaction."""
    in_force = PASSES.c.state.in_([GRANTED, SUSPENDED]) & (PASSES.c.expires_at > at)
    records = read_passes(connection, connection.scalars(sa.select(PASSES.c.jti).where(in_force)).all())
    changed = []
    for record in records:
        legs = _legs(connection, record, matcher.old)
        matches = [matcher.match([leg.span]) for leg in legs]
        if all(is_unchanged((leg.span,), match) for leg, match in zip(legs, matches, strict=True)):
            continue
        fit = PassFit(
            jti=record.jti,
            number=record.number,
            distance_m=max(match.distance_m for match in matches),
            misfits=tuple(dict.fromkeys(one for match in matches for one in match.misfits)),
        )
        changed.append(fit)
        _write(connection, record, _joined(legs, matches), matcher)
        record_event(connection, _event(record, fit, matcher, at))
    return PassesFit(len(records) - len(changed), tuple(changed))


def _legs(connection: sa.Connection, record: PassRecord, network: Network) -> list[_Leg]:
    """Return the legs of a pass as parts of roads: of the first and last road what the truck drives of it."""
    query = sa.select(PASSAGES).where(PASSAGES.c.jti == record.roads_jti).order_by(PASSAGES.c.leg)
    rows: list[Mapping[str, Any]] = list(record.route.get("roads", []))
    legs = []
    for row in connection.execute(query):
        way = Direction.BACKWARD if row.direction == BACKWARD else Direction.FORWARD
        length_m = float(rows[row.leg]["length_m"]) if row.leg < len(rows) else 0.0
        span = _part(row.road_id, way, length_m, network, (row.leg == 0, row.leg == len(rows) - 1))
        legs.append(_Leg(span, row.from_at, row.to_at))
    return legs


def _part(road_id: str, way: Direction, length_m: float, network: Network, ends: tuple[bool, bool]) -> RoadSpan:
    road = network.road_index.get(road_id)
    whole_m = length_m if road is None else float(network.length_m[road])
    is_first, is_last = ends
    if length_m <= 0.0 or length_m >= whole_m - 0.01 or is_first == is_last:
        return RoadSpan(road_id, way, 0.0, whole_m)
    if is_first == (way is Direction.FORWARD):
        return RoadSpan(road_id, way, whole_m - length_m, whole_m)
    return RoadSpan(road_id, way, 0.0, length_m)


def _joined(legs: Sequence[_Leg], matches: Iterable[ExtentMatch]) -> list[_Leg]:
    """Return the legs on the newer map in order; neighbours on one road in one direction are one leg."""
    found: list[_Leg] = []
    for leg, match in zip(legs, matches, strict=True):
        for span in match.extent:
            last = found[-1] if found else None
            if last is not None and (last.span.road_id, last.span.direction) == (span.road_id, span.direction):
                low, high = min(last.span.from_m, span.from_m), max(last.span.to_m, span.to_m)
                whole = RoadSpan(span.road_id, span.direction, low, high)
                found[-1] = _Leg(whole, min(last.from_at, leg.from_at), max(last.to_at, leg.to_at))
            else:
                found.append(_Leg(span, leg.from_at, leg.to_at))
    return found


def _road_row(span: RoadSpan, network: Network) -> dict[str, Any]:
    """Return a road as the answer to `route` lists it; of one that the map does not have only what is known."""
    known: dict[str, Any] = {"osm_way_id": None, "name": "", "ref": "", "class": ""}
    road = network.road_index.get(span.road_id)
    if road is not None:
        known = {
            "osm_way_id": int(network.osm_way_id[road]) or None,
            "name": str(network.name[road]),
            "ref": str(network.ref[road]),
            "class": network.class_of(road).value,
        }
    length_m = round(span.to_m - span.from_m, 2)
    return {"road_id": span.road_id, **known, "direction": span.direction.value, "length_m": length_m}


def _write(connection: sa.Connection, record: PassRecord, legs: Sequence[_Leg], matcher: MapMatcher) -> None:
    route = {**record.route, "roads": [_road_row(leg.span, matcher.new) for leg in legs]}
    values = {"network_digest": matcher.new.digest}
    connection.execute(sa.update(PASSES).where(PASSES.c.jti == record.jti).values(**values))
    owner = PASSES.c.jti == record.roads_jti
    connection.execute(sa.update(PASSES).where(owner).values(packed_route=pack_json(route), ways=""))
    passages = (
        Passage(
            leg=number,
            road_id=leg.span.road_id[:_LONGEST_ROAD_ID],
            direction=BACKWARD if leg.span.direction is Direction.BACKWARD else FORWARD,
            from_at=leg.from_at,
            to_at=leg.to_at,
        )
        for number, leg in enumerate(legs)
    )
    forget_stages(connection, record.roads_jti)
    keep_stages(connection, [(record.roads_jti, one) for one in stage_of_passages(passages)])


def _event(record: PassRecord, fit: PassFit, matcher: MapMatcher, at: datetime) -> PassEvent:
    facts = {
        "from_map": matcher.old.digest,
        "to_map": matcher.new.digest,
        "distance_m": fit.distance_m,
        "misfits": [one.span.road_id for one in fit.misfits],
        "roads_before": [[row["road_id"], row["direction"], row["length_m"]] for row in record.route.get("roads", [])],
    }
    return PassEvent(record.jti, at, REMATCHED, "", facts)
