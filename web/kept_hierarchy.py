"""Keep the shape of a county's route search with the county, so that only the first start has to compute it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from web.kept_weights import FOLDER as WEIGHTS
from web.kept_weights import ready_usual_weights

if TYPE_CHECKING:
    from geodata.county import County
    from routing.hierarchy.topology import Topology
    from web.session import Session

FOLDER: Final = "hierarchy"


def _folders(county: County) -> tuple[Path, Path]:
    """Return where shapes are kept: the county's own folder, else this user's cache."""
    return county.folder / FOLDER, Path(platformdirs.user_cache_dir("baotong", appauthor=False)) / FOLDER


def ready_hierarchy(county: County, session: Session | None = None) -> None:
    """Read the shape and the weights of the county's route search, or compute and keep them.

    The session is told what takes time.
    """
    from routing.hierarchy.hierarchy import hierarchy_of, network_topology, topology_key

    network = county.network
    hierarchy = hierarchy_of(network)
    if not hierarchy.is_ready:
        kept = _Kept(topology_key(network), partial(network_topology, network), _ROADS)
        hierarchy.take_topology(_topology(county, kept, session))
        ready_usual_weights(network, county.settings, [folder.parent / WEIGHTS for folder in _folders(county)])


def ready_turns(county: County, session: Session | None = None) -> None:
    """Do the same for the search that keeps the turns; only questions that ask for it need it."""
    from routing.turns.turn_search import turn_search_of

    search = turn_search_of(county.network)
    if not search.hierarchy.is_ready:
        kept = _Kept(search.topology_key, search.compute_topology, _TURNS)
        search.hierarchy.take_topology(_topology(county, kept, session))


_ROADS: Final = (
    "首次使用这个路网：正在准备路线计算，需要几秒……",
    "These roads are used for the first time: preparing route search, some seconds ...",
)
_TURNS: Final = (
    "首次按转向限制计算这个路网：正在准备，需要几秒……",
    "Turns on these roads are kept for the first time: preparing, some seconds ...",
)


@dataclass(frozen=True)
class _Kept:
    """A shape that is kept: its name, how to compute it, and what a person is told meanwhile, zh and en."""

    key: str
    compute: Callable[[], Topology]
    told: tuple[str, str]


def _topology(county: County, kept: _Kept, session: Session | None) -> Topology:
    from geodata.kept_arrays import keep_arrays, read_kept_arrays
    from routing.hierarchy.topology import Topology

    for folder in _folders(county):
        arrays = read_kept_arrays(folder, kept.key)
        if arrays is not None and set(arrays) == set(Topology._fields):
            return Topology(**arrays)
    if session is not None:
        session.tell_progress(*kept.told)
    topology = kept.compute()
    any(keep_arrays(folder, kept.key, topology._asdict()) for folder in _folders(county))
    return topology
