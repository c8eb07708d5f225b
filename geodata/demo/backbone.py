"""Lay the numbered roads of the demo county: arterials between seats, township and village roads to every village.

All run along the edges of one random mesh, so they meet in junctions and never cross by chance. A road that is
already there costs half, so later ones join it, as roads do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.demo.chance import Chance
from geodata.demo.graph import Edges, WeightedGraph, edge_lengths, edges_of, triangles_of
from geodata.demo.plan import Plan
from geodata.demo.plane import Points, centimetres, crosses, free_of, inside, lattice
from geodata.road_classes import ROAD_CLASSES, RoadClass

MESH_M: Final = 640.0
#: An edge where no road lies.
NO_LABEL: Final = -1


@dataclass(frozen=True, slots=True)
class Label:
    """What the pieces of one numbered road share; a spare one closes a loop, so nothing depends on it alone."""

    road_class: RoadClass
    ref: str
    name: str
    is_spare: bool = False


@dataclass
class Backbone:
    """The mesh and the roads laid on it.

    Attributes
    ----------
    points : (n, 2)
        Mesh nodes; those of `Plan.fixed` come first.
    edges : (e, 2)
    label : (e,)
        Index into `labels`, or NO_LABEL.
    labels
        Best class first laid; an edge keeps the first road that took it.
    """

    points: Points
    edges: Edges
    graph: WeightedGraph
    label: NDArray[np.int64]
    labels: list[Label] = field(default_factory=list)

    def lay(self, label: Label, edges: Iterable[int]) -> None:
        """Lay a road on the edges that have none."""
        fresh = [edge for edge in edges if self.label[edge] == NO_LABEL]
        if not fresh:
            return
        self.labels.append(label)
        for edge in fresh:
            self.label[edge] = len(self.labels) - 1
            self.graph.weight[edge] //= 2


def _mesh_points(plan: Plan, chance: Chance) -> Points:
    free = lattice(plan.outline.buffer(1_500.0), spacing_m=MESH_M)
    free = centimetres(free + chance.shifts("mesh", len(free), most_m=MESH_M * 0.33))
    free = free_of(free, plan.fixed, within_m=400.0)
    if plan.expressways:
        free = free[~inside(plan.highways.buffer(240.0), free)]
    return np.concatenate([plan.fixed, free])


def _weights(points: Points, edges: Edges, plan: Plan, chance: Chance) -> Edges:
    """Return what a road costs on each edge, in centimetres of plain: hills, rivers and the border cost more."""
    middle = points[edges].mean(axis=1)
    rough = chance.field("terrain", middle, wavelength_m=4_000.0)
    factor = 1.15 + 0.15 * rough + plan.hilliness(middle) * (0.8 + 0.7 * rough)
    factor = np.where(inside(plan.outline, middle), factor, 5.0)
    cost = edge_lengths(points, edges) * factor
    for obstacle, extra_m in ((plan.water, 500.0), (plan.highways, 700.0)):
        cost = cost + np.where(crosses(points[edges], obstacle), extra_m, 0.0)
    return np.rint(cost * 100).astype(np.int64)


def mesh_of(plan: Plan, chance: Chance) -> Backbone:
    """Return the mesh without any road."""
    points = _mesh_points(plan, chance)
    edges = edges_of(triangles_of(points))
    edges = edges[edge_lengths(points, edges) < 4 * MESH_M]
    graph = WeightedGraph(len(points), edges, _weights(points, edges, plan, chance))
    return Backbone(points, edges, graph, np.full(len(edges), NO_LABEL, dtype=np.int64))


def lay_arterials(backbone: Backbone, plan: Plan) -> None:
    """Lay the plan's numbered roads, best class first."""
    for road in sorted(plan.arterials, key=lambda one: ROAD_CLASSES.index(one.road_class)):
        edges: list[int] = []
        for one, other in zip(road.through[:-1], road.through[1:], strict=True):
            edges += backbone.graph.cheapest_path(one, (other,))
        backbone.lay(Label(road.road_class, road.ref, road.name), edges)


def lay_tree(backbone: Backbone, targets: Iterable[int], *, road_class: RoadClass, letter: str, first: int) -> None:
    """Join each target in turn to the nearest road that is there, numbering the new roads from `first`."""
    laid = set(np.unique(backbone.edges[backbone.label != NO_LABEL]).tolist())
    number = first
    for target in targets:
        path = backbone.graph.cheapest_path(target, laid)
        laid.update(backbone.edges[path].reshape(-1).tolist(), [target])
        if path:
            backbone.lay(Label(road_class, f"{letter}{number}", ""), path)
            number += 1


@dataclass(frozen=True, slots=True)
class Links:
    """How neighbouring settlements are joined beyond the tree: class, numbers, how many of the pairs, how far."""

    road_class: RoadClass
    letter: str
    first: int
    share: float
    farthest_m: float


def lay_links(backbone: Backbone, targets: Iterable[int], *, links: Links, chance: Chance) -> None:
    """Join pairs of neighbouring settlements, so that the network has loops.

    Neighbours are two settlements whose catchments on the mesh touch; the link runs over the cheapest place.
    """
    to_target = backbone.graph.cheapest_forest(targets)
    source, cost = np.array(to_target.source), np.array(to_target.cost)
    one, other = backbone.edges[:, 0], backbone.edges[:, 1]
    border = np.flatnonzero((source[one] != source[other]) & (source[one] >= 0) & (source[other] >= 0))
    total = cost[one[border]] + cost[other[border]] + np.array(backbone.graph.weight)[border]
    pair = np.sort(np.stack([source[one[border]], source[other[border]]], axis=1), axis=1)
    order = np.lexsort((border, total, pair[:, 1], pair[:, 0]))
    chosen = order[np.unique(pair[order], axis=0, return_index=True)[1]]
    luck = chance.uniform(f"links-{links.letter}", len(chosen))
    wanted = (luck < links.share) & (total[chosen] < links.farthest_m * 100)
    for number, edge in enumerate(border[chosen[wanted]].tolist()):
        path = [edge, *to_target.path_edges(int(one[edge])), *to_target.path_edges(int(other[edge]))]
        backbone.lay(Label(links.road_class, f"{links.letter}{links.first + number}", "", is_spare=True), path)


def lay_backbone(plan: Plan, chance: Chance) -> Backbone:
    """Lay every numbered road: arterials, then township roads to every sixth village, then village roads."""
    backbone = mesh_of(plan, chance)
    lay_arterials(backbone, plan)
    order = np.argsort(chance.uniform("villages", len(plan.villages)), kind="stable")
    nodes: list[int] = (order + len(plan.seats) + len(plan.entries)).tolist()
    central = nodes[::6]
    lay_tree(backbone, central, road_class=RoadClass.TOWNSHIP, letter="Y", first=901)
    lay_links(backbone, central, links=Links(RoadClass.TOWNSHIP, "Y", 1901, 0.5, 9_000.0), chance=chance)
    lay_tree(backbone, nodes, road_class=RoadClass.VILLAGE, letter="C", first=9001)
    lay_links(backbone, nodes, links=Links(RoadClass.VILLAGE, "C", 9501, 0.35, 4_500.0), chance=chance)
    return backbone
