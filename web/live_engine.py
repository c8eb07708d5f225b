"""Open the roads for a command: the engine with the register's closings, and those of a file for a what-if."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from web.kept_hierarchy import ready_hierarchy, ready_turns
from web.kernel_cache import prepare_kernel_cache
from web.session import Session

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.closures.closure import Closure
    from geodata.county import County
    from routing.engine import Engine
    from routing.trips.trip import TripMap


@dataclass(frozen=True, slots=True)
class LiveEngine:
    """The county's roads as they are open.

    Attributes
    ----------
    closure_set_version
        Of the register, when it was read.
    """

    engine: Engine
    trip_map: TripMap
    closure_set_version: int


def tell_where_kernels_are_kept(session: Session) -> None:
    """Prepare the folder of compiled kernels; say so where there is none, and once any has to be compiled."""
    if prepare_kernel_cache() is None:
        session.tell_progress(
            "没有可写的缓存文件夹：路线计算程序每次都要重新编译，会慢几秒（可用 NUMBA_CACHE_DIR 指定文件夹）",
            "No cache folder is writable: route search is compiled anew each time, some seconds slower "
            "(NUMBA_CACHE_DIR names a folder)",
        )
        return
    from routing.kernel import tell_when_compiling

    tell_when_compiling(
        lambda: session.tell_progress(
            "本机首次运行：正在编译路线计算程序，只需一次，最多约一分钟",
            "First start on this machine: route search is being compiled, this once, up to a minute",
        )
    )


def open_live_engine(session: Session, *, closures_file: Path | None = None) -> LiveEngine:
    """Return the engine of this moment's register; a file's closures are added, approved or not.

    Raises
    ------
    BadInputError, RowErrors
        What is wrong with the county folder or the closure file.
    """
    tell_where_kernels_are_kept(session)
    from geodata.closures.files import read_closures
    from geodata.closures.register import closure_set_version
    from routing.trips.trip import trip_map_of

    county = session.county
    network, settings = county.network, county.settings
    added = () if closures_file is None else read_closures(closures_file, county.road_index, network, settings)
    with session.transaction(writes=False) as connection:
        engine, version = engine_of(connection, county, added=added, session=session), closure_set_version(connection)
    return LiveEngine(engine, trip_map_of(county), version)


def engine_of(
    connection: sa.Connection, county: County, *, added: Iterable[Closure] = (), session: Session | None = None
) -> Engine:
    """Return the engine with every closing of the register and of areas, and with closures that are only supposed.

    The session is told which closures lie on roads that the county does not have: those parts close nothing.
    """
    from geodata.closures.register import list_closures
    from geodata.closures.states import closings_of, hypothetical_closings
    from geodata.closures.unmatched import unmatched_ids
    from routing.area_closings import area_closings
    from routing.engine import Engine

    network, settings = county.network, county.settings
    closures = list_closures(connection)
    unmatched = unmatched_ids(closures, network)
    if unmatched and session is not None:
        session.tell_progress(
            f"有 {len(unmatched)} 条登记所在的道路不在本县路网里，这些路段没有计入：{'、'.join(unmatched)}",
            f"{len(unmatched)} records lie on roads that the network does not have; those parts are left out: "
            + ", ".join(unmatched),
        )
    ready_hierarchy(county, session)
    if settings.turns == "kept":
        ready_turns(county, session)
    of_areas = area_closings(county.areas, settings, county.road_index)
    closings = (*closings_of(closures, settings, network), *hypothetical_closings(added, network), *of_areas)
    return Engine(network, speeds_kmh=settings.speeds_kmh, closings=closings)
