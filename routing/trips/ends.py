"""Read an origin, via stop or destination: a position, a place, a firm's receiving point, or a place elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.places import Place, PlaceKind
from geodata.snapping import RoadPoint
from routing.trips.trip import EndChoice, TripEnd, TripMap

_POSITION: Final = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*,\s*([+-]?\d+(?:\.\d*)?)\s*", re.ASCII)
#: Two words of which one is no number, as programs print it.
_NUMBER_OR_NONE: Final = r"([+-]?(?:nan|inf|\d+(?:\.\d*)?))"
_NO_POSITION: Final = re.compile(rf"\s*{_NUMBER_OR_NONE}\s*,\s*{_NUMBER_OR_NONE}\s*", re.ASCII | re.IGNORECASE)
_OUTSIDE: Final = re.compile(r"\s*(\d{6})(?:[\s:,]+(?=.*[^\d\s])|(?=[^\d\s]))(\S.*?)\s*", re.ASCII | re.DOTALL)
_AREA_CODE: Final = re.compile(r"\s*\d{6}\s*", re.ASCII)
#: Sets of keys that a mapping may have.
_SHAPES: Final = frozenset(
    frozenset(keys.split())
    for keys in ("place", "lon lat", "lon lat name", "area_code name", "area_code name entry_point")
)


@dataclass(frozen=True, slots=True)
class _EndReader:
    """Reads one end: on this map, for a vehicle that may use these roads, called so in an error."""

    trip_map: TripMap
    usable: NDArray[np.bool_]
    where: str

    def position(self, lon: float, lat: float, label: str = "") -> TripEnd:
        """Stop at a bare position."""
        if abs(lat) > 90 >= abs(lon):
            raise BadInputError("position-latitude-first", self.where, lon=lon, lat=lat)
        return TripEnd(label=label or f"{lon:.5f},{lat:.5f}", point=self.point(lon, lat))

    def point(self, lon: float, lat: float) -> RoadPoint:
        """Return the nearest point of the nearest road the vehicle may use."""
        return self.trip_map.road_index.snap(lon, lat, usable=self.usable, where=self.where)

    def outside(self, area_code: str, name: str, entry_point: str = "") -> TripEnd:
        """Stand for a place outside the county: the plan starts or stops at an entry point (入县口) instead."""
        code = area_code.strip()
        if not _AREA_CODE.fullmatch(code):
            raise BadInputError("area-code-not-six-digits", self.where, value=area_code)
        if not name:
            raise BadInputError("area-name-missing", self.where, area_code=code)
        settings = self.trip_map.settings
        if settings is not None and settings.area_code == code:
            raise BadInputError("area-code-is-this-county", self.where, area_code=code, name=name)
        return TripEnd(label=name, point=None, area_code=code, entry_point=entry_point)

    def enterprise(self, firm: Place) -> TripEnd:
        """Stop at the fixed receiving point inside a firm (L19); a firm that is not enclosed may do without one.

        Of several receiving points the plan takes the one of least time, ties by id.

        Raises
        ------
        BadInputError
            `receiving-point-missing`: goods for an enclosed firm cannot be handed over anywhere else (L18, K13).
        """
        points = self.trip_map.places.receiving_points_of(firm)
        if not points and firm.enclosed:
            raise BadInputError("receiving-point-missing", self.where, enterprise=firm.id, name=firm.name)
        choices = tuple(EndChoice(one, self.point(one.lon, one.lat)) for one in points or (firm,))
        several = choices if len(choices) > 1 else ()
        return TripEnd(label=firm.name, point=choices[0].point, place=choices[0].place, choices=several)

    def place(self, id_or_name: str) -> TripEnd:
        """Stop at the one place of this id or name."""
        if not id_or_name:
            raise BadInputError("end-missing", self.where)
        place = self.trip_map.places.find(id_or_name, where=self.where)
        if place.kind == PlaceKind.ENTERPRISE:
            return self.enterprise(place)
        return TripEnd(label=place.name, point=self.point(place.lon, place.lat), place=place)

    def text(self, text: str) -> TripEnd:
        """Read "lon,lat", a place id or name, "410100 郑州市" or "410100郑州市"; full-width digits and signs too."""
        plain = unicodedata.normalize("NFKC", text)
        if position := _POSITION.fullmatch(plain):
            return self.position(float(position[1]), float(position[2]))
        name = text.strip()
        places = self.trip_map.places
        if name not in places.by_id and name not in places.by_name:
            if outside := _OUTSIDE.fullmatch(plain):
                return self.outside(outside[1], outside[2])
            if _AREA_CODE.fullmatch(plain):
                raise BadInputError("area-name-missing", self.where, area_code=plain.strip())
            if two := _NO_POSITION.fullmatch(plain):
                raise BadInputError("position-not-a-number", self.where, lon=two[1], lat=two[2])
        return self.place(name)

    def mapping(self, mapping: Mapping[str, object]) -> TripEnd:
        """Read the form an application may use."""
        if frozenset(mapping) not in _SHAPES:
            raise BadInputError("end-unreadable", self.where, value=", ".join(sorted(map(str, mapping))))
        if "place" in mapping:
            return self.place(self._string(mapping, "place"))
        if "area_code" in mapping:
            code, name, entry_point = (self._string(mapping, key) for key in ("area_code", "name", "entry_point"))
            return self.outside(code, name, entry_point)
        lon, lat = (self._number(mapping, key) for key in ("lon", "lat"))
        return self.position(lon, lat, self._string(mapping, "name"))

    def _string(self, mapping: Mapping[str, object], key: str) -> str:
        value = mapping.get(key, "")
        if not isinstance(value, str):
            raise BadInputError("end-unreadable", f"{self.where}: {key}", value=str(value))
        return value.strip()

    def _number(self, mapping: Mapping[str, object], key: str) -> float:
        value = mapping[key]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadInputError("position-not-a-number", self.where, lon=str(mapping["lon"]), lat=str(mapping["lat"]))
        return float(value)


def resolve_end(
    end: str | Mapping[str, object], trip_map: TripMap, *, usable: NDArray[np.bool_], where: str
) -> TripEnd:
    """Find what an origin, via stop or destination stands for.

    Parameters
    ----------
    end
        "lon,lat" (WGS-84), a place id or name, or a six-digit area code with a name ("410100 郑州市"); or a mapping
        {"place"}, {"lon", "lat"[, "name"]} or {"area_code", "name"[, "entry_point"]}.
    usable
        (m,) mask of the roads the vehicle may use.
    where
        What the end is called in an error.

    Raises
    ------
    BadInputError
        `place-unknown` with near names, `place-ambiguous` with the ids to choose from, `position-far-from-road`
        beyond 2,000 m, `receiving-point-missing` (L19), `area-code-is-this-county`, or what cannot be read.
    """
    reader = _EndReader(trip_map, usable, where)
    if isinstance(end, str):
        return reader.text(end)
    if isinstance(end, Mapping):
        return reader.mapping(end)
    raise BadInputError("end-unreadable", where, value=str(end))
