"""An enclosed firm without a receiving point: the refusal leads to where it is defined, and then the trip is clean."""

from __future__ import annotations

import pytest

from geodata.county import open_county
from geodata.places import PlaceKind


@pytest.fixture
def officer(client_of):
    return client_of("T")


def define(client, **changes):
    data = {"name": "宏达面粉东门", "position": "113.0195,33.0402", **changes}
    return client.post("/receiving-points/of/firm", data=data)


def points_of(site):
    county = open_county(site.county.folder)
    return {one.name: one for one in county.places.of_kind(PlaceKind.RECEIVING_POINT)}


def test_an_officer_defines_the_receiving_point_of_a_firm(officer, small_site):
    page = officer.get("/receiving-points/of/firm").get_data(as_text=True)
    assert ("宏达面粉" in page, "已有" in page) == (True, True)
    assert define(officer).status_code == 303
    found = points_of(small_site)["宏达面粉东门"]
    assert (found.owner, found.lon, found.lat) == ("firm", 113.0195, 33.0402)
    assert define(officer, name="西门").status_code == 303
    assert len({one.id for one in points_of(small_site).values()}) == 3


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"position": ""}, {"position": "somewhere"}, {"position": "120.0,30.0"}]
)
def test_a_point_that_cannot_be_is_refused_beside_its_field(officer, small_site, changes):
    before = points_of(small_site)
    assert define(officer, **changes).status_code == 422
    assert points_of(small_site) == before


def test_only_the_firm_itself_and_the_office_define_it(client_of, officer, small_site):
    assert client_of("E").get("/receiving-points/of/clinic").status_code == 404
    assert officer.get("/receiving-points/of/clinic").status_code == 404
    assert client_of("C").get("/receiving-points/of/firm").status_code == 403


def test_the_refusal_links_to_where_the_point_is_defined(small_app):
    from flask import render_template_string

    from geodata.findings import Finding

    finding = Finding("receiving-point-missing", "L19", "firm", {"enterprise": "firm", "name": "宏达面粉"})
    text = "{% from 'transport/pass_parts.html' import findings_of %}{{ findings_of(found) }}"
    with small_app.test_request_context():
        shown = render_template_string(text, found=[finding])
    assert 'href="/receiving-points/of/firm"' in shown
