"""Map OSM turn restriction relations onto roads and junctions; those that do not fit are counted, never guessed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from geodata.network import BACKWARD, FORWARD, Network, TurnRestriction
from geodata.osm.file import OsmRestriction
from geodata.osm.import_tally import ImportTally

_KINDS: Final = frozenset(
    {
        "no_left_turn",
        "no_right_turn",
        "no_straight_on",
        "no_u_turn",
        "no_entry",
        "no_exit",
        "only_left_turn",
        "only_right_turn",
        "only_straight_on",
        "only_u_turn",
    }
)
#: `restriction:hgv` and the like bind one kind of vehicle: the other kind is exempt. Others bind neither.
_EXEMPT_BY_VEHICLE: Final[Mapping[str, tuple[str, ...]]] = {
    "hgv": ("motorcar",),
    "goods": ("motorcar",),
    "motorcar": ("hgv",),
    "motor_vehicle": (),
    "vehicle": (),
}


#: One rule of a conditional restriction.
_RULE: Final = re.compile(r"([a-z_]+)\s*@\s*(\([^)]*\)|[^;]+)")


class RoadsAtJunctions:
    """Which roads of a way arrive at or leave a junction."""

    def __init__(self, network: Network, junction_of_node: Mapping[int, int]) -> None:
        self.ends = network.ends
        self.junction_of_node = junction_of_node
        is_open = network.access != 0
        self._enters = is_open
        self.roads_of_way: dict[int, list[int]] = {}
        for road, way in enumerate(network.osm_way_id.tolist()):
            self.roads_of_way.setdefault(way, []).append(road)

    def arriving(self, way: int, junction: int) -> list[int]:
        """Return the pieces of a way on which one can come to a junction."""
        return [road for road in self.roads_of_way.get(way, []) if self._can(road, junction, at_end=True)]

    def leaving(self, way: int, junction: int) -> list[int]:
        """Return the pieces of a way on which one can leave a junction."""
        return [road for road in self.roads_of_way.get(way, []) if self._can(road, junction, at_end=False)]

    def _can(self, road: int, junction: int, *, at_end: bool) -> bool:
        start, end = self.ends[road]
        forward_at, backward_at = (end, start) if at_end else (start, end)
        forward = forward_at == junction and self._enters[road, FORWARD]
        return bool(forward or (backward_at == junction and self._enters[road, BACKWARD]))

    def junctions_of(self, ways: Iterable[int]) -> set[int]:
        """Return every junction that these ways touch."""
        return {int(end) for way in ways for road in self.roads_of_way.get(way, []) for end in self.ends[road]}

    def way_between(self, ways: Sequence[int], start: int, end: int) -> tuple[int, ...]:
        """Return the fewest pieces of the ways that lead from one junction to another, () where none do."""
        roads = [road for way in ways for road in self.roads_of_way.get(way, [])]
        came_by: dict[int, tuple[int, int]] = {start: (-1, -1)}
        queue = deque([start])
        while queue and end not in came_by:
            here = queue.popleft()
            for road in roads:
                one, two = (int(junction) for junction in self.ends[road])
                there = two if one == here else one if two == here else here
                if there not in came_by:
                    came_by[there] = (road, here)
                    queue.append(there)
        return tuple(reversed(_steps_back(came_by, end)))


def _steps_back(came_by: Mapping[int, tuple[int, int]], end: int) -> list[int]:
    steps: list[int] = []
    road, before = came_by.get(end, (-1, -1))
    while road >= 0:
        steps.append(road)
        road, before = came_by[before]
    return steps


def _kinds(tags: Mapping[str, str]) -> list[tuple[str, tuple[str, ...], str]]:
    """Return (kind, exempt, condition) of every restriction that the relation's tags make for cars or trucks."""
    excepted = tuple(part.strip() for part in tags.get("except", "").replace(",", ";").split(";") if part.strip())
    excepted = tuple(part.replace(" ", "_") for part in excepted)
    found: list[tuple[str, tuple[str, ...], str]] = []
    for key, value in sorted(tags.items()):
        name, *further = key.split(":")
        if name != "restriction":
            continue
        is_conditional = further[-1:] == ["conditional"]
        vehicle = further[0] if further and further[0] != "conditional" else "vehicle"
        if vehicle in _EXEMPT_BY_VEHICLE:
            exempt = excepted + _EXEMPT_BY_VEHICLE[vehicle]
            rules = _conditional_rules(value) if is_conditional else [(value.strip(), _old_hours(tags))]
            found.extend((kind, exempt, condition) for kind, condition in rules)
    return found


def _conditional_rules(value: str) -> list[tuple[str, str]]:
    """Return kind and condition of every rule in "no_left_turn @ (Mo-Fr 07:00-09:00); no_u_turn @ (weight>7.5)"."""
    return [(kind, condition.strip()) for kind, condition in _RULE.findall(value)] or [(value.strip(), "")]


