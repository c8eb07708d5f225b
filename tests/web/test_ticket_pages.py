"""Tickets at the desks: every number opens a list of so many, groups are answered together, late ones reach headquarters."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from geodata.closures.register import import_closures
from geodata.store import transaction
from geodata.tickets.board_register import BoardRow, put_findings, tell_board_state
from geodata.tickets.register import list_tickets, take_step
from geodata.tickets.ticket import SENT, Step
from passes.accounts.account_register import add_account, close_account
from passes.tickets.board import minute_of
from tests.closure_cases import HQ, NOON, blocked, closed, hours, says, sees
from tests.closure_desks import hidden
from tests.web_fixtures import PASSWORD
from web.app import create_app
from web.jobs.clock import keep_board, keep_time

STATES = ("found", "assigned", "resolved", "closed")
ONLY = ("overdue", "raised", "reopening", "placeless", "back")


def write(small_site, *closures):
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, list(closures), NOON)


def tickets(small_site):
    with transaction(small_site.store, writes=False) as connection:
        return list_tickets(connection)


@pytest.fixture
def busy(small_site):
    """Six closures nobody approved, one whose approval is over, one mound."""
    mound = blocked("v1", observations=[sees("blocked", hours(1), "inspection", "earth_mound")])
    over = closed("c2", id="over", requested_by="东镇", decisions=[says(HQ, end=hours(2))])
    write(small_site, *(closed("c1", id=f"z{number}", end=None) for number in range(6)), over, mound)
    return small_site


@pytest.fixture
def supervision(client_of, busy):
    return client_of("S")


def ticks(page):
    return re.findall(r'name="tickets" value="([^"]+)"', page)


@pytest.mark.parametrize(("role", "desk"), [("S", "/supervision"), ("TW", "/township")])
def test_every_number_opens_a_list_of_so_many(client_of, busy, role, desk):
    keep_board(busy)
    client = client_of(role)
    page = client.get(desk).text
    opened = re.findall(r'<a href="([^"]+)" data-number="(\w+)"><strong>(\d+)</strong>', page)
    numbers = {name: int(number) for _, name, number in opened}
    assert set(numbers) == ({*STATES, *ONLY} if role == "S" else {*STATES[1:], *ONLY})
    for address, name, number in opened:
        listed = client.get(address.replace("&amp;", "&")).text
        assert f'data-total="{number}"' in listed, name
        assert listed.count('class="problem"') == int(number), name
    assert numbers.get("found", 7) > 6
    assert numbers["reopening"] == 1


@pytest.mark.parametrize("by", ["check", "township", "cause", "closure", "unit"])
def test_groups_lead_to_lists_of_as_many(supervision, by):
    page = supervision.get(f"/supervision/tickets?state=found&by={by}").text
    groups = re.findall(r'<li><a href="([^"]+)"><strong>.*?</strong> <span>(\d+)</span>', page)
    assert sum(int(many) for _, many in groups) == int(re.search(r'data-total="(\d+)"', page)[1])
    address, many = groups[0]
    assert f'data-total="{many}"' in supervision.get(address.replace("&amp;", "&")).text


def test_a_group_is_sent_answered_and_closed_together_and_each_keeps_its_record(supervision, client_of, busy):
    address = "/supervision/together?state=found&check=K1"
    group = ticks(supervision.get(address).text)
    assert len(group) == 6
    sent = supervision.post(address, data={"step": "sent", "unit": "东镇", "note": "", "tickets": group})
    assert sent.status_code == 303
    assert "已记入 6 个问题单" in supervision.get("/supervision").text
    township, own = client_of("TW"), "/township/findings/together?state=assigned&check=K1"
    mine = ticks(township.get(own).text)
    assert township.post(own, data={"note": "已补报批", "tickets": mine}).status_code == 303
    address = "/supervision/together?state=resolved"
    closing = {"step": "closed", "note": "批复已核", "tickets": ticks(supervision.get(address).text)}
    assert supervision.post(address, data=closing).status_code == 303
    done = [one for one in tickets(busy) if one.check == "K1"]
    assert [[step.step for step in one.steps] for one in done] == [["sent", "resolved", "closed"]] * 6


def test_a_group_that_changed_meanwhile_is_told_and_nothing_is_recorded(supervision, busy):
    address = "/supervision/together?state=found&check=K1"
    page = supervision.get(address)
    one = "/supervision/findings/K1/z2"
    supervision.post(one, data={"step": "sent", "unit": "东镇", "count": "0"})
    sent = {"step": "sent", "unit": "transport", "note": "", "total": hidden(page.data, "total")}
    late = supervision.post(address, data={**sent, "tickets": ticks(page.text)})
    assert late.status_code == 409
    assert "有 1 个问题还不能这样答复" in late.text
    assert "现在共 5 个" in late.text
    assert [(one.subject, one.unit) for one in tickets(busy) if one.check == "K1"] == [("z2", "东镇")]
    again = supervision.post(address, data={**sent, "tickets": ticks(late.text)})
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"tickets": []}, 422, "一个问题都没有勾选"),
        ({"unit": "别县"}, 422, "没有这个责任单位"),
        ({"tickets": ["nonsense"]}, 409, "不能这样答复"),
        ({"step": "resolved"}, 400, ""),
    ],
)
def test_a_group_filled_in_wrongly_is_refused(supervision, busy, change, status, said):
    address = "/supervision/together?state=found&check=K1"
    group = ticks(supervision.get(address).text)
    refused = supervision.post(address, data={"step": "sent", "unit": "东镇", "tickets": group, **change})
    assert (refused.status_code, said in refused.text) == (status, True)
    assert [one for one in tickets(busy) if one.check == "K1"] == []


def test_a_list_without_a_state_is_not_answered_together(supervision):
    assert supervision.get("/supervision/together").status_code == 404
    assert supervision.get("/supervision/together?state=closed").status_code == 404


def test_a_township_sees_its_own_tickets_only(client_of, busy):
    keep_board(busy)
    township = client_of("TW")
    page = township.get("/township/findings").text
    assert 'data-total="1"' in page
    assert "over" in page
    assert township.get("/township/findings/K1/z1").status_code == 404


def test_a_reopening_task_is_answered_with_a_photo_and_the_road_seen_open(client_of, busy):
    keep_board(busy)
    township, address = client_of("TW"), "/township/findings/K5/over"
    page = township.get(address)
    assert "恢复通行时限" in page.text
    said = {"note": "已撤除", "sight": "open", "count": hidden(page.data, "count")}
    assert "没有现场照片" in township.post(address, data=said).text
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "JPEG")
    file.seek(0)
    assert township.post(address, data={**said, "photo": (file, "open.jpg")}).status_code == 303
    assert [one.state for one in tickets(busy)] == ["resolved"]


def test_what_is_overdue_reaches_headquarters_which_may_hand_it_on(client_of, busy, monkeypatch):
    write_at = busy.now()
    with transaction(busy.store, writes=True) as connection:
        step = Step(SENT, "s", "supervision", "东镇", write_at, due_at=write_at + timedelta(hours=24))
        take_step(connection, ("K1", "z1", 0), step)
    monkeypatch.setattr("web.site.now", lambda: write_at + timedelta(hours=25))
    headquarters = client_of("HQ")
    assert "已报上一级" in headquarters.get("/headquarters").text
    page = headquarters.get("/headquarters/tickets").text
    assert "/headquarters/findings/K1/z1" in page
    address = "/headquarters/findings/K1/z1"
    shown = headquarters.get(address)
    assert "报：疫情防控指挥部" in shown.text
    sent = {"step": "sent", "unit": "epidemic_hq", "note": "本级办理", "count": hidden(shown.data, "count")}
    assert headquarters.post(address, data=sent).status_code == 303
    answer = {"step": "resolved", "note": "已批复", "count": hidden(headquarters.get(address).data, "count")}
    assert headquarters.post(address, data=answer).status_code == 303
    (ticket,) = [one for one in tickets(busy) if one.check == "K1"]
    assert [one.step for one in ticket.steps] == ["sent", "raised", "sent", "resolved"]


def test_a_dissolved_units_ticket_stays_with_what_became_of_the_unit(supervision, busy):
    with transaction(busy.store, writes=True) as connection:
        add_account(connection, "old", role="TW", unit="老庄乡", password_hash="-", at=busy.now())
    count = {"step": "sent", "unit": "老庄乡", "note": "", "count": "0"}
    assert supervision.post("/supervision/findings/K1/z1", data=count).status_code == 303
    with transaction(busy.store, writes=True) as connection:
        close_account(connection, "old", at=busy.now())
    write(busy, closed("n1", id="later", end=None))
    page = supervision.get("/supervision/findings/K1/z1").text
    assert "原单位已撤，转交办理" in page
    assert "老庄乡" in page


def test_a_ticket_at_no_place_is_listed_as_such(supervision, busy):
    with transaction(busy.store, writes=True) as connection:
        connection.exec_driver_sql("DELETE FROM ledger_leaves WHERE position = 3")
        connection.exec_driver_sql("UPDATE counters SET value = 0 WHERE name = 'ticket_board_minute'")
    page = supervision.get("/supervision/tickets?only=placeless").text
    assert "K14" in page
    assert (
        supervision.post("/supervision/findings/K14/-", data={"step": "sent", "unit": "", "count": "0"}).status_code
        == 422
    )
    sent = {"step": "sent", "unit": "epidemic_hq", "count": "0"}
    assert supervision.post("/supervision/findings/K14/-", data=sent).status_code == 303


def test_the_round_goes_along_as_gpx_and_to_amap(supervision):
    page = supervision.get("/supervision?start=clinic").text
    stops = page.count('class="order"')
    link = re.search(r'href="(amapuri://[^"]+)"', page)[1]
    assert f"vian={stops - 1}" in link
    answer = supervision.get("/supervision/round.gpx?start=clinic")
    assert answer.mimetype == "application/gpx+xml"
    root = ET.fromstring(answer.text)
    tags = [one.tag.rpartition("}")[2] for one in root.iter()]
    assert (tags.count("wpt"), tags.count("rtept")) == (stops, stops)
    assert tags.count("trkpt") > stops


def test_ten_thousand_tickets_are_shown_fifty_a_page(client_of, small_site):
    at = small_site.now()
    rows = [
        BoardRow(
            "K1", f"m{number:05d}", at, is_found=True, township=f"乡{number % 18}", lon=113.02, lat=33.03, due_at=at
        )
        for number in range(10_000)
    ]
    with transaction(small_site.store, writes=True) as connection:
        put_findings(connection, rows)
        tell_board_state(connection, 0, minute_of(at))
    supervision = client_of("S")
    page = supervision.get("/supervision/tickets?state=found&page=200").text
    assert 'data-total="10000"' in page
    assert "第 200 页，共 200 页" in page
    assert page.count('class="problem"') == 50
    assert supervision.get("/supervision/tickets?page=999").status_code == 200


def test_a_record_that_somebody_made_unreadable_does_not_hide_the_others(supervision, busy):
    with transaction(busy.store, writes=True) as connection:
        connection.exec_driver_sql("UPDATE closure_versions SET extent = 'x' WHERE closure_id = 'z3'")
    page = supervision.get("/supervision/tickets?state=found").text
    assert ("z2" in page, "K14" in page) == (True, True)
    sent = {"step": "sent", "unit": "epidemic_hq", "count": "0"}
    assert supervision.post("/supervision/findings/K14/z3", data=sent).status_code == 303


def test_a_finding_names_the_checkpoint_nearest_to_it(supervision):
    page = supervision.get("/supervision/findings/K7/b1").text
    assert "最近的检查点" in page
    assert re.search(r"检查点 <small>4\.\d 公里", page)


def test_a_large_board_that_a_thread_keeps_is_shown_as_it_is(busy, monkeypatch):
    monkeypatch.setattr("web.jobs.clock._LARGE_BOARD", 0)
    keep_board(busy)
    app = create_app(replace(busy, is_board_kept=True), testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"name": "s", "password": PASSWORD})
    assert "正在核查最新变化" not in client.get("/supervision").text
    with transaction(busy.store, writes=True) as connection:
        import_closures(connection, [closed("c3", id="later", end=None)], NOON)
    page = client.get("/supervision").text
    assert "正在核查最新变化" in page
    assert "later" not in page
    keep_time(busy)
    assert "later" in client.get("/supervision").text
