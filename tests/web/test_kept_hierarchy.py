"""The shape of route search is computed once a county, kept with it, and read back the same."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import platformdirs
import pytest

from geodata.county import County
from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
from geodata.network import TurnRestriction
from routing.hierarchy import hierarchy as module
from routing.hierarchy.hierarchy import hierarchy_of
from routing.turns import turn_search
from routing.turns.turn_search import turn_search_of
from tests.networks import Road, make_network
from web import kept_hierarchy
from web.kept_hierarchy import FOLDER, ready_hierarchy, ready_turns

SETTINGS = SimpleNamespace(vehicles=DEFAULT_VEHICLES, speeds_kmh=DEFAULT_SPEEDS_KMH)
NETWORK = make_network([Road("a", "A", "B"), Road("b", "B", "C"), Road("c", "C", "A"), Road("d", "C", "D")])


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))


def county_at(folder) -> County:
    county = County(folder, settings=SETTINGS)
    county.__dict__["network"] = replace(NETWORK)  # the same roads, opened anew
    return county


def test_the_second_start_reads_what_the_first_computed(tmp_path, monkeypatch):
    first, second = county_at(tmp_path), county_at(tmp_path)
    ready_hierarchy(first)
    monkeypatch.setattr(module, "build_topology", lambda *_: pytest.fail("computed again"))
    ready_hierarchy(second)
    for one, other in zip(hierarchy_of(first.network).topology, hierarchy_of(second.network).topology, strict=True):
        assert np.array_equal(one, other)
        assert one.dtype == other.dtype


def test_the_shape_of_turns_is_kept_beside_it_and_read_back(tmp_path, monkeypatch):
    first, second = county_at(tmp_path), county_at(tmp_path)
    ready_hierarchy(first)
    ready_turns(first)
    assert len(list((tmp_path / FOLDER).iterdir())) == 2
    monkeypatch.setattr(turn_search, "build_topology", lambda *_: pytest.fail("computed again"))
    ready_turns(second)
    pairs = zip(*(turn_search_of(one.network).hierarchy.topology for one in (first, second)), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


def test_other_restrictions_may_need_another_shape_of_turns(tmp_path):
    via = TurnRestriction("no_left_turn", (0,), (1,), (3,), -1)
    other = county_at(tmp_path)
    other.__dict__["network"] = replace(NETWORK, turn_restrictions=(via,))
    keys = [turn_search_of(one.network).topology_key for one in (county_at(tmp_path), other)]
    assert keys[0] != keys[1]


def test_a_county_that_cannot_be_written_to_is_kept_in_the_users_cache(tmp_path, monkeypatch):
    (tmp_path / FOLDER).write_text("in the way")
    ready_hierarchy(county_at(tmp_path))
    monkeypatch.setattr(module, "build_topology", lambda *_: pytest.fail("computed again"))
    again = county_at(tmp_path)
    ready_hierarchy(again)
    assert hierarchy_of(again.network).is_ready


def test_where_nothing_can_be_kept_it_is_computed_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(kept_hierarchy, "_folders", lambda _: (tmp_path / "file" / "a", tmp_path / "file" / "b"))
    county = county_at(tmp_path)
    ready_hierarchy(county)
    assert hierarchy_of(county.network).topology.edge_count == 4


def test_damaged_files_are_computed_and_kept_anew(tmp_path):
    ready_hierarchy(county_at(tmp_path))
    kept = next((tmp_path / FOLDER).iterdir())
    (kept / "head.npy").write_bytes(b"nothing")
    county = county_at(tmp_path)
    ready_hierarchy(county)
    assert hierarchy_of(county.network).topology.edge_count == 4
    assert (kept / "head.npy").stat().st_size > 100
