"""Turn OSM nodes and outlines into places: settlements, hospitals, fire stations, rest areas, toll stations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.network import Network
from geodata.osm.file import OsmExtract
from geodata.osm.import_tally import ImportTally
from geodata.osm.place_words import PlaceWords, words_of
from geodata.places import Place, PlaceKind
from geodata.road_distances import distance_to_roads_m
from geodata.road_lengths import distances_m
from geodata.snapping import FARTHEST_M

#: A toll station of an expressway exit. It is no entry point: those stand where roads cross the edge, and a trip that
#: began at the toll exit would leave out the expressway before it.
TOLL_STATION: Final = "toll_station"
#: Booths nearer to each other than this are the lanes of one station.
_STATION_M: Final = 300.0
_KIND_OF_TAG: Final[Mapping[tuple[str, str], str]] = {
    ("place", "city"): PlaceKind.TOWNSHIP_SEAT,
    ("place", "town"): PlaceKind.TOWNSHIP_SEAT,
    ("place", "village"): PlaceKind.VILLAGE,
    ("place", "hamlet"): PlaceKind.VILLAGE,
    ("amenity", "hospital"): PlaceKind.HOSPITAL,
    ("amenity", "fire_station"): PlaceKind.FIRE_STATION,
    ("highway", "rest_area"): PlaceKind.REST_AREA,
    ("highway", "services"): PlaceKind.REST_AREA,
    ("barrier", "toll_booth"): TOLL_STATION,
}


@dataclass(frozen=True, slots=True)
class _Found:
    place_id: str
    kind: str
    tags: Mapping[str, str]
    lon: float
    lat: float


def _kind_of(tags: Mapping[str, str]) -> str:
    return next((kind for (key, value), kind in _KIND_OF_TAG.items() if tags.get(key) == value), "")


def _found_nodes(extract: OsmExtract) -> Iterator[_Found]:
    for node_id in sorted(extract.tagged_nodes):
        tags = extract.tagged_nodes[node_id]
        kind, at = _kind_of(tags), int(extract.index_of(np.array([node_id]))[0])
        if kind and at >= 0:
            lon, lat = extract.node_lonlat[at]
            yield _Found(f"osm-n{node_id}", kind, tags, float(lon), float(lat))


def _found_outlines(extract: OsmExtract) -> Iterator[_Found]:
    """Yield the places drawn as an outline, at the middle of its corners."""
    for way in extract.outlines:
        at = extract.index_of(np.unique(way.nodes))
        if (at >= 0).any():
            lon, lat = extract.node_lonlat[at[at >= 0]].mean(axis=0)
            yield _Found(f"osm-w{way.id}", _kind_of(way.tags), way.tags, float(lon), float(lat))


def _one_a_station(found: list[_Found]) -> list[_Found]:
    """Leave one booth of each toll station: a named one if there is one, else the one with the lowest id."""
    stations: list[_Found] = []
    rest = [one for one in found if one.kind != TOLL_STATION]
    for booth in sorted((one for one in found if one.kind == TOLL_STATION), key=lambda one: "name" not in one.tags):
        known = np.array([(one.lon, one.lat) for one in stations], dtype=np.float64).reshape(-1, 2)
        if not (distances_m(booth.lon, booth.lat, known) < _STATION_M).any():
            stations.append(booth)
    return rest + stations


def _population(text: str) -> float | None:
    plain = re.sub(r"[ ,]", "", text)
    return float(plain) if re.fullmatch(r"\d{1,10}", plain) else None


def _name(tags: Mapping[str, str], kind: str, number: int, words: PlaceWords) -> str:
    given = (tags.get("name") or tags.get("name:zh") or tags.get("name:en") or "").strip()
    return given or f"{words.kinds[kind]} {number}"


def find_osm_places(extract: OsmExtract, network: Network, *, country: str, tally: ImportTally) -> tuple[Place, ...]:
    """Return the places of an extract, ordered by id; one without a name gets its kind and a number.

    Places farther from every road than a position may be are dropped and counted: an extract cut along ways holds
    villages of the neighbours.
    """
    found = [*_found_nodes(extract), *_found_outlines(extract)]
    distance = distance_to_roads_m(network, np.array([(one.lon, one.lat) for one in found]).reshape(-1, 2))
    near = []
    for one, metres in zip(found, distance, strict=True):
        if metres <= FARTHEST_M:
            near.append(one)
        else:
            tally.drop("place-far-from-road", one.place_id)
    words, numbers, places = words_of(country), dict.fromkeys(words_of(country).kinds, 0), []
    for one in sorted(_one_a_station(near), key=lambda one: one.place_id):
        numbers[one.kind] += "name" not in one.tags
        name = _name(one.tags, one.kind, numbers[one.kind], words)
        population = _population(one.tags.get("population", ""))
        phone = one.tags.get("phone", "")
        places.append(Place(one.place_id, name, one.kind, one.lon, one.lat, phone=phone, population=population))
    return tuple(places)
