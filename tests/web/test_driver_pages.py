"""The driver's pages by link: the pass and its states, a report, a needed stop, another device (story 5)."""

from __future__ import annotations

import io
import re

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from geodata.closures.register import list_closures
from geodata.store import transaction
from passes.audit.audit import run_audit
from passes.editions.withdrawal import withdraw_pass
from passes.messages.link_register import MOST_TRIES
from passes.reissue.renewal import renew_pass
from passes.reports.photo_register import PHOTOS
from passes.tracks.stop_register import list_needed_stops
from tests.issuing_office import office_of
from tests.pass_applications import DRIVER_ID, RIDER_ID
from tests.photo_files import SVG, a_noisy_picture, a_picture
from tests.road_world import issue_now, link_now, the_moment

VILLAGE_ROAD = "113.02,33.01"


@pytest.fixture
def record(small_site):
    return issue_now(small_site.store, small_site.county, small_site.key_file)


@pytest.fixture
def path(small_site, record):
    return f"/d/{link_now(small_site.store, record.number)}"


@pytest.fixture
def driver(client_of):
    return client_of("")


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def report(**changes):
    return {"position": VILLAGE_ROAD, "barrier": "earth_mound", "photo": (io.BytesIO(a_picture()), "p.jpg"), **changes}


def test_the_link_shows_what_the_pass_shows_and_no_more(driver, path, record):
    page = text_of(driver.get(path))
    for shown in (record.plate, record.number, "王*明", "宏达面粉接收点", "000-0001", "有效", "<svg"):
        assert shown in page
    for hidden in ("王小明", "李红", "13800000000", DRIVER_ID, DRIVER_ID[-4:] + "<", RIDER_ID, RIDER_ID[-4:] + "<"):
        assert hidden not in page


def test_the_link_speaks_english(driver, path):
    page = text_of(driver.get(f"{path}?lang=en"))
    assert "Open in Amap" in page
    assert not re.search("返回|请靠边", page)


def test_an_unknown_link_says_whom_to_ask(driver, path):
    for secret in ("a" * 24, "x", path[3:-1] + "~"):
        answer = driver.get(f"/d/{secret}")
        assert answer.status_code == 404
        assert "链接" in text_of(answer)


def test_a_new_link_ends_the_old_one(driver, small_site, path, record):
    link_now(small_site.store, record.number)
    assert driver.get(path).status_code == 404


def test_the_code_fills_the_screen(driver, path):
    page = text_of(driver.get(f"{path}/code"))
    assert "data-keep-awake" in page
    assert page.count("<svg") == 1


def test_the_route_goes_to_a_navigation_device(driver, path, record):
    answer = driver.get(f"{path}/route.gpx")
    assert answer.content_type.startswith("application/gpx+xml")
    assert text_of(answer).count("<trkpt") == len(record.route["geometry"])


def test_amap_is_a_plain_link(driver, path):
    page = text_of(driver.get(path))
    assert 'href="https://uri.amap.com/navigation?from=' in page
    assert 'href="amapuri://route/plan/?' in page


def test_a_withdrawn_pass_shows_no_code_and_what_to_do(driver, small_site, path, record):
    with transaction(small_site.store, writes=True) as connection:
        withdraw_pass(connection, record.number, reason="停运", at=the_moment())
    page = text_of(driver.get(path))
    assert "已作废" in page
    assert "请靠边停车" in page
    assert "/code" not in page
    assert driver.get(f"{path}/code").status_code == 303
    for action in ("report", "stop"):
        assert driver.post(f"{path}/{action}", data=report()).headers["Location"] == path
    with transaction(small_site.store, writes=False) as connection:
        assert list_closures(connection) == ()


def test_after_a_change_of_the_route_the_new_pass_is_fetched(driver, small_site, path, record):
    driver.get(path)
    with transaction(small_site.store, writes=True) as connection:
        office = office_of(connection, small_site.county)
        renewed = renew_pass(record.number, office, key_file=small_site.key_file, at=the_moment()).record
    assert renewed is not None
    page = text_of(driver.get(path))
    assert "线路已换" in page
    assert "领取新证" in page
    assert driver.post(f"{path}/fetch").status_code == 303
    assert "线路已换" not in text_of(driver.get(path))


def test_a_report_is_a_blockage_that_the_audit_finds(driver, small_site, path):
    answer = driver.post(f"{path}/report", data=report(), follow_redirects=True)
    assert "新路线从现在起绕开这里" in text_of(answer)
    with transaction(small_site.store, writes=False) as connection:
        (blockage,) = list_closures(connection)
        county = small_site.county
        found = run_audit(connection, county, at=the_moment()).findings
    assert (blockage.is_blockage_only, blockage.observations[0].source) == (True, "driver")
    assert [one.code for one in found] == ["K6", "K7"]
    digest = blockage.observations[0].photo
    photo = driver.get(f"{path}/photos/{digest}")
    assert (photo.status_code, photo.content_type) == (200, "image/jpeg")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"position": ""}, "请用定位，或在地图上点选"),
        ({"position": "那座桥"}, "position"),
        ({"position": "113.0243,33.01"}, "米"),
        ({"position": "113.2,33.01"}, "米"),
        ({"barrier": ""}, "请选择现场是什么"),
        ({"barrier": "height_bar"}, "barrier"),
        ({"photo": (io.BytesIO(SVG), "mound.jpg")}, "这个文件不是照片"),
        ({"photo": (io.BytesIO(a_picture()[:900]), "mound.jpg")}, "照片没有传完整"),
    ],
)
def test_a_wrong_report_is_told_beside_its_field_and_keeps_what_was_typed(driver, small_site, path, changes, said):
    driver.get(path)
    answer = driver.post(f"{path}/report", data=report(note="桥头第二根电杆", **changes))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "桥头第二根电杆" in text_of(answer)
    with transaction(small_site.store, writes=False) as connection:
        assert list_closures(connection) == ()


