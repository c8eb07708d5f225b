"""What the desks call causes, barriers, directions, states, decisions and steps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from geodata.tickets.ticket import CLOCK
from web.site import site
from web.wording.closures import CHECKS, STATES
from web.wording.roads import CLASS_NAMES

#: Barriers, as terms.md lists them.
BARRIERS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "none": _l("No barrier"),
        "staffed": _l("Guards"),
        "movable": _l("Movable barrier"),
        "earth_mound": _l("Earth mound"),
        "concrete_block": _l("Concrete blocks"),
        "trench": _l("Road dug up"),
        "wall": _l("Wall"),
        "container": _l("Container"),
        "welded_gate": _l("Welded gate"),
        "parked_vehicle": _l("Vehicle parked across"),
        "felled_tree": _l("Trees across"),
        "other_hard": _l("Other hard barrier"),
    }
)
CAUSES: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "epidemic": _l("Epidemic control"),
        "animal": _l("Animal disease"),
        "flood": _l("Flood"),
        "fire": _l("Fire"),
        "hazmat": _l("Dangerous goods"),
        "collapse": _l("Collapse"),
        "works": _l("Road works"),
        "accident": _l("Accident"),
        "event": _l("Event"),
    }
)
DIRECTIONS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "both": _l("Both directions"),
        "forward": _l("Only in the direction the road is drawn"),
        "backward": _l("Only against the direction the road is drawn"),
    }
)
PASS_HOLDERS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {"stopped": _l("Trucks with a pass are stopped too"), "let_through": _l("Trucks with a pass are let through")}
)
DECISIONS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {"approved": _l("Closure approved"), "refused": _l("Closure refused"), "withdrawn": _l("Approval withdrawn")}
)
FORMS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {"written": _l("in writing"), "oral": _l("by phone, document number to follow")}
)
SOURCES: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "inspection": _l("Supervision"),
        "checkpoint": _l("Checkpoint"),
        "driver": _l("Driver"),
        "township": _l("Township"),
        "track": _l("Track of a truck"),
    }
)
SIGHTS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "open": _l("The road is open"),
        "softened": _l("The hard barrier is gone, guards or a movable one remain"),
        "blocked": _l("The road is blocked"),
        "": _l("Nobody looked on site"),
    }
)
#: States of a ticket; the first is only found.
TICKET_STATES: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "found": _l("Finding, not yet sent"),
        "assigned": _l("Sent to the unit"),
        "resolved": _l("Resolved, to be verified"),
        "closed": _l("Verified and closed"),
    }
)
STEPS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "sent": _l("Sent to the unit"),
        "resolved": _l("Resolved by the unit"),
        "returned": _l("Returned to the unit"),
        "closed": _l("Verified and closed"),
        "reopen": _l("To be reopened: the approval has ended"),
        "raised": _l("Overdue, brought before the next level"),
        "moved": _l("The unit is no more, handed on"),
    }
)
ACTS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "requested": _l("Closure requested"),
        "registered": _l("Existing barrier registered"),
        "decided": _l("Decided"),
        "reopened": _l("Road reopened"),
        "verified": _l("Verified on site"),
        "rematched": _l("Brought onto a newer map"),
        "seen": _l("Seen on site"),
        "ordered": _l("Order for the barrier signed"),
    }
)
#: How loud a state is shown: the class of its mark.
TONES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "requested": "mark",
        "approved": "good",
        "partly_approved": "good",
        "refused": "bad",
        "withdrawn": "bad",
        "expired": "bad",
        "confirmed_blocked": "bad",
        "reported": "mark",
        "confirmed_open": "good",
        "open": "good",
        "closed": "care",
        "found": "bad",
        "assigned": "mark",
        "resolved": "care",
    }
)
_TABLES: Final[Mapping[str, Mapping[str, LazyString]]] = MappingProxyType(
    {
        "barrier": BARRIERS,
        "cause": CAUSES,
        "direction": DIRECTIONS,
        "pass_holders": PASS_HOLDERS,
        "decision": DECISIONS,
        "form": FORMS,
        "source": SOURCES,
        "sight": SIGHTS,
        "ticket": TICKET_STATES,
        "step": STEPS,
        "act": ACTS,
    }
)


def choices_of(words: Mapping[str, LazyString | str]) -> list[Any]:
    """Return a table's words as the choices of a form's field."""
    return [SelectChoice(word, text) for word, text in words.items()]


def named(table: str, word: str) -> LazyString | str:
    """Return what people call a word of one of the tables; one that nobody knows speaks for itself."""
    return _TABLES[table].get(word, word)


def state_name(state: str) -> str:
    """Return what people call an approval, physical or routing state."""
    known = STATES.get(state)
    return state if known is None else known.text(site().lang, {})


def check_name(check: str) -> str:
    """Return the short name of a check."""
    known = CHECKS.get(check)
    return check if known is None else known.text(site().lang, {})


def class_name(road_class: str) -> str:
    """Return what people call a class of roads."""
    known = CLASS_NAMES.get(road_class)
    return road_class if known is None else known.text(site().lang, {})


def unit_or_role(unit: str) -> LazyString | str:
    """Return a unit as it is shown: supervision acts for itself, an authority has its name."""
    if unit == SUPERVISION:
        return SOURCES["inspection"]
    if unit == CLOCK:
        return _l("By time")
    authority = site().county.settings.policy.authorities.get(unit)
    return unit if authority is None else authority.name


#: The unit that supervision acts for in the record.
SUPERVISION: Final = "supervision"
