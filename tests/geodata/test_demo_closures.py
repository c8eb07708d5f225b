"""Closures of the demo county: the audit finds exactly what was planted, and nothing is cut off."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

import numpy as np
import pytest

from geodata.closures.closure import Closure
from geodata.closures.files import read_closure_features
from geodata.closures.rules import cases_of, findings_of
from geodata.closures.states import closings_of
from geodata.demo.closures import CHECKS, PLANTED, demo_closures
from passes.audit.traffic_rules import closed_road_is_empty
from routing.engine import Engine
from tests.demo_world import AT, the_index, the_places, the_roads, the_settings


@lru_cache(maxsize=1)
def the_closures() -> tuple[Closure, ...]:
    features = demo_closures(the_roads().network, at=AT)
    return read_closure_features(features, the_index(), the_settings(), where="closures.geojson")


def found(after_h: float) -> dict[str, tuple[str, ...]]:
    at = AT + timedelta(hours=after_h)
    cases = list(cases_of(the_closures(), the_settings(), the_roads().network, at))
    findings = [one for case in cases for one in (*findings_of(case), closed_road_is_empty(case, ())) if one]
    return {check: tuple(sorted(one.subject for one in findings if one.code == check)) for check in CHECKS}


@pytest.mark.parametrize("after_h", [0, 3, 24, 72])
def test_the_audit_finds_exactly_what_is_planted(after_h: float) -> None:
    assert found(after_h) == dict(PLANTED)


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_has_something_planted(check: str) -> None:
    assert PLANTED[check]


def test_planted_ids_exist_and_lawful_ones_are_not_among_them() -> None:
    ids = {closure.id for closure in the_closures()}
    planted = {one for subjects in PLANTED.values() for one in subjects}
    assert planted <= ids
    assert {one for one in ids if one.startswith("demo-lawful")} == ids - planted


def test_lawful_closures_show_what_the_law_allows() -> None:
    lawful = [closure for closure in the_closures() if closure.id.startswith("demo-lawful")]
    assert {decision.form for closure in lawful for decision in closure.decisions} == {"written", "oral"}
    assert {closure.cause for closure in lawful} >= {"epidemic", "works", "flood"}
    assert {closure.pass_holders for closure in lawful} == {"stopped", "let_through"}
    assert any(closure.window is not None and closure.window.start > AT for closure in lawful)
    assert {span.direction.value for closure in lawful for span in closure.extent} >= {"both", "forward"}


def test_some_closures_cover_part_of_a_road() -> None:
    lengths = the_roads().network.length_m
    index = the_roads().network.road_index
    spans = [span for closure in the_closures() for span in closure.extent]
    assert any(span.to_m - span.from_m < lengths[index[span.road_id]] * 0.9 for span in spans)


def test_windows_move_with_the_build_moment() -> None:
    later = demo_closures(the_roads().network, at=AT + timedelta(days=1))
    first = demo_closures(the_roads().network, at=AT)
    assert [one["geometry"] for one in later] == [one["geometry"] for one in first]
    assert all(
        one["properties"]["start"] < other["properties"]["start"]
        for one, other in zip(first, later, strict=True)
        if "start" in one["properties"]
    )


@pytest.mark.parametrize("holder", ["public", "pass"])
def test_no_place_is_cut_off_by_the_closures(holder: str) -> None:
    settings, network = the_settings(), the_roads().network
    closings = closings_of(the_closures(), settings, network)
    truck = settings.vehicles["truck"]
    engine = Engine(network, speeds_kmh=settings.speeds_kmh, closings=closings)
    usable = engine.usable_roads(truck)
    places = [place for place in the_places() if not place.name.endswith(("(入)", "(出)"))]
    points = [the_index().snap(place.lon, place.lat, usable=usable) for place in places]
    hub = [points[[place.id for place in places].index("hub-fangcheng")]]
    out = engine.matrix(hub, points, vehicle=truck, depart_at=AT, holder=holder).duration_s
    back = engine.matrix(points, hub, vehicle=truck, depart_at=AT, holder=holder).duration_s
    assert np.isfinite(out).all()
    assert np.isfinite(back).all()
    assert out.max() < 2 * 3600
