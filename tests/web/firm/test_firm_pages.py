"""A firm applies by form and file: faults beside their fields, what was typed kept, nothing of another firm seen."""

from __future__ import annotations

import io
import re
import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from geodata.policy_reading import profile_text, read_policy
from geodata.store import transaction
from passes.accounts.account_register import add_account, set_password
from passes.editions.pass_register import find_pass, list_passes
from passes.intake.handling import Act, Answer, answer_application, issue_filed, open_filed
from passes.intake.intake_register import IntakeRecord, list_intake
from passes.jobs_register import JOBS, JobLostError
from tests.issuing_office import WHITELIST, office_of, put_on_whitelist
from tests.pass_applications import DRIVER_ID, RIDER_ID
from tests.web_fixtures import _HASH, OPENED_AT, PASSWORD
from web.firm import application_form, batches
from web.jobs.worker import work_waiting
from web.site import Site


def clock(site: Site, *, seconds: float = 0, **since: float) -> str:
    """Return a time of the county's clock as a browser sends it."""
    instant = datetime.now(UTC) + timedelta(**since, seconds=seconds)
    return instant.astimezone(site.county.settings.timezone).strftime("%Y-%m-%dT%H:%M:%S")


def filled(site: Site, **changes: str) -> dict[str, str]:
    return {
        "vehicle-plate": "豫Ｒ１２３４５",
        "vehicle-link": "own",
        "vehicle-gross_weight_t": "18",
        "crew-0-name": "王小明",
        "crew-0-id_number": DRIVER_ID,
        "crew-0-role": "driver",
        "crew-0-sampled_at": clock(site, hours=-10),
        "crew-0-result": "negative",
        "crew-0-proof": "seen",
        "goods": "面粉",
        "origin": "县医院",
        "destination": "宏达面粉",
        "depart_at": clock(site, hours=1),
        "prereported_at": clock(site, hours=-20),
        "button": "send",
        **changes,
    }


