"""The county laid out for its map: what stands (roads, townships, places) and what changes (closures, areas)."""

from __future__ import annotations

import hashlib
import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.closures.asking import is_only_asked
from geodata.closures.filings_register import requested_ids
from geodata.closures.map_parts import MapCase, MapPart, map_parts, state_edges
from geodata.closures.register import closure_set_version, newest_closures, read_rows
from geodata.closures.states import closings_of
from geodata.closures.unmatched import unmatched_ids
from geodata.errors import SurroundingsError
from geodata.places import PlaceKind
from geodata.road_search import RoadSearch
from geodata.tiles.county_sheets import closure_sheets, declared_sheets, place_sheet, township_sheets
from geodata.tiles.grid import Tile
from geodata.tiles.road_tiles import RoadSheet
from geodata.tiles.shape_sheet import ShapeSheet
from web.map.tile_cache import TileCache
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.areas import Area
    from geodata.closures.closing import Closing
    from geodata.closures.closure import Closure
    from geodata.county import County
    from geodata.network import Network

EXTENSION: Final = "baotong-map"
#: A road is told by a village that is no farther than this.
NEAR_M: Final = 2_500.0
#: Rises when tiles are drawn otherwise: browsers keep what they have for a year.
_DRAWING: Final = 2


@dataclass(frozen=True, eq=False)
class Moment:
    """What of the county changes, as it is between two instants at which it may change.

    Attributes
    ----------
    key
        Version of the register and the last such instant: the same key, the same tiles.
    parts
        Of closures and blockages.
    areas
        Declared and in force.
    left_out
        Ids of records that somebody damaged, or that lie on roads which the network does not have.

    Parts and sheets are made when something of them is first drawn or listed: most pages only name the moment.
    """

    key: str
    areas: tuple[Area, ...]
    left_out: tuple[str, ...]
    network: Network
    _make: Callable[[], tuple[MapPart, ...]]
    _change: threading.RLock = field(default_factory=threading.RLock)

    @property
    def parts(self) -> tuple[MapPart, ...]:
        """The parts; ten thousand closures take a second, which threads that ask at once do not take each."""
        with self._change:
            return self._parts

    @cached_property
    def _parts(self) -> tuple[MapPart, ...]:
        return self._make()

    @cached_property
    def _office_sheets(self) -> tuple[ShapeSheet, ...]:
        return (*declared_sheets(self.areas), *closure_sheets(self.parts, self.network))

    @cached_property
    def _public_sheets(self) -> tuple[ShapeSheet, ...]:
        public = [part for part in self.parts if part.is_public]
        return (*declared_sheets(self.areas), *closure_sheets(public, self.network))

    def draw(self, tile: Tile, *, public: bool) -> bytes:
        """Return the layers of one tile."""
        with self._change:
            sheets = self._public_sheets if public else self._office_sheets
        return b"".join(sheet.draw(tile) for sheet in sheets)


@dataclass(frozen=True, slots=True)
class _Register:
    """The register at one version, and the instants at which something of it changes by time alone."""

    version: int
    closures: tuple[Closure, ...]
    edges: list[datetime]
    closings: tuple[Closing, ...]
    requested: frozenset[str]
    left_out: tuple[str, ...]

    def only_asked(self, county: County, at: datetime) -> frozenset[str]:
        """Return the ids of requests that stand on paper only."""
        asked = (one for one in self.closures if one.id in self.requested)
        return frozenset(one.id for one in asked if is_only_asked(one, county.settings, county.network, at=at))


