"""Weights of the usual vehicles are filled in once a county, kept with it, and read back the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
from geodata.network import Network
from routing.engine import Ask, Engine
from routing.hierarchy import weight_pool
from routing.hierarchy.hierarchy import hierarchy_of
from routing.metric import build_metric
from tests.networks import Road, make_network, on_road
from web.kept_weights import ready_weights

NETWORK = make_network([Road("a", "A", "B"), Road("b", "B", "C"), Road("c", "C", "A"), Road("d", "C", "D")])
CAR = DEFAULT_VEHICLES["car"]


def ready(folder, *, speeds_kmh=DEFAULT_SPEEDS_KMH) -> Network:
    """Open the same roads anew, the weights of a car ready."""
    network = replace(NETWORK)
    hierarchy = hierarchy_of(network)
    ready_weights(hierarchy, hierarchy.shared(build_metric(network, CAR, speeds_kmh=speeds_kmh)), [folder])
    return network


def no_filling(monkeypatch) -> None:
    monkeypatch.setattr(weight_pool, "fill_in", lambda *_: pytest.fail("filled in again"))


def duration_s(network: Network, *closed: int) -> float:
    closings = [Closing("x", road, Direction.BOTH, 0.0, float(network.length_m[road])) for road in closed]
    engine = Engine(network, speeds_kmh=DEFAULT_SPEEDS_KMH, closings=closings)
    ask = Ask(on_road(network, "a", 0), on_road(network, "d", 50), CAR, datetime(2022, 6, 22, tzinfo=UTC))
    return engine.route(ask).duration_s


def test_a_restart_fills_in_nothing_and_answers_the_same(tmp_path, monkeypatch):
    first = ready(tmp_path)
    expected = [duration_s(first), duration_s(first, 2)]
    no_filling(monkeypatch)
    second = ready(tmp_path)
    assert [duration_s(second), duration_s(second, 2)] == expected
    assert expected[0] < expected[1]


def test_closing_roads_changes_no_kept_file(tmp_path, monkeypatch):
    ready(tmp_path)
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*.npy")}
    again = ready(tmp_path)
    duration_s(again, 2)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.npy")} == kept


def test_damaged_weights_are_filled_in_and_kept_anew(tmp_path):
    expected = duration_s(ready(tmp_path))
    (path,) = tmp_path.glob("*/weight.npy")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert duration_s(ready(tmp_path)) == expected
    assert path.read_bytes() == whole


def test_other_speeds_have_weights_of_their_own(tmp_path):
    ready(tmp_path)
    ready(tmp_path, speeds_kmh=dict.fromkeys(DEFAULT_SPEEDS_KMH, 20.0))
    assert len(list(tmp_path.iterdir())) == 2
