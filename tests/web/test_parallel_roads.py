"""A line between two roads that run side by side: the form asks which one is meant, and takes the answer."""

import json
from dataclasses import replace

import pytest

from geodata.closures.register import list_closures
from geodata.county import NETWORK_FILE, open_county
from geodata.network import save_network
from geodata.road_classes import RoadClass
from geodata.store import transaction
from tests.closure_desks import ask, hidden
from tests.conftest import JUNCTIONS, ROADS, distance_m, write_small_county
from tests.networks import Road, make_network

BETWEEN = {"type": "LineString", "coordinates": [[113.02002, 33.019], [113.02004, 33.01], [113.02002, 33.001]]}


@pytest.fixture
def small_county(tmp_path):
    """The small county with a second village road close beside the first."""
    folder = write_small_county(tmp_path / "twins")
    roads = [Road(name, a, b, distance_m(JUNCTIONS[a], JUNCTIONS[b]), kind, ref=ref) for name, a, b, kind, ref in ROADS]
    first = next(one for one in roads if one.id == "v1")
    twin = replace(first, id="v2", bend=((113.02008, 33.01),), road_class=RoadClass.VILLAGE)
    save_network(make_network([*roads, twin], JUNCTIONS), folder / NETWORK_FILE)
    return open_county(folder)


def test_a_line_between_two_roads_asks_which_and_closes_the_one_that_is_named(client_of, small_site):
    township = client_of("TW")
    filled = ask(roads="", line=json.dumps(BETWEEN), action="look")
    asked = township.post("/township/request", data=filled)
    assert asked.status_code == 422
    assert "是哪一条" in asked.text
    assert all(f'name="meant" type="radio" value="{road}"' in asked.text for road in ("v1", "v2"))
    looked = township.post("/township/request", data={**filled, "meant": "v2"})
    assert looked.status_code == 200
    assert "没有人被断路" in looked.text
    sent = {**filled, "meant": "v2", "action": "send", "looked": hidden(looked.data, "looked")}
    assert township.post("/township/request", data=sent).status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        (closure,) = list_closures(connection)
    assert {span.road_id for span in closure.extent} == {"v2"}
