"""A consequence as JSON-ready values: what a plan keeps and a page shows; times in UTC, minutes to a tenth."""

from __future__ import annotations

from typing import Any

from geodata.windows import format_instant
from passes.consequence.foresee import Consequence
from passes.consequence.green_channels import Channel
from passes.consequence.hit_passes import HitPass
from passes.consequence.settlements import BeforeAfter, Minutes, PlaceCutOff


def _tenth(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)


def _place(place: PlaceCutOff) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "kind": str(place.kind),
        "township": place.township,
        "population": None if place.population is None else round(place.population),
        "way": place.way,
        "lon": place.lon,
        "lat": place.lat,
    }


def _minutes(minutes: Minutes) -> dict[str, Any]:
    return {
        "median": _tenth(minutes.median),
        "worst": _tenth(minutes.worst),
        "without": minutes.without,
        "worst_place": minutes.worst_place,
    }


def _both(minutes: BeforeAfter) -> dict[str, Any]:
    return {
        "before": _minutes(minutes.before),
        "after": _minutes(minutes.after),
        "most_added": _tenth(minutes.most_added),
        "most_added_place": minutes.most_added_place,
    }


def _hit(hit: HitPass) -> dict[str, Any]:
    return {
        "jti": hit.jti,
        "number": hit.number,
        "plate": hit.plate,
        "enterprise": hit.enterprise,
        "depart_at": format_instant(hit.depart_at),
        "first_at": format_instant(hit.first_at),
        "last_at": format_instant(hit.last_at),
        "added_min": _tenth(hit.added_min),
        "unroutable": hit.before_s is not None and hit.after_s is None,
    }


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "hub": channel.hub,
        "name": channel.name,
        "area": channel.area,
        "area_name": channel.area_name,
        "to": channel.to,
        "before_min": _tenth(channel.before_min),
        "after_min": _tenth(channel.after_min),
        "broken": channel.is_broken,
    }


def consequence_summary(found: Consequence) -> dict[str, Any]:
    """Return a consequence as JSON-ready values."""
    return {
        "at": format_instant(found.at),
        "until": None if found.until is None else format_instant(found.until),
        "people_cut_off": found.people_cut_off,
        "population_unknown": found.population_unknown,
        "places_cut_off": [_place(one) for one in found.places_cut_off],
        "already_cut_off": [_place(one) for one in found.already_cut_off],
        "hospital_minutes": _both(found.hospital_minutes),
        "fire_minutes": _both(found.fire_minutes),
        "passes_hit": [_hit(one) for one in found.passes_hit],
        "unroutable_passes": [one.number for one in found.unroutable_passes],
        "added_minutes": {"median": _tenth(found.added_minutes.median), "worst": _tenth(found.added_minutes.worst)},
        "channels": [_channel(one) for one in found.channels],
        "channels_broken": [one.hub for one in found.channels_broken],
        "softer": [{"code": one.code, "closure": one.closure, "facts": dict(one.facts)} for one in found.softer],
    }
