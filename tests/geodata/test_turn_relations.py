"""Turn restriction relations mapped onto roads; what does not fit is counted."""

from __future__ import annotations

import pytest

from geodata.network import TurnRestriction
from geodata.osm.turn_relations import _kinds
from tests.osm_world import World, codes


def cross() -> World:
    """Four arms round g: b north (1), f west (2), h east (3), l south (4)."""
    return World().way(1, "bg").way(2, "fg").way(3, "gh").way(4, "gl")


def mapped(world: World, folder):
    built, tally = world.build(folder)
    return built.network, built.network.turn_restrictions, codes(tally.dropped)


def named(network, roads):
    return [str(network.road_id[road]) for road in roads]


def test_a_restriction_via_a_node_names_its_roads_and_junction(tmp_path):
    network, (one,), _ = mapped(cross().relation(9, "from=w1 via=ng to=w3", restriction="no_left_turn"), tmp_path)
    assert (named(network, one.from_roads), named(network, one.to_roads)) == (["w1-1"], ["w3-1"])
    assert network.junction_id[one.via_junction] == 7
    assert (one.kind, one.via_roads, one.exempt, one.condition) == ("no_left_turn", (), (), "")


def test_only_restrictions_and_exceptions_are_kept_as_mapped(tmp_path):
    world = cross().relation(9, "from=w1 via=ng to=w4", restriction="only_straight_on", **{"except": "psv;bicycle"})
    _, (one,), _ = mapped(world, tmp_path)
    assert (one.kind, one.exempt) == ("only_straight_on", ("psv", "bicycle"))


def test_the_piece_that_touches_the_junction_is_taken(tmp_path):
    world = World().way(1, "abg").way(5, "bc").way(3, "gh")
    world.relation(9, "from=w1 via=ng to=w3", restriction="no_left_turn")
    network, (one,), _ = mapped(world, tmp_path)
    assert named(network, one.from_roads) == ["w1-2"]


def test_a_restriction_via_ways_holds_every_piece_in_order(tmp_path):
    world = World().way(1, "ab").way(2, "bcd").way(3, "de").way(4, "ch")
    world.relation(9, "from=w1 via=w2 to=w3", restriction="no_u_turn")
    network, (one,), _ = mapped(world, tmp_path)
    assert (named(network, one.via_roads), one.via_junction) == (["w2-1", "w2-2"], -1)


def test_a_restriction_for_trucks_exempts_cars(tmp_path):
    world = cross().relation(9, "from=w1 via=ng to=w3", **{"restriction:hgv": "no_left_turn"})
    _, (one,), _ = mapped(world, tmp_path)
    assert (one.kind, one.exempt) == ("no_left_turn", ("motorcar",))


def test_two_conditional_rules_of_one_relation_are_two_restrictions():
    found = _kinds({"restriction:conditional": "no_left_turn @ (07:00-09:00; 16:00-18:00); no_u_turn @ weight>7.5"})
    assert found == [("no_left_turn", (), "(07:00-09:00; 16:00-18:00)"), ("no_u_turn", (), "weight>7.5")]


def test_hours_in_the_old_form_are_a_condition():
    old = {"day_on": "Monday", "day_off": "Friday", "hour_on": "07:00", "hour_off": "09:00"}
    assert _kinds({"restriction": "no_left_turn", **old}) == [("no_left_turn", (), "Mo-Fr 07:00-09:00")]
    assert _kinds({"restriction": "no_left_turn", "hour_on": "07:00"}) == [("no_left_turn", (), "")]


def test_a_conditional_restriction_keeps_its_condition(tmp_path):
    tags = {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}
    _, (one,), _ = mapped(cross().relation(9, "from=w1 via=ng to=w3", **tags), tmp_path)
    assert (one.kind, one.condition) == ("no_left_turn", "(Mo-Fr 07:00-09:00)")


def test_no_entry_may_come_from_several_ways(tmp_path):
    _, (one,), _ = mapped(
        cross().relation(9, "from=w1 from=w2 via=ng to=w3", restriction="no_entry"),
        tmp_path,
    )
    assert len(one.from_roads) == 2


@pytest.mark.parametrize(
    ("members", "tags", "code"),
    [
        ("from=w1 to=w3", {"restriction": "no_left_turn"}, "restriction-incomplete"),
        ("via=ng to=w3", {"restriction": "no_left_turn"}, "restriction-incomplete"),
        ("from=w1 via=ng to=w77", {"restriction": "no_left_turn"}, "restriction-on-no-road"),
        ("from=w1 via=nc to=w3", {"restriction": "no_left_turn"}, "restriction-via-no-junction"),
        ("from=w1 via=ng to=w3", {"restriction": "no_parking"}, "restriction-kind-unknown"),
        ("from=w1 via=ng to=w3", {"restriction:bicycle": "no_left_turn"}, "restriction-for-others"),
        ("from=w5 via=ng to=w3", {"restriction": "no_left_turn"}, "restriction-ambiguous"),
        ("from=w1 via=ng to=w6", {"restriction": "no_left_turn"}, "restriction-without-effect"),
    ],
)
def test_what_cannot_be_mapped_is_dropped_with_its_reason(tmp_path, members, tags, code):
    world = cross().way(5, "kgo").way(6, "mg", oneway="yes").relation(9, members, **tags)
    _, restrictions, dropped = mapped(world, tmp_path)
    assert restrictions == ()
    assert dropped == {code: 1}


def test_restrictions_survive_saving(tmp_path):
    from geodata.network import load_network, save_network

    tags = {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00 | PH)"}
    network, restrictions, _ = mapped(cross().relation(9, "from=w1 via=ng to=w3", **tags), tmp_path)
    save_network(network, tmp_path / "network.npz")
    assert load_network(tmp_path / "network.npz").turn_restrictions == restrictions
    assert isinstance(restrictions[0], TurnRestriction)
