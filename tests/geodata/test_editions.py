"""Editions of a map: kept whole, brought into use file by file, completed where somebody pulled the plug."""

from __future__ import annotations

import json
import shutil
from types import MappingProxyType

import pytest

from geodata.county import NETWORK_FILE, PLACES_FILE, REPORT_FILE
from geodata.editions import (
    bring_into_use,
    edition_in_use,
    follow_register,
    keep_edition_in_use,
    list_editions,
    new_edition,
)
from geodata.errors import BadInputError, SurroundingsError
from geodata.map_edition_register import edition_name, register_edition, set_register_edition
from geodata.network import load_network, save_network
from geodata.place_updates import update_places
from geodata.places import Place, Places
from geodata.store import transaction
from tests.map_editions import newer, older


def report(folder, network):
    (folder / REPORT_FILE).write_text(json.dumps({"network_digest": network.digest}), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """A county of the older map, with the newer one beside."""
    save_network(older(), tmp_path / NETWORK_FILE)
    report(tmp_path, older())
    with new_edition(tmp_path, edition_name(newer().digest)) as beside:
        save_network(newer(), beside / NETWORK_FILE)
        report(beside, newer())
    return tmp_path


def digest_in_use(folder):
    return load_network(folder / NETWORK_FILE).digest


def test_an_edition_is_kept_whole_or_not_at_all(folder):
    with pytest.raises(SurroundingsError, match="disk-write-failed"), new_edition(folder, "a" * 12) as beside:
        shutil.copyfile(folder / "no such file", beside / NETWORK_FILE)
    assert list_editions(folder) == (edition_name(newer().digest),)


def test_bringing_an_edition_into_use_may_be_repeated(folder):
    for _ in range(2):
        bring_into_use(folder, edition_name(newer().digest))
        assert (digest_in_use(folder), edition_in_use(folder)) == (newer().digest, edition_name(newer().digest))
    with pytest.raises(BadInputError, match="edition-unknown"):
        bring_into_use(folder, "0" * 12)


def test_files_that_were_half_swapped_follow_the_register(folder):
    kept = folder / "editions" / edition_name(newer().digest)
    shutil.copyfile(kept / NETWORK_FILE, folder / NETWORK_FILE)
    assert follow_register(folder, edition_name(newer().digest))
    assert edition_in_use(folder) == edition_name(newer().digest)
    assert not follow_register(folder, edition_name(newer().digest))
    assert not follow_register(folder, "")


def test_a_register_on_a_map_that_is_not_kept_is_told(folder):
    with pytest.raises(SurroundingsError, match="county-of-another-edition"):
        follow_register(folder, "0" * 12)
    assert digest_in_use(folder) == older().digest


def test_places_in_use_are_added_to_and_never_replaced(folder):
    def place(name, key):
        return {"type": "Feature", "properties": {"id": key, "name": name}, "geometry": None}

    for path, rows in (
        (folder, [place("县里改的", "p")]),
        (folder / "editions" / edition_name(newer().digest), [place("旧", "p"), place("新", "q")]),
    ):
        (path / PLACES_FILE).write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    bring_into_use(folder, edition_name(newer().digest))
    found = json.loads((folder / PLACES_FILE).read_text(encoding="utf-8"))["features"]
    assert [one["properties"]["name"] for one in found] == ["县里改的", "新"]


def test_the_register_says_which_edition_it_is_on(store):
    with transaction(store, writes=True) as connection:
        assert register_edition(connection) == ""
        for network in (newer(), older()):
            set_register_edition(connection, network.digest)
            assert register_edition(connection) == edition_name(network.digest)


def test_the_edition_in_use_is_kept_with_its_files(small_county):
    report(small_county.folder, small_county.network)
    name = keep_edition_in_use(small_county)
    assert list_editions(small_county.folder) == (name,)
    assert load_network(small_county.folder / "editions" / name / NETWORK_FILE).digest == small_county.network.digest


def places(*some):
    return Places(MappingProxyType({one.id: one for one in some}))


def test_a_newer_map_adds_places_and_moves_none():
    own = places(Place("v", "后庄", "village", 113.0, 33.0, population=800.0))
    found = places(
        Place("v", "后庄村", "village", 113.01, 33.0),
        Place("n7", "后庄", "village", 113.003, 33.0),
        Place("h", "医院", "hospital", 113.0, 33.02),
    )
    fit = update_places(own, found, older(), newer())
    assert (sorted(fit.places.by_id), fit.added) == (["h", "v"], 1)
    assert fit.places.by_id["v"] == own.by_id["v"]


def test_places_that_lie_farther_from_the_roads_are_told():
    own = places(Place("g", "孤村", "village", 113.01, 33.06), Place("s", "近村", "village", 113.01, 33.08))
    (row,) = update_places(own, places(), older(), newer()).farther
    assert (row["id"], row["before_m"], row["is_too_far"]) == ("g", 0, True)
    assert row["distance_m"] > 2000
