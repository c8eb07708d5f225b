"""Vehicles that never need a pass, as a guard reads them; a regime's own kinds are called as there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from web.wording.wording import Wording

NAMES: Final[Mapping[str, Wording]] = {
    "ambulance": Wording(zh="救护车", en="ambulances"),
    "fire": Wording(zh="消防车", en="fire engines"),
    "police": Wording(zh="警车", en="police"),
    "repair_power_water_gas": Wording(zh="水电气抢修车", en="repair crews"),
    "water_tanker": Wording(zh="运水车", en="water tankers"),
}


def exempt_names(vehicles: Iterable[str], words: Mapping[str, str], lang: str) -> str:
    """Return the kinds as an enumeration: by the regime's own word, else the product's, else as they are written."""
    named = (words.get(one) or NAMES.get(one, Wording(one, one)).text(lang, {}) for one in vehicles)
    return ("、" if lang == "zh" else ", ").join(named)
