"""Closures and blockages of the demo county in the closure file's format: lawful ones, and planted ones for K1 to K8.

What each says stands in `demo/closures.json` with hours from the build moment; here its roads are found on the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geodata.demo.facts import read_demo_json
from geodata.demo.plane import Points, lengths_of, to_lonlat, to_plane
from geodata.network import ACCESS_BIT, Network
from geodata.road_classes import ROAD_CLASSES, RoadClass
from geodata.windows import format_instant

CHECKS: Final = ("K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8")
_COPIED: Final = ("barrier", "cause", "requested_by", "reason", "pass_holders")


def _planted() -> Mapping[str, tuple[str, ...]]:
    rows = read_demo_json("closures.json")["closures"]
    return MappingProxyType(
        {check: tuple(sorted(row["id"] for row in rows if check in row.get("planted", ()))) for check in CHECKS}
    )


#: Ids of the planted closures and blockages by the check that finds them; an audit finds these and no others.
PLANTED: Final[Mapping[str, tuple[str, ...]]] = _planted()


class _Roads:
    """Finds the roads that the data file describes: by number, name or class, nearest to a position."""

    def __init__(self, network: Network) -> None:
        self.network = network
        middle = (network.shape_start[:-1] + network.shape_start[1:] - 1) // 2
        self.middle: Points = to_plane(network.shape_lonlat[middle])
        trucks = (network.access & ACCESS_BIT["truck"] > 0).any(axis=1)
        self.plain = trucks & (network.structure == 0) & (network.ends[:, 0] != network.ends[:, 1])

    def find(self, wanted: Mapping[str, Any]) -> list[int]:
        """Return `count` roads one after the other, the first nearest to the wanted position.

        Raises
        ------
        LookupError
            The generator made no such road: the data file and the plan do not fit.
        """
        allowed = self.plain & self._matches(wanted) & (self.network.length_m >= wanted["least_m"])
        if not allowed.any():
            raise LookupError(wanted)
        far = lengths_of(self.middle - to_plane(np.array(wanted["near"])))
        road = int(np.argmin(np.where(allowed, far, np.inf)))
        found = [road]
        while len(found) < wanted.get("count", 1):
            ends = self.network.ends
            beside = np.isin(ends, ends[found[-1]]).any(axis=1) & self._matches(wanted) & self.plain
            beside[found] = False
            found.append(int(np.argmax(np.where(beside, self.network.length_m, -1.0))))
        return found

    def _matches(self, wanted: Mapping[str, Any]) -> NDArray[np.bool_]:
        if "ref" in wanted:
            return np.asarray(self.network.ref == wanted["ref"], dtype=np.bool_)
        if "name" in wanted:
            return np.asarray(self.network.name == wanted["name"], dtype=np.bool_)
        code = ROAD_CLASSES.index(RoadClass(wanted["class"]))
        return np.asarray(self.network.road_class == code, dtype=np.bool_)

    def part(self, road: int, shares: tuple[float, float]) -> list[list[float]]:
        """Return the line of part of a road, from one share of its length to another."""
        line = to_plane(self.network.line_of(road))
        along = np.concatenate([[0.0], np.cumsum(lengths_of(np.diff(line, axis=0)))])
        start, end = (share * along[-1] for share in shares)
        steps = np.concatenate([[start], along[(along > start) & (along < end)], [end]])
        points = np.stack([np.interp(steps, along, line[:, axis]) for axis in (0, 1)], axis=1)
        found: list[list[float]] = to_lonlat(points).tolist()
        return found


def _time(at: datetime, hours: float) -> str:
    return format_instant(at + timedelta(hours=hours))


def _window(row: Mapping[str, Any], at: datetime) -> dict[str, str]:
    return {key: _time(at, row[f"{key}_h"]) for key in ("start", "end") if f"{key}_h" in row}


def _decision(row: Mapping[str, Any], road_ids: list[str], at: datetime) -> dict[str, Any]:
    decision = {
        "authority": row["authority"],
        "decision": row.get("decision", "approved"),
        "form": row.get("form", "written"),
        "document_no": row["document_no"],
        "decided_at": _time(at, row["decided_h"]),
        **_window(row, at),
    }
    if "first" in row:
        decision["road_ids"] = road_ids[: row["first"]]
    if "direction" in row:
        decision["direction"] = row["direction"]
    return decision


def _observation(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {"at": _time(at, row["h"]), **{key: value for key, value in row.items() if key != "h"}}


def _feature(row: Mapping[str, Any], roads: _Roads, at: datetime) -> dict[str, Any]:
    found = roads.find(row["road"])
    road_ids = [str(roads.network.road_id[road]) for road in found]
    properties: dict[str, Any] = {"id": row["id"], "road_ids": road_ids}
    properties |= {key: row[key] for key in _COPIED if key in row} | _window(row, at)
    if "direction" in row:
        properties["direction"] = row["direction"]
    if "requested" in row:
        properties["requested"] = _window(row["requested"], at)
    if "decisions" in row:
        properties["decisions"] = [_decision(one, road_ids, at) for one in row["decisions"]]
    if "observations" in row:
        properties["observations"] = [_observation(one, at) for one in row["observations"]]
    geometry = None
    if "part" in row:
        start, end = row["part"]
        geometry = {"type": "LineString", "coordinates": roads.part(found[0], (start, end))}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def demo_closures(network: Network, *, at: datetime) -> list[dict[str, Any]]:
    """Return the features of the demo county's closure file, windows told from the build moment."""
    roads = _Roads(network)
    return [_feature(row, roads, at) for row in read_demo_json("closures.json")["closures"]]
