"""The officer's queue: one press issues what is clean, one text answers a group, and the slower of two is told."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geodata.closures.files import read_closures
from geodata.closures.register import import_closures
from geodata.store import transaction
from passes.applications.office import Office
from passes.editions.pass_register import list_passes
from passes.intake.handling import Act, file_application
from passes.intake.intake_register import IntakeRecord, count_intake, find_intake
from passes.whitelist.register import find_firm
from tests.issuing_office import WHITELIST, office_of, put_on_whitelist
from tests.pass_applications import application_document
from web.site import Site


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def fresh(**changes: Any) -> dict[str, Any]:
    """Return an application of today: sampled this morning, setting out in an hour."""
    people = {who: {"sampled_at": in_hours(-10), **changes.pop(who, {})} for who in ("driver", "rider")}
    times = {"depart_at": in_hours(1), "prereported_at": in_hours(-20)}
    return application_document(**{**people, **times, **changes})


@pytest.fixture
def put(small_site: Site) -> Any:
    """Return a function that files an application and returns its record."""

    def file(**changes: Any) -> IntakeRecord:
        with transaction(small_site.store, writes=True) as connection:
            if find_firm(connection, "firm") is None:
                put_on_whitelist(connection, *WHITELIST)
            office: Office = office_of(connection, small_site.county)
            firm = find_firm(connection, changes.get("enterprise", "宏达面粉"))
            assert firm is not None
            act = Act("e", datetime.now(UTC), small_site.key_file)
            record = file_application(fresh(**changes), office, act, firm=firm).record
        assert record is not None
        return record

    return file


def state(site: Site, record: IntakeRecord) -> IntakeRecord:
    with transaction(site.store, writes=False) as connection:
        return find_intake(connection, record.id)


@pytest.fixture
def officer(client_of: Any) -> FlaskClient:
    client: FlaskClient = client_of("T")
    return client


OLD = {"sampled_at": in_hours(-50)}


def test_the_queue_counts_clean_ones_on_its_first_button(put: Any, officer: FlaskClient) -> None:
    put()
    put(driver=OLD)
    page = officer.get("/transport").text
    assert "一并核发（1 件）" in page
    assert page.index("一并核发") < page.index("核酸检测已到期")


def test_one_press_issues_every_clean_one_and_a_second_press_nothing(
    put: Any, officer: FlaskClient, small_site: Site
) -> None:
    clean, late = put(), put(driver=OLD)
    for _ in range(2):
        page = officer.post("/transport/issue-clean", data={"chosen": f"{clean.id}.1,{late.id}.1"}).text
        assert "已核发 1 件" in page
        assert "核酸检测已于" in page
    with transaction(small_site.store, writes=False) as connection:
        assert len(list_passes(connection, at=datetime.now(UTC))) == 1
        assert count_intake(connection)["applied"] == 1


def test_a_firm_removed_while_the_queue_was_open_is_refused_at_the_press(
    put: Any, officer: FlaskClient, small_site: Site
) -> None:
    record = put()
    with transaction(small_site.store, writes=True) as connection:
        put_on_whitelist(connection, {**WHITELIST[0], "status": "removed", "reason": "整改"})
    page = officer.post("/transport/issue-clean", data={"chosen": f"{record.id}.1"}).text
    assert "已移出" in page
    assert state(small_site, record).state == "applied"


def test_one_text_returns_a_group(put: Any, officer: FlaskClient, small_site: Site) -> None:
    group = [put(driver=OLD), put(driver=OLD, goods="feed")]
    chosen = ",".join(f"{one.id}.1" for one in group)
    answer = officer.post("/transport/answer/returned", data={"chosen": chosen, "text": "重新采样"})
    assert answer.status_code == 303
    assert "已退回补正 2 件" in officer.get("/transport").text
    kept = state(small_site, group[0])
    assert (kept.state, kept.answer, kept.answered_by) == ("returned", "重新采样", "t")
    assert [one.code for one in kept.judgement.findings] == ["condition-expired"]


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001])
def test_an_answer_without_a_usable_text_comes_back_with_what_was_typed(
    put: Any, officer: FlaskClient, text: str
) -> None:
    record = put(driver=OLD)
    answer = officer.post("/transport/answer/refused", data={"chosen": f"{record.id}.1", "text": text})
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text
    assert record.plate in answer.text


def test_the_slower_officer_sees_what_the_faster_one_did(put: Any, client_of: Any, small_site: Site) -> None:
    record = put()
    first, second = client_of("T"), client_of("T")
    first.post(f"/transport/applications/{record.id}/answer/returned", data={"version": "1", "text": "补正"})
    shown = second.post(f"/transport/applications/{record.id}/issue", data={"version": "1"})
    assert shown.status_code == 409
    assert "刚被 t 处理过" in shown.text
    assert "补正" in shown.text
    assert state(small_site, record).state == "returned"


def test_the_answer_that_the_slower_officer_typed_is_not_lost(put: Any, client_of: Any) -> None:
    record = put()
    first, second = client_of("T"), client_of("T")
    first.post(f"/transport/applications/{record.id}/answer/returned", data={"version": "1", "text": "补正"})
    late = second.post(f"/transport/applications/{record.id}/answer/refused", data={"version": "1", "text": "不收此货"})
    assert late.status_code == 409
    assert "补正" in late.text
    assert "<blockquote>不收此货</blockquote>" in late.text


def test_an_application_shows_its_people_stops_and_what_cures_a_finding(put: Any, officer: FlaskClient) -> None:
    late = put(rider=OLD)
    page = officer.get(f"/transport/applications/{late.id}").text
    for words in ("王小明", "…0071", "宏达面粉接收点", "核酸检测已于", "重新办理后再申请", "L4"):
        assert words in page, words
    assert "360426199101010071" not in page
    assert not re.search(r"<button[^>]*>核发</button>", page)


def test_issuing_leads_to_the_pass_which_prints_with_its_code(put: Any, officer: FlaskClient) -> None:
    record = put()
    issued = officer.post(f"/transport/applications/{record.id}/issue", data={"version": "1"})
    number = issued.headers["Location"].rpartition("/")[2]
    assert "王*明" in officer.get(f"/transport/passes/{number}").text
    printed = officer.get(f"/transport/passes/{number}/print").text
    assert "<svg" in printed
    assert "特殊通行证" in printed


@pytest.fixture
def number(put: Any, officer: FlaskClient) -> str:
    record = put()
    issued = officer.post(f"/transport/applications/{record.id}/issue", data={"version": "1"})
    return issued.headers["Location"].rpartition("/")[2]


def test_passes_are_found_by_plate_number_firm_and_state(officer: FlaskClient, number: str) -> None:
    found = [officer.get("/transport/passes", query_string={"q": q}).text for q in ("r123", number[-4:], "宏达")]
    assert all(number in page for page in found)
    assert number not in officer.get("/transport/passes", query_string={"q": "豫R99999"}).text
    assert number not in officer.get("/transport/passes", query_string={"state": "withdrawn"}).text


def test_a_pass_is_renewed_but_not_replaced_on_the_same_roads(officer: FlaskClient, number: str) -> None:
    assert officer.post(f"/transport/passes/{number}/renew").status_code == 303
    assert "已换发" in officer.get(f"/transport/passes/{number}-1").text
    same = officer.post(f"/transport/passes/{number}/replace")
    assert same.status_code == 422
    assert "没有变化" in same.text


def test_a_pass_whose_road_was_closed_is_listed_first_and_replaced(
    officer: FlaskClient, small_site: Site, number: str, tmp_path: Path
) -> None:
    assert "路线已关闭" not in officer.get("/transport/passes").text
    properties = {"id": "c1-shut", "road_ids": ["c1"], "direction": "both", "start": in_hours(-1), "barrier": "movable"}
    approved = {"authority": "epidemic_hq", "decision": "approved", "form": "written", "document_no": "1"}
    properties["decisions"] = [{**approved, "decided_at": in_hours(-2)}]
    file = tmp_path / "closures.geojson"
    feature = {"type": "Feature", "geometry": None, "properties": properties}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    county = small_site.county
    with transaction(small_site.store, writes=True) as connection:
        found = read_closures(file, county.road_index, county.network, county.settings)
        import_closures(connection, found, datetime.now(UTC))
    page = officer.get("/transport/passes").text
    assert page.index("路线已关闭") < page.index(number)
    assert officer.post(f"/transport/passes/{number}/replace").status_code == 303
    assert "路线已关闭" not in officer.get("/transport/passes").text
    assert "改线换发" in officer.get(f"/transport/passes/{number}").text


def test_withdrawing_needs_its_reason(officer: FlaskClient, number: str) -> None:
    assert officer.post(f"/transport/passes/{number}/withdraw", data={"reason": ""}).status_code == 422
    assert officer.post(f"/transport/passes/{number}/withdraw", data={"reason": "企业要求"}).status_code == 303
    assert "企业要求" in officer.get(f"/transport/passes/{number}").text


def test_withdrawing_by_the_other_button_shows_at_once_where_the_truck_was(officer: FlaskClient, number: str) -> None:
    data = {"reason": "检测结果异常", "trace": "1"}
    answer = officer.post(f"/transport/passes/{number}/withdraw", data=data, follow_redirects=True)
    assert answer.request.path == f"/transport/passes/{number}/trace"
    assert "宏达面粉接收点" in answer.text
    assert "000-0001" in answer.text


def test_a_pass_is_suspended_and_goes_on_each_with_its_reason(officer: FlaskClient, number: str) -> None:
    address = f"/transport/passes/{number}"
    assert officer.post(f"{address}/suspend", data={"why": ""}).status_code == 422
    assert officer.post(f"{address}/suspend", data={"why": "待核实"}).status_code == 303
    assert "恢复此通行证" in officer.get(address).text
    assert officer.post(f"{address}/resume", data={"why": "已核实"}).status_code == 303
    page = officer.get(address).text
    assert "暂停此通行证" in page
    assert all(f"{why} · t<" in page for why in ("待核实", "已核实"))


def test_a_confirmed_case_puts_the_firms_passes_up_for_an_answer(officer: FlaskClient, number: str) -> None:
    assert officer.post("/transport/reviews", data={"firm": "无此企业", "reason": "x"}).status_code == 422
    assert officer.post("/transport/reviews", data={"firm": "宏达面粉", "reason": "一名装卸工"}).status_code == 303
    assert "宏达面粉" in officer.get("/transport/reviews").text
    address = "/transport/reviews/answer?firm=firm"
    assert number in officer.get(address).text
    assert officer.post(address, data={"reason": "无关"}).status_code == 422
    assert officer.post(address, data={"outcome": "kept", "reason": "司机未到厂"}).status_code == 303
    assert officer.get(address).status_code == 404


def test_many_passes_of_a_firm_are_withdrawn_once_another_person_confirms(
    put: Any, officer: FlaskClient, client_of: Any
) -> None:
    records = [put(), put(vehicle={"plate": "豫R23456", "link": "contracted"})]
    officer.post("/transport/issue-clean", data={"chosen": ",".join(f"{one.id}.1" for one in records)})
    officer.post("/transport/reviews", data={"firm": "宏达面粉", "reason": "一名装卸工"})
    address = "/transport/reviews/answer?firm=firm"
    assert officer.post(address, data={"outcome": "withdrawn", "reason": "已移出"}).status_code == 303
    assert "t 已提出全部作废" in officer.get(address).text
    keys = client_of("HQ").get("/keys").text
    assert "宏达面粉" in keys
    act = re.findall("/keys/acts/([0-9a-f]+)/confirm", keys)[0]
    assert client_of("HQ").post(f"/keys/acts/{act}/confirm").status_code == 303
    assert officer.get(address).status_code == 404


def test_a_whitelist_comes_in_whole_or_not_at_all(officer: FlaskClient, tmp_path: Path) -> None:
    def send(text: str) -> Any:
        file = tmp_path / "list.csv"
        file.write_text(text)
        return officer.post("/transport/whitelist", data={"file": file.open("rb")})

    wrong = send("企业名称,车牌号,车辆关系\n甲厂,豫R11111,自有\n乙厂,12345,自有\n")
    assert wrong.status_code == 422
    assert "row 3: 车牌号" in wrong.text
    assert "甲厂" not in officer.get("/transport/whitelist").text
    assert send("企业名称,车牌号,车辆关系\n甲厂,豫R11111,自有\n").status_code == 303
    assert "甲厂" in officer.get("/transport/whitelist", query_string={"q": "豫R111"}).text


def test_no_file_is_said_beside_the_field(officer: FlaskClient) -> None:
    assert officer.post("/transport/whitelist").status_code == 422
