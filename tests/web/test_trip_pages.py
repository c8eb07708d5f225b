"""The driver's trip by link: positions by JSON, the receipt by code, the certificate, and what T and E see (story 11)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from geodata.store import transaction
from passes.editions.pass_register import COMPLETED, find_pass
from passes.loop.place_code_register import make_code
from passes.tracks.burst_register import positions_of
from passes.tracks.track_burst import LARGEST_BYTES
from tests.road_world import issue_now, link_now, the_moment
from tests.track_driving import drive, spot
from tests.trip_driving import document, points_of
from web.session import now

DOCK = "113.02,33.04"


@pytest.fixture
def record(small_site):
    return issue_now(small_site.store, small_site.county, small_site.key_file)


@pytest.fixture
def path(small_site, record):
    return f"/d/{link_now(small_site.store, record.number)}"


@pytest.fixture
def driver(client_of, path):
    client = client_of("")
    client.get(path)
    return client


@pytest.fixture
def code(small_site):
    with transaction(small_site.store, writes=True) as connection:
        return make_code(connection, "dock", by="e", at=the_moment())


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def a_drive(*, ago: float = 3.0):
    """A drive from the clinic to the dock that ends now."""
    return points_of(drive(spot("A"), spot("C"), start=the_moment() - timedelta(minutes=ago)))


def send(driver, path, points, **changes):
    return driver.post(f"{path}/track", json=document(points, sent_at=now(), **changes))


def arrive(driver, path, code, **changes):
    return driver.post(f"{path}/arrive", data={"code": code, "position": DOCK, **changes})


def test_bursts_are_taken_once_and_answered_clearly(driver, path, small_site, record):
    points = a_drive()
    first, again = send(driver, path, points), send(driver, path, [*points[4:], {"seq": 99}])
    assert first.json == {"ok": True, "taken": len(points), "known": 0, "refused": [], "clock_off_s": 0}
    assert (again.json["taken"], again.json["known"]) == (0, len(points) - 4)
    assert again.json["refused"] == [{"seq": 99, "code": "point-unusable", "text": "轨迹点的数值不可用"}]
    with transaction(small_site.store, writes=False) as connection:
        assert len(positions_of(connection, record.number)) == len(points)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "burst-not-an-object"),
        (b"[]", 422, "burst-not-an-object"),
        (b"[" * 100_000, 422, "burst-not-an-object"),
        (b" " * 10_000_000, 413, "burst-too-large"),
        (b'{"track": "12345678"}', 422, "burst-without-points"),
    ],
)
def test_a_body_that_cannot_be_is_refused_with_its_reason(driver, path, body, status, code):
    answer = driver.post(f"{path}/track?lang=en", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert answer.json["error"]["remedy"]
    assert LARGEST_BYTES < 10_000_000


def test_only_the_device_of_the_driver_sends(client_of, driver, path):
    assert send(client_of(""), path, a_drive()).status_code == 403
    assert send(driver, "/d/" + "a" * 24, a_drive()).status_code == 404


def test_the_page_says_what_is_kept_and_how_long(driver, path):
    page = text_of(driver.get(f"{path}/trip"))
    for said in ("开始记录", "14 天后删除", "30 秒", "扫码"):
        assert said in page


def test_the_page_says_from_when_a_phone_forgets_the_trip(driver, path, record, code):
    def told():
        return int(re.search(r'data-forget-at="(\d+)"', text_of(driver.get(f"{path}/trip")))[1])

    kept = timedelta(days=14)
    assert told() == int((record.expires_at + kept).timestamp())
    arrive(driver, path, code)
    assert abs(told() - (the_moment() + kept).timestamp()) < 60


def test_another_device_must_know_the_crew(client_of, driver, path):
    answer = client_of("").get(f"{path}/trip")
    assert (answer.status_code, "device?goal=trip" in answer.location) == (303, True)


def test_a_kept_trip_takes_a_certificate_home_that_everybody_verifies(
    driver, client_of, path, code, record, small_site
):
    send(driver, path, a_drive())
    assert arrive(driver, path, f"https://pass.example/R/{code}").status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        assert find_pass(connection, record.number).state == COMPLETED
    page = text_of(driver.get(f"{path}/trip"))
    assert "领取闭环行程证明" in page
    assert driver.post(f"{path}/certificate").status_code == 303
    shown = text_of(driver.get(f"{path}/certificate"))
    assert "<svg" in shown
    url = re.search(r'href="(https?://[^"]+/L/\d+)"', shown, re.IGNORECASE)[1]
    checked = text_of(client_of("").get("/L/" + url.rpartition("/")[2]))
    assert 'data-verdict="green"' in checked
    assert record.plate in checked
    officer = text_of(client_of("T").get(f"/transport/passes/{record.number}/trip"))
    assert "全程在线路内" in officer


def test_a_trip_that_cannot_be_told_has_the_reason_and_no_certificate(driver, path, code):
    arrive(driver, path, code)
    page = text_of(driver.get(f"{path}/trip?lang=en"))
    assert "nobody can tell" in page
    assert "Take the certificate home" not in page
    assert driver.post(f"{path}/certificate").location.endswith("/trip")
    assert driver.get(f"{path}/certificate").status_code == 303


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": ""}, "请扫接收点的码"),
        ({"code": "A" * 24}, "已更换或不存在"),
        ({"code": "https://x/V/1"}, "不是接收点的码"),
        ({"position": "113.02,33.02"}, "2.2 公里"),
    ],
)
def test_a_wrong_receipt_stays_on_the_page_with_its_reason(driver, path, code, changes, said):
    answer = arrive(driver, path, **{"code": code, **changes})
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_position_that_cannot_be_read_was_not_told(driver, path, code):
    assert arrive(driver, path, code, position="here").status_code == 303


def test_a_code_of_the_phones_own_camera_leads_to_the_trip(driver, client_of, path, code):
    driver.get(f"{path}/trip")
    assert f"/d/at/{code}" in text_of(driver.get(f"/R/{code}"))
    assert driver.get(f"/d/at/{code}").location == f"{path}/trip?code={code}"
    assert client_of("").get(f"/d/at/{code}").status_code == 404
    assert client_of("").get("/R/" + "A" * 24).status_code == 404


def test_what_is_no_certificate_is_red(client_of, record):
    client = client_of("")
    for digits in ("1", "0" * 20, record.url.rpartition("/")[2], "x"):
        assert 'data-verdict="red"' in text_of(client.get(f"/L/{digits}"))


def test_a_firm_prints_the_codes_of_its_own_receiving_points(client_of, small_site):
    firm = client_of("E")
    assert "宏达面粉接收点" in text_of(firm.get("/receiving-points"))
    assert "<svg" not in text_of(firm.get("/receiving-points/dock")).partition("<main")[2]
    firm.post("/receiving-points/dock")
    first = text_of(firm.get("/receiving-points/dock"))
    firm.post("/receiving-points/dock")
    assert "<svg" in first.partition("<main")[2]
    assert text_of(firm.get("/receiving-points/dock")) != first
    assert firm.get("/receiving-points/park").status_code == 404


def test_a_left_trip_says_where_and_when_to_driver_and_officer(driver, client_of, path, code, record):
    begin = the_moment() - timedelta(minutes=6)
    points = points_of(drive(spot("A"), spot("A", "B", 0.4), spot("A"), spot("C"), start=begin))
    send(driver, path, points)
    arrive(driver, path, code)
    for page in (driver.get(f"{path}/trip"), client_of("T").get(f"/transport/passes/{record.number}/trip")):
        assert re.search(r"\d\d:\d\d</time> 偏离线路 [12]\.\d 公里", text_of(page))


def test_the_trace_names_the_receiver_and_where_the_track_was(driver, client_of, path, code, record):
    send(driver, path, a_drive())
    arrive(driver, path, code)
    page = text_of(client_of("T").get(f"/transport/passes/{record.number}/trace"))
    for said in ("扫码签收", "宏达面粉接收点", "车次结束", "经过或停靠"):
        assert said in page
