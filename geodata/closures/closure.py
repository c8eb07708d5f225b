"""A closure (道路关闭, the paper act) and what is known about it: extent, window, decisions, observations.

Closure and blockage (道路阻断, the fact on site) are two things. Three states are derived from the record, each on
its own: approval, physical, routing (`geodata.closures.states`). Nothing is ever deemed approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from geodata.area_rule import INSIDE_SHARE, Structures
from geodata.windows import Window

#: Barrier types; the hard ones of a regime are listed in its policy. A height bar is a vehicle limit, no closure.
BARRIERS: Final = (
    "none",
    "staffed",
    "movable",
    "earth_mound",
    "concrete_block",
    "trench",
    "wall",
    "container",
    "welded_gate",
    "parked_vehicle",
    "felled_tree",
    "other_hard",
)
#: Permanent vehicle limits that people draw as barriers; they close nothing and are refused as a barrier.
VEHICLE_LIMITS: Final = ("height_bar", "width_posts")
OBSERVERS: Final = ("inspection", "checkpoint", "driver", "township", "track")
DECISIONS: Final = ("approved", "refused", "withdrawn")
FORMS: Final = ("written", "oral")
PASS_HOLDERS: Final = ("stopped", "let_through")


#: In a file: the way its own line runs, whichever way the roads under it were digitised.
ALONG: Final = "along"


class Direction(StrEnum):
    """Which way along the digitised direction."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True, order=True)
class RoadSpan:
    """Part of one road, from_m < to_m along its digitised direction, in one or both directions of travel."""

    road_id: str
    direction: Direction
    from_m: float
    to_m: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """How an extent came: as lines, as named roads, as a line and the roads it is meant to lie on, or as an area.

    Attributes
    ----------
    lines
        WGS-84 lines, longitude first; empty where roads were named.
    road_ids
        Roads named; whole roads where no line is drawn.
    area
        GeoJSON text of a polygon or multipolygon, "" where none was drawn.
    inside_share, structures
        What counts as inside the area, as `geodata.area_roads.find_area_parts`.
    """

    lines: tuple[tuple[tuple[float, float], ...], ...] = ()
    road_ids: tuple[str, ...] = ()
    area: str = ""
    inside_share: float = INSIDE_SHARE
    structures: Structures = "joined"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an authority decided about exactly one version of a closure (L11).

    A body's newest word counts. Its refusal or withdrawal ends what it approved before. Its newer approval replaces an
    older one that it overlaps in window and in extent (by more than the tolerance of K4), so that approving less counts
    as well as approving more: from its decision on, but an older one already running goes on until the newer one
    begins. An approval of another window or of other roads adds to the older one.

    Attributes
    ----------
    authority
        Id of the deciding body; the words of the file where the regime knows no such body.
    decision
        "approved", "refused" or "withdrawn".
    form
        "written" or "oral".
    start, end
        Approved window; absent: as set up.
    extent
        Approved extent; None: as set up.
    drawn
        How the extent came; None where it is as set up or was made by a program.
    """

    authority: str
    decision: str
    form: str
    document_no: str
    decided_at: datetime
    start: datetime | None = None
    end: datetime | None = None
    extent: tuple[RoadSpan, ...] | None = None
    drawn: Drawing | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What somebody saw on site at an instant; the newest counts."""

    at: datetime
    state: str
    source: str
    barrier: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """One immutable version of a closure, or a bare blockage (observed, with nobody having registered a closure).

    Attributes
    ----------
    id
        Chosen by whoever registers it.
    version
        1 for the first, one more for every change of what was set up.
    extent
        Road parts as set up (before the start: as asked).
    window
        As set up; None for a bare blockage.
    requested
        What was first asked, as it came; None where it equals the set-up.
    decisions
        Bound to this version.
    drawn
        How the extent came, for the map and for writing it out again; None where a program made it.
    """

    id: str
    version: int
    extent: tuple[RoadSpan, ...]
    window: Window | None
    barrier: str = "none"
    cause: str = ""
    requested_by: str = ""
    reason: str = ""
    pass_holders: str = "stopped"  # noqa: S105 - no password
    requested: dict[str, Any] | None = None
    decisions: tuple[Decision, ...] = ()
    observations: tuple[Observation, ...] = ()
    drawn: Drawing | None = None

    @property
    def is_blockage_only(self) -> bool:
        """Tell whether nobody registered a closure here: only observations exist (K7)."""
        return self.window is None
