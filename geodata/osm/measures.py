"""Read the figures of OSM tags: speed limits in km/h, weights in kg, heights, widths and lengths in m.

Units and spellings follow the OSM wiki's Key:maxspeed, Key:maxweight and Map_features/Units; full-width digits, the
decimal comma and the Chinese units 吨 and 米 are read as well. Each reader returns None for what it cannot read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

#: What a speed reader returns where a sign gives no figure: the speed of the road's class counts.
NO_SPEED: Final = 0.0
NO_LIMIT: Final = float("inf")
FASTEST_KMH: Final = 200.0

_NUMBER: Final = r"(\d{1,6}(?:\.\d{1,6})?)"
_SPEED: Final = re.compile(rf"{_NUMBER}\s*(km/h|kmh|kph|mph|knots|公里/小时)?")
_SPEED_UNITS_KMH: Final = {"mph": 1.609344, "knots": 1.852}
#: 7 km/h is what German courts call walking pace; living streets are signed 10 to 20 km/h.
_SPEED_WORDS_KMH: Final[Mapping[str, float]] = {
    "walk": 7.0,
    "none": NO_SPEED,
    "no": NO_SPEED,
    "signals": NO_SPEED,
    "variable": NO_SPEED,
    "implicit": NO_SPEED,
    "default": NO_SPEED,
    "national": NO_SPEED,
    "unposted": NO_SPEED,
    "unsigned": NO_SPEED,
    "unknown": NO_SPEED,
}
#: Implicit limits such as "CN:urban"; out of town the class decides (50: 道路交通安全法实施条例, article 45).
_ZONE_KMH: Final[Mapping[str, float]] = {
    "urban": 50.0,
    "living_street": 10.0,
    "pedestrian_zone": 7.0,
    "walk": 7.0,
    "bicycle_road": 30.0,
    "rural": NO_SPEED,
    "motorway": NO_SPEED,
    "trunk": NO_SPEED,
    "expressway": NO_SPEED,
    "express": NO_SPEED,
}
_ZONE: Final = re.compile(r"[a-z]{2}(?:-[a-z0-9]+)?:(?:zone:?)?([a-z_]+|\d{1,3})")

_NO_LIMIT_WORDS: Final = frozenset(
    {"none", "no", "default", "unsigned", "no_sign", "below_default", "no_indications", "unlimited"}
)
_WEIGHT: Final = re.compile(rf"{_NUMBER}\s*(t|to|ton|tons|tonne|tonnes|吨|kg|lb|lbs|st)?")
_WEIGHT_INFIX: Final = re.compile(r"(\d{1,3})t(\d{1,3})")
_WEIGHT_UNITS_KG: Final = {"kg": 1.0, "lb": 0.45359237, "lbs": 0.45359237, "st": 907.18474}
_METRIC: Final = re.compile(rf"{_NUMBER}\s*(m|米|meter|meters|metre|metres|cm|mm)?")
_FEET: Final = re.compile(rf"{_NUMBER}\s*(?:'|ft|feet|foot)\s*(?:{_NUMBER}\s*(?:\"|''|in|inch|inches)?)?")
_INCHES: Final = re.compile(rf"{_NUMBER}\s*(?:\"|''|in|inch|inches)")
_FOOT_M: Final = 12 * 0.0254


def _plain(text: str) -> str:
    """Return the text in half-width lower case with a decimal point and straight quotes."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    for curly, straight in (("′", "'"), ("’", "'"), ("″", '"'), ("”", '"')):
        plain = plain.replace(curly, straight)
    return re.sub(r"(?<=\d),(?=\d)", ".", plain)


def _least(text: str, read_one: Callable[[str], float | None]) -> float | None:
    """Read a list such as "50;70" and return the least figure, or None where any part cannot be read."""
    parts = [part.strip() for part in re.split(r"[;|]", _plain(text)) if part.strip()]
    values = [read_one(part) for part in parts]
    known = [value for value in values if value is not None]
    return min(known) if known and len(known) == len(values) else None


def _one_speed(text: str) -> float | None:
    if text in _SPEED_WORDS_KMH:
        return _SPEED_WORDS_KMH[text]
    zone = _ZONE.fullmatch(text)
    if zone:
        kmh = float(zone[1]) if zone[1].isdigit() else _ZONE_KMH.get(zone[1])
        return kmh if kmh is None or kmh <= FASTEST_KMH else None
    figure = _SPEED.fullmatch(text)
    if not figure:
        return None
    kmh = float(figure[1]) * _SPEED_UNITS_KMH.get(figure[2] or "", 1.0)
    return kmh if 0 < kmh <= FASTEST_KMH else None


def read_speed_kmh(text: str) -> float | None:
    """Read a `maxspeed` value; NO_SPEED where it gives no figure, None where it cannot be read.

    A list counts with its least figure, so that a road is never thought faster than a sign on it.
    """
    values = [part for part in re.split(r"[;|]", text) if _one_speed(_plain(part)) != NO_SPEED]
    return _least(";".join(values), _one_speed) if values else NO_SPEED


def _one_weight(text: str) -> float | None:
    if text in _NO_LIMIT_WORDS:
        return NO_LIMIT
    infix = _WEIGHT_INFIX.fullmatch(text)
    if infix:
        return float(f"{infix[1]}.{infix[2]}") * 1000.0
    figure = _WEIGHT.fullmatch(text)
    return float(figure[1]) * _WEIGHT_UNITS_KG.get(figure[2] or "t", 1000.0) if figure else None


def _one_extent(text: str) -> float | None:
    if text in _NO_LIMIT_WORDS:
        return NO_LIMIT
    metric = _METRIC.fullmatch(text)
    if metric:
        return float(metric[1]) * {"cm": 0.01, "mm": 0.001}.get(metric[2] or "m", 1.0)
    feet = _FEET.fullmatch(text)
    if feet:
        return (float(feet[1]) + float(feet[2] or 0.0) / 12.0) * _FOOT_M
    inches = _INCHES.fullmatch(text)
    return float(inches[1]) / 12.0 * _FOOT_M if inches else None


def _within(value: float | None, least: float, most: float) -> float | None:
    """Return a limit that a road can have: 3500 without a unit is no weight in tonnes."""
    return value if value is not None and (value == NO_LIMIT or least <= value <= most) else None


def read_weight_kg(text: str) -> float | None:
    """Read a weight limit ("3.5", "3.5 t", "3,5", "3t5", "7500 kg", "16000 lbs"); NO_LIMIT where there is none."""
    return _within(_least(text, _one_weight), 100.0, 200_000.0)


def read_extent_m(text: str) -> float | None:
    """Read a height, width or length limit ("4", "4.2 m", "420 cm", 12'6"); NO_LIMIT where there is none."""
    return _within(_least(text, _one_extent), 0.5, 100.0)
