"""Keep the shape of a county's route search with the county, so that only the first start has to compute it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

if TYPE_CHECKING:
    from geodata.county import County
    from web.session import Session

FOLDER: Final = "hierarchy"


def _folders(county: County) -> tuple[Path, Path]:
    """Return where shapes are kept: the county's own folder, else this user's cache."""
    return county.folder / FOLDER, Path(platformdirs.user_cache_dir("baotong", appauthor=False)) / FOLDER


def ready_hierarchy(county: County, session: Session | None = None) -> None:
    """Read the shape of the county's route search, or compute and keep it; the session is told what takes time."""
    from geodata.kept_arrays import keep_arrays, read_kept_arrays
    from routing.hierarchy.hierarchy import hierarchy_of, network_topology, topology_key
    from routing.hierarchy.topology import Topology

    network = county.network
    hierarchy = hierarchy_of(network)
    if hierarchy.is_ready:
        return
    key = topology_key(network)
    for folder in _folders(county):
        arrays = read_kept_arrays(folder, key)
        if arrays is not None and set(arrays) == set(Topology._fields):
            hierarchy.take_topology(Topology(**arrays))
            return
    if session is not None:
        session.tell_progress(
            "首次使用这个路网:正在准备路线计算,需要几秒……",
            "These roads are used for the first time: preparing route search, some seconds ...",
        )
    topology = network_topology(network)
    hierarchy.take_topology(topology)
    for folder in _folders(county):
        if keep_arrays(folder, key, topology._asdict()):
            return
