"""Build the network of an OSM extract: ways become road pieces, tags columns, relations turn restrictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.osm.barrier_gap import leave_gaps
from geodata.osm.barriers import Barrier, read_barrier
from geodata.osm.file import ATTRIBUTION, OsmExtract
from geodata.osm.import_tally import ImportTally
from geodata.osm.limits import Limits
from geodata.osm.road_pieces import Pieces, cut_pieces
from geodata.osm.road_runs import Runs, find_runs
from geodata.osm.tags import WayReading, read_way
from geodata.osm.turn_relations import RoadsAtJunctions, read_turn_restrictions
from geodata.road_classes import ROAD_CLASSES

_LIMIT_COLUMNS: Final = {
    "weight_kg": "max_weight_kg",
    "height_m": "max_height_m",
    "width_m": "max_width_m",
    "length_m": "max_length_m",
    "axle_load_kg": "max_axle_load_kg",
}


@dataclass(frozen=True, slots=True)
class BuiltNetwork:
    """A network and what only its making knows.

    Attributes
    ----------
    end_is_cut : (m, 2) bool
        The road went on there beyond the extract.
    end_is_barrier : (m, 2) bool
        A blocking barrier stands there.
    """

    network: Network
    end_is_cut: NDArray[np.bool_]
    end_is_barrier: NDArray[np.bool_]


def _junction_ids(extract: OsmExtract, pieces: Pieces) -> NDArray[np.int64]:
    """Return the OSM node of each junction; further junctions at a barrier get unused numbers below zero."""
    ids = extract.node_id[pieces.junction_node]
    copies = np.flatnonzero(pieces.junction_copy)
    ids[copies] = min(0, int(extract.node_id[0])) - 1 - np.arange(len(copies))
    return ids


def _limits_of(pieces: Pieces, readings: Sequence[WayReading]) -> list[Limits]:
    """Return the limits of each piece: the way's, and those of a barrier on it."""
    limits = [readings[way].limits for way in pieces.way]
    for piece, barriers in pieces.barriers.items():
        for barrier in barriers:
            limits[piece] = limits[piece].and_also(barrier.limits)
    return limits


def _access_of(pieces: Pieces, readings: Sequence[WayReading]) -> NDArray[np.uint8]:
    access = np.array([reading.access for reading in readings], dtype=np.uint8).reshape(-1, 2)[pieces.way]
    for piece, barriers in pieces.barriers.items():
        for barrier in barriers:
            access[piece] &= barrier.open_to
    return access


def _refused_goods_of(pieces: Pieces, readings: Sequence[WayReading]) -> NDArray[np.uint8]:
    refused = np.array([reading.refused_goods for reading in readings], dtype=np.uint8).reshape(-1, 2)[pieces.way]
    for piece, barriers in pieces.barriers.items():
        for barrier in barriers:
            refused[piece] |= barrier.refused_goods
    return refused


def _columns(pieces: Pieces, readings: Sequence[WayReading]) -> dict[str, Any]:
    """Return the columns that come from the tags of the whole way."""
    way = pieces.way
    text = {
        name: np.array([getattr(one, name) for one in readings], dtype=np.str_) for name in ("name", "ref", "surface")
    }
    index = {road_class: number for number, road_class in enumerate(ROAD_CLASSES)}
    return {
        **{name: column[way] for name, column in text.items()},
        "road_class": np.array([index[one.road_class] for one in readings], dtype=np.uint8)[way],
        "tagged_kmh": np.array([one.speed_kmh for one in readings], dtype=np.float32).reshape(-1, 2)[way],
        "structure": np.array([one.structure for one in readings], dtype=np.uint8)[way],
        "layer": np.array([one.layer for one in readings], dtype=np.int8)[way],
    }


