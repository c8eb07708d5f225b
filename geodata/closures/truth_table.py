"""What the checks find of a closure, for every road class, barrier, state of approval and policy switch (L9 to L11).

The table is made by running the checks themselves on one closure for each line, so that what people read and what the
audit does cannot differ. Each closure stands for twelve hours on a whole road of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, cast

import numpy as np

from geodata.closures.closure import BARRIERS, Closure, Decision, Direction, RoadSpan
from geodata.closures.rules import Case, findings_of
from geodata.network import Network
from geodata.policy import Policy
from geodata.road_classes import ROAD_CLASSES, RoadClass
from geodata.windows import Window

SWITCHES: Final = ("forbidden", "approvable", "not_regulated")
#: States of approval: nobody decided; every body that must, in writing or by phone, in time; only the first of several;
#: a body that the rule does not name; refused; approved and taken back; approved, but its time is over, but after the
#: barrier was up, or for half of the road.
APPROVALS: Final = ("none", "all", "oral", "some", "other_body", "refused", "withdrawn", "ended", "late", "part")
_LENGTH_M: Final = 1_000.0
_START: Final = datetime(2022, 6, 22, tzinfo=UTC)
_AT: Final = _START + timedelta(hours=12)
_BEFORE: Final = _START - timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One line: what is found where a closure of this kind stands.

    Attributes
    ----------
    rule
        The policy switch: `rule` of [hard_isolation].
    approval
        One of `APPROVALS`.
    checks
        Ids of the checks that find something, in their order.
    """

    rule: str
    road_class: RoadClass
    barrier: str
    approval: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TruthBlock:
    """Lines that say the same, put together.

    Attributes
    ----------
    found
        Checks by state of approval; a state that cannot be there lacks.
    """

    rule: str
    classes: tuple[RoadClass, ...]
    barriers: tuple[str, ...]
    found: dict[str, tuple[str, ...]]


def truth_table(policy: Policy, cause: str, *, switches: Sequence[str] = SWITCHES) -> tuple[TruthRow, ...]:
    """Return every line for a cause, under each of the policy switches."""
    rows = []
    for switch in switches:
        switched = replace(policy, hard_isolation=replace(policy.hard_isolation, rule=switch))
        for road_class in ROAD_CLASSES:
            for approval, decisions in _decisions(switched, cause, road_class):
                for barrier in BARRIERS:
                    closure = _closure(road_class, barrier, cause, decisions)
                    found = findings_of(Case(closure, switched, _roads(), _AT))
                    rows.append(TruthRow(switch, road_class, barrier, approval, tuple(one.code for one in found)))
    return tuple(rows)


def _closure(road_class: RoadClass, barrier: str, cause: str, decisions: tuple[Decision, ...]) -> Closure:
    whole = RoadSpan(road_class.value, Direction.BOTH, 0.0, _LENGTH_M)
    window = Window(_START, _START + timedelta(days=2))
    return Closure(
        "truth", 1, (whole,), window, barrier=barrier, cause=cause, requested_by="truth", decisions=decisions
    )


def _decisions(policy: Policy, cause: str, road_class: RoadClass) -> list[tuple[str, tuple[Decision, ...]]]:
    """Return what is decided in each state of approval that the rule of a class can come to."""
    rule = policy.approval_rule(cause, road_class)
    bodies = rule.authorities if rule is not None else ()
    strangers = [one for one in policy.authorities if one not in bodies]
    found: list[tuple[str, tuple[Decision, ...]]] = [("none", ())]
    if strangers:
        found.append(("other_body", (_says(strangers[0]),)))
    if rule is None or not bodies:
        return found
    needed = bodies if rule.all_of else bodies[:1]
    half = (RoadSpan(road_class.value, Direction.BOTH, 0.0, _LENGTH_M / 2),)
    all_say = tuple(_says(one) for one in needed)
    found += [
        ("all", all_say),
        ("oral", tuple(replace(one, form="oral", document_no="") for one in all_say)),
        ("refused", tuple(replace(one, decision="refused") for one in all_say)),
        ("withdrawn", (*all_say, replace(all_say[0], decision="withdrawn", decided_at=_BEFORE + timedelta(hours=1)))),
        ("ended", tuple(replace(one, end=_AT - timedelta(hours=1)) for one in all_say)),
        ("late", tuple(replace(one, decided_at=_AT - timedelta(hours=2)) for one in all_say)),
        ("part", tuple(replace(one, extent=half) for one in all_say)),
    ]
    if len(needed) > 1:
        found.append(("some", all_say[:1]))
    return sorted(found, key=lambda pair: APPROVALS.index(pair[0]))


def _says(body: str) -> Decision:
    return Decision(body, "approved", "written", "1", _BEFORE)


@cache
def _roads() -> Network:
    """Return one road of every class, named by its class."""
    count = len(ROAD_CLASSES)
    names = np.array([one.value for one in ROAD_CLASSES], dtype=np.str_)
    lonlat = np.array([[number * 0.01, end * 0.01] for number in range(count) for end in (0, 1)], dtype=np.float64)
    free = np.full(count, np.inf, dtype=np.float32)
    return Network(
        junction_id=np.arange(2 * count, dtype=np.int64),
        junction_lonlat=lonlat,
        road_id=names,
        osm_way_id=np.zeros(count, dtype=np.int64),
        name=names,
        ref=np.full(count, "", dtype=np.str_),
        road_class=np.arange(count, dtype=np.uint8),
        ends=np.arange(2 * count, dtype=np.int32).reshape(count, 2),
        length_m=np.full(count, _LENGTH_M),
        tagged_kmh=np.zeros((count, 2), dtype=np.float32),
        access=np.full((count, 2), 3, dtype=np.uint8),
        max_weight_kg=free,
        max_height_m=free,
        max_width_m=free,
        max_length_m=free,
        max_axle_load_kg=free,
        structure=np.zeros(count, dtype=np.uint8),
        layer=np.zeros(count, dtype=np.int8),
        surface=np.full(count, "", dtype=np.str_),
        shape_start=np.arange(0, 2 * count + 1, 2, dtype=np.int64),
        shape_lonlat=lonlat,
    )


def condensed(rows: Iterable[TruthRow]) -> tuple[TruthBlock, ...]:
    """Put lines together that say the same, by barriers first and then by road classes."""
    cells: dict[tuple[str, RoadClass, str], dict[str, tuple[str, ...]]] = {}
    for row in rows:
        cells.setdefault((row.rule, row.road_class, row.barrier), {})[row.approval] = row.checks
    by_class: dict[tuple[str, RoadClass], dict[object, list[str]]] = {}
    for (rule, road_class, barrier), found in cells.items():
        by_class.setdefault((rule, road_class), {}).setdefault(tuple(found.items()), []).append(barrier)
    blocks: dict[tuple[str, tuple[str, ...], object], list[RoadClass]] = {}
    for (rule, road_class), groups in by_class.items():
        for found_key, barriers in groups.items():
            blocks.setdefault((rule, tuple(barriers), found_key), []).append(road_class)
    return tuple(
        TruthBlock(rule, tuple(classes), barriers, dict(cast("Iterable[tuple[str, tuple[str, ...]]]", found)))
        for (rule, barriers, found), classes in blocks.items()
    )
