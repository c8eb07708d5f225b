"""What stands at the top of a page: the places that the person's role works in, the lesser ones gathered in menus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from flask import current_app, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.shell.access import person_here, roles_of
from web.site import site


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Places that are gathered in one menu.

    Attributes
    ----------
    label
        What the menu is called.
    order
        Smaller comes first, counted with the `Entry.order` of what stands by itself.
    """

    label: LazyString
    order: int


FOLLOW_UP: Final = Group(_l("To follow up"), 20)
ON_THE_ROAD: Final = Group(_l("On the road"), 40)
ROADS: Final = Group(_l("Roads"), 60)
LISTS: Final = Group(_l("Lists and keys"), 75)


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
    group
        The menu that it is found in; None for a role's daily work, which stands by itself.
    is_public
        Also shown on the first page to a person without an account.
    is_demo
        Only in the demo county, beside the line that says what that is.
    """

    endpoint: str
    label: LazyString
    purpose: LazyString
    order: int = 50
    group: Group | None = None
    is_public: bool = False
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One item of the bar: a place by itself, or a menu of several.

    Attributes
    ----------
    entries
        In their order.
    group
        None for a place by itself.
    """

    entries: tuple[Entry, ...]
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """Everything at the top of a page.

    Attributes
    ----------
    sections
        In their order.
    demo
        What there is only in the demo county.
    here
        The place that the page belongs to.
    """

    sections: tuple[Section, ...]
    demo: tuple[Entry, ...]
    here: Entry | None


def gather(rooms: list[ModuleType]) -> tuple[Entry, ...]:
    """Return the entries of every room, in their order."""
    entries = [entry for room in rooms for entry in getattr(room, "NAVIGATION", ())]
    return tuple(sorted(entries, key=lambda entry: entry.order))


def sections_of(entries: Iterable[Entry]) -> tuple[Section, ...]:
    """Gather places in their menus; a menu of a single place is that place."""
    placed: list[tuple[int, Section]] = []
    gathered: dict[Group, list[Entry]] = {}
    for entry in entries:
        if entry.group is None:
            placed.append((entry.order, Section((entry,))))
        else:
            gathered.setdefault(entry.group, []).append(entry)
    for group, found in gathered.items():
        is_menu = len(found) > 1
        order = group.order if is_menu else found[0].order
        placed.append((order, Section(tuple(found), group if is_menu else None)))
    return tuple(section for _, section in sorted(placed, key=lambda one: one[0]))


def bar_of_person() -> Bar:
    """Return the places of the person who asks; without an account, those that are public."""
    entries = _places_of_person()
    work = [entry for entry in entries if not entry.is_demo]
    return Bar(sections_of(work), tuple(entry for entry in entries if entry.is_demo), _here(entries))


def _places_of_person() -> list[Entry]:
    person = person_here()
    schematic = site().county.settings.schematic
    entries: tuple[Entry, ...] = current_app.extensions["navigation"]
    return [
        entry
        for entry in entries
        if (schematic or not entry.is_demo)
        and (entry.is_public if person is None else person.role in roles_of(current_app, entry.endpoint))
    ]


def _here(entries: Iterable[Entry]) -> Entry | None:
    """Return the place whose address the page's own begins with, the longest such one."""
    path = f"{request.path.rstrip('/')}/"
    addresses = {entry: f"{url_for(entry.endpoint).rstrip('/')}/" for entry in entries}
    over = [entry for entry, address in addresses.items() if path.startswith(address)]
    return max(over, key=lambda entry: len(addresses[entry]), default=None)
