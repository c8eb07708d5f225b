"""Read county.toml: the county's name, area code, time zone, speeds, vehicles and regimes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geodata.errors import BadInputError
from geodata.hazardous_goods import GOODS
from geodata.message_settings import MESSAGE_TABLES, MessageSettings, read_message_settings
from geodata.policy import Policy
from geodata.policy_reading import REGIME_TABLES, read_policy
from geodata.policy_tables import named_tables_of, table_of, wrong_kind
from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle

SETTINGS_FILE: Final = "county.toml"
#: Speeds on a road without a signed limit, km/h; county.toml overrides them class by class.
DEFAULT_SPEEDS_KMH: Final[Mapping[RoadClass, float]] = MappingProxyType(
    {
        RoadClass.EXPRESSWAY: 100.0,
        RoadClass.NATIONAL: 70.0,
        RoadClass.PROVINCIAL: 60.0,
        RoadClass.COUNTY: 50.0,
        RoadClass.TOWNSHIP: 40.0,
        RoadClass.VILLAGE: 30.0,
        RoadClass.STREET: 30.0,
        RoadClass.TRACK: 15.0,
    }
)
DEFAULT_VEHICLES: Final[Mapping[str, Vehicle]] = MappingProxyType(
    {
        "car": Vehicle(access="car", max_kmh=120.0),
        "truck": Vehicle(
            access="truck",
            max_kmh=80.0,
            gross_weight_kg=18_000.0,
            height_m=4.0,
            width_m=2.55,
            length_m=12.0,
            axle_load_kg=10_000.0,
        ),
    }
)
_VEHICLE_KEYS: Final = {
    "access": ("access", 1.0),
    "max_kmh": ("max_kmh", 1.0),
    "gross_weight_t": ("gross_weight_kg", 1000.0),
    "height_m": ("height_m", 1.0),
    "width_m": ("width_m", 1.0),
    "length_m": ("length_m", 1.0),
    "axle_load_t": ("axle_load_kg", 1000.0),
}
#: The goods on board: a word or a list of words.
_GOODS_KEY: Final = "hazardous_goods"
_LARGEST_VEHICLE_VALUE: Final = 1e6
_PART: Final = "settings"
_ROADS: Final = (("country", "CN"), ("turns", "ignored"))
_TURNS: Final = ("ignored", "kept")
_OWN_TABLES: Final = (
    "name",
    "area_code",
    "timezone",
    "public_url",
    "database_url",
    "lang",
    "schematic",
    "attribution",
    "speeds_kmh",
    "vehicle",
    "roads",
    *MESSAGE_TABLES,
)


@dataclass(frozen=True, slots=True)
class CountySettings:
    """What county.toml says; `policy` is the county's own regime, `policies` every regime by id.

    Attributes
    ----------
    turns
        Whether passes, and routes where nothing else is said, keep turn restrictions: "ignored" or "kept".
    """

    name: str
    area_code: str
    timezone: ZoneInfo
    public_url: str
    country: str
    speeds_kmh: Mapping[RoadClass, float]
    vehicles: Mapping[str, Vehicle]
    policy: Policy
    policies: Mapping[str, Policy]
    schematic: bool = False
    attribution: str = ""
    database_url: str = ""
    lang: str = "zh"
    turns: str = "ignored"
    messages: MessageSettings = field(default_factory=MessageSettings)

    def policy_for(self, cause: str) -> Policy:
        """Return the regime that has an approval rule for the cause: the county's own first."""
        for policy in (self.policy, *self.policies.values()):
            if any(rule.cause == cause for rule in policy.approval_rules):
                return policy
        return self.policy


def _goods(value: object, *, where: str) -> tuple[str, ...]:
    """Read what is on board, such as "D" or ["D", "water"]; an empty text or list is nothing."""
    kinds = value if isinstance(value, list) else [value] if value else []
    for kind in kinds:
        if not isinstance(kind, str) or kind not in GOODS:
            raise BadInputError("vehicle-goods-unknown", where, value=str(kind), known=list(GOODS))
    return tuple(sorted(set(kinds)))


def read_vehicle(document: Mapping[str, Any], *, where: str, start: Vehicle) -> Vehicle:
    """Read a vehicle's keys (`gross_weight_t`, `height_m`, ...) over a starting vehicle; tonnes become kg.

    Raises
    ------
    BadInputError
        `vehicle-key-unknown`, `vehicle-access-unknown`, `vehicle-goods-unknown` or `vehicle-value-not-a-number`.
    """
    changes: dict[str, Any] = {}
    for key, value in document.items():
        if key == _GOODS_KEY:
            changes[key] = _goods(value, where=f"{where}: {key}")
            continue
        if key not in _VEHICLE_KEYS:
            raise BadInputError("vehicle-key-unknown", f"{where}: {key}", known=sorted((*_VEHICLE_KEYS, _GOODS_KEY)))
        field, factor = _VEHICLE_KEYS[key]
        if key == "access":
            if value not in ("car", "truck"):  # a tuple: a list has no hash
                raise BadInputError("vehicle-access-unknown", f"{where}: access", value=value)
            changes[field] = value
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST_VEHICLE_VALUE:
            raise BadInputError("vehicle-value-not-a-number", f"{where}: {key}", value=value)
        else:
            changes[field] = float(value) * factor
    return replace(start, **changes)


