"""The form by which a township requests a closure or registers a barrier that stands already."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from geodata.closures.asking import ClosureAsk
from geodata.closures.closure import Closure, Direction
from geodata.closures.road_parts import road_parts_text
from geodata.errors import BadInputError
from web.closures.dossier import one_direction, road_by_id
from web.closures.local_times import read_local, write_local
from web.closures.needed import Needed
from web.closures.words import BARRIERS, CAUSES, DIRECTIONS, PASS_HOLDERS, choices_of
from web.shell.form import PageForm
from web.site import site

LONGEST_REASON: Final = 500
#: What `looked` vouches for: the fields whose change changes the consequence.
_WEIGHED: Final = ("roads", "line", "direction", "barrier", "cause", "start", "end", "pass_holders")
_CLOCK: Final = {"type": "datetime-local"}


class AskForm(PageForm):
    """Which roads, from when to when, with what, why."""

    roads = TextAreaField(
        _l("Roads"),
        [Needed(), Length(max=5000)],
        description=_l("One road id a line; for a part add metres along the road: id@200-850"),
        render_kw={"rows": 4, "spellcheck": "false"},
    )
    line = TextAreaField(
        _l("Or a line drawn along the road"),
        [Optional(), Length(max=20000)],
        description=_l("The map writes it here (GeoJSON)."),
        render_kw={"rows": 2, "spellcheck": "false"},
    )
    meant = RadioField(_l("Two roads run side by side here. Which one is meant?"), [Optional()], validate_choice=False)
    direction = SelectField(_l("Direction"), [Needed()], choices=choices_of(DIRECTIONS))
    barrier = SelectField(_l("Barrier"), [Needed()], choices=choices_of(BARRIERS), default="movable")
    cause = SelectField(_l("Cause of the closure"), [Needed()], choices=[])
    start = StringField(_l("From"), [Needed(), Length(max=40)], render_kw=_CLOCK)
    end = StringField(
        _l("Until"), [Optional(), Length(max=40)], description=_l("Empty: until further notice"), render_kw=_CLOCK
    )
    pass_holders = SelectField(_l("Trucks with a pass"), [Needed()], choices=choices_of(PASS_HOLDERS))
    reason = TextAreaField(_l("Grounds"), [Needed(), Length(max=LONGEST_REASON)], render_kw={"rows": 2})
    about = HiddenField()
    looked = HiddenField()
    find = StringField(_l("Find a road of the township by number or name"), [Optional(), Length(max=60)])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.meant.choices = []
        rules = site().county.settings.policy.approval_rules
        self.cause.choices = choices_of({rule.cause: CAUSES[rule.cause] for rule in rules})
        if self.meant.data:
            self.roads.data = self.meant.data.replace(",", "\n")

    def add_roads(self, road_ids: list[str]) -> None:
        """Add roads that were ticked in the list."""
        known = (self.roads.data or "").split("\n")
        fresh = [one for one in road_ids if one not in known]
        self.roads.data = "\n".join([*(line.strip() for line in known if line.strip()), *fresh])

    def ask(self) -> ClosureAsk:
        """Return what was filled in.

        Raises
        ------
        BadInputError
            `local-time-unreadable`, or `closure-line-unreadable` where the line is no GeoJSON.
        """
        return ClosureAsk(
            roads=self.roads.data or "",
            line=_line(self.line.data),
            direction=Direction(self.direction.data or "both"),
            barrier=self.barrier.data or "",
            cause=self.cause.data or "",
            start=read_local(self.start.data, where="start"),
            end=read_local(self.end.data, where="end"),
            reason=self.reason.data or "",
            pass_holders=self.pass_holders.data or "stopped",
        )

    def weighed(self) -> str:
        """Return a mark of the fields whose consequence is on the screen: one change, another mark."""
        said = json.dumps([str(self[name].data or "") for name in _WEIGHED])
        return hashlib.sha256(said.replace("\\r\\n", "\\n").encode()).hexdigest()[:16]

    def ask_which(self, error: BadInputError) -> None:
        """Offer the two chains of parallel roads to choose from."""
        sides = [error.facts.get("road_ids"), error.facts.get("other_road_ids")]
        self.meant.choices = choices_of({",".join(side): _called(side) for side in sides if isinstance(side, list)})
        self.meant.data = None


def _called(road_ids: list[str]) -> str:
    """Return what people call roads, with the ids that tell two of one name apart."""
    names = dict.fromkeys(road_by_id(one) for one in road_ids)
    ids = [one for one in road_ids if not any(one in name for name in names)]
    return " · ".join(part for part in ("、".join(names), "、".join(ids)) if part)


def _line(text: str | None) -> dict[str, Any] | None:
    said = (text or "").strip()
    if not said:
        return None
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        raise BadInputError("closure-line-unreadable", "line") from None
    if not isinstance(found, dict):
        raise BadInputError("closure-line-unreadable", "line")
    return found


def filled_from(closure: Closure, *, start: str, barrier: str) -> dict[str, str]:
    """Return what a request in the place of a registered barrier begins with."""
    return {
        "roads": road_parts_text(closure.extent, site().county.network),
        "direction": one_direction(closure.extent),
        "barrier": barrier,
        "cause": closure.cause,
        "start": start,
        "end": write_local(closure.window.end if closure.window else None),
        "pass_holders": "let_through",
        "reason": closure.reason,
        "about": closure.id,
    }
