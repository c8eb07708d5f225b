"""The township's desk: the consequence before sending, what is refused, barriers that stand, its own things only."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from geodata.closures.filings_register import REQUESTED, Filing, file_closure, list_filings
from geodata.closures.register import import_closures, list_closures
from geodata.store import transaction
from geodata.tickets.register import list_tickets
from passes.accounts.account_register import add_account, set_password
from tests.closure_cases import HQ, NOON, closed, says
from tests.closure_desks import ask, hidden, local, send_request
from tests.issued_today import issue_today
from tests.web_fixtures import _HASH, OPENED_AT, PASSWORD


@pytest.fixture
def township(client_of):
    return client_of("TW")


def post(township, address="/township/request", action="look", **changes):
    return township.post(address, data={**ask(**changes), "action": action})


def closures_of(small_site):
    with transaction(small_site.store, writes=False) as connection:
        return list_closures(connection)


def test_the_consequence_is_shown_before_anything_is_sent(township, small_site):
    page = post(township).text
    assert "800 人无路可走" in page
    assert "后庄村" in page
    assert "报批" in page
    assert closures_of(small_site) == ()


def test_both_forms_tell_what_trips_lose_as_a_rule_and_at_worst(township, client_of, small_site):
    for depart_at in (1, 2):
        issue_today(small_site, depart_at=(small_site.now() + timedelta(hours=depart_at)).isoformat())
    times = {"roads": "c1", "start": local(0.5)}
    asked = post(township, **times).text
    number = send_request(township, **times)
    for page in (asked, client_of("HQ").get(f"/headquarters/closures/{number}").text):
        assert "影响 2 张通行证" in page
        median, worst = re.search(r"一般增加 ([\d.]+) 分钟\uff0c最多 ([\d.]+) 分钟", page).groups()
        assert 0 < float(median) <= float(worst)


def test_a_request_is_not_sent_unseen(township, small_site):
    page = post(township, action="send")
    assert page.status_code == 200
    assert "800 人无路可走" in page.text
    assert closures_of(small_site) == ()


def test_a_change_after_looking_is_looked_at_again(township, small_site):
    looked = post(township).text
    mark = looked.split('name="looked"')[1].split('value="')[1].split('"')[0]
    page = post(township, action="send", looked=mark, roads="c1")
    assert page.status_code == 200
    assert closures_of(small_site) == ()


def test_a_request_is_kept_with_who_filed_it_and_what_they_saw(township, small_site):
    number = send_request(township)
    (closure,) = closures_of(small_site)
    assert (closure.id, closure.requested_by, closure.version) == (number, "东镇", 1)
    with transaction(small_site.store, writes=False) as connection:
        (filing,) = list_filings(connection)
    assert (filing.act, filing.account, filing.seen["people_cut_off"]) == ("requested", "tw", 800)
    assert "待批复" in township.get("/township").text
    assert "800 人无路可走" in township.get(f"/township/closures/{number}").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start": local(-2)}, "登记已设障碍"),
        ({"start": ""}, "没有填开始时间"),
        ({"start": "morgen"}, "看不懂这个时间"),
        ({"end": local(3)}, "结束时间"),
        ({"roads": ""}, "没有位置"),
        ({"roads": "x99"}, "没有这条道路：x99"),
        ({"roads": "v1@900-300"}, "起点不在终点之前"),
        ({"roads": "v1@0-99999"}, "超出了道路 v1 的长度"),
        ({"reason": ""}, "没有填理由"),
        ({"roads": "", "line": "no json"}, "画的线读不出来"),
        ({"roads": "", "line": '{"type": "LineString", "coordinates": [[113.02, 33.01]]}'}, "线的长度为零"),
        (
            {
                "roads": "",
                "line": '{"type": "LineString", "coordinates": '
                "[[113.02,33.0],[113.02,33.01],[113.0201,33.005],[113.0199,33.005]]}",
            },
            "线与自身相交",
        ),
    ],
)
def test_each_wrong_field_is_told_beside_it_and_what_was_typed_stays(township, change, said):
    answer = post(township, **change)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text
    typed = change.get("roads") or ask()["reason"]
    assert typed in answer.text or change.get("reason") == ""


def test_a_hard_barrier_on_a_village_road_cannot_be_requested(township, small_site):
    page = post(township, barrier="earth_mound")
    assert "不能这样申请" in page.text
    assert "硬隔离" in page.text
    assert 'value="send"' not in page.text


def test_overlapping_closures_are_allowed_and_told(township):
    number = send_request(township)
    assert number in post(township, roads="v1@0-300").text


def test_roads_can_be_found_and_ticked_without_scripts(township):
    page = township.post("/township/request", data=ask(roads="", find="G999", action="find"))
    assert 'name="found" value="n1"' in page.text
    page = township.post("/township/request", data=ask(roads="v1", found=["n1", "n2"], action="find"))
    assert "v1\nn1\nn2" in page.text.replace("\r", "")


def test_a_registered_barrier_is_on_record_with_a_request_filled_in(township, small_site):
    answer = post(township, "/township/barrier", "register", start=local(-20), end="", barrier="earth_mound")
    assert answer.status_code == 303
    number = answer.headers["Location"].rpartition("/")[2]
    page = township.get(answer.headers["Location"]).text
    assert "主动登记" in page
    assert "待批复" not in page.split("<h2")[0]
    assert "未见批准记录" in page
    assert "专人值守" in page
    filled = township.get(f"/township/request?about={number}").text
    assert "v1</textarea>" in filled
    assert '<option selected value="movable">' in filled


def test_a_barrier_that_is_only_planned_is_not_registered(township):
    answer = post(township, "/township/barrier", "register", start=local(3), barrier="wall")
    assert answer.status_code == 422
    assert "申请关闭道路" in answer.text


def test_an_empty_barrier_form_is_told_its_time_its_road_and_its_grounds(township):
    page = post(township, "/township/barrier", "register", start="", roads="", reason="").text
    assert [f'href="#{name}"' in page for name in ("start", "roads", "reason")] == [True] * 3


def picture():
    """A photo as a form sends it."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "JPEG")
    file.seek(0)
    return file, "open.jpg"


