"""Read closures and blockages from a GeoJSON file, all rows or none, and write them out again.

A feature with a `start` is a closure (道路关闭); one with `id`, place and `observations` only is a blockage (道路阻断)
that somebody saw and nobody registered. `direction` is the direction of travel that is closed, told along each road's
digitised direction; "along" closes travel the way the row's own line runs. Absent properties: `direction` "both",
`barrier` "none", `pass_holders` "stopped", `cause` the regime's own, a decision's `form` "written"; an absent `end`
means until further notice. An authority is kept by its id where the regime knows it, and as written where not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Final

from geodata.closures.acts import read_barrier, read_decisions, read_direction, read_observations
from geodata.closures.closure import PASS_HOLDERS, Closure, Decision, Direction, Drawing
from geodata.closures.features import closure_feature
from geodata.closures.geometry import DrawnExtent, read_area_rule, read_place, refuse_wrong_side
from geodata.county_settings import CountySettings
from geodata.errors import BadInputError, RowErrors
from geodata.geojson import read_features, write_features
from geodata.json_rows import RowFaults, id_of, instant_of, text_of, word_of
from geodata.network import Network
from geodata.policy import CAUSES
from geodata.snapping import RoadIndex
from geodata.windows import Window

__all__ = ["closure_feature", "read_closure_features", "read_closures", "write_closures"]
_NOWHERE: Final = DrawnExtent(Drawing(), ())
#: Properties that only a closure has: with one of them and no `start`, the start was forgotten.
_OF_CLOSURES: Final = ("end", "cause", "requested_by", "reason", "requested", "decisions")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every row is read against."""

    index: RoadIndex
    settings: CountySettings


def read_closures(path: Path, road_index: RoadIndex, network: Network, settings: CountySettings) -> tuple[Closure, ...]:
    """Read a closure file.

    Parameters
    ----------
    path
        GeoJSON file.
    road_index
        The county's roads.
    network
        The network that the index stands on.
    settings
        Causes and the regime's default cause.

    Raises
    ------
    BadInputError
        `file-missing`, `json-unreadable`, `not-a-feature-collection`.
    RowErrors
        `closures-file-has-errors` with every fault of every row.
    """
    if road_index.network is not network:
        raise ValueError("the index stands on another network")
    return read_closure_features(read_features(path), road_index, settings, where=path.name)


def read_closure_features(
    features: Iterable[Mapping[str, Any]],
    road_index: RoadIndex,
    settings: CountySettings,
    *,
    where: str,
    rows: Iterable[int] | None = None,
) -> tuple[Closure, ...]:
    """Read the features of a closure file, in their order: all rows or none.

    Parameters
    ----------
    features
        As GeoJSON has them.
    road_index
        The county's roads.
    settings
        Causes and the regime's default cause.
    where
        The file.
    rows
        What people count each feature as; from 1 where not given.

    Raises
    ------
    RowErrors
        `closures-file-has-errors` with every fault of every row.
    """
    reading = _Reading(road_index, settings)
    closures: list[Closure] = []
    faults: list[BadInputError] = []
    seen: dict[str, int] = {}
    for number, feature in zip(count(1) if rows is None else rows, features, strict=False):
        row = RowFaults(f"{where}: row {number}", number)
        closure = _read_row(feature, reading, row)
        first = seen.setdefault(closure.id, number) if closure.id else number
        if first != number:
            row.keep(BadInputError("closure-id-twice", row.place("id"), first=first))
        closures.append(closure)
        faults.extend(row.faults)
    if faults:
        raise RowErrors("closures-file-has-errors", where, tuple(faults))
    return tuple(closures)


