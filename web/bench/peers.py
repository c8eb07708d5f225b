"""Find the routers to compare with: files in a folder of their own, never part of the program.

Each file there wraps one package and is called as it: `routingkit_cch.py` is the peer `routingkit-cch`. It imports its
package at the top, names it in `PACKAGE`, and offers `make_router`, a `web.bench.router.Maker`. What cannot be
imported is not installed. The repository keeps its own in `tests/benchmarks/peers`, because what the program is
compared with belongs to its tests; a program installed elsewhere has none unless a folder is named. OSRM and Valhalla
have packages for Python 3.12 and later only: elsewhere they are not installed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Final

from geodata.errors import BadInputError
from web.bench.router import Maker

#: Where the repository keeps them, seen from this file.
FOLDER: Final = Path(__file__).parents[2] / "tests" / "benchmarks" / "peers"


@dataclass(frozen=True, slots=True)
class Peer:
    """A router to compare with.

    Attributes
    ----------
    version
        Of its package; "" where unknown.
    make
        None where it is not installed.
    lacks
        What its file could not import, "" where nothing.
    """

    name: str
    version: str
    make: Maker | None
    lacks: str = ""


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name.replace('-', '_')}.py"


def known_peers(folder: Path) -> tuple[str, ...]:
    """Return the names of the peers in a folder, sorted."""
    return tuple(sorted(path.stem.replace("_", "-") for path in folder.glob("[!_]*.py")))


def _load(path: Path, name: str) -> Peer:
    spec = spec_from_file_location(f"baotong_bench_peer_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise BadInputError("peer-unreadable", str(path), reason="spec")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except ImportError as missing:
        return Peer(name, "", None, missing.name or str(missing))
    maker = getattr(module, "make_router", None)
    if not callable(maker):
        raise BadInputError("peer-unreadable", str(path), reason="make_router")
    try:
        known = version(str(getattr(module, "PACKAGE", "")))
    except (PackageNotFoundError, ValueError):
        known = ""
    return Peer(name, known, maker)


def load_peers(folder: Path, names: tuple[str, ...] | None) -> tuple[Peer, ...]:
    """Load peers of a folder, all of them where no names are given.

    Raises
    ------
    BadInputError
        `peer-unknown` with the known names, or `peer-unreadable` where a file offers no router.
    """
    known = known_peers(folder)
    for name in names or ():
        if name not in known:
            raise BadInputError("peer-unknown", "--peers", value=name, known=list(known))
    return tuple(_load(_path(folder, name), name) for name in (known if names is None else names))