class CountyMap:
    """One county's sheets and its drawn tiles; safe to share between threads."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.tiles = TileCache()
        self._change = threading.Lock()
        self._register: _Register | None = None
        self._moment: Moment | None = None

    @cached_property
    def base_key(self) -> str:
        """Digest of what stands: network, places and areas."""
        digest = hashlib.sha256(f"{_DRAWING}:{self.county.network.digest}".encode())
        digest.update(repr(tuple(self.county.places.by_id.values())).encode())
        for area in self.county.areas:
            digest.update(repr((area.id, area.name, area.kind)).encode() + area.polygon.wkb)
        return digest.hexdigest()[:16]

    @cached_property
    def roads(self) -> RoadSheet:
        """The roads."""
        return RoadSheet(self.county.network)

    @cached_property
    def search(self) -> RoadSearch:
        """The roads by number and name."""
        return RoadSearch(self.county.network)

    @cached_property
    def _villages(self) -> tuple[list[str], shapely.STRtree]:
        places = self.county.places.of_kind(PlaceKind.VILLAGE, PlaceKind.TOWNSHIP_SEAT)
        plane = self.county.road_index.plane
        spots = plane.to_metres(np.array([(one.lon, one.lat) for one in places], dtype=np.float64).reshape(-1, 2))
        return [one.name for one in places], shapely.STRtree(np.asarray(shapely.points(spots), dtype=np.object_))

    def village_near(self, road: int) -> str:
        """Return the name of the village nearest to a road's middle, "" where none is near."""
        names, tree = self._villages
        middle = self.county.road_index.lines[road].interpolate(0.5, normalized=True)
        found = tree.query_nearest(middle, max_distance=NEAR_M, all_matches=False)
        return names[int(found[0])] if len(found) else ""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the roads."""
        low, high = self.county.network.shape_lonlat.min(axis=0), self.county.network.shape_lonlat.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @cached_property
    def _standing(self) -> tuple[ShapeSheet, ...]:
        return (*township_sheets(self.county.areas), place_sheet(self.county.places.by_id.values()))

    def draw_base(self, tile: Tile) -> bytes:
        """Return the compressed tile of what stands."""
        return self.tiles.get(("base", tile), lambda: self._draw_base(tile))

    def _draw_base(self, tile: Tile) -> bytes:
        return self.roads.draw(tile) + b"".join(sheet.draw(tile) for sheet in self._standing)

    def draw_moment(self, moment: Moment, tile: Tile, *, public: bool) -> bytes:
        """Return the compressed tile of what changes."""
        key = ("moment", moment.key, public, tile)
        return self.tiles.get(key, lambda: moment.draw(tile, public=public))

    def moment(self, connection: sa.Connection, at: datetime) -> Moment:
        """Return what of the county changes, at an instant, as a transaction sees it."""
        register = self._read(connection)
        place = bisect_right(register.edges, at)
        last = int(register.edges[place - 1].timestamp()) if place else 0
        key = f"{register.version}-{last}"
        known = self._moment
        if known is not None and known.key == key:
            return known
        with self._change:
            known = self._moment
            if known is None or known.key != key:
                known = self._moment = self._made(key, register, at)
        return known

    def _read(self, connection: sa.Connection) -> _Register:
        """Return the register at the version that a transaction sees."""
        version = closure_set_version(connection)
        known = self._register
        if known is not None and known.version == version:
            return known
        closures, damaged = _closures(connection)
        left_out = (*damaged, *unmatched_ids(closures, self.county.network))
        windows = [area.window for area in self.county.areas if area.window is not None]
        edges = {edge for window in windows for edge in (window.start, window.end) if edge is not None}
        edges |= set(state_edges(closures))
        county = self.county
        acting = (one for one in closures if one.observations or one.decisions)
        closings = closings_of(acting, county.settings, county.network)
        asked = requested_ids(connection)
        register = self._register = _Register(version, closures, sorted(edges), closings, asked, left_out)
        return register

    def closings(self, connection: sa.Connection) -> tuple[Closing, ...]:
        """Return what routing must avoid, in force or not, as a transaction sees the register."""
        return self._read(connection).closings

    def _made(self, key: str, register: _Register, at: datetime) -> Moment:
        county = self.county

        def parts() -> tuple[MapPart, ...]:
            case = MapCase(county.settings.policy_for, county.network, at, register.only_asked(county, at))
            return map_parts(register.closures, case)

        areas = tuple(area for area in county.areas if area.window is not None and area.in_force(at))
        return Moment(key, areas, register.left_out, county.network, parts)


def _closures(connection: sa.Connection) -> tuple[tuple[Closure, ...], list[str]]:
    """Return the closures that can be read, and the ids of those that somebody damaged."""
    damaged: list[str] = []
    try:
        return site().closures(connection), damaged
    except SurroundingsError:
        return newest_closures(read_rows(connection), damaged), damaged


def county_map() -> CountyMap:
    """Return the map of the running application's county."""
    here = site()
    if EXTENSION not in here.kept:
        here.kept.setdefault(EXTENSION, CountyMap(here.county))
    found: CountyMap = here.kept[EXTENSION]
    return found