def _read_row(feature: Mapping[str, Any], reading: _Reading, row: RowFaults) -> Closure:
    """Read one feature; faults are kept in the row, which then is not used."""
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        row.keep(BadInputError("feature-without-properties", row.where))
        properties = {}
    row.id = row.take(lambda: id_of(feature, properties, where=row.where), "")
    given = {key: value for key, value in properties.items() if value is not None}
    direction = row.take(lambda: read_direction(given, where=row.where, otherwise=Direction.BOTH), Direction.BOTH)
    place = row.take(lambda: _place(feature, given, reading.index, direction, row.where), _NOWHERE)
    seen = read_observations(given, row)
    if _is_blockage(given):
        return Closure(row.id, 1, place.extent, None, observations=seen, drawn=place.drawn)
    cause = row.take(lambda: _cause(given, reading.settings, row.where), "")
    decisions = read_decisions(given, reading.index, row, set_up=place, direction=direction)
    return Closure(
        id=row.id,
        version=1,
        extent=place.extent,
        window=row.take(lambda: _window(given, row.where), None),
        barrier=row.take(lambda: read_barrier(given, where=row.where), "none") or "none",
        cause=cause,
        requested_by=row.take(lambda: text_of(given, "requested_by", where=row.where), ""),
        reason=row.take(lambda: text_of(given, "reason", where=row.where), ""),
        pass_holders=row.take(lambda: _pass_holders(given, row.where), "stopped"),
        requested=row.take(lambda: _requested(given, row.where), None),
        decisions=_by_id(decisions, cause, reading.settings),
        observations=seen,
        drawn=place.drawn,
    )


def _is_blockage(given: Mapping[str, Any]) -> bool:
    """Tell a blockage from a closure: observed, and nothing that only a closure has."""
    of_closure = any(given.get(key) not in (None, "", []) for key in ("start", *_OF_CLOSURES))
    defaults = given.get("barrier", "none") == "none" and given.get("pass_holders", "stopped") == "stopped"
    return bool(given.get("observations")) and defaults and not of_closure


def _place(
    feature: Mapping[str, Any], given: Mapping[str, Any], index: RoadIndex, direction: Direction | str, where: str
) -> DrawnExtent:
    rule = read_area_rule(given, where=where)
    drawn = feature.get("geometry"), given.get("road_ids")
    place = read_place(*drawn, index, direction=direction, where=where, area_rule=rule)
    if place is None:
        raise BadInputError("closure-without-place", f"{where}: geometry")
    if not place.drawn.area:
        refuse_wrong_side(place.extent, index.network, where=f"{where}: direction")
    return place


def _window(given: Mapping[str, Any], where: str) -> Window | None:
    start, end = (instant_of(given, key, where=where) for key in ("start", "end"))
    if start is None:
        raise BadInputError("closure-without-start", f"{where}: start")
    try:
        return Window(start, end)
    except BadInputError as fault:
        fault.where = f"{where}: end"
        raise


def _cause(given: Mapping[str, Any], settings: CountySettings, where: str) -> str:
    cause = word_of(given, "cause", CAUSES, code="cause-unknown", where=where) or settings.policy.default_cause
    if not cause:
        raise BadInputError("cause-missing", f"{where}: cause", choices=list(CAUSES))
    return cause


def _by_id(decisions: Iterable[Decision], cause: str, settings: CountySettings) -> tuple[Decision, ...]:
    """Call every authority by its id, however the file calls it: its words belong together; unknown ones stay."""
    regimes = (settings.policy_for(cause), settings.policy)
    found = []
    for decision in decisions:
        bodies = (regime.authority(decision.authority) for regime in regimes)
        body = next((one for one in bodies if one is not None), None)
        found.append(decision if body is None else replace(decision, authority=body.id))
    return tuple(dict.fromkeys(found))


def _pass_holders(given: Mapping[str, Any], where: str) -> str:
    return word_of(given, "pass_holders", PASS_HOLDERS, code="pass-holders-unknown", where=where) or "stopped"


def _requested(given: Mapping[str, Any], where: str) -> dict[str, Any] | None:
    """Return what was first asked, as it came; its times must be times."""
    requested = given.get("requested")
    if requested is None:
        return None
    if not isinstance(requested, dict):
        raise BadInputError("property-not-an-object", f"{where}: requested")
    if requested.get("start") is not None:
        _window(requested, f"{where}: requested")
    return requested


def write_closures(path: Path, closures: Iterable[Closure], network: Network) -> None:
    """Write a closure file, whole or not at all.

    Raises
    ------
    BadInputError
        What `closure_feature` refuses.
    SurroundingsError
        `disk-write-failed`.
    """
    write_features(path, [closure_feature(closure, network) for closure in closures])
