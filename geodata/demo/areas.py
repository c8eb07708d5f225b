"""Areas of the demo county: its townships as a partition, and the areas that are declared at the build moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import shapely

from geodata.areas import TOWNSHIP, Area
from geodata.demo.facts import read_demo_json, townships
from geodata.demo.plane import Points, to_lonlat, to_plane
from geodata.demo.roads import DemoRoads
from geodata.windows import Window

Polygon = shapely.Polygon | shapely.MultiPolygon


def township_polygons(roads: DemoRoads) -> tuple[Polygon, ...]:
    """Return a polygon of plane metres for each township: the ground nearer to its villages than to others'."""
    plan = roads.plan
    centres = np.concatenate([plan.seats, roads.drawing.villages])
    owner = np.concatenate([np.arange(len(plan.seats)), plan.village_seat])
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(centres), extend_to=plan.outline, ordered=True)
    )
    return tuple(
        _polygon(shapely.union_all(shapely.intersection(cells[owner == one], plan.outline)))
        for one in range(len(plan.seats))
    )


def _polygon(shape: Any) -> Polygon:
    """Keep the polygons of a shape; a cut may leave points and lines."""
    parts = [one for one in shapely.get_parts(shape) if isinstance(one, shapely.Polygon) and one.area > 1.0]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def as_degrees(polygon: Polygon) -> Polygon:
    """Return a polygon of plane metres in WGS-84 degrees."""
    turned: Polygon = shapely.transform(polygon, to_lonlat)
    return turned


def declared_polygons(polygons: tuple[Polygon, ...]) -> dict[str, Polygon]:
    """Return the declared areas in plane metres, by id: whole townships, or a circle."""
    names = [one.name for one in townships()]
    found: dict[str, Polygon] = {}
    for row in read_demo_json("places.json")["areas"]:
        if "circle" in row:
            lon, lat, radius_m = row["circle"]
            middle: Points = to_plane(np.array([lon, lat]))
            found[row["id"]] = shapely.Point(middle).buffer(radius_m, quad_segs=8)
        else:
            found[row["id"]] = _polygon(shapely.union_all([polygons[names.index(one)] for one in row["townships"]]))
    return found


def demo_areas(polygons: tuple[Polygon, ...], populations: tuple[float, ...], *, at: datetime) -> tuple[Area, ...]:
    """Return the 20 townships and the areas in force around the build moment.

    Parameters
    ----------
    polygons
        Of the townships, in plane metres.
    populations
        Of the townships, invented.
    at
        The build moment; windows are told from it.
    """
    areas = [
        Area(one.code, one.name, TOWNSHIP, as_degrees(polygon), population=population)
        for one, polygon, population in zip(townships(), polygons, populations, strict=True)
    ]
    declared = declared_polygons(polygons)
    for row in read_demo_json("places.json")["areas"]:
        window = Window(at + timedelta(hours=row["from_h"]), at + timedelta(hours=row["to_h"]))
        areas.append(
            Area(
                id=row["id"],
                name=row["name"],
                kind=row["kind"],
                polygon=as_degrees(declared[row["id"]]),
                window=window,
                declared_by=row["declared_by"],
                document_no=row["document_no"],
            )
        )
    return tuple(areas)
