"""Story 6 on pages: headquarters approves, the driver sees both lines and takes the new pass, the guard hands it over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from geodata.store import transaction
from passes.editions.pass_register import find_pass
from passes.editions.status_register import status_of
from passes.keyring.key_register import open_key_ring
from passes.reissue.reissue_register import list_reissues
from passes.reissue.signing_again import sign_again
from passes.reissue.switch import take_edition
from passes.verifying.status_list import Status
from tests.closure_desks import decide, hidden, local, send_request
from tests.road_world import issue_now, link_now, the_moment
from web.jobs.reissue_clock import keep_reissues


@pytest.fixture
def record(small_site):
    depart_at = (the_moment() + timedelta(hours=1)).isoformat()
    return issue_now(small_site.store, small_site.county, small_site.key_file, depart_at=depart_at)


@pytest.fixture
def path(small_site, record):
    return f"/d/{link_now(small_site.store, record.number)}"


def close(client_of, *roads, **changes):
    """Have a closure asked for and approved; its number."""
    times = {"start": local(0.5), "end": local(30), **changes}
    number = send_request(client_of("TW"), roads="\n".join(roads), **times)
    assert decide(client_of("HQ"), number, **times).status_code == 303
    return number


def newest(small_site, record):
    with transaction(small_site.store, writes=False) as connection:
        return find_pass(connection, record.number)


def text_of(answer):
    return answer.get_data(as_text=True)


def verdict_in(page):
    return re.search(r'data-verdict="(\w+)"', page)[1]


def test_the_driver_sees_both_lines_and_takes_the_new_pass(client_of, small_site, record, path):
    driver = client_of("")
    assert record.number in text_of(driver.get(path))
    close(client_of, "c1")
    assert keep_reissues(small_site) == 1
    page = driver.get(path)
    for shown in ("新线路", "原线路", "G999", "请先停到安全处", "old_route"):
        assert shown in text_of(page)
    assert newest(small_site, record).jti == record.jti
    assert driver.post(f"{path}/take", data={"seen": hidden(page.data, "seen")}).status_code == 303
    assert newest(small_site, record).jti == f"{record.number}-2"
    assert "<svg" in text_of(driver.get(path))
    assert keep_reissues(small_site) == 0


@pytest.mark.parametrize(
    ("roads", "said"), [(("c1",), "领取新证"), (("c1", "c3"), "尚无其他线路")], ids=["new", "no way"]
)
def test_the_page_of_the_old_code_says_itself_when_its_road_is_closed(client_of, small_site, record, path, roads, said):
    driver = client_of("")
    assert "data-shown-from" not in text_of(driver.get(path))
    close(client_of, *roads)
    keep_reissues(small_site)
    (row,) = rows_of(small_site)
    for page in (driver.get(f"{path}?old=1"), driver.get(f"{path}/code")):
        assert f'data-shown-from="{int(row.closes_at.timestamp())}" hidden' in text_of(page)
        assert said in text_of(page)


def rows_of(small_site):
    with transaction(small_site.store, writes=False) as connection:
        return list_reissues(connection)


def test_another_device_sees_the_new_route_but_takes_nothing(client_of, small_site, record, path):
    client_of("").get(path)
    close(client_of, "c1")
    keep_reissues(small_site)
    stranger = client_of("")
    seen = hidden(stranger.get(path).data, "seen")
    assert "/device" in stranger.post(f"{path}/take", data={"seen": seen}).headers["Location"]
    assert newest(small_site, record).jti == record.jti


def what_is_told(driver, page):
    """What the stream that a page listens to says at once."""
    address = re.search(r'data-job="([^"]*news[^"]*)"', text_of(page))[1]
    return text_of(driver.get(address.replace("&amp;", "&")))


def test_the_open_page_is_told(client_of, small_site, record, path):
    driver = client_of("")
    page = driver.get(path)
    close(client_of, "c1")
    keep_reissues(small_site)
    assert "event: job" in what_is_told(driver, page)


@pytest.mark.parametrize("takes", [True, False], ids=["new", "old"])
def test_a_page_that_shows_how_it_stands_is_told_nothing(client_of, small_site, record, path, takes, monkeypatch):
    monkeypatch.setattr("web.jobs.events.LONGEST_S", 0.0)
    driver = client_of("")
    close(client_of, "c1")
    keep_reissues(small_site)
    page = driver.get(path)
    if takes:
        driver.post(f"{path}/take", data={"seen": hidden(page.data, "seen")})
    assert "event: job" not in what_is_told(driver, driver.get(path if takes else f"{path}?old=1"))


def test_a_guard_hands_the_new_pass_over(client_of, small_site, record):
    close(client_of, "c1")
    keep_reissues(small_site)
    guard = client_of("C")
    page = guard.post("/checkpoint/check", data={"text": record.url})
    assert "启用新证并显示新码" in text_of(page)
    seen = re.search(r'name="seen" value="([0-9-]+)"', text_of(page))[1]
    assert guard.post(f"/checkpoint/hand-over/{record.number}", data={"seen": seen}).status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        (row,) = list_reissues(connection)
    assert (row.state, row.delivered_by) == ("outgoing", "checkpoint")
    again = text_of(guard.post("/checkpoint/check", data={"text": record.url}))
    assert verdict_in(again) == verdict_in(text_of(page))  # the road is open yet: the old code is as good as before
    assert "司机已拿到新证" in again


def test_once_the_road_is_closed_a_guard_is_told_of_the_new_pass_that_nobody_took(
    client_of, small_site, record, monkeypatch
):
    close(client_of, "c1")
    monkeypatch.setattr("web.site.now", lambda: the_moment() + timedelta(minutes=40))
    assert keep_reissues(small_site) == 2
    with transaction(small_site.store, writes=False) as connection:
        (row,) = list_reissues(connection)
        assert (row.state, status_of(connection, record.jti)) == ("outgoing", Status.VALID)
    guard = client_of("C")
    page = text_of(guard.post("/checkpoint/check", data={"text": record.url}))
    assert verdict_in(page) == "amber"
    assert "司机已拿到新证" in page
    guard.post(f"/checkpoint/hand-over/{record.number}", data={"seen": row.next_jti})
    with transaction(small_site.store, writes=False) as connection:
        assert status_of(connection, record.jti) is Status.REPLACED


def test_the_office_sees_the_split_and_chooses_what_to_do_without_a_way(client_of, small_site, record):
    number = close(client_of, "c1", "c3")
    keep_reissues(small_site)
    office = client_of("T")
    assert number in text_of(office.get("/transport/reissues"))
    page = text_of(office.get(f"/transport/reissues/{number}?part=no_route"))
    for shown in (record.plate, "到中转站接驳", "等待道路恢复", "请指挥部准许通过"):
        assert shown in page
    assert record.plate not in text_of(office.get(f"/transport/reissues/{number}?part=past"))
    back = f"/transport/reissues/{number}"
    done = office.post(f"/transport/reissue-options/{record.jti}", data={"option": "wait", "back": back})
    assert done.headers["Location"] == back
    with transaction(small_site.store, writes=False) as connection:
        assert [(one.option, one.option_by) for one in list_reissues(connection)] == [("wait", "t")]


def test_closures_that_hit_nobody_are_not_listed_and_counts_are_those_of_the_lists(client_of, small_site, record):
    hitting, other = close(client_of, "c1"), close(client_of, "v1")
    keep_reissues(small_site)
    office = client_of("T")
    listed = text_of(office.get("/transport/reissues"))
    assert f"/transport/reissues/{hitting}" in listed
    assert f"/transport/reissues/{other}" not in listed
    for part, count in (("not_started", 1), ("rolling", 0), ("past", 0)):
        page = text_of(office.get(f"/transport/reissues/{hitting}?part={part}"))
        assert f'part={part}" aria-current="page"' in page
        assert (page.count("<tr>") - 1 if "<tr>" in page else 0) == count


def test_an_open_checkpoint_page_is_told_at_once(client_of, small_site, record, path):
    guard = client_of("C")
    known = guard.get("/checkpoint/offline.json").get_json()["news"]
    assert known > 0
    close(client_of, "c1")
    keep_reissues(small_site)
    seen = hidden(client_of("").get(path).data, "seen")
    with transaction(small_site.store, writes=True) as connection:
        take_edition(connection, record.number, seen=seen, by="checkpoint", at=the_moment())
    told = guard.get(f"/checkpoint/news?after={known}", buffered=False).iter_encoded()
    assert b"retry" in next(told)
    news = next(told).decode()
    assert "event: news" in news
    assert "1 张通行证改线" in news
    assert guard.get("/checkpoint/news").status_code == 404


def test_a_closure_withdrawn_meanwhile_waits_for_the_office(client_of, small_site, record):
    number = close(client_of, "c1")
    keep_reissues(small_site)
    assert decide(client_of("HQ"), number, decision="withdraw", reason="不再需要").status_code == 303
    keep_reissues(small_site)
    office = client_of("T")
    assert "还有 1 张新证没有领取" in text_of(office.get(f"/transport/reissues/{number}"))
    assert office.post(f"/transport/reissue-decisions/{number}", data={"decision": "drop"}).status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        assert [one.state for one in list_reissues(connection)] == ["dropped"]


def test_a_pass_signed_again_meanwhile_is_looked_at_again(client_of, small_site, record, monkeypatch):
    close(client_of, "c1")
    keep_reissues(small_site)
    with transaction(small_site.store, writes=True) as connection:
        key = open_key_ring(connection, small_site.key_file, at=the_moment()).current(the_moment())
        url = small_site.county.settings.public_url
        old = find_pass(connection, record.number)
        sign_again(connection, [old], key=key, public_url=url, at=the_moment(), reason="r")
    monkeypatch.setattr("web.site.now", lambda: the_moment() + timedelta(minutes=40))
    assert [keep_reissues(small_site) for _ in range(3)] == [1, 2, 0]
    with transaction(small_site.store, writes=False) as connection:
        assert sorted(one.state for one in list_reissues(connection)) == ["outgoing", "overtaken"]
    assert newest(small_site, record).edition == 4