def _old_hours(tags: Mapping[str, str]) -> str:
    """Return the hours of `hour_on` and `hour_off`, with `day_on` and `day_off`, as a condition."""
    start, end = (tags.get(key, "").strip() for key in ("hour_on", "hour_off"))
    days = "-".join(day[:2] for key in ("day_on", "day_off") if (day := tags.get(key, "").strip().title()))
    hours = f"{start}-{end}" if start and end else ""
    return " ".join(part for part in (days, hours) if part)


def _members(relation: OsmRestriction, role: str, kind: str) -> list[int]:
    return list(dict.fromkeys(ref for one, ref, said in relation.members if (one, said) == (kind, role)))


_Mapped = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int]


def _via_node(relation: OsmRestriction, junction: int, roads: RoadsAtJunctions) -> _Mapped | str:
    """Return (from, via, to, junction), or the code of why it does not fit."""
    arriving = [roads.arriving(way, junction) for way in _members(relation, "from", "w")]
    leaving = [roads.leaving(way, junction) for way in _members(relation, "to", "w")]
    if any(len(choice) > 1 for choice in (*arriving, *leaving)):
        return "restriction-ambiguous"
    if not any(arriving) or not any(leaving):
        return "restriction-without-effect"
    return tuple(r for one in arriving for r in one), (), tuple(r for one in leaving for r in one), junction


def _via_ways(relation: OsmRestriction, roads: RoadsAtJunctions) -> _Mapped | str:
    via, come, go = (_members(relation, role, "w") for role in ("via", "from", "to"))
    starts = sorted(roads.junctions_of(come) & roads.junctions_of(via))
    ends = sorted(roads.junctions_of(go) & roads.junctions_of(via))
    found = []
    for start in starts:
        for end in ends:
            pieces = roads.way_between(via, start, end)
            arriving = [road for way in come for road in roads.arriving(way, start)]
            leaving = [road for way in go for road in roads.leaving(way, end)]
            if pieces and arriving and leaving:
                found.append((tuple(arriving), pieces, tuple(leaving), -1))
    if not found:
        return "restriction-without-effect"
    fewest = min(len(pieces) for _, pieces, _, _ in found)
    short = [one for one in found if len(one[1]) == fewest]
    is_clear = len(short) == 1 and len(short[0][0]) == len(come) and len(short[0][2]) == len(go)
    return short[0] if is_clear else "restriction-ambiguous"


def _map(relation: OsmRestriction, roads: RoadsAtJunctions) -> _Mapped | str:
    """Return (from, via, to, junction), or the code of why it does not fit."""
    via_nodes, via_ways = _members(relation, "via", "n"), _members(relation, "via", "w")
    ways = [*_members(relation, "from", "w"), *via_ways, *_members(relation, "to", "w")]
    has_ends = bool(_members(relation, "from", "w")) and bool(_members(relation, "to", "w"))
    if not has_ends or len(via_nodes) + bool(via_ways) != 1:
        return "restriction-incomplete"
    if any(way not in roads.roads_of_way for way in ways):
        return "restriction-on-no-road"
    if via_ways:
        return _via_ways(relation, roads)
    if via_nodes[0] not in roads.junction_of_node:
        return "restriction-via-no-junction"
    return _via_node(relation, roads.junction_of_node[via_nodes[0]], roads)


def read_turn_restrictions(
    relations: Iterable[OsmRestriction], roads: RoadsAtJunctions, tally: ImportTally
) -> tuple[TurnRestriction, ...]:
    """Map relations (no_*, only_*; via a node or ways; `except`; conditional; for hgv alone) onto roads.

    What cannot be mapped is dropped with its reason: `restriction-incomplete` (a member is missing),
    `restriction-on-no-road`, `restriction-via-no-junction`, `restriction-ambiguous` (two pieces fit),
    `restriction-without-effect` (one-way streets forbid the turn already), `restriction-kind-unknown`,
    `restriction-for-others` (neither cars nor trucks).
    """
    found: list[TurnRestriction] = []
    for relation in relations:
        example = f"relation/{relation.id}"
        kinds = _kinds(relation.tags)
        if not kinds:
            tally.drop("restriction-for-others", example)
        mapped = _map(relation, roads) if kinds else ""
        if isinstance(mapped, str):
            if mapped:
                tally.drop(mapped, example)
            continue
        for kind, exempt, condition in kinds:
            if kind not in _KINDS:
                tally.drop("restriction-kind-unknown", f"{example} {kind}")
                continue
            found.append(TurnRestriction(kind, *mapped, exempt, condition))
    return tuple(found)
