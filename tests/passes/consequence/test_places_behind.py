"""What lies behind each of many closures, every one looked at by itself."""

from geodata.closures.states import closings_of
from passes.consequence.places_behind import places_behind
from routing.engine import Engine
from tests.closure_cases import HQ, NOON, blocked, closed, hours, says, sees, settings


def behind(county, *closures, registered=()):
    closings = closings_of(registered, county.settings, county.network)
    engine = Engine(county.network, speeds_kmh=settings().speeds_kmh, closings=closings)
    found = places_behind(closures, county, engine, at=NOON)
    return {key: [(place.name, place.way) for place in places] for key, places in found.items()}


def test_each_closure_is_looked_at_by_itself(small_county):
    found = behind(small_county, closed("c1", id="one"), closed("c2", id="two"), closed("v1", id="three"))
    assert found == {"one": [], "two": [], "three": [("后庄村", "both")]}


def test_what_the_register_closes_elsewhere_counts_as_it_is(small_county):
    other = closed("c3", id="other", decisions=[says(HQ)])
    assert behind(small_county, closed("c1", id="one"))["one"] == []
    names = {name for name, _ in behind(small_county, closed("c1", id="one"), registered=[other])["one"]}
    assert names == {"宏达面粉"}


def test_a_blockage_that_closes_already_answers_for_what_it_cuts_off(small_county):
    mound = blocked("v1", observations=[sees("blocked", hours(1), "inspection")])
    assert behind(small_county, mound, registered=[mound]) == {"b1": [("后庄村", "both")]}
