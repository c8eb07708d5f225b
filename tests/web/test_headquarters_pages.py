"""The desk of headquarters: the consequence first, less than asked, two officers on one request, wrong bodies."""

import re
from datetime import timedelta

import pytest

from geodata.closures.register import import_closures, list_closures
from geodata.store import transaction
from passes.accounts.account_register import add_account, set_password
from passes.audit.audit import run_audit
from tests.closure_cases import HQ, closed, says, span
from tests.closure_desks import decide, hidden, local, send_request
from tests.web_fixtures import _HASH, OPENED_AT, PASSWORD


@pytest.fixture
def number(client_of):
    return send_request(client_of("TW"))


@pytest.fixture
def headquarters(client_of):
    return client_of("HQ")


def only(small_site):
    with transaction(small_site.store, writes=False) as connection:
        (closure,) = list_closures(connection)
    return closure


def test_the_list_tells_the_consequence_in_one_line(headquarters, number):
    page = headquarters.get("/headquarters").text
    assert number in page
    assert "800 人无路可走" in page


def test_the_page_of_a_request_begins_with_its_consequence(headquarters, number):
    page = headquarters.get(f"/headquarters/closures/{number}").text
    assert page.index("800 人无路可走") < page.index("记录批复")
    assert "台账序号" in page
    assert ("不同意" in page, "不予核发" in page) == (True, False)


def test_each_place_is_named_with_its_people_and_both_services_are_told(headquarters, number):
    page = headquarters.get(f"/headquarters/closures/{number}").text
    assert "800 人 · 进不去、出不来" in page
    assert "所有地点都没有路可到" in page
    assert "没有登记消防站" in page


def test_approving_less_leaves_three_extents_on_record(headquarters, number, small_site):
    done = decide(headquarters, number, decision="part", roads="v1@0-1000", start=local(9), end=local(40))
    assert done.status_code == 303
    closure = only(small_site)
    assert (closure.version, closure.extent[0].to_m) == (2, 1000.0)
    page = headquarters.get(f"/headquarters/closures/{number}").text
    assert "部分同意" in page
    assert "2.2 公里" in page
    assert "1.0 公里" in page
    with transaction(small_site.store, writes=False) as connection:
        assert run_audit(connection, small_site.county, at=small_site.now()).findings == ()


def test_the_part_can_be_looked_at_before_it_is_decided(headquarters, number, small_site):
    page = decide(headquarters, number, decision="part", roads="v1@0-1000", action="look")
    assert page.status_code == 200
    assert "部分同意后的影响" in page.text
    assert only(small_site).decisions == ()


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"decision": ""}, "请选择一项"),
        ({"document_no": ""}, "没有填文号"),
        ({"decision": "part", "roads": "v1\nc1"}, "比申请的范围多出"),
        ({"decision": "part", "roads": ""}, "没有位置"),
        ({"decision": "part", "roads": "v1", "start": local(-3)}, "不能从已经过去的时间起同意"),
        ({"decision": "part", "roads": "v1", "start": local(5), "end": local(90)}, "超出了申请的时间"),
    ],
)
def test_each_wrong_field_is_told_and_nothing_is_recorded(headquarters, number, small_site, filled, said):
    answer = decide(headquarters, number, **filled)
    assert answer.status_code == 422
    assert said in answer.text
    assert only(small_site).decisions == ()


def test_the_second_of_two_officers_sees_what_the_first_did(headquarters, number, small_site):
    position = hidden(headquarters.get(f"/headquarters/closures/{number}").data, "position")
    assert decide(headquarters, number, decision="refuse", document_no="9号").status_code == 303
    answer = decide(headquarters, number, position=position, document_no="10号")
    assert answer.status_code == 409
    assert "有人先办了" in answer.text
    assert "9号" in answer.text
    assert 'value="10号"' in answer.text
    assert [one.decision for one in only(small_site).decisions] == ["refused"]
    assert decide(headquarters, number, position=hidden(answer.data, "position")).status_code == 303