@pytest.fixture
def firm(small_site: Site, client_of: Any) -> FlaskClient:
    with transaction(small_site.store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
    client: FlaskClient = client_of("E")
    return client


@pytest.fixture
def other_firm(small_site: Site, firm: FlaskClient, client_of: Any) -> FlaskClient:
    with transaction(small_site.store, writes=True) as connection:
        add_account(connection, "e9", role="E", unit="顺通物流", password_hash=_HASH, at=OPENED_AT)
        set_password(connection, "e9", _HASH, must_change=False)
    client: FlaskClient = client_of("")
    client.post("/sign-in", data={"name": "e9", "password": PASSWORD})
    return client


def kept(site: Site) -> tuple[IntakeRecord, ...]:
    with transaction(site.store, writes=False) as connection:
        return list_intake(connection)


def error_of(page: str, field: str) -> str:
    found = re.search(rf'id="{field}-error">([^<]*)<', page)
    return found[1] if found else ""


def test_an_application_is_sent_and_a_full_width_plate_accepted(firm: FlaskClient, small_site: Site) -> None:
    assert firm.post("/firm/apply", data=filled(small_site)).status_code == 303
    (record,) = kept(small_site)
    assert (record.state, record.plate, record.firm, record.judgement.findings) == ("applied", "豫R12345", "firm", ())
    assert "申请 000001 已提交" in firm.get("/firm").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("vehicle-plate", "12345", "车牌"),
        ("vehicle-plate", "", "请填写此项"),
        ("vehicle-gross_weight_t", "重", "不是数字"),
        ("vehicle-axles", "2.5", "不是整数"),
        ("vehicle-height_m", "-1", "超出范围"),
        ("crew-0-name", "", "请填写此项"),
        ("crew-0-id_number", DRIVER_ID[:-1] + "2", "身份证号有误"),
        ("crew-0-sampled_at", "昨天", "时间"),
        ("crew-0-result", "perhaps", "perhaps"),
        ("origin", "月亮", "没有"),
        ("destination", "", "请填写此项"),
        ("depart_at", "", "请填写此项"),
        ("prereported_at", "x", "时间"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_what_was_typed_stays(
    firm: FlaskClient, small_site: Site, field: str, value: str, said: str
) -> None:
    answer = firm.post("/firm/apply", data=filled(small_site, **{field: value}))
    assert answer.status_code == 422
    assert said in error_of(answer.text, field), error_of(answer.text, field)
    assert "面粉" in answer.text
    assert kept(small_site) == ()


@pytest.mark.parametrize(("seconds", "said"), [(-48 * 3600 - 1, "已于"), (3600, "还没到"), (-48 * 3600 + 60, "出发前")])
def test_a_sample_too_old_or_in_the_future_is_refused_beside_its_time(
    firm: FlaskClient, small_site: Site, seconds: float, said: str
) -> None:
    data = filled(small_site, **{"crew-0-sampled_at": clock(small_site, seconds=seconds)})
    answer = firm.post("/firm/apply", data=data)
    assert answer.status_code == 422
    assert said in error_of(answer.text, "crew-0-sampled_at")
    assert "王*明" in error_of(answer.text, "crew-0-sampled_at")


def test_what_a_rule_refuses_may_be_sent_for_the_officer_to_look_at(firm: FlaskClient, small_site: Site) -> None:
    late = filled(small_site, **{"crew-0-sampled_at": clock(small_site, hours=-50)})
    assert 'value="anyway"' in firm.post("/firm/apply", data=late).text
    assert firm.post("/firm/apply", data={**late, "button": "anyway"}).status_code == 303
    assert [one.code for one in kept(small_site)[0].judgement.findings] == ["condition-expired"]


def test_a_firm_taken_off_while_the_form_was_open_is_refused_when_it_is_sent(
    firm: FlaskClient, small_site: Site
) -> None:
    data = filled(small_site)
    firm.get("/firm/apply")
    with transaction(small_site.store, writes=True) as connection:
        put_on_whitelist(connection, {**WHITELIST[0], "status": "removed", "reason": "整改中"})
    for button in ("send", "anyway"):
        answer = firm.post("/firm/apply", data={**data, "button": button})
        assert answer.status_code == 422
        assert "整改中" in answer.text
        assert 'value="anyway"' not in answer.text
    assert kept(small_site) == ()


def test_persons_are_added_and_taken_away_without_scripts(firm: FlaskClient, small_site: Site) -> None:
    two = firm.post("/firm/apply", data=filled(small_site, button="add")).text
    assert 'name="crew-1-name"' in two
    assert "王小明" in two
    rider = {"crew-1-name": "李红", "crew-1-id_number": RIDER_ID, "crew-1-role": "rider"}
    one = firm.post("/firm/apply", data=filled(small_site, **rider, button="remove-0")).text
    assert "李红" in one
    assert "王小明" not in one
    assert 'name="crew-1-name"' not in one


def test_a_draft_is_kept_with_its_gaps_and_sent_later(firm: FlaskClient, small_site: Site) -> None:
    firm.post("/firm/apply", data=filled(small_site, destination="", button="save"))
    page = firm.get("/firm/applications/000001").text
    assert "王小明" in page
    assert "草稿" in page
    sent = firm.post("/firm/applications/000001", data=filled(small_site, version="1"))
    assert sent.status_code == 303
    assert (kept(small_site)[0].id, kept(small_site)[0].state) == ("000001", "applied")


def answered(site: Site, decision: str) -> None:
    with transaction(site.store, writes=True) as connection:
        act = Act("t", datetime.now(UTC), site.key_file)
        (record,) = list_intake(connection)
        answer_application(connection, record.id, act, answer=Answer(decision, "请重新采样"), seen=record.version)


def test_what_came_back_says_why_and_is_corrected_and_sent_again(firm: FlaskClient, small_site: Site) -> None:
    late = {"crew-0-sampled_at": clock(small_site, hours=-50), "button": "anyway"}
    firm.post("/firm/apply", data=filled(small_site, **late))
    answered(small_site, "returned")
    assert "请重新采样" in firm.get("/firm").text
    page = firm.get("/firm/applications/000001").text
    assert "请重新采样" in page
    version = re.search(r'name="version" type="hidden" value="(\d+)"', page)
    assert version is not None
    firm.post("/firm/applications/000001", data=filled(small_site, version=version[1]))
    assert (kept(small_site)[0].state, kept(small_site)[0].judgement.findings) == ("applied", ())


def test_a_form_that_somebody_else_was_faster_with_shows_how_it_stands(firm: FlaskClient, small_site: Site) -> None:
    firm.post("/firm/apply", data=filled(small_site))
    answered(small_site, "refused")
    taken = firm.post("/firm/applications/000001/take-back", data={"version": "1"}, follow_redirects=True)
    assert "刚被 t 处理过" in taken.text
    assert "不予核发" in taken.text


def test_the_slower_of_two_editors_sees_the_others_change_and_loses_nothing(
    firm: FlaskClient, client_of: Any, small_site: Site
) -> None:
    draft = filled(small_site, button="save")
    firm.post("/firm/apply", data=draft)
    colleague = client_of("E")
    theirs = {**draft, "version": "1", "goods": "大米", "vehicle-gross_weight_t": "18.0"}
    assert colleague.post("/firm/applications/000001", data=theirs).status_code == 303
    typed = {**draft, "version": "1", "crew-0-phone": "13800000000", "button": "send"}
    shown = firm.post("/firm/applications/000001", data=typed)
    assert shown.status_code == 409
    assert "刚被 e 处理过" in shown.text
    beside = re.findall(r'<th scope="row">.*?</tr>', shown.text)
    assert [re.findall("大米|面粉|13800000000|18", one) for one in beside] == [["13800000000"], ["大米", "面粉"]]
    assert 'value="13800000000"' in shown.text
    assert 'name="version" type="hidden" value="2"' in shown.text
    assert firm.post("/firm/applications/000001", data={**typed, "version": "2"}).status_code == 303
    assert kept(small_site)[0].goods == "面粉"


def test_what_was_typed_stays_on_the_page_where_a_colleague_has_sent_the_application(
    firm: FlaskClient, small_site: Site
) -> None:
    draft = filled(small_site, button="save")
    firm.post("/firm/apply", data=draft)
    firm.post("/firm/applications/000001", data={**draft, "version": "1", "button": "send"})
    shown = firm.post("/firm/applications/000001", data={**draft, "version": "1", "goods": "大米"})
    assert shown.status_code == 409
    assert "<strong>大米</strong>" in shown.text
    assert kept(small_site)[0].goods == "面粉"


def test_another_firm_sees_nothing_of_it(firm: FlaskClient, other_firm: FlaskClient, small_site: Site) -> None:
    firm.post("/firm/apply", data=filled(small_site))
    number = issue(small_site)
    assert "000001" not in other_firm.get("/firm").text
    for address in (
        "/firm/applications/000001",
        f"/firm/passes/{number}",
        f"/firm/passes/{number}/print",
        f"/firm/apply?again={number}",
    ):
        assert other_firm.get(address).status_code == 404, address
    assert other_firm.post(f"/firm/passes/{number}/renew").status_code == 422
    assert other_firm.post("/firm/applications/000001", data=filled(small_site)).status_code == 422
    with transaction(small_site.store, writes=False) as connection:
        assert find_pass(connection, number).edition == 1


def issue(site: Site) -> str:
    with transaction(site.store, writes=True) as connection:
        office = office_of(connection, site.county)
        act = Act("t", datetime.now(UTC), site.key_file)
        return issue_filed(office, "000001", act, seen=1).record.pass_number


def test_a_pass_is_renewed_with_one_tap(firm: FlaskClient, small_site: Site) -> None:
    firm.post("/firm/apply", data=filled(small_site))
    number = issue(small_site)
    assert number in firm.get("/firm/passes").text
    assert firm.post(f"/firm/passes/{number}/renew").status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        assert [one.edition for one in list_passes(connection, at=datetime.now(UTC))] == [2, 1]


def test_a_renewal_that_a_rule_refuses_offers_to_apply_with_newer_data(firm: FlaskClient, small_site: Site) -> None:
    firm.post("/firm/apply", data=filled(small_site))
    number = issue(small_site)
    with transaction(small_site.store, writes=True) as connection:
        put_on_whitelist(connection, {**WHITELIST[0], "status": "removed", "reason": "整改中"})
    answer = firm.post(f"/firm/passes/{number}/renew")
    assert answer.status_code == 422
    assert "整改中" in answer.text
    again = firm.get(f"/firm/apply?again={number}").text
    assert "王小明" in again
    assert "豫R12345" in again


def test_the_list_of_passes_renews_with_one_tap(firm: FlaskClient, small_site: Site) -> None:
    firm.post("/firm/apply", data=filled(small_site))
    number = issue(small_site)
    assert f'action="/firm/passes/{number}/renew"' in firm.get("/firm/passes").text


def test_what_a_regime_asks_of_a_vehicle_is_asked_in_the_form(
    firm: FlaskClient, small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    disinfected = read_policy(tomllib.loads(profile_text("animal-disease")), where="").conditions
    monkeypatch.setattr(application_form, "all_conditions", lambda _settings: disinfected)
    assert 'name="stated_disinfected"' in firm.get("/firm/apply").text
    said = {"stated_disinfected": "2022-07-01T08:00", "stated_filed_vehicle": ""}
    with firm.application.test_request_context("/firm/apply", method="POST", data=filled(small_site, **said)):
        document = application_form.document_of(application_form.new_form())
    assert document["vehicle"]["disinfected"] == {"done_at": "2022-07-01T00:00:00+00:00"}
    assert "filed_vehicle" not in document["vehicle"]


HEAD = "车牌号,车辆关系,出发地,目的地,出发时间,提前报备时间,驾驶员姓名,驾驶员身份证号,驾驶员采样时间,驾驶员检测结果,驾驶员证明方式"


def line(site: Site, **changes: str) -> str:
    cells = {
        "plate": "豫R12345",
        "link": "自有",
        "origin": "县医院",
        "destination": "宏达面粉",
        "depart": clock(site, hours=1),
        "report": clock(site, hours=-9),
        "name": "王小明",
        "id": DRIVER_ID,
        "sampled": clock(site, hours=-5),
        "result": "阴性",
        "proof": "已看证明",
    }
    return ",".join({**cells, **changes}.values())


def send_file(firm: FlaskClient, *lines: str, name: str = "day.csv") -> Any:
    data = "\n".join([HEAD, *lines]).encode()
    return firm.post("/firm/file", data={"file": (io.BytesIO(data), name)})


def test_a_file_is_sent_whole(firm: FlaskClient, small_site: Site) -> None:
    answer = send_file(firm, line(small_site), line(small_site, origin="village"))
    assert "已提交 2 份申请" in answer.text
    assert {one.state for one in kept(small_site)} == {"applied"}
    with transaction(small_site.store, writes=False) as connection:
        document = open_filed(connection, kept(small_site)[0], small_site.key_file)
    assert document["enterprise"] == "宏达面粉"


def test_a_file_with_faults_is_not_sent_at_all(firm: FlaskClient, small_site: Site) -> None:
    answer = send_file(firm, line(small_site), line(small_site, id="1"), line(small_site, destination="月亮"))
    assert answer.status_code == 422
    assert re.search(r"<td>3</td><td>驾驶员身份证号</td>", answer.text)
    assert re.search(r"<td>4</td><td>目的地</td>[^\n]*月亮", answer.text)
    assert kept(small_site) == ()


@pytest.mark.parametrize("name", ["day.pdf", ""])
def test_a_file_that_is_none_is_said_beside_the_field(firm: FlaskClient, small_site: Site, name: str) -> None:
    answer = send_file(firm, line(small_site), name=name)
    assert answer.status_code == 422
    assert error_of(answer.text, "file")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_is_given(firm: FlaskClient, kind: str) -> None:
    answer = firm.get(f"/firm/template.{kind}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="applications.{kind}"'
    assert answer.data


def test_a_file_of_ten_megabytes_is_said_beside_the_field_and_a_larger_one_on_its_page(firm: FlaskClient) -> None:
    def sent(size: int) -> Any:
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="day.csv"\r\n\r\n%b\r\n--x--\r\n'
        content_type = "multipart/form-data; boundary=x"
        return firm.post("/firm/file", data=part % (b"x" * size), content_type=content_type)

    answer = sent(10_000_000)
    said = error_of(answer.text, "file")
    assert (answer.status_code, "10 MB" in said, "5 MB" in said) == (422, True, True)
    page = sent(13_000_000)
    assert (page.status_code, "5 MB" in page.text, 'href="/firm/file"' in page.text) == (413, True, True)


def test_a_field_of_ten_megabytes_breaks_nothing(firm: FlaskClient, small_site: Site) -> None:
    answer = firm.post("/firm/apply", data=filled(small_site, **{"vehicle-plate": "x" * 10_000_000}))
    assert (answer.status_code, kept(small_site)) == (413, ())


def waiting_jobs(site: Site) -> list[str]:
    return [job.state for job in work_waiting(site)]


def test_a_large_file_is_filed_in_the_background_once_with_its_faults(
    firm: FlaskClient, small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.firm.upload.BYTES_AT_ONCE", {"csv": 10})
    monkeypatch.setattr("web.firm.batches.ROWS_AT_FIRST", 2)
    monkeypatch.setattr("web.firm.batches.next_size", lambda size, _took_s: size)
    lines = [line(small_site), line(small_site, destination="月亮"), *[line(small_site, origin="village")] * 3]
    address = send_file(firm, *lines).headers["Location"]
    assert "批量申请" in firm.get(address).text
    steps = []
    part = batches.file_part

    def killed_once(*words: Any, **more: Any) -> Any:
        steps.append(words[0][0].number)
        if len(steps) == 2:
            raise JobLostError("job-lost", "")
        return part(*words, **more)

    monkeypatch.setattr(batches, "file_part", killed_once)
    assert waiting_jobs(small_site) == ["running"]
    with transaction(small_site.store, writes=True) as connection:
        connection.execute(sa.update(JOBS).values(lease_until=small_site.now()))
    assert len(waiting_jobs(small_site)) == 1
    assert steps == [2, 4, 4, 6]
    assert len(kept(small_site)) == 2
    page = firm.get(address).text
    assert "<td>3</td>" in page
    assert "月亮" in page


def test_nobody_sees_the_file_of_another(
    firm: FlaskClient, other_firm: FlaskClient, small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.firm.upload.BYTES_AT_ONCE", {"csv": 10})
    address = send_file(firm, line(small_site)).headers["Location"]
    assert other_firm.get(address).status_code == 404
