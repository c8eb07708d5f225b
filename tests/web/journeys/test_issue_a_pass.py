"""Story 1 in a browser: a firm applies, an officer issues, the printed pass scans; and everything that goes wrong."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from geodata.county import PLACES_FILE, open_county
from tests.browser_fixtures import ServedSite, check_page, leave_out_maps, press
from tests.web.journeys.desk_steps import clock, code_on_paper, fill_person, fill_trip, send
from tests.web.journeys.road_steps import newest_pass

#: An enclosed firm whose receiving point is taken away, and one whose roads are all closed.
WITHOUT_POINT, CUT_OFF = "e02", "e03"
FAR = "410423 鲁山"


def _without_receiving_point(folder, firm):
    path = folder / PLACES_FILE
    places = json.loads(path.read_text(encoding="utf-8"))
    places["features"] = [one for one in places["features"] if one["properties"].get("owner") != firm]
    path.write_text(json.dumps(places, ensure_ascii=False), encoding="utf-8")


def _ring_of(folder, firm):
    """Write a closure of every road that leads away from a firm's receiving point."""
    county = open_county(folder)
    (point,) = county.places.receiving_points_of(county.places.by_id[firm])
    network = county.network
    road = county.road_index.snap(point.lon, point.lat, usable=np.ones(network.road_count, bool), where="").road
    near = np.isin(network.ends, network.ends[road]).any(axis=1)
    properties = {
        "id": "ring-1",
        "road_ids": [str(one) for one in network.road_id[near]],
        "direction": "both",
        "barrier": "movable",
        "start": "2022-06-01T00:00:00+08:00",
        "requested_by": "演练",
        "decisions": [
            {
                "authority": "epidemic_hq",
                "decision": "approved",
                "form": "written",
                "document_no": "1号",
                "decided_at": "2022-05-31T00:00:00+08:00",
            }
        ],
    }
    feature = {"type": "Feature", "geometry": None, "properties": properties}
    path = folder.parent / "ring.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def site(demo_run, serve_county, tmp_path_factory):
    """The demo county, served, with one firm without receiving point and one cut off."""
    folder, key_file, accounts = demo_run
    copy = tmp_path_factory.mktemp("issue") / "demo"
    shutil.copytree(folder, copy)
    _without_receiving_point(copy, WITHOUT_POINT)
    here = ServedSite("", copy, key_file, accounts)
    done = here.run("closures", "import", str(_ring_of(copy, CUT_OFF)), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return serve_county(copy, key_file=key_file, accounts=accounts)


@pytest.fixture(scope="module")
def own(site):
    """Return a truck of the firm whose dispatcher signs in."""
    firms = json.loads((site.folder / "whitelist.json").read_text(encoding="utf-8"))["enterprises"]
    firm = next(one for one in firms if one["id"] == "e01")
    return next(one["plate"] for one in firm["vehicles"] if one["link"] == "own")


@pytest.fixture
def page(open_page):
    """A page on a desk, without maps: they are looked at in test_every_page.py and test_map.py."""
    page = open_page()
    leave_out_maps(page)
    return page


def name_of(site, firm):
    return site.county.places.by_id[firm].name


def begin(site, page, plate, *, destination="e01", sampled_at=""):
    """Open the form as the firm's dispatcher and fill it in for one driver."""
    site.sign_in(page, "e")
    page.goto(f"{site.url}/firm/apply")
    fill_trip(site, page, plate=plate, origin=FAR, destination=name_of(site, destination))
    fill_person(page, 0, 0, role="driver", sampled_at=sampled_at or clock(site, hours=-10))


def test_from_the_form_to_the_printed_pass(site, page, own):
    begin(site, page, own, sampled_at=clock(site, hours=-47.5))
    page.locator("#entry_point").select_option("entry-lushan")
    page.locator("#depart_at").fill(clock(site, minutes=10))
    page.get_by_role("button", name="增加一人").click()
    fill_person(page, 1, 40, role="rider", sampled_at=clock(site, hours=-10))
    send(page)
    page.get_by_text("已提交").wait_for()
    check_page(page)

    site.sign_in(page, "t")
    page.goto(f"{site.url}/transport")
    row = page.get_by_role("row").filter(has_text=own).filter(has_text="鲁山")
    press(row.get_by_role("link"))
    page.locator(".stops").get_by_text("采样", exact=True).wait_for()
    assert page.get_by_text("途中补采样").count() == 1
    check_page(page)
    press(page.get_by_role("button", name="核发", exact=True))
    page.get_by_text("已核发。").wait_for()
    check_page(page)

    record = newest_pass(site)
    assert (record.plate, len(record.crew)) == (own, 2)
    press(page.get_by_role("link", name="打印 A4 通行证"))
    page.locator(".a4").wait_for()
    check_page(page)
    assert code_on_paper(page) == record.url


def test_the_first_button_issues_every_clean_one(site, page):
    site.sign_in(page, "t")
    page.goto(f"{site.url}/transport")
    button = page.get_by_role("button", name="一并核发")
    count = int("".join(letter for letter in button.inner_text() if letter.isdigit()))
    assert count > 3
    press(button)
    page.get_by_role("heading", name=f"已核发 {count} 件").wait_for()
    check_page(page)
    press(page.get_by_role("link", name="返回申请列表"))
    assert page.get_by_role("button", name="一并核发").count() == 0
    page.get_by_text("一次答复这 3 件").click()
    page.locator("details[open] textarea").fill("请重新采样后提交。")
    press(page.locator("details[open]").get_by_role("button", name="退回补正"))
    page.get_by_text("已退回补正 3 件").wait_for()


@pytest.mark.parametrize(
    ("since", "said"), [({"hours": -48, "seconds": -1}, "到期"), ({"hours": 1}, "还没到")], ids=["a second", "future"]
)
def test_a_test_too_old_by_a_second_or_in_the_future_is_refused_beside_it(site, page, own, since, said):
    begin(site, page, own, sampled_at=clock(site, **since))
    send(page)
    page.locator("#crew-0-sampled_at-error").get_by_text(said).wait_for()
    assert page.locator("#goods").input_value() == "面粉"
    check_page(page)


def test_a_firm_without_receiving_point_is_told_to_define_it(site, page, own):
    begin(site, page, own, destination=WITHOUT_POINT)
    send(page)
    page.locator(".wrong").get_by_text("固定接收点").first.wait_for()


def test_no_route_names_the_closure_that_cuts_it(site, page, own):
    begin(site, page, own, destination=CUT_OFF)
    send(page)
    page.locator(".wrong").get_by_text("ring-1").first.wait_for()
    press(page.get_by_role("button", name="仍然提交"))
    page.get_by_text("已提交").wait_for()
    site.sign_in(page, "t")
    page.goto(f"{site.url}/transport")
    page.get_by_role("heading", name="没有可通的路").wait_for()


def test_a_firm_removed_while_the_form_is_open_is_refused_at_save(site, page, own, tmp_path):
    begin(site, page, own)
    name = name_of(site, "e01")
    for status, reason in (("removed", "整改中"), ("active", "")):
        listed = tmp_path / f"{status}.csv"
        listed.write_text(f"id,enterprise,status,reason\ne01,{name},{status},{reason}\n", encoding="utf-8")
        assert site.run("whitelist", "import", str(listed)).returncode == 0
        send(page)
        if status == "removed":
            page.locator(".wrong").get_by_text("整改中").first.wait_for()
            assert page.get_by_role("button", name="仍然提交").count() == 0
    page.get_by_text("已提交").wait_for()


def test_a_firm_that_left_the_whitelist_has_its_passes_answered_for(site, open_page, tmp_path):
    record = newest_pass(site)
    listed = tmp_path / "removed.csv"
    firm = f"{record.firm},{record.enterprise},removed,未落实措施\n"
    listed.write_text(f"id,enterprise,status,reason\n{firm}", encoding="utf-8")
    assert site.run("whitelist", "import", str(listed)).returncode == 0
    page = site.sign_in(open_page(), "t")
    page.goto(f"{site.url}/transport/reviews")
    press(page.get_by_role("link", name=record.enterprise))
    page.get_by_text(record.number).first.wait_for()
    check_page(page)
    page.get_by_label("全部保留").check()
    page.get_by_label("原因").fill("在途，到达后处理")
    press(page.get_by_role("button", name="答复"))
    page.get_by_text("复核完成").wait_for()
    check_page(page)
