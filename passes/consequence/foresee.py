"""What a closure would do before anybody decides it: joins the roads, the people along them, and the passes.

One computation for everybody who asks: a township before it requests, headquarters before it decides (L11), a planner
before a plan is handed in. Hypothetical closures count as if all of them were approved and in force at once; the
register's own closings count as they are at that time. Nothing live changes.

**People** are those of villages and township seats. A place is cut off if it loses its last way to or from every hub
and entry point of the county (of a county without either: every hospital and township seat).
**Passes** are the granted ones whose truck may be on a closed part while it is closed; each is driven anew.
**Green channels** (L12): a hub inside an area in force needs a way to and from a hub outside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

from geodata.closures.closure import Closure
from geodata.county import County
from geodata.places import PlaceKind
from passes.consequence.green_channels import Channel, find_channels
from passes.consequence.hit_passes import HitPass, TripTimer, find_hit_passes
from passes.consequence.settlements import BeforeAfter, PlaceCutOff, Settlements
from passes.consequence.softer import Softer, softer_ways
from passes.consequence.what_if import WhatIf
from routing.engine import Engine

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class AddedMinutes:
    """Minutes that hit trips take longer; None where no hit trip has a way."""

    median: float | None
    worst: float | None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What closures would do.

    Attributes
    ----------
    at
        The moment looked at: the earliest start, or now where it is past.
    until
        When the last of the closures ends; None: until further notice.
    people_cut_off
        Sum over `places_cut_off` that are villages or seats.
    population_unknown
        How many of those have no population on record: the sum is too small by theirs.
    already_cut_off
        Places without a way before; no closure here answers for them.
    hospital_minutes, fire_minutes
        From villages and seats to the nearest hospital; from the nearest fire station to them.
    passes_hit
        By departure; the unroutable ones among them.
    unroutable_passes
        Hit passes that have a way now and would have none.
    channels
        Green channels of every hub inside an area in force.
    softer
        Milder ways, most useful first.
    """

    at: datetime
    until: datetime | None
    people_cut_off: int
    population_unknown: int
    places_cut_off: tuple[PlaceCutOff, ...]
    already_cut_off: tuple[PlaceCutOff, ...]
    hospital_minutes: BeforeAfter
    fire_minutes: BeforeAfter
    passes_hit: tuple[HitPass, ...]
    added_minutes: AddedMinutes
    channels: tuple[Channel, ...]
    softer: tuple[Softer, ...]

    @property
    def unroutable_passes(self) -> tuple[HitPass, ...]:
        """Hit passes that have a way now and would have none."""
        return tuple(one for one in self.passes_hit if one.before_s is not None and one.after_s is None)

    @property
    def channels_broken(self) -> tuple[Channel, ...]:
        """Green channels that the closures break."""
        return tuple(one for one in self.channels if one.is_broken)


def foresee(
    closures: Sequence[Closure], *, connection: sa.Connection, county: County, engine: Engine, at: datetime
) -> Consequence:
    """Return what closures would do if all were in force.

    Parameters
    ----------
    closures
        As asked; their decisions and observations do not matter. What the same ids close already counts as open.
    connection
        For the register of passes.
    engine
        With every closing of the register.
    at
        Now.
    """
    return foresee_what_if(WhatIf(tuple(closures), connection, county, engine, at))


def foresee_what_if(what_if: WhatIf) -> Consequence:
    """Return what a what-if would do; with an area, the hubs inside count too and no way out lies inside."""
    polygon = None if what_if.area is None else what_if.area.polygon
    settlements = Settlements.of(what_if.states, beyond=polygon)
    cut, already = settlements.cut_off()
    hits = _timed(what_if)
    settled = [one for one in cut if one.is_settlement]
    return Consequence(
        at=what_if.window.start,
        until=what_if.window.end,
        people_cut_off=round(sum(one.population or 0 for one in settled)),
        population_unknown=sum(one.population is None for one in settled),
        places_cut_off=cut,
        already_cut_off=already,
        hospital_minutes=settlements.minutes(PlaceKind.HOSPITAL, way="out"),
        fire_minutes=settlements.minutes(PlaceKind.FIRE_STATION, way="in"),
        passes_hit=hits,
        added_minutes=_added(hits),
        channels=find_channels(what_if),
        softer=softer_ways(what_if.closures, settlements, hits=hits, policy_for=what_if.county.settings.policy_for),
    )


def _timed(what_if: WhatIf) -> tuple[HitPass, ...]:
    """Return the passes hit, each driven on the roads as they are and as they would be."""
    county, network = what_if.county, what_if.engine.network
    pairs = find_hit_passes(what_if.connection, what_if.closings, network=network, window=what_if.window)
    truck = county.settings.vehicles["truck"]
    timer = TripTimer(what_if.now, what_if.then, index=county.road_index, truck=truck)
    hits = []
    for number, (hit, record) in enumerate(pairs):
        hits.append(timer.timed(hit, record))
        what_if.progress(number / len(pairs))
    return tuple(hits)


def _added(hits: Iterable[HitPass]) -> AddedMinutes:
    added = [one.added_min for one in hits if one.added_min is not None]
    return AddedMinutes(median(added), max(added)) if added else AddedMinutes(None, None)