def register(township):
    answer = post(township, "/township/barrier", "register", start=local(-20), end="", barrier="earth_mound")
    return answer.headers["Location"]


def test_a_registered_barrier_is_answered_for_with_a_deadline_and_closed_by_another(township, client_of, small_site):
    address = register(township)
    number = address.rpartition("/")[2]
    tickets = open_tickets(small_site)
    assert {(one.check, one.unit, one.state) for one in tickets} == {
        ("K1", "东镇", "assigned"),
        ("K6", "东镇", "assigned"),
    }
    assert {one.due_at - one.steps[0].at for one in tickets} == {timedelta(hours=24)}
    assert "办理时限" in township.get("/township").text
    assert township.post(f"{address}/reopened", data={"photo": picture()}).status_code == 303
    assert {one.state for one in open_tickets(small_site)} == {"resolved"}
    supervision = client_of("S")
    page = f"/supervision/findings/K6/{number}"
    count = hidden(supervision.get(page).data, "count")
    closing = {"step": "closed", "note": "已清除", "sight": "open", "count": count}
    assert "没有现场照片" in supervision.post(page, data=closing).text
    assert supervision.post(page, data={**closing, "photo": picture()}).status_code == 303


def open_tickets(small_site):
    with transaction(small_site.store, writes=False) as connection:
        return [one for one in list_tickets(connection) if one.state != "closed"]


def test_an_overdue_barrier_is_shown_as_such(township, small_site, monkeypatch):
    address = register(township)
    later = datetime.now(UTC) + timedelta(hours=25)
    monkeypatch.setattr("web.site.now", lambda: later)
    township = sign_in_again(township)
    assert "已逾期" in township.get(address).text
    assert "已逾期" in township.get("/township").text
    assert {(one.level, one.steps[-1].note) for one in open_tickets(small_site)} == {(1, "epidemic_hq")}


def sign_in_again(client):
    assert client.post("/sign-in", data={"name": "tw", "password": PASSWORD}).status_code == 303
    return client


def test_that_a_road_is_open_again_is_shown_and_not_only_said(township, small_site):
    address = register(township)
    refused = township.post(f"{address}/reopened", data={"note": "已清除"})
    assert refused.status_code == 422
    assert "没有恢复通行的照片" in refused.text
    assert "已清除</textarea>" in refused.text
    assert township.post(f"{address}/reopened", data={"photo": picture()}).status_code == 303
    (closure,) = closures_of(small_site)
    assert (closure.observations[-1].state, len(closure.observations[-1].photo)) == ("open", 64)
    assert "已恢复通行" in township.get(address).text


def test_another_township_is_as_if_it_were_not_there(township, small_site, small_app):
    number = send_request(township)
    with transaction(small_site.store, writes=True) as connection:
        add_account(connection, "tw2", role="TW", unit="西镇", password_hash=_HASH, at=OPENED_AT)
        set_password(connection, "tw2", _HASH, must_change=False)
    other = small_app.test_client()
    other.post("/sign-in", data={"name": "tw2", "password": PASSWORD})
    assert number not in other.get("/township").text
    assert other.get(f"/township/closures/{number}").status_code == 404
    assert other.post(f"/township/closures/{number}/reopened").status_code == 404
    assert other.get("/township/findings/K1/none").status_code == 404


def test_a_closure_imported_for_the_township_is_its_own(township, small_site):
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, [closed("v1", requested_by="东镇"), closed("c1", id="z2")], NOON)
    assert township.get("/township/closures/z1").status_code == 200
    assert township.get("/township/closures/z2").status_code == 404


def test_an_approval_that_was_withdrawn_leaves_a_task_to_reopen(township, client_of, small_site):
    at = small_site.now()
    given, taken = says(HQ, at=at - timedelta(hours=5)), says(HQ, "withdrawn", at=at - timedelta(hours=1))
    start = at - timedelta(hours=4)
    stood = closed("v1", start=start, end=None, requested_by="东镇", decisions=[given, taken])
    with transaction(small_site.store, writes=True) as connection:
        file_closure(connection, stood, Filing("z1", 1, REQUESTED, "tw", "东镇", start))
    assert "还没有人看到道路恢复通行" in township.get("/township/closures/z1").text
    (ticket,) = open_tickets(small_site)
    assert (ticket.check, ticket.unit, [one.step for one in ticket.steps]) == ("K5", "东镇", ["reopen"])
    assert township.post("/township/closures/z1/reopened", data={"photo": picture()}).status_code == 303
    assert [one.state for one in open_tickets(small_site)] == ["resolved"]
    assert "还没有人看到道路恢复通行" not in township.get("/township/closures/z1").text
