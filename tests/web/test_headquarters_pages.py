"""The desk of headquarters: the consequence first, less than asked, two officers on one request, wrong bodies."""

import pytest

from geodata.closures.register import list_closures
from geodata.store import transaction
from passes.account_register import add_account, set_password
from passes.audit import run_audit
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
