"""Draw the whole demo county: numbered roads, expressways, lanes; then mark the bridges."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from geodata.demo.backbone import Label, lay_backbone
from geodata.demo.chance import Chance
from geodata.demo.expressways import Highways, draw_expressways
from geodata.demo.lanes import Grounds, bent, lane_strokes, scatter_points
from geodata.demo.plan import Plan
from geodata.demo.plane import Points, crosses
from geodata.demo.sketch import LANE, Sketch, sketch_backbone
from geodata.road_classes import RoadClass


@dataclass(frozen=True, slots=True)
class Drawing:
    """The finished drawing.

    Attributes
    ----------
    sketch
        Every stroke.
    villages : (v, 2)
        Where the villages lie on it.
    highways
        The expressways; their nodes start at `highway_node` in the sketch.
    """

    sketch: Sketch
    villages: Points
    highways: Highways | None
    highway_node: int


def _with_bridges(sketch: Sketch, plan: Plan) -> Sketch:
    """Mark strokes over a river, and numbered roads over an expressway, as bridges."""
    strokes = sketch.points[sketch.edges]
    over = crosses(strokes, plan.highways) & ~sketch.one_way
    return replace(sketch, bridge=crosses(strokes, plan.water) | over)


def _join_highways(sketch: Sketch, highways: Highways) -> Sketch:
    """Add the expressways and join each toll station to its road."""
    first = len(sketch.points)
    joined = sketch.joined(highways.sketch)
    for toll in highways.tolls:
        label = Label(RoadClass.COUNTY, "", f"{toll.name}连接线")
        joined = replace(joined, labels=(*joined.labels, label))
        link = np.array([[toll.road_node, first + toll.node]])
        joined = joined.with_strokes(link, len(joined.labels) - 1)
    return joined


def draw(plan: Plan, chance: Chance) -> Drawing:
    """Draw every road of a plan."""
    base, villages = sketch_backbone(lay_backbone(plan, chance), plan)
    highways = draw_expressways(plan, base)
    keep_clear = shapely.MultiLineString() if highways is None else highways.keep_clear
    scatter = scatter_points(plan, villages, Grounds(base.points, keep_clear), chance)
    points, strokes = lane_strokes(plan, base, scatter, keep_clear=keep_clear, chance=chance)
    numbered = len(base.edges)
    sketch = replace(base, points=points).with_strokes(strokes, LANE)
    sketch = bent(plan, sketch, from_edge=numbered, chance=chance)
    first = len(sketch.points)
    if highways is not None:
        sketch = _join_highways(sketch, highways)
    return Drawing(_with_bridges(sketch, plan), villages, highways, first)
