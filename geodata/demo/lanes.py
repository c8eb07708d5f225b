"""Draw the roads without a number: streets of the seats, lanes of the villages, lanes and tracks between the fields.

Points are scattered, triangulated, and of each triangle the longest side is left out (Urquhart graph): what remains
is connected and looks like lanes. In towns the sides about as long as a block stay, so blocks close.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.demo.chance import Chance
from geodata.demo.graph import Edges, edge_lengths, edges_of, parts_of, triangles_of, without_longest
from geodata.demo.plan import Plan
from geodata.demo.plane import Points, apart, centimetres, crosses, free_of, inside, lattice, near
from geodata.demo.sketch import LANE, Sketch

STREET_M: Final = 205.0
VILLAGE_LANE_M: Final = 185.0
#: Lanes keep this far from the nodes of numbered roads, except where they join.
CLEAR_M: Final = 100.0


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where no lane may begin or cross: nodes of numbered roads, and the lines of expressways and ramps."""

    taken: Points
    keep_clear: BaseGeometry


@dataclass(frozen=True, slots=True)
class Scatter:
    """Points for lanes, and which of them are in a built-up area with closed blocks."""

    points: Points
    urban: NDArray[np.bool_]


def town_area(plan: Plan) -> BaseGeometry:
    """Return the built-up area of all seats."""
    circles = [shapely.Point(seat).buffer(radius) for seat, radius in zip(plan.seats, plan.seat_radius_m, strict=True)]
    return shapely.union_all(circles)


def _turned(chance: Chance, stage: str, count: int) -> NDArray[np.float64]:
    """Return (count, 2, 2) rotations by random angles, without a sine."""
    half = chance.uniform(stage, count) * 0.8 - 0.4
    whole = 1 + half * half
    cos, sin = (1 - half * half) / whole, 2 * half / whole
    return np.stack([np.stack([cos, -sin], axis=-1), np.stack([sin, cos], axis=-1)], axis=-2)


def _streets(plan: Plan, chance: Chance) -> Points:
    """Scatter street crossings on a slightly turned and shaken square lattice."""
    area = town_area(plan)
    west, south, east, north = area.bounds
    size = STREET_M
    turned = np.array([[0.9951, -0.0988], [0.0988, 0.9951]])
    reach = int(max(east - west, north - south) / size * 0.8) + 1
    column, row = np.meshgrid(np.arange(-reach, reach), np.arange(-reach, reach))
    square = np.stack([column, row], axis=-1).reshape(-1, 2).astype(np.float64) * size
    points = _product(square, turned) + np.array([(west + east) / 2, (south + north) / 2])
    bend = [chance.field(f"streets-{axis}", points, wavelength_m=1_500.0) * size * 0.9 for axis in "xy"]
    points = points + np.stack(bend, axis=1)
    points = points[inside(area, points) & (chance.uniform("streets-empty", len(points)) > 0.08)]
    return centimetres(points + chance.shifts("streets", len(points), most_m=size * 0.12))


def _product(vectors: Points, turn: NDArray[np.float64]) -> Points:
    """Return turned vectors, written out because a matrix product may round differently elsewhere."""
    x, y = vectors[..., 0], vectors[..., 1]
    return np.stack([turn[..., 0, 0] * x + turn[..., 0, 1] * y, turn[..., 1, 0] * x + turn[..., 1, 1] * y], axis=-1)


def _village_lanes(villages: Points, chance: Chance) -> Points:
    """Scatter the lane crossings of every village: a small turned and shaken square of varying size."""
    steps = np.arange(-2.0, 3.0) * VILLAGE_LANE_M
    offset = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    spread = _product(offset[None, :, :], _turned(chance, "village-turn", len(villages))[:, None, :, :])
    size = 230.0 + 200.0 * chance.uniform("village-size", len(villages))
    stays = (offset**2).sum(axis=1)[None, :] <= (size * size)[:, None]
    points = (villages[:, None, :] + spread)[stays]
    return centimetres(points + chance.shifts("village-lanes", len(points), most_m=VILLAGE_LANE_M * 0.22))


def _fields(plan: Plan, chance: Chance) -> Points:
    """Scatter crossings between the fields: denser in the plain, bent rows, no lattice to be seen."""
    points = lattice(plan.outline.buffer(-150.0), spacing_m=plan.spacing_m)
    bend = [chance.field(f"bend-{axis}", points, wavelength_m=3_000.0) * 500.0 for axis in "xy"]
    points = points + np.stack(bend, axis=1)
    points = points + chance.shifts("fields", len(points), most_m=plan.spacing_m * 0.36)
    empty = plan.hilliness(points) * 0.62 + 0.12
    return centimetres(points[chance.uniform("fields-empty", len(points)) > empty])


def scatter_points(plan: Plan, villages: Points, grounds: Grounds, chance: Chance) -> Scatter:
    """Scatter all points for lanes, away from numbered roads, expressways and each other."""
    streets = _streets(plan, chance)
    town = town_area(plan)
    lanes = _village_lanes(villages, chance)
    lanes = lanes[~inside(town, lanes)]
    lanes = lanes[apart(lanes, least_m=90.0)]
    fields = _fields(plan, chance)
    fields = fields[~inside(town.buffer(60.0), fields)]
    fields = free_of(fields, lanes, within_m=230.0)
    fields = fields[apart(fields, least_m=190.0)]
    points = np.concatenate([streets, lanes, fields])
    urban = np.arange(len(points)) < len(streets) + len(lanes)
    allowed = inside(plan.outline, points) & ~near(points, grounds.taken, within_m=CLEAR_M)
    allowed &= ~inside(grounds.keep_clear.buffer(110.0), points)
    return Scatter(points[allowed], urban[allowed])


