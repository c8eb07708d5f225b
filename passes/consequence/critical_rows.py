"""Roads that must never be closed as JSON-ready rows and as features of a map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from geodata.areas import township_at
from geodata.county import County
from geodata.network import Network
from geodata.places import Place
from passes.consequence.critical_roads import CriticalityQuestion, CriticalRoad, FurtherPairs, RoadChain, WorstDetour
from passes.consequence.settlements import PlaceCutOff


def road_facts(road: int, county: County) -> dict[str, Any]:
    """Return what a road is called, its class, length and township, and where its middle lies."""
    network = county.network
    line = network.line_of(road)
    lon, lat = (float(value) for value in line[len(line) // 2])
    return {
        "road_id": str(network.road_id[road]),
        "ref": str(network.ref[road]),
        "name": str(network.name[road]),
        "class": network.class_of(road).value,
        "length_m": round(float(network.length_m[road]), 1),
        "township": township_at(county.areas, lon, lat),
        "lon": round(lon, 6),
        "lat": round(lat, 6),
    }


def _people(population: float | None) -> int | None:
    return None if population is None else round(population)


def _cut(place: PlaceCutOff, on_it: Iterable[str]) -> dict[str, Any]:
    row = {"id": place.id, "name": place.name, "kind": str(place.kind), "township": place.township}
    return {**row, "population": _people(place.population), "way": place.way, "on_the_road": place.id in on_it}


def _place(place: Place) -> dict[str, Any]:
    row = {"id": place.id, "name": place.name, "kind": str(place.kind), "township": place.township}
    return {**row, "population": _people(place.population)}


def critical_row(one: CriticalRoad, county: County) -> dict[str, Any]:
    """Return a critical road: whom it cuts off, which way, and how many people."""
    counts = {way: sum(place.way == way for place in one.places) for way in ("in", "out", "both")}
    places = [_cut(place, one.on_it) for place in one.places]
    about = {"people": one.people, "way": one.way, "has_behind": one.has_behind}
    return {**road_facts(one.road, county), **about, "counts": counts, "places": places}


def chain_row(chain: RoadChain, network: Network) -> dict[str, Any]:
    """Return a chain: its groups of road ids in order, and the places between one group and the next."""
    groups = [[str(network.road_id[road]) for road in group] for group in chain.groups]
    between = [[_place(one) for one in some] for some in chain.between]
    return {"groups": groups, "between": between, "people": chain.people}


def pairs_row(pairs: FurtherPairs, network: Network) -> dict[str, Any]:
    """Return two groups of road ids, any one of each, and whom they cut off together."""
    sides = {
        name: [str(network.road_id[road]) for road in roads]
        for name, roads in (("one", pairs.one), ("other", pairs.other))
    }
    return {**sides, "people": pairs.people, "places": [_cut(one, ()) for one in pairs.places]}


def detour_row(one: WorstDetour, county: County) -> dict[str, Any]:
    """Return the worst detour of a road in minutes, a tenth exact."""
    minutes = {"before_min": one.before_min, "after_min": one.after_min, "added_min": one.added_min}
    rounded = {key: round(value, 1) for key, value in minutes.items()}
    return {**road_facts(one.road, county), "place": _place(one.place), "way": one.way, **rounded}


def criticality_rows(question: CriticalityQuestion, *, most_detours: int) -> dict[str, Any]:
    """Return every answer; of the detours only the worst."""
    county = question.county
    return {
        "hubs": [_place(one) for one in question.ways_out],
        "roads": [critical_row(one, county) for one in question.roads],
        "chains": [chain_row(one, county.network) for one in question.chains],
        "pairs": [pairs_row(one, county.network) for one in question.further_pairs],
        "detours": [detour_row(one, county) for one in question.detours[:most_detours]],
        "already_cut_off": [_cut(one, ()) for one in question.already],
    }


def criticality_features(question: CriticalityQuestion, *, most_detours: int) -> dict[str, Any]:
    """Return the roads of every answer as GeoJSON lines, `list` telling of which: critical, chain, pair or detour."""
    return {"type": "FeatureCollection", "features": list(_features(question, most_detours))}


def _features(question: CriticalityQuestion, most_detours: int) -> Iterator[dict[str, Any]]:
    county = question.county
    for one in question.roads:
        yield _feature(one.road, county, {"list": "critical", **_flat(critical_row(one, county))})
    for number, chain in enumerate(question.chains, start=1):
        for group, roads in enumerate(chain.groups, start=1):
            for road in roads:
                about = {"list": "chain", "chain": number, "group": group, "people": chain.people}
                yield _feature(road, county, {**road_facts(road, county), **about, "places": _names(chain.places)})
    for number, pairs in enumerate(question.further_pairs, start=1):
        for group, roads in enumerate((pairs.one, pairs.other), start=1):
            for road in roads:
                about = {"list": "pair", "pair": number, "group": group, "people": pairs.people}
                yield _feature(road, county, {**road_facts(road, county), **about, "places": _names(pairs.places)})
    for detour in question.detours[:most_detours]:
        row = detour_row(detour, county)
        yield _feature(detour.road, county, {"list": "detour", **row, "place": row["place"]["name"]})


def _names(places: Sequence[Place | PlaceCutOff]) -> str:
    return "、".join(one.name for one in places)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a critical road without values in values, as tables and GeoJSON readers want it."""
    counts = {f"places_{way}": count for way, count in row["counts"].items()}
    names = "、".join(one["name"] for one in row["places"])
    return {**{key: row[key] for key in row if key not in {"counts", "places"}}, **counts, "places": names}


def critical_table(question: CriticalityQuestion) -> list[dict[str, Any]]:
    """Return the critical roads as rows of a table, with one value a column."""
    return [_flat(critical_row(one, question.county)) for one in question.roads]


def _feature(road: int, county: County, properties: Mapping[str, Any]) -> dict[str, Any]:
    line = county.network.line_of(road).round(7).tolist()
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": line}, "properties": dict(properties)}
