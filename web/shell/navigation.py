"""What stands at the top of a page: the places that the person's role works in."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from flask import current_app
from flask_babel import LazyString

from web.shell.access import person_here, roles_of
from web.site import site


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of a room's `NAVIGATION`.

    Attributes
    ----------
    endpoint
        Its view; who may reach it sees the entry.
    label, purpose
        What it is called, and in one sentence what one does there (shown on the first page).
    order
        Smaller comes first.
    is_public
        Also shown on the first page to a person without an account.
    is_demo
        Only in the demo county.
    """

    endpoint: str
    label: LazyString
    purpose: LazyString
    order: int = 50
    is_public: bool = False
    is_demo: bool = False


def gather(rooms: list[ModuleType]) -> tuple[Entry, ...]:
    """Return the entries of every room, in their order."""
    entries = [entry for room in rooms for entry in getattr(room, "NAVIGATION", ())]
    return tuple(sorted(entries, key=lambda entry: entry.order))


def places_of_person() -> list[Entry]:
    """Return the places of the person who asks; without an account, those that are public."""
    person = person_here()
    schematic = site().county.settings.schematic
    entries: tuple[Entry, ...] = current_app.extensions["navigation"]
    return [
        entry
        for entry in entries
        if (schematic or not entry.is_demo)
        and (entry.is_public if person is None else person.role in roles_of(current_app, entry.endpoint))
    ]