def _joins_once(points: Points, edges: Edges, road_nodes: int, strand: Edges) -> NDArray[np.bool_]:
    """Keep of the strokes from one point to the nodes of one numbered road only the shortest."""
    keep = np.ones(len(edges), dtype=np.bool_)
    joins = np.flatnonzero((edges[:, 0] < road_nodes) & (edges[:, 1] >= road_nodes))
    length = edge_lengths(points, edges[joins])
    key = edges[joins, 1] * np.int64(len(points)) + strand[edges[joins, 0]]
    order = np.lexsort((joins, length, key))
    _, first = np.unique(key[order], return_index=True)
    keep[joins] = False
    keep[joins[order[first]]] = True
    return keep


def lane_strokes(
    plan: Plan, sketch: Sketch, scatter: Scatter, *, keep_clear: BaseGeometry, chance: Chance
) -> tuple[Points, Edges]:
    """Return all nodes, those of the sketch first, and the strokes of the lanes."""
    road_nodes = len(sketch.points)
    points = np.concatenate([sketch.points, scatter.points])
    triangles = triangles_of(points)
    edges = edges_of(triangles)
    size = np.int64(len(points))
    thin = without_longest(points, triangles)
    urban = np.concatenate([np.zeros(road_nodes, dtype=np.bool_), scatter.urban])
    block = urban[edges].all(axis=1) & (edge_lengths(points, edges) < STREET_M * 1.22)
    block &= chance.uniform("blocks", len(edges)) < 0.8
    chosen = np.isin(edges[:, 0] * size + edges[:, 1], thin[:, 0] * size + thin[:, 1]) | block
    edges = edges[chosen & (edges >= road_nodes).any(axis=1)]
    edges = edges[_joins_once(points, edges, road_nodes, _strand_of(sketch))]
    edges = edges[_passable(plan, points, edges, keep_clear=keep_clear, chance=chance)]
    part = parts_of(len(points), np.concatenate([sketch.edges, edges]))
    edges = edges[part[edges[:, 0]] == part[sketch.edges[0, 0]]]
    return _eased(points, edges, road_nodes), edges


def _eased(points: Points, edges: Edges, road_nodes: int) -> Points:
    """Move nodes where a single lane passes halfway to the middle of their neighbours: less of a zigzag."""
    free = np.bincount(edges.reshape(-1), minlength=len(points)) == 2
    free[:road_nodes] = False
    total = np.zeros_like(points)
    np.add.at(total, edges[:, 0], points[edges[:, 1]])
    np.add.at(total, edges[:, 1], points[edges[:, 0]])
    return np.where(free[:, None], centimetres(points * 0.5 + total * 0.25), points)


def _strand_of(sketch: Sketch) -> Edges:
    """Return for each node of a numbered road a number of that road."""
    strand = np.zeros(len(sketch.points), dtype=np.int64)
    strand[sketch.edges[:, 0]] = sketch.label
    strand[sketch.edges[:, 1]] = sketch.label
    return strand


def _passable(
    plan: Plan, points: Points, edges: Edges, *, keep_clear: BaseGeometry, chance: Chance
) -> NDArray[np.bool_]:
    """Tell which strokes may be lanes: none across an expressway, few across a river, none across the border."""
    dry = ~crosses(points[edges], plan.water) | (chance.uniform("fords", len(edges)) < 0.08)
    return dry & ~crosses(points[edges], keep_clear) & inside(plan.outline, points[edges].mean(axis=1))


def bent(plan: Plan, sketch: Sketch, *, from_edge: int, chance: Chance) -> Sketch:
    """Return the drawing with a bend in every lane long enough to have one; lanes begin at `from_edge`."""
    for least_m, share in ((130.0, 0.10), (150.0, 0.07)):
        length = edge_lengths(sketch.points, sketch.edges)
        long = np.flatnonzero((np.arange(len(length)) >= from_edge) & (length > least_m))
        one, other = sketch.points[sketch.edges[long, 0]], sketch.points[sketch.edges[long, 1]]
        middle, along = (one + other) / 2, other - one
        amount = (chance.uniform(f"bent-{least_m}", len(long)) * 2 - 1) * share
        amount = amount * np.where(inside(town_area(plan), middle), 0.2, 0.7 + plan.hilliness(middle))
        bends = centimetres(middle + along[:, ::-1] * np.array([-1.0, 1.0]) * amount[:, None])
        node = len(sketch.points) + np.arange(len(long))
        edges = sketch.edges.copy()
        edges[long, 1] = node
        ends = np.stack([node, sketch.edges[long, 1]], axis=1)
        moved = Sketch(
            np.concatenate([sketch.points, bends]), edges, sketch.label, sketch.one_way, sketch.bridge, sketch.labels
        )
        sketch = moved.with_strokes(ends, LANE)
    return sketch