def _speeds(document: Mapping[str, Any], where: str) -> Mapping[RoadClass, float]:
    speeds = dict(DEFAULT_SPEEDS_KMH)
    for key, value in document.items():
        if key not in {one.value for one in RoadClass}:
            raise BadInputError("speed-class-unknown", f"{where}: speeds_kmh.{key}", known=[c.value for c in RoadClass])
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 200:
            raise BadInputError("speed-out-of-range", f"{where}: speeds_kmh.{key}", value=value)
        speeds[RoadClass(key)] = float(value)
    return MappingProxyType(speeds)


def _vehicles(document: Mapping[str, Mapping[str, Any]], where: str) -> Mapping[str, Vehicle]:
    vehicles = dict(DEFAULT_VEHICLES)
    for key, values in document.items():
        start = vehicles.get(key, vehicles["truck"])
        vehicles[key] = read_vehicle(values, where=f"{where}: vehicle.{key}", start=start)
    return MappingProxyType(vehicles)


def _text(document: Mapping[str, Any], key: str, default: str, *, where: str) -> str:
    value = document.get(key, default)
    if not isinstance(value, str):
        raise wrong_kind(f"{where}{key}", value, '"…"', part=_PART)
    return value


def _refuse_unknown(document: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    unknown = next((key for key in document if key not in known), None)
    if unknown is not None:
        raise BadInputError("settings-key-unknown", f"{where}{unknown}", known=sorted(known))


def _roads(document: Mapping[str, Any], where: str) -> tuple[str, str]:
    """Return the country whose road numbers are read, and whether turn restrictions are kept."""
    roads = table_of(document, "roads", where=where, part=_PART)
    _refuse_unknown(roads, ("country", "turns"), f"{where}: roads.")
    country, turns = (_text(roads, key, start, where=f"{where}: roads.") for key, start in _ROADS)
    if turns not in _TURNS:
        raise BadInputError("turns-unknown", f"{where}: roads.turns", value=turns, known=list(_TURNS))
    return country, turns


def _area_code(document: Mapping[str, Any], where: str) -> str:
    """Return the area code; one written as a number is read too, for none begins with 0."""
    value = document.get("area_code", "")
    is_code = isinstance(value, str | int) and re.fullmatch(r"[0-9]{6}", str(value))
    if not is_code:
        raise BadInputError("area-code-not-six-digits", f"{where}: area_code", value=str(value))
    return str(value)


def _is_schematic(document: Mapping[str, Any], where: str) -> bool:
    value = document.get("schematic", False)
    if not isinstance(value, bool):
        raise wrong_kind(f"{where}: schematic", value, "true", part=_PART)
    return value


def _timezone(name: str, where: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInputError("timezone-unknown", f"{where}: timezone", value=name) from None


def read_settings(document: Mapping[str, Any], *, where: str, further: tuple[Policy, ...] = ()) -> CountySettings:
    """Read a parsed county.toml; `further` are the regimes beside the county's own.

    Raises
    ------
    BadInputError
        With the key that is unknown, missing or out of range.
    """
    _refuse_unknown(document, _OWN_TABLES + REGIME_TABLES, f"{where}: ")
    area_code = _area_code(document, where)

    def text(key: str, default: str = "") -> str:
        return _text(document, key, default, where=f"{where}: ")

    policy = read_policy(document, where=where)
    country, turns = _roads(document, where)
    return CountySettings(
        name=text("name", area_code),
        area_code=area_code,
        timezone=_timezone(text("timezone", "Asia/Shanghai"), where),
        public_url=text("public_url", "http://127.0.0.1:8000").rstrip("/"),
        country=country,
        turns=turns,
        speeds_kmh=_speeds(table_of(document, "speeds_kmh", where=where, part=_PART), where),
        vehicles=_vehicles(named_tables_of(document, "vehicle", where=where, part=_PART), where),
        policy=policy,
        policies=MappingProxyType({one.regime.id: one for one in (policy, *further)}),
        schematic=_is_schematic(document, where),
        attribution=text("attribution"),
        database_url=text("database_url"),
        lang=text("lang", "zh"),
        messages=read_message_settings(document, where=where),
    )


def read_toml(path: Path) -> dict[str, Any]:
    """Parse a TOML file.

    Raises
    ------
    BadInputError
        `file-missing` or `toml-unreadable` with line and reason.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInputError("file-missing", str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadInputError("toml-unreadable", str(path), reason=str(error)) from None


def _further_regime(path: Path) -> Policy:
    document = read_toml(path)
    _refuse_unknown(document, REGIME_TABLES, f"{path.name}: ")
    return read_policy(document, where=path.name)


def load_settings(folder: Path) -> CountySettings:
    """Read county.toml and every `regimes/*.toml` of a county folder.

    Raises
    ------
    BadInputError
        As `read_toml`, `read_settings` and `read_policy`.
    """
    further = tuple(_further_regime(path) for path in sorted((folder / "regimes").glob("*.toml")))
    return read_settings(read_toml(folder / SETTINGS_FILE), where=SETTINGS_FILE, further=further)
