"""The demo county's roads as a drawing: nodes and straight strokes, before they are joined into roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.demo.backbone import Backbone, Label
from geodata.demo.chains import chains_of
from geodata.demo.graph import Edges, keys_of
from geodata.demo.lines import corners_cut, evenly_spaced
from geodata.demo.plan import Plan
from geodata.demo.plane import Points, centimetres, inside

#: Distance of the nodes on a numbered road, where lanes may join it.
NODE_M: Final = 180.0
#: Label of a stroke without a number.
LANE: Final = -1


@dataclass(frozen=True, slots=True)
class Sketch:
    """Strokes between nodes.

    Attributes
    ----------
    points : (n, 2)
    edges : (e, 2)
        A one-way stroke runs from its first to its second node.
    label : (e,)
        Index into `labels`, or LANE.
    one_way, bridge : (e,) bool
    labels
        Numbered roads.
    """

    points: Points
    edges: Edges
    label: Edges
    one_way: NDArray[np.bool_]
    bridge: NDArray[np.bool_]
    labels: tuple[Label, ...]

    def joined(self, other: Sketch) -> Sketch:
        """Return both drawings as one; the other's nodes and labels count on from this one's."""
        label = np.where(other.label == LANE, LANE, other.label + len(self.labels))
        return Sketch(
            points=np.concatenate([self.points, other.points]),
            edges=np.concatenate([self.edges, other.edges + len(self.points)]),
            label=np.concatenate([self.label, label]),
            one_way=np.concatenate([self.one_way, other.one_way]),
            bridge=np.concatenate([self.bridge, other.bridge]),
            labels=self.labels + other.labels,
        )

    def with_strokes(self, edges: Edges, label: int) -> Sketch:
        """Return the drawing with further two-way strokes between its nodes."""
        none = np.zeros(len(edges), dtype=np.bool_)
        return Sketch(
            points=self.points,
            edges=np.concatenate([self.edges, edges]),
            label=np.concatenate([self.label, np.full(len(edges), label, dtype=np.int64)]),
            one_way=np.concatenate([self.one_way, none]),
            bridge=np.concatenate([self.bridge, none]),
            labels=self.labels,
        )


def _straightened(backbone: Backbone, edges: Edges, fixed_count: int) -> Points:
    """Move nodes where one road passes towards the middle of their neighbours, a few times."""
    points = backbone.points.copy()
    degree = np.bincount(edges.reshape(-1), minlength=len(points))
    free = degree == 2
    free[:fixed_count] = False
    for _ in range(3):
        total = np.zeros_like(points)
        np.add.at(total, edges[:, 0], points[edges[:, 1]])
        np.add.at(total, edges[:, 1], points[edges[:, 0]])
        points[free] = centimetres(points[free] * 0.5 + total[free] * 0.25)
    return points


def sketch_backbone(backbone: Backbone, plan: Plan) -> tuple[Sketch, Points]:
    """Draw the numbered roads as smooth curves.

    Returns
    -------
    tuple
        The drawing, and where the villages came to lie on their roads.
    """
    laid = backbone.label >= 0
    edges, label = backbone.edges[laid], backbone.label[laid]
    seats_and_entries = len(plan.seats) + len(plan.entries)
    points = _straightened(backbone, edges, seats_and_entries)
    kept = np.zeros(len(points), dtype=np.bool_)
    kept[:seats_and_entries] = True
    chains = chains_of(len(points), edges, kind=label, one_way=np.zeros(len(edges), dtype=np.bool_), kept=kept)
    line, start = points[chains.nodes], chains.start
    for _ in range(2):
        line, start = corners_cut(line, start)
    line, start = evenly_spaced(line, start, spacing_m=NODE_M)
    sketch = _drawn(line, start, label[chains.edge], plan=plan, labels=tuple(backbone.labels))
    return sketch, points[seats_and_entries : seats_and_entries + len(plan.villages)]


def _drawn(line: Points, start: Edges, label: Edges, *, plan: Plan, labels: tuple[Label, ...]) -> Sketch:
    """Turn curves into strokes; equal ends become one node, and no node lies under an expressway."""
    owner = np.repeat(np.arange(len(label)), np.diff(start))
    stays = ~inside(plan.highways.buffer(70.0), line)
    stays[start[:-1]] = stays[start[1:] - 1] = True
    line, owner = line[stays], owner[stays]
    _, first, node = np.unique(keys_of(line), return_index=True, return_inverse=True)
    points, node = line[first], node.reshape(-1)
    follows = owner[1:] == owner[:-1]
    edges = np.stack([node[:-1][follows], node[1:][follows]], axis=1)
    stroke_label = label[owner[:-1][follows]]
    real = edges[:, 0] != edges[:, 1]
    none = np.zeros(int(real.sum()), dtype=np.bool_)
    return Sketch(points, edges[real], stroke_label[real], none, none.copy(), labels)
