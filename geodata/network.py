"""The road network as arrays: junctions, road pieces between them, their limits and shapes; saved as one .npz."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.road_classes import ROAD_CLASSES, RoadClass

#: Bits of `access_forward` and `access_backward`.
ACCESS_BIT: Final = {"car": 1, "truck": 2}
#: Bits of `structure`.
BRIDGE: Final = 1
TUNNEL: Final = 2
FORWARD: Final = 0
BACKWARD: Final = 1
#: Format of the .npz; another one is refused.
FORMAT: Final = 1
#: Arrays that older files do not hold: there they are all zero.
_LATER_ARRAYS: Final = ("refused_goods",)


@dataclass(frozen=True, slots=True)
class TurnRestriction:
    """A turn restriction relation, kept as mapped.

    Attributes
    ----------
    kind
        Value of `restriction`, such as "no_left_turn" or "only_straight_on".
    from_roads, via_roads, to_roads
        Road indices; `via_roads` is empty where `via_junction` counts.
    via_junction
        Junction index, -1 where the restriction runs via roads.
    exempt
        Values of `except`, such as "hgv".
    condition
        Value of `restriction:conditional`, "" where unconditional.
    """

    kind: str
    from_roads: tuple[int, ...]
    via_roads: tuple[int, ...]
    to_roads: tuple[int, ...]
    via_junction: int
    exempt: tuple[str, ...] = ()
    condition: str = ""


@dataclass(frozen=True, eq=False)
class Network:
    """Road network of a county; n junctions, m roads, k shape points. A road is one piece between two junctions.

    Forward is the digitised direction. An arc is a road in one direction, numbered `2 * road + direction`
    (FORWARD 0, BACKWARD 1). Lengths in m, weights in kg, speeds in km/h, positions WGS-84 longitude first.

    Attributes
    ----------
    junction_id : (n,) int64
        Id of the junction in the source (OSM node), unique.
    junction_lonlat : (n, 2) float64
    road_id : (m,) str
        Unique, the same for the same input file.
    osm_way_id : (m,) int64
        0 where the road is from another source.
    name, ref : (m,) str
    road_class : (m,) uint8
        Index into `ROAD_CLASSES`.
    ends : (m, 2) int32
        Junction at the start and at the end of the digitised direction.
    length_m : (m,) float64
    tagged_kmh : (m, 2) float32
        Signed speed limit forward and backward, 0 where none is mapped.
    access : (m, 2) uint8
        Bits of `ACCESS_BIT` forward and backward: who may use it; 0 is nobody.
    max_weight_kg, max_height_m, max_width_m, max_length_m, max_axle_load_kg : (m,) float32
        Limits, infinity where none.
    structure : (m,) uint8
        Bits BRIDGE and TUNNEL.
    layer : (m,) int8
    surface : (m,) str
    shape_start : (m + 1,) int64
        `shape_lonlat[shape_start[r]:shape_start[r + 1]]` is the line of road r, ends included.
    shape_lonlat : (k, 2) float64
    turn_restrictions
        Kept as mapped.
    attribution
        Source and licence line that goes with the data.
    refused_goods : (m, 2) uint8
        Bits of `GOODS_BIT` forward and backward: which hazardous goods may not go there. Nothing where not given.
    """

    junction_id: NDArray[np.int64]
    junction_lonlat: NDArray[np.float64]
    road_id: NDArray[np.str_]
    osm_way_id: NDArray[np.int64]
    name: NDArray[np.str_]
    ref: NDArray[np.str_]
    road_class: NDArray[np.uint8]
    ends: NDArray[np.int32]
    length_m: NDArray[np.float64]
    tagged_kmh: NDArray[np.float32]
    access: NDArray[np.uint8]
    max_weight_kg: NDArray[np.float32]
    max_height_m: NDArray[np.float32]
    max_width_m: NDArray[np.float32]
    max_length_m: NDArray[np.float32]
    max_axle_load_kg: NDArray[np.float32]
    structure: NDArray[np.uint8]
    layer: NDArray[np.int8]
    surface: NDArray[np.str_]
    shape_start: NDArray[np.int64]
    shape_lonlat: NDArray[np.float64]
    turn_restrictions: tuple[TurnRestriction, ...] = ()
    attribution: str = ""
    refused_goods: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 2), dtype=np.uint8))

    def __post_init__(self) -> None:
        if len(self.refused_goods) != self.road_count:
            object.__setattr__(self, "refused_goods", np.zeros((self.road_count, 2), dtype=np.uint8))

    @property
    def junction_count(self) -> int:
        """Number of junctions."""
        return len(self.junction_id)

    @property
    def road_count(self) -> int:
        """Number of roads."""
        return len(self.length_m)

    @cached_property
    def road_index(self) -> dict[str, int]:
        """Index of each road by its id."""
        return {str(road_id): index for index, road_id in enumerate(self.road_id)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of every array: anything derived from this network carries it."""
        return _digest(self)

    def class_of(self, road: int) -> RoadClass:
        """Return the class of a road."""
        return ROAD_CLASSES[int(self.road_class[road])]

    def line_of(self, road: int) -> NDArray[np.float64]:
        """Return the (p, 2) shape of a road in its digitised direction."""
        return self.shape_lonlat[self.shape_start[road] : self.shape_start[road + 1]]