def _is_duplicate(pieces: Pieces, access: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return the mask of pieces that run over the same nodes as an earlier one and are open to nobody else."""
    first: dict[tuple[int, ...], tuple[int, int]] = {}
    is_duplicate = np.zeros(len(pieces.way), dtype=np.bool_)
    for piece in range(len(pieces.way)):
        nodes = tuple(pieces.shape_node[pieces.shape_start[piece] : pieces.shape_start[piece + 1]].tolist())
        forward, backward = int(access[piece, 0]), int(access[piece, 1])
        if nodes[::-1] < nodes:
            nodes, forward, backward = nodes[::-1], backward, forward
        if nodes in first:
            known = first[nodes]
            is_duplicate[piece] = (forward | known[0], backward | known[1]) == known
        else:
            first[nodes] = (forward, backward)
    return is_duplicate


def _without_duplicates(
    pieces: Pieces, access: NDArray[np.uint8], extract: OsmExtract, tally: ImportTally
) -> tuple[Pieces, NDArray[np.uint8]]:
    """Drop roads that are drawn twice: a closure of the one would leave the other open."""
    is_duplicate = _is_duplicate(pieces, access)
    for piece in np.flatnonzero(is_duplicate):
        tally.drop("road-drawn-twice", f"way/{extract.ways[pieces.way[piece]].id}")
    return pieces.only(~is_duplicate), access[~is_duplicate]


def _road_ids(extract: OsmExtract, pieces: Pieces) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Return OSM way and id of each road: "w4711-2" is the second piece of way 4711."""
    way_id = np.array([way.id for way in extract.ways], dtype=np.int64)[pieces.way]
    names = [f"w{way}-{number}" for way, number in zip(way_id, pieces.number, strict=True)]
    return way_id, np.array(names, dtype=np.str_)


def _network(
    extract: OsmExtract, pieces: Pieces, readings: Sequence[WayReading], access: NDArray[np.uint8], limits: list[Limits]
) -> Network:
    way_id, road_id = _road_ids(extract, pieces)
    columns: dict[str, Any] = _columns(pieces, readings)
    columns |= {
        column: np.array([getattr(one, name) for one in limits], dtype=np.float32)
        for name, column in _LIMIT_COLUMNS.items()
    }
    return Network(
        junction_id=_junction_ids(extract, pieces),
        junction_lonlat=extract.node_lonlat[pieces.junction_node],
        road_id=road_id,
        osm_way_id=way_id,
        ends=pieces.ends,
        length_m=pieces.length_m,
        access=access,
        shape_start=pieces.shape_start,
        shape_lonlat=extract.node_lonlat[pieces.shape_node],
        attribution=ATTRIBUTION,
        refused_goods=_refused_goods_of(pieces, readings),
        **columns,
    )


def _junctions_of_via_nodes(extract: OsmExtract, runs: Runs, pieces: Pieces) -> dict[int, int]:
    """Return the junction of each node that a turn restriction runs via; none where a barrier has split it."""
    via = sorted(
        {ref for one in extract.restrictions for kind, ref, role in one.members if (kind, role) == ("n", "via")}
    )
    node = runs.node_indices(extract, np.array(via, dtype=np.int64))
    low = np.searchsorted(pieces.junction_node, node)
    count = np.searchsorted(pieces.junction_node, node, side="right") - low
    return {via[index]: int(low[index]) for index in np.flatnonzero((node >= 0) & (count == 1))}


@dataclass(frozen=True, slots=True)
class _Made:
    """A network without its turn restrictions, and the steps to it."""

    built: BuiltNetwork
    runs: Runs
    pieces: Pieces


def _make(
    extract: OsmExtract, readings: Sequence[WayReading], barriers: Mapping[int, Barrier], tally: ImportTally
) -> _Made:
    runs = find_runs(extract, tally)
    pieces = cut_pieces(extract, runs, barriers, tally)
    pieces, access = _without_duplicates(pieces, _access_of(pieces, readings), extract, tally)
    network = _network(extract, pieces, readings, access, _limits_of(pieces, readings))
    network = leave_gaps(network, pieces.end_is_barrier)
    return _Made(BuiltNetwork(network, pieces.end_is_cut, pieces.end_is_barrier), runs, pieces)


def build_network_of_ways(extract: OsmExtract, readings: Sequence[WayReading], *, tally: ImportTally) -> BuiltNetwork:
    """Build the network of ways that were read already, one reading a way: no barriers, no turn restrictions.

    Raises
    ------
    BadInputError
        `road-file-without-roads`: no way has its nodes in the file.
    """
    return _make(extract, readings, {}, tally).built


def build_osm_network(extract: OsmExtract, *, country: str, tally: ImportTally) -> BuiltNetwork:
    """Build the network of an OSM extract.

    Parameters
    ----------
    country
        `[roads] country` of county.toml: Chinese road numbers are read for "CN" only.

    Raises
    ------
    BadInputError
        `road-file-without-roads`: no way has its nodes in the file.
    """
    readings = [read_way(way.id, way.tags, country=country, tally=tally) for way in extract.ways]
    barriers = {node: barrier for node, tags in extract.tagged_nodes.items() if (barrier := read_barrier(tags))}
    made = _make(extract, readings, barriers, tally)
    junctions = _junctions_of_via_nodes(extract, made.runs, made.pieces)
    roads = RoadsAtJunctions(made.built.network, junctions)
    restrictions = read_turn_restrictions(extract.restrictions, roads, tally)
    return replace(made.built, network=replace(made.built.network, turn_restrictions=restrictions))
