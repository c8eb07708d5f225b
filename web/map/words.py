"""The words that the map's script says, and the names of classes, kinds and states in its list and legend."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ROAD_CLASSES: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "expressway": _l("Expressway"),
        "national": _l("National road"),
        "provincial": _l("Provincial road"),
        "county": _l("County road"),
        "township": _l("Township road"),
        "village": _l("Village road"),
        "street": _l("Street"),
        "track": _l("Track"),
    }
)
STATES: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "approved": _l("Closed, approved"),
        "unapproved": _l("Closed, no approval on record"),
        "blocked": _l("Blocked, as seen on site"),
        "planned": _l("Approved, not yet in force"),
        "requested": _l("Requested"),
    }
)
#: Kinds of places and of what pages put on the map.
KINDS: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "hub": _l("Transport hub"),
        "entry_point": _l("Entry point"),
        "checkpoint": _l("Checkpoint"),
        "transfer_station": _l("Transfer station"),
        "handover_point": _l("Handover point"),
        "sorting_yard": _l("Sorting yard"),
        "sampling_station": _l("Sampling station"),
        "hospital": _l("Hospital"),
        "fire_station": _l("Fire station"),
        "rest_area": _l("Rest area"),
        "enterprise": _l("Enterprise"),
        "receiving_point": _l("Receiving point"),
        "village": _l("Village"),
        "township_seat": _l("Township"),
        "township": _l("Township"),
        "station": _l("Station"),
        "post": _l("Post"),
        "place": _l("Place"),
        "route": _l("Route of the pass"),
        "critical": _l("Road that must stay open"),
        "chain": _l("Road of a chain"),
        "detour": _l("Road with a long detour"),
        "channel": _l("Green channel"),
        "channel_interrupted": _l("Green channel, interrupted"),
        "area": _l("Area"),
        "finding": _l("Finding"),
        "closure": _l("Closure"),
        "blockage": _l("Blockage"),
        "you": _l("You are here"),
    }
)
#: One or two characters in the badge of a kind.
BADGES: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "hub": _l("Hu"),
        "entry_point": _l("In"),
        "checkpoint": _l("Ck"),
        "transfer_station": _l("Tr"),
        "handover_point": _l("Ho"),
        "sorting_yard": _l("So"),
        "sampling_station": _l("Sa"),
        "hospital": _l("H"),
        "fire_station": _l("Fi"),
        "rest_area": _l("Re"),
        "enterprise": _l("En"),
        "receiving_point": _l("Rp"),
        "post": _l("Po"),
    }
)
#: What the script says while a person works with the map; {…} are filled in by it.
SAID: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "open": _l("Open"),
        "show": _l("Show on the map"),
        "add": _l("Add"),
        "remove": _l("Remove"),
        "filled": _l("Added the {count} pieces between."),
        "zoomed": _l("Moved closer. Now tap a road."),
        "picked": _l("Added: {road}. {count} picked."),
        "unpicked": _l("Removed: {road}. {count} picked."),
        "total": _l("{count} roads picked, {km} km"),
        "none-picked": _l("No road picked yet"),
        "found": _l("{count} roads found"),
        "drawn": _l("The shape is in the field below. Drag its corners to change it."),
        "draw-area": _l("Tap each corner; tap the first one again to finish."),
        "draw-line": _l("Tap each bend; tap the last one again to finish."),
        "draw-point": _l("Tap the place."),
    }
)
#: The map library's own words.
LOCALE: Final[Mapping[str, LazyString]] = MappingProxyType(
    {
        "Map.Title": _l("Map"),
        "NavigationControl.ZoomIn": _l("Zoom in"),
        "NavigationControl.ZoomOut": _l("Zoom out"),
        "Popup.Close": _l("Close the note"),
        "ScaleControl.Meters": _l("m"),
        "ScaleControl.Kilometers": _l("km"),
        "CooperativeGesturesHandler.WindowsHelpText": _l("Use Ctrl + scroll to zoom the map"),
        "CooperativeGesturesHandler.MacHelpText": _l("Use ⌘ + scroll to zoom the map"),
        "CooperativeGesturesHandler.MobileHelpText": _l("Use two fingers to move the map"),
    }
)


def script_words() -> dict[str, str]:
    """Return every word that the map's script may need, in the language of this request."""
    named = {f"kind-{key}": text for key, text in KINDS.items()} | {
        f"state-{key}": text for key, text in STATES.items()
    }
    return {key: str(text) for key, text in {**SAID, **named}.items()}


def said(words: Mapping[str, LazyString]) -> dict[str, str]:
    """Return words in the language of this request."""
    return {key: str(text) for key, text in words.items()}