def _array_names() -> tuple[str, ...]:
    apart = {"turn_restrictions", "attribution", *_LATER_ARRAYS}
    return tuple(field.name for field in fields(Network) if field.name not in apart)


def _digest(network: Network) -> str:
    digest = hashlib.sha256(f"baotong-network-{FORMAT}".encode())
    for name in _array_names():
        array = np.ascontiguousarray(getattr(network, name))
        digest.update(f"{name}:{array.dtype.str}:{array.shape}".encode())
        digest.update(array.tobytes())
    for name in _LATER_ARRAYS:
        # Where it says nothing the digest is what it was before there was such an array.
        if (array := getattr(network, name)).any():
            digest.update(f"{name}:{array.dtype.str}:{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(repr(network.turn_restrictions).encode())
    return digest.hexdigest()


def _pack_restrictions(restrictions: tuple[TurnRestriction, ...]) -> NDArray[np.str_]:
    rows = [
        "|".join(
            [
                one.kind,
                *(" ".join(map(str, roads)) for roads in (one.from_roads, one.via_roads, one.to_roads)),
                str(one.via_junction),
                " ".join(one.exempt),
                one.condition,
            ]
        )
        for one in restrictions
    ]
    return np.array(rows, dtype=np.str_)


def _unpack_restriction(row: str) -> TurnRestriction:
    kind, origin, via, target, junction, exempt, condition = row.split("|", 6)
    roads = [tuple(int(part) for part in text.split()) for text in (origin, via, target)]
    return TurnRestriction(kind, roads[0], roads[1], roads[2], int(junction), tuple(exempt.split()), condition)


def save_network(network: Network, path: Path) -> None:
    """Write the network to one uncompressed .npz (a restart reads it in milliseconds)."""
    arrays = {name: getattr(network, name) for name in (*_array_names(), *_LATER_ARRAYS)}
    np.savez(
        path,
        **arrays,
        turn_restrictions=_pack_restrictions(network.turn_restrictions),
        attribution=np.array(network.attribution),
        format=np.array(FORMAT),
    )


def load_network(path: Path) -> Network:
    """Read a network written by `save_network`.

    Raises
    ------
    BadInputError
        `network-file-unreadable` where the file is missing, damaged or of another format.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            if int(stored["format"]) != FORMAT:
                raise BadInputError("network-file-unreadable", str(path), format=int(stored["format"]))
            arrays = {name: stored[name] for name in _array_names()}
            arrays |= {name: stored[name] for name in _LATER_ARRAYS if name in stored}
            restrictions = tuple(_unpack_restriction(str(row)) for row in stored["turn_restrictions"])
            return Network(**arrays, turn_restrictions=restrictions, attribution=str(stored["attribution"]))
    except BadInputError:
        raise
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise BadInputError("network-file-unreadable", str(path), reason=str(error)) from error
