"""The desk of supervision: an order of travel, sent, answered, verified by another, and nothing closed by itself."""

import re

import pytest

from geodata.closures.register import import_closures, list_closures
from geodata.closures.states import physical_state
from geodata.store import transaction
from geodata.tickets.register import list_tickets
from tests.closure_cases import HQ, NOON, blocked, closed, hours, says, sees, span
from tests.closure_desks import hidden

K1 = "/supervision/findings/K1/z1"


@pytest.fixture
def found(small_site):
    """A county road closed without approval, a mound on the village road, a container far away."""
    with transaction(small_site.store, writes=True) as connection:
        mound = blocked("v1", observations=[sees("blocked", hours(1), "inspection", "earth_mound")])
        far = closed(span("n1"), id="z3", end=None)
        import_closures(connection, [closed("c3", end=None), far, mound], NOON)
    return small_site


@pytest.fixture
def supervision(client_of, found):
    return client_of("S")


def send(supervision, unit="东镇", **more):
    count = hidden(supervision.get(K1).data, "count")
    return supervision.post(K1, data={"step": "sent", "unit": unit, "note": "", "count": count, **more})


def answer(township, **more):
    count = hidden(township.get("/township/findings/K1/z1").data, "count")
    filled = {"note": "已恢复通行", "sight": "open", "count": count, **more}
    return township.post("/township/findings/K1/z1", data=filled)


def close(supervision, step="closed", **more):
    count = hidden(supervision.get(K1).data, "count")
    return supervision.post(K1, data={"step": step, "note": "现场核实", "sight": "open", "count": count, **more})


def tickets(small_site):
    with transaction(small_site.store, writes=False) as connection:
        return list_tickets(connection)


def test_the_list_is_in_the_order_of_travel_from_the_chosen_place(supervision):
    page = supervision.get("/supervision?start=clinic").text
    assert page.index("b1") < page.index("z1") < page.index("z3") or page.index("b1") < page.index("z3")
    assert "未见批准" in page
    assert "硬隔离" in page


def test_the_list_can_be_printed_with_the_place_of_each(supervision):
    page = supervision.get("/supervision/print").text
    assert "现场所见" in page
    assert "113.0" in page


def test_a_finding_shows_what_lies_behind_it(supervision):
    assert "800 人无路可走" in supervision.get("/supervision/findings/K7/b1").text


def test_a_finding_is_sent_answered_verified_and_closed(supervision, client_of, found):
    township = client_of("TW")
    assert send(supervision).status_code == 303
    assert "未见批准" in township.get("/township").text
    assert answer(township).status_code == 303
    assert "已办结（待核查）" in supervision.get("/supervision").text
    assert close(supervision).status_code == 303
    (ticket,) = tickets(found)
    assert (ticket.state, [one.step for one in ticket.steps]) == ("closed", ["sent", "resolved", "closed"])
    assert K1 not in supervision.get("/supervision").text


def test_what_was_seen_on_site_goes_into_the_record(supervision, client_of, found):
    send(supervision)
    answer(client_of("TW"))
    close(supervision)
    with transaction(found.store, writes=False) as connection:
        (closure,) = list_closures(connection, ["z1"])
    assert [(one.source, one.state) for one in closure.observations] == [("township", "open"), ("inspection", "open")]


def test_an_answer_does_not_close_a_ticket(supervision, client_of, found):
    send(supervision)
    answer(client_of("TW"))
    assert [one.state for one in tickets(found)] == ["resolved"]


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"sight": "blocked"}, "现场仍然阻断"),
        ({"note": " "}, "没有写情况说明"),
        ({"step": "sent", "unit": ""}, "顺序办理"),
    ],
)
def test_a_step_out_of_turn_or_without_its_note_is_refused(supervision, client_of, found, filled, said):
    send(supervision)
    answer(client_of("TW"))
    refused = close(supervision, **filled)
    assert refused.status_code == 422
    assert said in refused.text


def test_supervision_is_nobodys_responsible_unit_so_it_never_closes_its_own(supervision, found):
    refused = send(supervision, unit="supervision")
    assert refused.status_code == 422
    assert "没有这个责任单位" in refused.text
    assert tickets(found) == ()


def test_the_second_of_two_is_told_what_the_first_did(supervision, found):
    send(supervision)
    late = supervision.post(K1, data={"step": "sent", "unit": "西镇", "note": "请办理", "count": "0"})
    assert late.status_code == 409
    assert "有人先办了" in late.text
    assert "请办理" in late.text
    assert [one.unit for one in tickets(found)] == ["东镇"]


def test_a_finding_that_is_neither_found_nor_on_record_is_not_there(supervision):
    assert supervision.get("/supervision/findings/K1/nowhere").status_code == 404


def test_officers_read_the_record_of_closures(supervision):
    page = supervision.get("/closures").text
    assert "z1" in page
    assert "b1" in page
    assert "台账序号" in supervision.get("/closures/z1").text
    assert supervision.get("/closures/nowhere").status_code == 404


def test_a_long_list_shows_a_rounds_worth_and_can_be_narrowed_to_a_township(client_of, small_site):
    many = [closed("c3", id=f"z{number:03d}", end=None) for number in range(130)]
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, many, NOON)
    supervision = client_of("S")
    page = supervision.get("/supervision").text
    assert "另有 10 条未显示" in page
    assert page.count('class="order"') == 120
    assert "没有未销号的问题" in supervision.get("/supervision?township=西镇").text


def test_an_inspector_reports_a_blocked_road_and_it_is_confirmed(supervision, small_site):
    seen = {"position": "113.035,33.02", "barrier": "earth_mound", "note": ""}
    assert supervision.post("/supervision/report", data=seen).status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        (case,) = [one for one in list_closures(connection) if one.id.startswith("blockage-")]
    assert physical_state(case, small_site.now()) == "confirmed_blocked"


def test_an_inspector_is_asked_about_a_place_far_from_every_road(supervision):
    seen = {"position": "113.035,33.026", "barrier": "earth_mound", "note": ""}
    page = supervision.post("/supervision/report", data=seen)
    assert (page.status_code, 'name="is_sure"' in page.text) == (422, True)


def test_a_mound_that_three_tracks_contradict_is_doubtful_and_stays_on_the_list(supervision, found):
    with transaction(found.store, writes=True) as connection:
        tracks = [sees("open", hours(2 + number), "track") for number in range(3)]
        import_closures(connection, [blocked("v1", observations=tracks)], NOON)
    assert "/supervision/findings/K7/b1" in supervision.get("/supervision").text
    page = supervision.get("/supervision/findings/K7/b1").text
    assert "存疑，请到现场核实" in page
    assert "3 次通过，0 次折返" in page


def test_concrete_where_a_soft_closure_was_approved_is_shown_with_the_approval(supervision, found):
    at = found.now()
    approved = says(HQ, at=hours(-1))
    concrete = sees("blocked", at, "inspection", "concrete_block")
    soft = closed("c1", id="soft", barrier="movable", end=None, decisions=[approved], observations=[concrete])
    with transaction(found.store, writes=True) as connection:
        import_closures(connection, [soft], at)
    page = supervision.get("/supervision/findings/K6/soft").text
    assert "水泥墩" in page
    assert re.search(r"批准记录</dt><dd>同意", page)
