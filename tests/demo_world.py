"""The demo county's roads and places, built once for all tests of one process."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import lru_cache

from geodata.areas import Area
from geodata.county_settings import CountySettings, read_settings
from geodata.demo.areas import Polygon, declared_polygons, demo_areas, township_polygons
from geodata.demo.chance import Chance
from geodata.demo.county import demo_settings_text
from geodata.demo.places import demo_places, township_populations
from geodata.demo.roads import SEED, DemoRoads, demo_roads
from geodata.places import Place
from geodata.snapping import RoadIndex

#: The build moment of the tests.
AT = datetime(2022, 7, 1, 0, 0, tzinfo=UTC)


@lru_cache(maxsize=1)
def the_roads() -> DemoRoads:
    """Return the demo county's roads."""
    return demo_roads()


@lru_cache(maxsize=1)
def the_index() -> RoadIndex:
    """Return the search tree over them."""
    return RoadIndex(the_roads().network)


@lru_cache(maxsize=1)
def the_polygons() -> tuple[Polygon, ...]:
    """Return the townships' polygons in plane metres."""
    return township_polygons(the_roads())


@lru_cache(maxsize=1)
def the_places() -> tuple[Place, ...]:
    """Return the demo county's places."""
    return demo_places(the_roads(), declared_polygons(the_polygons())["area-emergency-1"], Chance(SEED))


@lru_cache(maxsize=1)
def the_areas() -> tuple[Area, ...]:
    """Return the demo county's areas at the build moment."""
    return demo_areas(the_polygons(), township_populations(the_places()), at=AT)


@lru_cache(maxsize=1)
def the_settings() -> CountySettings:
    """Return the demo county's settings."""
    return read_settings(tomllib.loads(demo_settings_text()), where="county.toml")


def places_of(*kinds: str) -> list[Place]:
    """Return the places of these kinds."""
    return [place for place in the_places() if place.kind in kinds]
