"""A hub inside an area gets a designated way to a hub outside and back; what closes it is told (L12, K11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.closures.register import import_closures
from geodata.places import Place, Places
from geodata.store import transaction
from geodata.windows import Window
from passes.audit.audit import run_audit
from passes.consequence.channel_register import list_channels
from tests.closure_cases import HQ, closed, says
from tests.closure_desks import ask


@pytest.fixture
def planner(client_of, small_site):
    """Return the planner's client in a county with a station inside its area."""
    places = small_site.county.places.by_id
    station = Place("station", "北站", "hub", 113.02, 33.04)
    small_site.county.__dict__["places"] = Places({**places, "station": station})
    return client_of("P")


def close(site, *roads):
    at = site.now()
    window = Window(at.replace(year=at.year - 1), at.replace(year=at.year + 1))
    with transaction(site.store, writes=True) as connection:
        for road in roads:
            decision = says(HQ, at=window.start)
            closure = replace(closed(road, id=f"z-{road}", decisions=[decision]), window=window)
            import_closures(connection, [closure], at)


def found(site):
    with transaction(site.store, writes=False) as connection:
        return [one for one in run_audit(connection, site.county, at=site.now()).findings if one.code == "K11"]


def page_of(client):
    return client.get("/planner/channels?lang=en").text


def test_a_hub_without_one_is_shown_with_a_proposal(planner):
    page = page_of(planner)
    assert "none designated yet" in page
    assert "Proposed" in page
    assert "东入县口" in page


def test_a_designated_channel_is_watched_and_k11_names_what_closes_it(planner, small_site):
    assert planner.post("/planner/channels/hubs/station").status_code == 303
    assert "channel open" in page_of(planner)
    assert found(small_site) == []
    close(small_site, "n1")
    (finding,) = found(small_site)
    assert (finding.subject, finding.facts["closures"], finding.facts["road"]) == ("station", ["z-n1"], "n1")
    assert "interrupted" in page_of(planner)


def test_another_way_is_proposed_where_the_designated_one_is_broken(planner, small_site):
    planner.post("/planner/channels/hubs/station")
    with transaction(small_site.store, writes=False) as connection:
        (channel,) = list_channels(connection)
    inner = {leg.road_id for leg in channel.legs} & {"c1", "c3"}
    close(small_site, *inner)
    assert found(small_site)[0].facts["cure"] == "designate-another"
    planner.post("/planner/channels/hubs/station")
    assert found(small_site) == []


def test_a_channel_that_is_given_up_does_not_count(planner, small_site):
    planner.post("/planner/channels/hubs/station")
    assert planner.post("/planner/channels/1/end").status_code == 303
    close(small_site, "c1")
    assert found(small_site) == []
    assert planner.post("/planner/channels/7/end").status_code == 422


def test_nothing_is_designated_where_there_is_no_way(planner, small_site):
    close(small_site, "c1", "c3")
    assert planner.post("/planner/channels/hubs/station").status_code == 422
    assert planner.post("/planner/channels/hubs/nowhere").status_code == 422
    assert found(small_site)[0].facts["cure"] == "reopen-channel"


def test_a_request_that_breaks_the_designated_channel_says_so(planner, client_of):
    planner.post("/planner/channels/hubs/station")
    with transaction(planner.application.extensions["baotong"].current().store, writes=False) as connection:
        (channel,) = list_channels(connection)
    road = next(leg.road_id for leg in channel.legs if leg.road_id in {"c1", "c3"})
    looked = client_of("TW").post("/township/request?lang=en", data={**ask(roads=road), "action": "look"}).text
    assert "loses its green channel" in looked


def test_the_county_map_draws_it_and_its_list_says_what_stops_it_to_those_with_an_account(
    planner, small_site, client_of
):
    planner.post("/planner/channels/hubs/station")
    assert '"kind": "channel",' in client_of("T").get("/map?lang=en").text
    close(small_site, "n1")
    page = client_of("T").get("/map?lang=en").text
    assert '"kind": "channel_interrupted",' in page
    row = page.split('data-map-row="channel-1"')[1].partition("</li>")[0]
    assert "Green channel, interrupted" in row
    assert "z-n1" in row.split("stopped by")[1]
    assert "channel-1" not in client_of("").get("/map?lang=en").text


def test_a_request_counts_no_channel_as_open_that_is_interrupted_already(planner, small_site, client_of):
    planner.post("/planner/channels/hubs/station")
    with transaction(small_site.store, writes=False) as connection:
        (channel,) = list_channels(connection)
    township, road = client_of("TW"), next(leg.road_id for leg in channel.legs if leg.road_id in {"c1", "c3"})
    asked = {**ask(roads="v1"), "action": "look"}
    assert "green channels stay open" in township.post("/township/request?lang=en", data=asked).text
    close(small_site, road)
    assert "green channels stay open" not in township.post("/township/request?lang=en", data=asked).text
