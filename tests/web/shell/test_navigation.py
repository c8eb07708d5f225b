"""The bar at the top of a page: daily work stands by itself, the rest in menus, and the page one is on is marked."""

from __future__ import annotations

import re

import pytest
from flask_babel import LazyString

from web.shell.navigation import Entry, Group, sections_of

MENU = Group(LazyString(str, "menu"), 20)


def entry(endpoint: str, order: int, group: Group | None = None) -> Entry:
    return Entry(endpoint, LazyString(str, endpoint), LazyString(str, ""), order, group)


def bar_of(client, path: str) -> str:
    return re.search(r"<nav.*?</nav>", client.get(path).text, re.DOTALL).group()


def test_places_of_one_group_stand_in_one_menu_at_the_order_of_the_group():
    first, inside, also, last = entry("a", 10), entry("b", 90, MENU), entry("c", 91, MENU), entry("d", 30)
    sections = sections_of([first, last, inside, also])
    assert [one.entries for one in sections] == [(first,), (inside, also), (last,)]
    assert [one.group for one in sections] == [None, MENU, None]


def test_a_menu_of_one_place_is_that_place():
    assert [one.group for one in sections_of([entry("a", 10, MENU)])] == [None]


@pytest.mark.parametrize(("role", "path"), [("T", "/transport"), ("S", "/supervision"), ("HQ", "/headquarters")])
def test_the_morning_work_stands_first_and_outside_every_menu(client_of, role, path):
    bar = bar_of(client_of(role), path)
    assert re.search(r'<a href="[^"]*"', bar).group() == f'<a href="{path}"'
    assert bar.index(f'href="{path}"') < bar.index("<details")


def test_the_page_one_is_on_is_marked_and_its_menu_names_it(client_of):
    bar = bar_of(client_of("T"), "/transport/messages?lang=en")
    assert '<summary aria-current="true">To follow up<span class="where">Messages to drivers</span></summary>' in bar
    assert re.findall(r'href="([^"]*)" aria-current="page"', bar) == ["/transport/messages"]


def test_a_page_below_a_place_belongs_to_it(client_of):
    bar = bar_of(client_of("P"), "/planner/new")
    assert re.findall(r'href="([^"]*)" aria-current="true"', bar) == ["/planner"]


def test_no_role_has_more_than_eight_items_in_its_bar(client_of):
    for role in ("T", "E", "C", "P", "TW", "HQ", "S"):
        bar = bar_of(client_of(role), "/")
        assert (
            len(re.findall("<summary", bar))
            + len(re.findall("<a ", re.sub(r"<details.*?</details>", "", bar, flags=re.DOTALL)))
            <= 8
        )
