"""Make the demo county's drawing into a road network, and larger networks of the same kind for measurements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.demo.chains import Chains, chains_of
from geodata.demo.chance import Chance
from geodata.demo.classes import Attributes, Outline, describe_roads
from geodata.demo.drawing import Drawing, draw
from geodata.demo.fangcheng import fangcheng_plan
from geodata.demo.graph import Edges
from geodata.demo.invented import invented_plan
from geodata.demo.plan import Plan
from geodata.demo.plane import to_lonlat
from geodata.demo.turns import restrict_turns
from geodata.network import Network
from geodata.road_lengths import segment_lengths_m

#: The demo county's own seed; another one makes another county around the same names.
SEED: Final = 411322
ATTRIBUTION: Final = "Schematic: roads invented; names: public statistical code list 2023; points: GeoNames, CC BY 4.0"


@dataclass(frozen=True, slots=True)
class DemoRoads:
    """A generated network and what it was made from.

    Attributes
    ----------
    junction_of : (nodes,)
        Junction of each node of the drawing, -1 where there is none.
    """

    plan: Plan
    drawing: Drawing
    network: Network
    junction_of: Edges


def _chains(drawing: Drawing) -> Chains:
    sketch = drawing.sketch
    return chains_of(
        len(sketch.points),
        sketch.edges,
        kind=sketch.label * 2 + sketch.bridge,
        one_way=sketch.one_way,
        kept=np.zeros(len(sketch.points), dtype=np.bool_),
    )


def _outline(drawing: Drawing, chains: Chains) -> Outline:
    sketch = drawing.sketch
    inner = chains.nodes[(chains.start[:-1] + chains.start[1:] - 1) // 2]
    ends = sketch.points[chains.ends]
    beside = sketch.points[chains.nodes[(chains.start[:-1] + chains.start[1:] - 1) // 2 + 1]]
    two = np.diff(chains.start) == 2
    middle = np.where(two[:, None], (sketch.points[inner] + beside) / 2, sketch.points[inner])
    return Outline(
        label=sketch.label[chains.edge],
        bridge=sketch.bridge[chains.edge],
        one_way=sketch.one_way[chains.edge],
        middle=middle,
        along=ends[:, 1] - ends[:, 0],
    )


def _lengths(shape: NDArray[np.float64], chains: Chains) -> NDArray[np.float64]:
    """Return the length of each road in m, to the millimetre."""
    owner = chains.owner
    inside_road = owner[1:] == owner[:-1]
    steps = segment_lengths_m(shape[:-1], shape[1:])
    return np.round(np.bincount(owner[1:][inside_road], steps[inside_road], minlength=chains.count), 3)


def _assemble(drawing: Drawing, chains: Chains, attributes: Attributes) -> tuple[Network, Edges]:
    """Return the network without turn restrictions, and the junction of each node."""
    lonlat = to_lonlat(drawing.sketch.points)
    nodes, ends = np.unique(chains.ends, return_inverse=True)
    junction_of = np.full(len(lonlat), -1, dtype=np.int64)
    junction_of[nodes] = np.arange(len(nodes))
    shape = lonlat[chains.nodes]
    endless = np.full(chains.count, np.inf, dtype=np.float32)
    network = Network(
        junction_id=np.arange(1, len(nodes) + 1, dtype=np.int64),
        junction_lonlat=lonlat[nodes],
        road_id=np.char.add("d", np.char.zfill(np.arange(1, chains.count + 1).astype(np.str_), 6)),
        osm_way_id=np.zeros(chains.count, dtype=np.int64),
        ends=ends.reshape(-1, 2).astype(np.int32),
        length_m=_lengths(shape, chains),
        max_length_m=endless,
        max_axle_load_kg=endless.copy(),
        shape_start=chains.start.astype(np.int64),
        shape_lonlat=shape,
        attribution=ATTRIBUTION,
        **{name: getattr(attributes, name) for name in Attributes.__slots__},
    )
    return network, junction_of


def build_roads(plan: Plan, chance: Chance) -> DemoRoads:
    """Draw a plan's roads and make the network."""
    drawing = draw(plan, chance)
    chains = _chains(drawing)
    attributes = describe_roads(_outline(drawing, chains), drawing, plan, chance)
    network, junction_of = _assemble(drawing, chains, attributes)
    return DemoRoads(plan, drawing, restrict_turns(network), junction_of)


def demo_roads(seed: int = SEED) -> DemoRoads:
    """Return the roads of the schematic Fangcheng: about 20,000 junctions, the same in every run."""
    chance = Chance(seed)
    return build_roads(fangcheng_plan(chance), chance)


def demo_network(seed: int = SEED, scale: float = 1.0) -> Network:
    """Return a road network of about `scale` times 20,000 junctions for measurements and tests.

    Parameters
    ----------
    seed
        Another seed makes another network; the same seed always the same one, bit by bit.
    scale
        1 is the demo county; any other value a country of invented townships at the same density.
    """
    if scale == 1.0:
        return demo_roads(seed).network
    chance = Chance(seed)
    return build_roads(invented_plan(chance, scale), chance).network
