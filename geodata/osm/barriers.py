"""Read what a barrier node does to motor vehicles: cut the road, limit it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geodata.osm.access import EVERYBODY, access_bits, has_access_tag
from geodata.osm.hazmat import refused_goods
from geodata.osm.limits import Limits, read_limits

#: Barriers that stop motor vehicles unless an access tag of the node says otherwise.
_STOPPING: Final = frozenset(
    {
        "bollard",
        "block",
        "jersey_barrier",
        "concrete_block",
        "log",
        "debris",
        "boulder",
        "rock",
        "cycle_barrier",
        "motorcycle_barrier",
        "stile",
        "horse_stile",
        "kissing_gate",
        "turnstile",
        "full-height_turnstile",
        "wicket_gate",
        "chain",
        "planter",
        "wall",
        "retaining_wall",
        "city_wall",
        "fence",
        "hedge",
        "ditch",
        "guard_rail",
        "tank_trap",
        "spikes",
        "bus_trap",
    }
)
#: Barriers that let motor vehicles through unless an access tag of the node says otherwise.
_PASSABLE: Final = frozenset(
    {
        "no",
        "gate",
        "lift_gate",
        "swing_gate",
        "sliding_gate",
        "hampshire_gate",
        "bump_gate",
        "barrier_gate",
        "toll_booth",
        "checkpoint",
        "border_control",
        "sally_port",
        "entrance",
        "cattle_grid",
        "kerb",
        "rope",
        "arch",
        "coupure",
        "height_restrictor",
        "width_restrictor",
    }
)


@dataclass(frozen=True, slots=True)
class Barrier:
    """What a barrier node does.

    Attributes
    ----------
    kind
        Value of `barrier`.
    open_to
        Bits of `ACCESS_BIT` that pass; 0 cuts the road into two separate junctions.
    limits
        Greatest weight, height and width that pass.
    is_known
        False where neither its kind nor a tag says what it does: it is taken as passable.
    is_without_figure
        A height or width restrictor whose figure is not mapped: it limits nothing here.
    refused_goods
        Bits of `GOODS_BIT`: hazardous goods that do not pass.
    """

    kind: str
    open_to: int
    limits: Limits
    is_known: bool = True
    is_without_figure: bool = False
    refused_goods: int = 0

    @property
    def cuts(self) -> bool:
        """Tell whether no motor vehicle passes."""
        return self.open_to == 0

    @property
    def limits_somebody(self) -> bool:
        """Tell whether it stops some vehicles and not others."""
        return not self.cuts and (self.open_to != EVERYBODY or self.limits != Limits() or self.refused_goods > 0)


def read_barrier(tags: Mapping[str, str]) -> Barrier | None:
    """Read a node's tags; None where it is no barrier.

    Bollards, blocks, chains and the like stop motor vehicles unless an access tag lets them through; gates, lift gates
    and toll booths are open unless an access tag or `locked=yes` closes them. A rising bollard counts as a gate.
    """
    kind = tags.get("barrier", "")
    if not kind:
        return None
    stops = kind in _STOPPING and tags.get("bollard") != "rising"
    stops = stops or (tags.get("locked") == "yes" and not has_access_tag(tags))
    limits, _ = read_limits(tags)
    return Barrier(
        kind=kind,
        open_to=access_bits(tags, default=0 if stops else EVERYBODY),
        limits=limits,
        is_known=kind in _STOPPING or kind in _PASSABLE or has_access_tag(tags),
        is_without_figure=kind.endswith("_restrictor") and limits == Limits(),
        refused_goods=refused_goods(tags),
    )