def test_a_place_far_from_any_road_is_asked_about_and_then_taken(driver, small_site, path):
    driver.get(path)
    first = driver.post(f"{path}/report", data=report(position="113.0243,33.01"))
    assert 'name="is_sure"' in text_of(first)
    again = driver.post(f"{path}/report", data=report(position="113.0243,33.01", is_sure="y"))
    assert again.status_code == 303


def test_a_photo_of_ten_megabytes_is_made_small(driver, small_site, path):
    sent = a_noisy_picture(3300)
    assert 9_500_000 < len(sent) < 12_000_000
    boundary, body = encode_multipart(report(photo=FileStorage(io.BytesIO(sent), "p.jpg")))
    kind = f"multipart/form-data; boundary={boundary}"
    assert driver.post(f"{path}/report", data=body, content_type=kind).status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        (kept,) = connection.execute(PHOTOS.select()).all()
    assert max(kept.width, kept.height) == 1600


def test_a_needed_stop_is_seen_by_those_on_duty(driver, client_of, small_site, path, record):
    answer = driver.post(f"{path}/stop", data={"kind": "breakdown", "position": VILLAGE_ROAD}, follow_redirects=True)
    assert "已通知值班" in text_of(answer)
    officer = client_of("T")
    assert record.plate in text_of(officer.get("/stops"))
    with transaction(small_site.store, writes=False) as connection:
        (stop,) = list_needed_stops(connection)
    officer.post(f"/stops/{stop.id}")
    with transaction(small_site.store, writes=False) as connection:
        assert list_needed_stops(connection)[0].handled_by == "t"


def test_a_second_device_sees_the_pass_but_must_show_that_it_belongs_to_the_truck(client_of, path, record):
    first, second = client_of(""), client_of("")
    first.get(path)
    assert record.plate in text_of(second.get(path))
    asked = second.post(f"{path}/report", data=report())
    assert asked.headers["Location"].endswith("/device?goal=report_road")
    wrong = second.post(f"{path}/device?goal=report_road", data={"tail": "0000"})
    assert (wrong.status_code, "后四位不对" in text_of(wrong)) == (422, True)
    right = second.post(f"{path}/device?goal=report_road", data={"tail": RIDER_ID[-4:]})
    assert right.headers["Location"].endswith("/report")
    assert second.post(f"{path}/report", data=report()).status_code == 303
    assert first.get(f"{path}/report").status_code == 200


def test_wrong_last_fours_are_few(client_of, path):
    first, second = client_of(""), client_of("")
    first.get(path)
    for _ in range(MOST_TRIES):
        assert second.post(f"{path}/device", data={"tail": "0000"}).status_code == 422
    locked = second.post(f"{path}/device", data={"tail": RIDER_ID[-4:]})
    assert (locked.status_code, "输错次数太多" in text_of(locked)) == (422, True)


def test_a_photo_is_nobody_elses(driver, client_of, small_site, path):
    driver.post(f"{path}/report", data=report())
    with transaction(small_site.store, writes=False) as connection:
        digest = list_closures(connection)[0].observations[0].photo
    assert client_of("").get(f"{path}/photos/{digest}").status_code == 404
    statuses = {role: client_of(role).get(f"/photos/{digest}").status_code for role in ("T", "S", "HQ", "TW", "C", "E")}
    assert statuses == {"T": 200, "S": 200, "HQ": 200, "TW": 404, "C": 404, "E": 403}


def test_the_link_is_made_by_the_office_and_by_the_firm_itself(client_of, driver, record):
    page = text_of(client_of("T").post(f"/links/{record.number}"))
    (path,) = set(re.findall(r"/d/[\w-]{24}", page))
    assert driver.get(path).status_code == 200
    assert client_of("E").get(f"/links/{record.number}").status_code == 200


def test_a_firm_makes_no_link_of_anothers_pass(client_of, small_site):
    other = issue_now(
        small_site.store, small_site.county, small_site.key_file, enterprise="顺通物流", vehicle={"plate": "豫R34567"}
    )
    assert client_of("E").post(f"/links/{other.number}").status_code == 404


def test_anybody_may_scan_the_code_and_sees_no_person(driver, record):
    page = text_of(driver.get("/V/" + record.url.rpartition("/")[2]))
    assert "放行" in page
    assert record.plate in page
    assert "王*明" not in page


def test_a_code_with_one_digit_changed_is_red_for_anybody(driver, record):
    digits = record.url.rpartition("/")[2]
    broken = digits[:-5] + str((int(digits[-5]) + 1) % 10) + digits[-4:]
    page = text_of(driver.get(f"/V/{broken}"))
    assert 'data-verdict="red"' in page
    assert record.plate not in page
