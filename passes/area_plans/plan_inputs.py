"""What a planner asks: which area, which gates, how far the line may move, and when; as a form or a file gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from geodata.area_roads import INSIDE_SHARE
from geodata.closures.closure import PASS_HOLDERS
from geodata.errors import BadInputError
from geodata.windows import Window, format_instant, parse_instant

#: Farther than this the line has nothing to do with the area.
MOST_KM: Final = 20.0
STRUCTURES: Final = ("joined", "inside", "kept")


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """One what-if as asked.

    Attributes
    ----------
    area
        GeoJSON text of the polygon.
    gates
        Ids of roads that stay open.
    move_km
        How far outward the line may move.
    inside_share, structures
        As `geodata.area_roads.find_area_roads`.
    pass_holders
        At the posts: "stopped" (they use the gates) or "let_through".
    cause
        "" for the regime's own.

    Raises
    ------
    BadInputError
        `plan-name-missing`, `move-out-of-range`, `inside-share-out-of-range`, `structures-unknown`,
        `pass-holders-unknown`, or `window-reversed`.
    """

    name: str
    area: str
    start: datetime
    end: datetime | None
    gates: tuple[str, ...] = ()
    move_km: float = 0.0
    inside_share: float = INSIDE_SHARE
    structures: str = "joined"
    pass_holders: str = "stopped"  # noqa: S105 - no password
    cause: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise BadInputError("plan-name-missing", "name")
        if not 0 <= self.move_km <= MOST_KM:
            raise BadInputError("move-out-of-range", "move_km", value=self.move_km, most=MOST_KM)
        if not 0 <= self.inside_share < 1:
            raise BadInputError("inside-share-out-of-range", "inside_share", value=self.inside_share)
        for where, value, known in (
            ("structures", self.structures, STRUCTURES),
            ("pass_holders", self.pass_holders, PASS_HOLDERS),
        ):
            if value not in known:
                raise BadInputError(f"{where.replace('_', '-')}-unknown", where, value=value, choices=list(known))
        Window(self.start, self.end)

    @property
    def window(self) -> Window:
        """When."""
        return Window(self.start, self.end)


def inputs_json(inputs: PlanInputs) -> dict[str, Any]:
    """Return what was asked as JSON-ready values."""
    return {
        "name": inputs.name,
        "area": inputs.area,
        "start": format_instant(inputs.start),
        "end": None if inputs.end is None else format_instant(inputs.end),
        "gates": list(inputs.gates),
        "move_km": inputs.move_km,
        "inside_share": inputs.inside_share,
        "structures": inputs.structures,
        "pass_holders": inputs.pass_holders,
        "cause": inputs.cause,
    }


def read_inputs(stored: Mapping[str, Any]) -> PlanInputs:
    """Return what `inputs_json` wrote."""
    return PlanInputs(
        name=stored["name"],
        area=stored["area"],
        start=parse_instant(stored["start"], where="start"),
        end=None if stored["end"] is None else parse_instant(stored["end"], where="end"),
        gates=tuple(stored["gates"]),
        move_km=stored["move_km"],
        inside_share=stored["inside_share"],
        structures=stored["structures"],
        pass_holders=stored["pass_holders"],
        cause=stored["cause"],
    )