def test_a_phone_decision_waits_for_its_paper(headquarters, number, small_site):
    assert decide(headquarters, number, oral="y", document_no="").status_code == 303
    assert "待补文号" in headquarters.get("/headquarters").text
    assert decide(headquarters, number).status_code == 303
    assert "补报文号截止" not in headquarters.get("/headquarters").text
    assert [one.form for one in only(small_site).decisions] == ["oral", "written"]


def test_an_approval_can_be_withdrawn(headquarters, number):
    assert "撤回" not in headquarters.get(f"/headquarters/closures/{number}").text
    decide(headquarters, number)
    assert decide(headquarters, number, decision="withdraw").status_code == 303
    assert "已撤回" in headquarters.get(f"/headquarters/closures/{number}").text


def test_another_body_sees_the_request_and_cannot_decide_it(number, small_site, small_app, client_of):
    with transaction(small_site.store, writes=True) as connection:
        add_account(connection, "upper", role="HQ", unit="upper_hq", password_hash=_HASH, at=OPENED_AT)
        set_password(connection, "upper", _HASH, must_change=False)
    upper = small_app.test_client()
    upper.post("/sign-in", data={"name": "upper", "password": PASSWORD})
    page = upper.get(f"/headquarters/closures/{number}").text
    assert "由其他单位批复" in page
    assert "记录批复" not in page
    known = {"decision": "approve", "document_no": "1号", "position": "0", "action": "decide"}
    answer = upper.post(f"/headquarters/closures/{number}", data=known)
    assert answer.status_code in {409, 422}
    assert only(small_site).decisions == ()


def test_a_closure_that_is_not_there_is_not_found(headquarters):
    assert headquarters.get("/headquarters/closures/nowhere").status_code == 404


@pytest.fixture
def many(small_site):
    """120 closures that stand undecided, 60 approved ones in force, one to come, and one that waits for its paper."""
    at, later = small_site.now(), small_site.now() + timedelta(minutes=20)
    spot = [span("c1", 10.0 * number, 10.0 * number + 10) for number in range(120)]
    undecided = [closed(one, id=f"u{number:03}", start=at, end=None) for number, one in enumerate(spot)]
    decided = [says(HQ, at=at)]
    approved = [
        closed(one, id=f"a{number:03}", start=at, end=None, decisions=decided) for number, one in enumerate(spot[:60])
    ]
    coming = closed("c3", id="future", start=later, end=later + timedelta(minutes=20), decisions=decided)
    oral = closed("c3", id="oral", start=later, end=None, decisions=[says(HQ, at=at, form="oral", document_no="")])
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, [*undecided, *approved, coming, oral], at)


def counts(page):
    return dict(re.findall(r'<h2 id="(\w+)">[^<]+<small data-total="(\d+)', page))


def ids(page):
    return re.findall(r"<small>([^<]+)</small></p>", page)


def test_every_number_of_the_desk_is_the_length_of_its_list(headquarters, many):
    told = counts(headquarters.get("/headquarters").text)
    assert told == {"requests": "0", "standing": "120", "paper": "1", "in_force": "60", "to_come": "2"}
    for group, count in told.items():
        found, page = [], 1
        while len(rows := ids(headquarters.get(f"/headquarters?group={group}&page={page}").text)) == 50:
            found, page = found + rows, page + 1
        assert len(set(found + rows)) == int(count)


def test_a_closure_changes_its_list_by_the_clock_alone(headquarters, many, small_site, monkeypatch):
    assert counts(headquarters.get("/headquarters").text)["to_come"] == "2"
    at = small_site.now()
    for minutes, in_force, to_come in ((30, "62", "0"), (50, "61", "0"), (10, "60", "2")):
        monkeypatch.setattr("web.site.now", lambda minutes=minutes: at + timedelta(minutes=minutes))
        told = counts(headquarters.get("/headquarters").text)
        assert (told["in_force"], told["to_come"]) == (in_force, to_come)
