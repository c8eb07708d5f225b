"""Draw the expressways of the demo county: two carriageways, and at every toll station four ramps and a link road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geodata.demo.backbone import Label
from geodata.demo.graph import Edges
from geodata.demo.lines import shifted
from geodata.demo.plan import Expressway, Plan, Toll
from geodata.demo.plane import Points, centimetres, lengths_of
from geodata.demo.sketch import Sketch
from geodata.road_classes import RoadClass

#: From the middle line to the middle of a carriageway.
HALF_WIDTH_M: Final = 14.0
#: Where ramps leave before the toll station and join behind it, on its own side and on the far side.
_NEAR_M: Final = 420.0
_FAR_M: Final = 720.0
_RAMP_STEPS: Final = np.array([0.2, 0.4, 0.6, 0.8])


@dataclass(frozen=True, slots=True)
class TollSite:
    """A toll station as drawn: its node in the expressways' drawing, and the node of the numbered road it serves."""

    name: str
    node: int
    road_node: int


@dataclass(frozen=True, slots=True)
class Highways:
    """The expressways as drawn.

    Attributes
    ----------
    sketch
        Carriageways and ramps.
    tolls
        Where they meet the other roads.
    ends
        For each expressway the nodes where it comes in and goes out, forward and then backward.
    """

    sketch: Sketch
    tolls: tuple[TollSite, ...]
    ends: tuple[tuple[int, int, int, int], ...]

    @property
    def keep_clear(self) -> shapely.MultiLineString:
        """Carriageways, ramps and link roads as lines: no lane may cross them."""
        return shapely.MultiLineString(list(self.sketch.points[self.sketch.edges]))


class _Drawing:
    """Collects one-way strokes."""

    def __init__(self) -> None:
        self.lines: list[Points] = []
        self.edges: list[Edges] = []
        self.label: list[int] = []
        self.labels: list[Label] = []
        self.size = 0

    def nodes(self, points: Points) -> Edges:
        self.lines.append(points)
        self.size += len(points)
        return np.arange(self.size - len(points), self.size)

    def stroke(self, nodes: Edges, label: int) -> None:
        self.edges.append(np.stack([nodes[:-1], nodes[1:]], axis=1))
        self.label += [label] * (len(nodes) - 1)

    def name(self, label: Label) -> int:
        self.labels.append(label)
        return len(self.labels) - 1

    def sketch(self) -> Sketch:
        edges = np.concatenate(self.edges)
        return Sketch(
            points=np.concatenate(self.lines),
            edges=edges,
            label=np.array(self.label, dtype=np.int64),
            one_way=np.ones(len(edges), dtype=np.bool_),
            bridge=np.zeros(len(edges), dtype=np.bool_),
            labels=tuple(self.labels),
        )


def _road_node(toll: Toll, expressway: Expressway, base: Sketch) -> int:
    """Return the node of the toll's road nearest to the plan's position, clear of the carriageways."""
    mine = np.array([label.ref == toll.ref for label in base.labels])
    nodes = np.unique(base.edges[mine[base.label]])
    line = shapely.linestrings(expressway.line)
    clear = shapely.distance(line, shapely.points(base.points[nodes]))
    far = lengths_of(base.points[nodes] - toll.near)
    far[(clear < 330.0) | (clear > 900.0)] = np.inf
    return int(nodes[int(np.argmin(far))])


def _curve(start: Points, bend: Points, end: Points) -> Points:
    """Return the inner points of a quadratic curve."""
    share = _RAMP_STEPS[:, None]
    return centimetres(start * (1 - share) * (1 - share) + bend * 2 * share * (1 - share) + end * share * share)


def _ramps(drawing: _Drawing, carriageway: Edges, *, plaza: int, reach_m: float, label: int) -> None:
    """Draw the ramp off one carriageway to the plaza and the ramp from it back on."""
    points = np.concatenate(drawing.lines)
    line, site = points[carriageway], points[plaza]
    along = np.concatenate([[0.0], np.cumsum(lengths_of(np.diff(line, axis=0)))])
    beside = along[int(np.argmin(lengths_of(line - site)))]
    for sign in (-1, 1):
        fork = int(np.argmin(np.abs(along - (beside + sign * reach_m))))
        bend = line[int(np.argmin(np.abs(along - (beside + sign * reach_m * 0.3))))]
        ramp = np.array([carriageway[fork], *drawing.nodes(_curve(line[fork], bend, site)), plaza])
        drawing.stroke(ramp if sign < 0 else ramp[::-1], label)


def _draw_toll(drawing: _Drawing, toll: Toll, road_point: Points, *, expressway: Expressway, ways: list[Edges]) -> int:
    """Draw a toll station beside its road and its ramps; return its node."""
    line = expressway.line
    at = int(np.clip(np.argmin(lengths_of(line - road_point)), 1, len(line) - 2))
    along = line[at + 1] - line[at - 1]
    along = along / lengths_of(along)
    off = road_point - line[at]
    plaza_at = centimetres(line[at] + off * 0.75 + along * 190.0)
    plaza = int(drawing.nodes(plaza_at[None, :])[0])
    label = drawing.name(Label(RoadClass.EXPRESSWAY, "", f"{toll.name}匝道"))
    is_right = along[0] * off[1] - along[1] * off[0] < 0
    for number, way in enumerate(ways):
        own_side = is_right == (number == 0)
        _ramps(drawing, way, plaza=plaza, reach_m=_NEAR_M if own_side else _FAR_M, label=label)
    return plaza


def draw_expressways(plan: Plan, base: Sketch) -> Highways | None:
    """Draw the expressways of the plan, each toll station at its road in the base drawing; None without any."""
    drawing = _Drawing()
    tolls: list[TollSite] = []
    ends: list[tuple[int, int, int, int]] = []
    for expressway in plan.expressways:
        label = drawing.name(Label(RoadClass.EXPRESSWAY, expressway.ref, expressway.name))
        ways = [drawing.nodes(shifted(line, right_m=HALF_WIDTH_M)) for line in (expressway.line, expressway.line[::-1])]
        for way in ways:
            drawing.stroke(way, label)
        ends.append((int(ways[0][0]), int(ways[0][-1]), int(ways[1][0]), int(ways[1][-1])))
        for toll in expressway.tolls:
            node = _road_node(toll, expressway, base)
            plaza = _draw_toll(drawing, toll, base.points[node], expressway=expressway, ways=ways)
            tolls.append(TollSite(toll.name, plaza, node))
    return Highways(drawing.sketch(), tuple(tolls), tuple(ends)) if ends else None
