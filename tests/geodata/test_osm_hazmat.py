"""Hazardous goods: what tags of ways and barriers refuse, and that the network keeps it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geodata.hazardous_goods import ALL_GOODS, GOODS_BIT, bits_of_load, bits_of_tunnel, names_of_bits
from geodata.network import load_network, save_network
from geodata.osm.barriers import read_barrier
from geodata.osm.hazmat import refused_goods, unknown_hazmat
from tests.osm_world import World, codes


def refused(**tags: str) -> tuple[str, ...]:
    return names_of_bits(refused_goods({key.replace("__", ":"): value for key, value in tags.items()}))


@pytest.mark.parametrize(
    ("tags", "kinds"),
    [
        ({}, ()),
        ({"hazmat": "no"}, tuple(GOODS_BIT)),
        ({"hazmat": "designated"}, ()),
        ({"hazmat": "destination"}, ()),
        ({"hazmat__water": "no"}, ("water",)),
        ({"hazmat__water": "permissive"}, ()),
        ({"hazmat__explosive": "no"}, ("explosive",)),
        ({"hazmat__B": "no"}, ("B",)),
        ({"hazmat__D": "no"}, ("B", "C", "D")),
        ({"hazmat__A": "no"}, tuple(GOODS_BIT)),
        ({"hazmat__adr_tunnel_cat": "C"}, ("B", "C")),
        ({"hazmat__adr_tunnel_cat": "A"}, ()),
        ({"hazmat__tunnel_cat": "e"}, ("B", "C", "D", "E")),
        ({"hazmat": "no", "hazmat__E": "yes"}, ("B", "C", "D", "other", "explosive", "water")),
        ({"hazmat": "no", "hazmat__water": "yes", "hazmat__D": "no"}, ("B", "C", "D", "E", "other", "explosive")),
    ],
)
def test_tags_refuse_what_their_sign_says(tags, kinds):
    assert refused(**tags) == kinds


def test_a_tag_for_one_direction_counts_there_alone():
    tags = {"hazmat:forward": "no"}
    assert [refused_goods(tags, suffix=suffix) for suffix in (":forward", ":backward")] == [ALL_GOODS, 0]


@pytest.mark.parametrize(("category", "kinds"), [("A", ""), ("B", "B"), ("C", "BC"), ("D", "BCD"), ("E", "BCDE")])
def test_a_tunnel_refuses_its_own_code_and_every_more_dangerous_one(category, kinds):
    assert "".join(names_of_bits(bits_of_tunnel(category))) == kinds


def test_a_load_of_unknown_kind_counts_as_the_most_dangerous():
    for category in "BCDE":
        assert bits_of_load(["unknown"], where="") & bits_of_tunnel(category)
    assert not bits_of_load(["unknown"], where="") & GOODS_BIT["water"]
    assert not bits_of_load([], where="") & ALL_GOODS


@pytest.mark.parametrize("tags", [{"hazmat": "sometimes"}, {"hazmat:E:backward": "x"}, {"hazmat:adr_tunnel_cat": "F"}])
def test_a_value_that_is_not_understood_is_named_and_refuses_nothing(tags):
    assert unknown_hazmat(tags) == "=".join(next(iter(tags.items())))
    assert refused_goods(tags, suffix=":backward") == 0


def test_a_barrier_may_stop_hazardous_goods_alone():
    barrier = read_barrier({"barrier": "lift_gate", "hazmat": "no"})
    assert (barrier.cuts, barrier.limits_somebody, barrier.refused_goods) == (False, True, ALL_GOODS)


def test_an_import_keeps_what_ways_and_barriers_refuse(tmp_path):
    world = World().way(1, "abc", {"hazmat:forward": "no"}).way(2, "cde", {"tunnel": "yes", "hazmat:E": "no"})
    world.way(3, "ehm", hazmat="perhaps").node("h", barrier="gate", hazmat="no")
    built, tally = world.build(tmp_path)
    network = built.network
    kept = {str(road_id): bits for road_id, bits in zip(network.road_id, network.refused_goods.tolist(), strict=True)}
    assert kept["w1-1"] == [ALL_GOODS, 0]
    assert kept["w2-1"] == [bits_of_tunnel("E")] * 2
    assert sorted(bits for road, bits in kept.items() if road.startswith("w3")) == [[0, 0], [ALL_GOODS] * 2]
    assert codes(tally.dropped)["hazmat-unreadable"] == 1


def test_a_network_file_keeps_refused_goods_and_an_older_one_has_none(tmp_path):
    plain = World().way(1, "abc").build(tmp_path)[0].network
    signed = replace(plain, refused_goods=np.full((plain.road_count, 2), ALL_GOODS, dtype=np.uint8))
    assert signed.digest != plain.digest
    save_network(signed, tmp_path / "signed.npz")
    assert load_network(tmp_path / "signed.npz").digest == signed.digest
    with np.load(tmp_path / "signed.npz") as stored:
        np.savez(tmp_path / "old.npz", **{name: stored[name] for name in stored.files if name != "refused_goods"})
    old = load_network(tmp_path / "old.npz")
    assert old.digest == plain.digest
    assert old.refused_goods.shape == (plain.road_count, 2)
