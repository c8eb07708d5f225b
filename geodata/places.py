"""Places of a county: receiving points, stations, checkpoints, hubs, villages; read from GeoJSON and found by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError, RowErrors


class PlaceKind(StrEnum):
    """Kinds of places (L12, L14, L18, L19, H2)."""

    ENTRY_POINT = "entry_point"
    HUB = "hub"
    TRANSFER_STATION = "transfer_station"
    HANDOVER_POINT = "handover_point"
    SORTING_YARD = "sorting_yard"
    RECEIVING_POINT = "receiving_point"
    CHECKPOINT = "checkpoint"
    SAMPLING_STATION = "sampling_station"
    ENTERPRISE = "enterprise"
    HOSPITAL = "hospital"
    FIRE_STATION = "fire_station"
    REST_AREA = "rest_area"
    VILLAGE = "village"
    TOWNSHIP_SEAT = "township_seat"


#: A regime may name further kinds of posts as the nearest remedy of a condition; they are read as they come.
_TEXT_KEYS: Final = ("township", "owner", "hours", "phone")
_NUMBER_KEYS: Final = ("capacity_t_per_day", "population")


@dataclass(frozen=True, slots=True)
class Place:
    """A named place.

    Attributes
    ----------
    kind
        A value of `PlaceKind` or another post that the regime names (such as "disinfection_post").
    lon, lat
        WGS-84 degrees.
    owner
        Of a receiving point: id or name of its enterprise.
    enclosed
        Of an enterprise: production goes on behind closed gates, so it needs a receiving point (L18, L19).
    """

    id: str
    name: str
    kind: str
    lon: float
    lat: float
    township: str = ""
    owner: str = ""
    hours: str = ""
    phone: str = ""
    capacity_t_per_day: float | None = None
    population: float | None = None
    enclosed: bool = False


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


@dataclass(frozen=True)
class Places:
    """Every place of a county, by id."""

    by_id: Mapping[str, Place]

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Place, ...]]:
        """Places of each name."""
        names: dict[str, tuple[Place, ...]] = {}
        for place in self.by_id.values():
            names[place.name] = (*names.get(place.name, ()), place)
        return MappingProxyType(names)

    @cached_property
    def by_plain_name(self) -> Mapping[str, tuple[Place, ...]]:
        """Places of each name in one width and without spaces, as people type it."""
        names: dict[str, tuple[Place, ...]] = {}
        for place in self.by_id.values():
            names[_plain(place.name)] = (*names.get(_plain(place.name), ()), place)
        return MappingProxyType(names)

    def of_kind(self, *kinds: str) -> tuple[Place, ...]:
        """Return the places of these kinds, ordered by id."""
        return tuple(self.by_id[key] for key in sorted(self.by_id) if self.by_id[key].kind in kinds)

    def find(self, id_or_name: str, *, where: str) -> Place:
        """Find the one place with this id or, failing that, this name.

        Raises
        ------
        BadInputError
            `place-unknown` with near names, or `place-ambiguous` with the ids to choose from.
        """
        if id_or_name in self.by_id:
            return self.by_id[id_or_name]
        named = self.by_name.get(id_or_name) or self.by_plain_name.get(_plain(id_or_name), ())
        if len(named) == 1:
            return named[0]
        if named:
            raise BadInputError("place-ambiguous", where, place=id_or_name, ids=[place.id for place in named][:10])
        near = sorted(name for name in self.by_name if id_or_name and id_or_name in name)[:5]
        raise BadInputError("place-unknown", where, place=id_or_name, near=near)

    def receiving_points_of(self, enterprise: Place) -> tuple[Place, ...]:
        """Return the fixed receiving points inside an enterprise, by id (L19)."""
        points = self.of_kind(PlaceKind.RECEIVING_POINT)
        return tuple(point for point in points if point.owner in {enterprise.id, enterprise.name})


def _number(value: Any, where: str) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise BadInputError("place-value-not-a-number", where, value=value)
    return float(value)


def _position(geometry: Any, where: str) -> tuple[float, float]:
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(coordinates, list) or geometry.get("type") != "Point" or len(coordinates) < 2:
        raise BadInputError("place-without-point", where)
    lon, lat = coordinates[:2]
    good = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (lon, lat))
    if not good or not (abs(lon) <= 180 and abs(lat) <= 90):
        raise BadInputError("position-not-a-number", where, lon=str(lon), lat=str(lat))
    return float(lon), float(lat)


def read_place(feature: Mapping[str, Any], *, where: str) -> Place:
    """Read one GeoJSON point feature.

    Raises
    ------
    BadInputError
        `place-without-id`, `place-without-kind`, `place-without-point` or a value that is not a number.
    """
    properties = feature.get("properties") or {}
    place_id = str(properties.get("id") or feature.get("id") or "").strip()
    kind = str(properties.get("kind") or "").strip()
    if not place_id:
        raise BadInputError("place-without-id", where)
    if not kind:
        raise BadInputError("place-without-kind", where, id=place_id)
    lon, lat = _position(feature.get("geometry"), where)
    further: dict[str, Any] = {key: str(properties.get(key) or "") for key in _TEXT_KEYS}
    further.update({key: _number(properties.get(key), f"{where}: {key}") for key in _NUMBER_KEYS})
    return Place(
        id=place_id,
        name=str(properties.get("name") or place_id).strip(),
        kind=kind,
        lon=lon,
        lat=lat,
        enclosed=bool(properties.get("enclosed", False)),
        **further,
    )


def read_places(features: Iterable[Mapping[str, Any]], *, where: str) -> Places:
    """Read every feature of a place file: all rows or none.

    Raises
    ------
    RowErrors
        `places-file-has-errors` with a fault a row, `place-id-twice` among them.
    """
    places: dict[str, Place] = {}
    faults: list[BadInputError] = []
    for row, feature in enumerate(features, start=1):
        try:
            place = read_place(feature, where=f"{where}: row {row}")
            if place.id in places:
                raise BadInputError("place-id-twice", f"{where}: row {row}", id=place.id)
            places[place.id] = place
        except BadInputError as fault:
            known = (feature.get("properties") or {}).get("id")
            fault.facts = {"id": None if known is None else str(known), **fault.facts, "row": row}
            faults.append(fault)
    if faults:
        raise RowErrors("places-file-has-errors", where, tuple(faults))
    return Places(MappingProxyType(places))


def place_feature(place: Place) -> dict[str, Any]:
    """Return a place as a GeoJSON feature, leaving out what is not known."""
    properties: dict[str, Any] = {"id": place.id, "name": place.name, "kind": place.kind}
    for key in (*_TEXT_KEYS, *_NUMBER_KEYS, "enclosed"):
        if getattr(place, key) not in ("", None, False):
            properties[key] = getattr(place, key)
    geometry = {"type": "Point", "coordinates": [place.lon, place.lat]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
