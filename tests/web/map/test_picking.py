"""Roads picked and shapes drawn on the map in a real browser: the choice stands in the form field, and is read out."""

from __future__ import annotations

import json
import threading

import pytest
from flask import Blueprint, render_template_string
from werkzeug.serving import make_server

from tests.browser_fixtures import check_page, tap_at, wait_until_drawable
from web.app import create_app
from web.shell.access import allow_all

FORM = """
{% extends "shell/page.html" %}
{% from "map/map.html" import county_map %}
{% block title %}Form{% endblock %}
{% block content %}<h1>Form</h1><form>{{ county_map(id="m", pick=pick, field="choice", height="short") }}
<label for="choice">Choice</label><textarea id="choice" name="choice">{{ value }}</textarea></form>{% endblock %}
"""


@pytest.fixture
def open_form(small_site, open_page):
    """Return a function that opens a form with a map that picks something, on a desk."""
    app = create_app(small_site)
    forms = Blueprint("forms", __name__)

    @forms.get("/forms/<pick>/<path:value>")
    @allow_all
    def form(pick: str, value: str) -> str:
        return render_template_string(FORM, pick=pick, value="" if value == "-" else value)

    app.register_blueprint(forms)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def open_one(pick: str, value: str = "-"):
        page = open_page(lang="en")
        page.goto(f"http://127.0.0.1:{server.server_port}/forms/{pick}/{value}?lang=en")
        page.wait_for_selector(".county-map.is-ready")
        if pick != "roads":
            wait_until_drawable(page)
        return page

    yield open_one
    server.shutdown()
    thread.join()


def look_at(page, lon, lat, zoom):
    """Move the map and wait until it is drawn."""
    page.evaluate(
        "([lon, lat, zoom]) => new Promise((done) => { const map = document.querySelector('.county-map').countyMap;"
        " map.once('idle', () => done(null)); map.jumpTo({ center: [lon, lat], zoom }); map.triggerRepaint(); })",
        [lon, lat, zoom],
    )


def tap(page, lon, lat):
    """Tap a position of the map."""
    x, y = page.evaluate(
        "([lon, lat]) => { const map = document.querySelector('.county-map').countyMap;"
        " const box = map.getCanvas().getBoundingClientRect(); const spot = map.project([lon, lat]);"
        " return [box.x + spot.x, box.y + spot.y]; }",
        [lon, lat],
    )
    tap_at(page, x, y)


def choice(page):
    return page.locator("#choice").input_value()


def wait_for_choice(page, text):
    page.wait_for_function("text => document.querySelector('#choice').value === text", arg=text)


def test_a_tap_picks_a_road_and_a_second_one_takes_it_out(open_form):
    page = open_form("roads")
    look_at(page, 113.035, 33.02, 13)
    tap(page, 113.035, 33.02)
    wait_for_choice(page, "n2")
    tap(page, 113.06, 33.02)
    wait_for_choice(page, "n2\nn1")
    page.get_by_text("2 picked").wait_for()
    page.wait_for_function("() => document.querySelectorAll('.county-map-picked li').length === 2")
    tap(page, 113.035, 33.02)
    wait_for_choice(page, "n1")
    check_page(page)


def test_from_afar_a_tap_comes_closer_instead_of_guessing(open_form):
    page = open_form("roads")
    look_at(page, 113.035, 33.02, 10)
    tap(page, 113.035, 33.02)
    page.wait_for_function("() => document.querySelector('.county-map').countyMap.getZoom() > 12")
    assert choice(page) == ""


def test_a_road_is_found_by_its_number_and_added_without_touching_the_map(open_form):
    page = open_form("roads")
    page.locator("#m-search").fill("g999")
    page.locator(".county-map-found li").nth(1).wait_for()
    page.locator(".county-map-found button", has_text="Add").first.press("Enter")
    page.locator(".county-map-picked li").wait_for()
    assert choice(page) in {"n1", "n2"}
    page.locator(".county-map-picked button", has_text="Remove").press("Enter")
    wait_for_choice(page, "")


def test_what_the_field_holds_is_picked_and_typing_counts(open_form):
    page = open_form("roads", "c1,c2")
    page.locator(".county-map-picked li").nth(1).wait_for()
    page.locator("#choice").fill("c3\nno-such-road")
    page.locator("#choice").blur()
    wait_for_choice(page, "c3\nno-such-road")
    page.wait_for_function("() => document.querySelectorAll('.county-map-picked li').length === 2")
    page.locator(".county-map-picked", has_text="no-such-road").wait_for()


def test_an_area_is_drawn_and_drawn_anew(open_form):
    page = open_form("area")
    look_at(page, 113.04, 33.02, 11)
    corners = [(113.0, 33.0), (113.08, 33.0), (113.08, 33.05)]
    for corner in [*corners, corners[0]]:
        tap(page, *corner)
    page.wait_for_function("() => document.querySelector('#choice').value !== ''")
    drawn = json.loads(choice(page))
    assert drawn["type"] == "Polygon"
    assert drawn["coordinates"][0][0] == drawn["coordinates"][0][-1]
    assert {(round(lon, 2), round(lat, 2)) for lon, lat in drawn["coordinates"][0]} == set(corners)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "() => document.querySelector('.county-map').countyMap.getPaintProperty('land', 'background-color') === '#161d22'"
    )
    page.wait_for_function(
        "() => document.querySelector('.county-map').countyMap.querySourceFeatures('td-polygon').length > 0"
    )
    page.locator(".county-map-redraw").click()
    wait_for_choice(page, "")
    check_page(page)


def test_a_point_is_put_and_moved_by_another_tap(open_form):
    page = open_form("point")
    look_at(page, 113.04, 33.02, 11)
    for lon in (113.02, 113.05):
        tap(page, lon, 33.02)
        page.wait_for_function("lon => document.querySelector('#choice').value.startsWith(lon)", arg=f"{lon:.2f}")
    assert page.evaluate("document.querySelector('#choice').value.split(',').length") == 2


def test_a_typed_point_is_shown_and_can_still_be_moved(open_form):
    page = open_form("point", "113.02,33.02")
    page.wait_for_function("() => document.querySelector('.county-map').countyMap.getZoom() > 14")
    page.locator("#choice").fill("113.05,33.02")
    page.locator("#choice").blur()
    page.wait_for_function(
        "() => Math.abs(document.querySelector('.county-map').countyMap.getCenter().lng - 113.05) < 0.001"
    )
    page.wait_for_function("() => !document.querySelector('.county-map').countyMap.isMoving()")
    tap(page, 113.051, 33.021)
    page.wait_for_function("() => document.querySelector('#choice').value.startsWith('113.051')")


def test_without_scripts_the_field_is_a_plain_one(open_form):
    page = open_form("roads")
    without = page.context.browser.new_context(java_script_enabled=False).new_page()
    without.goto(page.url)
    assert without.locator(".county-map-missing").is_visible()
    without.locator("#choice").fill("n1")
    assert without.locator("#choice").input_value() == "n1"
    without.context.close()
