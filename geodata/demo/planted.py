"""What is planted in the demo county beside its closures: what a township lacks, refusals, a channel.

The refusals and the green channel are kept in the database by whoever runs the demo. K13 and K14 are not planted:
the demo's folder passes `county check`, and its log is whole, so that anybody can alter a record and see it found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from geodata.demo.closures import PLANTED
from geodata.demo.facts import read_demo_json, townships
from geodata.township_plans import TownshipPlan, write_township_plans

_DATA: Final[Mapping[str, Any]] = MappingProxyType(read_demo_json("planted.json"))
#: Subjects of what is planted beside the closures, by the check that finds it.
PLANTED_BESIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **{row["check"]: (row["key"],) for row in _DATA["refusals"]},
        "K11": (_DATA["channel"]["hub"],),
        "K12": (_DATA["unprepared"],),
    }
)
#: Everything that an audit of the demo finds, by check: this and nothing else.
PLANTED_EVERYWHERE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({**PLANTED, **PLANTED_BESIDE})


@dataclass(frozen=True, slots=True)
class PlantedRefusal:
    """A truck that was not let pass, invented.

    Attributes
    ----------
    is_forbidden
        For the reason that the regime forbids, else for one that it lists.
    """

    key: str
    at: datetime
    plate: str
    verdict: str
    is_forbidden: bool


@dataclass(frozen=True, slots=True)
class PlantedChannel:
    """A green channel that was designated before a closure came to lie on it.

    Attributes
    ----------
    over
        Id of that closure: the channel leads over its road.
    at
        When it was designated.
    """

    hub: str
    over: str
    at: datetime


def planted_channel(at: datetime) -> PlantedChannel:
    """Return the planted green channel, its time told from the build moment (L12)."""
    row = _DATA["channel"]
    return PlantedChannel(row["hub"], row["over"], at + timedelta(hours=row["hours"]))


def demo_township_plans() -> list[dict[str, Any]]:
    """Return the demo's list of township plans: every township but one is prepared (L16, L17)."""
    plan = _DATA["plan"]
    plans = [
        TownshipPlan(
            one.name,
            plan["title"].format(township=one.name),
            plan["version"],
            plan["author"].format(township=one.name),
            0 if one.name == _DATA["unprepared"] else plan["vehicles"],
            0 if one.name == _DATA["unprepared"] else plan["drivers"],
        )
        for one in townships()
    ]
    return write_township_plans(sorted(plans, key=lambda one: one.township))


def planted_refusals(at: datetime) -> tuple[PlantedRefusal, ...]:
    """Return the planted refusals, their times told from the build moment."""
    return tuple(
        PlantedRefusal(row["key"], at + timedelta(hours=row["hours"]), row["plate"], row["verdict"], row["forbidden"])
        for row in _DATA["refusals"]
    )
