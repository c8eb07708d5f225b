"""The checkpoint's pages: an instruction for every truck, an outcome on record, no forbidden reason (stories 2, 3)."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from geodata.closures.register import list_closures
from geodata.store import transaction
from passes.checkpoint.scan_register import list_scans
from passes.editions.pass_register import find_pass
from passes.editions.withdrawal import withdraw_pass
from passes.reissue.renewal import renew_pass
from passes.tokens.pass_code import from_code
from tests.issuing_office import office_of
from tests.photo_files import SVG, a_picture
from tests.road_world import issue_now, the_moment

START = "/checkpoint/"


@pytest.fixture
def record(small_site):
    return issue_now(small_site.store, small_site.county, small_site.key_file)


@pytest.fixture
def passing(small_site):
    """A pass whose route leads past the checkpoint."""
    return issue_now(small_site.store, small_site.county, small_site.key_file, origin="east")


@pytest.fixture
def guard(client_of):
    return client_of("C")


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def check(guard, text, **more) -> str:
    answer = guard.post("/checkpoint/check", data={"text": text, **more})
    assert answer.status_code == 200
    return text_of(answer)


def verdict(page: str) -> str:
    return re.search(r'data-verdict="(\w+)"', page)[1]


def scans(small_site):
    with transaction(small_site.store, writes=False) as connection:
        return list_scans(connection)


def test_four_digits_find_the_truck_that_is_expected_here(guard, passing):
    page = text_of(guard.get(f"{START}?part={passing.plate[-4:]}"))
    assert passing.plate in page
    assert "应到" in page
    found = text_of(guard.get(f"/checkpoint/pass/{passing.number}"))
    assert (verdict(found), "放行" in found, passing.plate in found) == ("green", True, True)


def test_expected_trucks_are_listed_before_anything_is_typed(guard, passing):
    assert passing.plate in text_of(guard.get(START))


def test_a_pass_off_its_route_is_guided_back(guard, record):
    page = text_of(guard.get(f"/checkpoint/pass/{record.number}"))
    assert verdict(page) == "amber"
    assert "引导车辆回到指定路线" in page
    assert re.search(r"相距 \d+ 米", page)


@pytest.mark.parametrize("form", ["token", "url", "digits"])
def test_token_url_and_digits_are_the_same_pass(guard, passing, form):
    texts = {"token": passing.token, "url": passing.url, "digits": passing.url.rpartition("/")[2]}
    assert verdict(check(guard, texts[form])) == "green"


def test_one_byte_changed_is_no_pass_of_ours(guard, passing):
    head, payload, signature = passing.token.split(".")
    broken = f"{head}.{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    page = check(guard, broken)
    assert (verdict(page), "签名不符" in page) == ("red", True)
    assert passing.plate not in page


def test_a_guard_who_has_to_call_finds_the_number_beside_the_verdict(guard, passing, monkeypatch):
    monkeypatch.setattr("web.checkpoint.pages.desk_phone", lambda: "0377-1")
    pages = [check(guard, text) for text in ("x", passing.token)]
    assert [(verdict(page), 'href="tel:0377-1"' in page) for page in pages] == [("red", True), ("green", False)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x", "请出示有效通行证"),
        ("HTTPS://PASS.EXAMPLE/V/12345", "请出示有效通行证"),
        ("<script>alert(1)</script>", "请出示有效通行证"),
        ("eyJhbGciOiJub25lIn0.e30.", "请靠边停车"),
    ],
)
def test_what_is_no_pass_is_red_and_says_what_to_do(guard, text, told):
    page = check(guard, text)
    assert (verdict(page), told in page) == ("red", True)
    assert "<script>alert" not in page


def test_an_expired_pass_is_red(guard, small_site, passing, monkeypatch):
    moment = passing.expires_at
    monkeypatch.setattr(type(small_site), "now", lambda _: moment)
    monkeypatch.setattr("web.shell.gate.recognise", _still(guard))
    assert verdict(check(guard, passing.token)) == "red"


def _still(guard):
    from passes.accounts.signing_in import recognise

    def at_sign_in(connection, secret, *, at):
        return recognise(connection, secret, at=the_moment())

    return at_sign_in


def test_a_withdrawn_pass_is_red(guard, small_site, passing):
    with transaction(small_site.store, writes=True) as connection:
        withdraw_pass(connection, passing.number, reason="停运", at=the_moment())
    page = check(guard, passing.token)
    assert (verdict(page), "通行证已作废" in page) == ("red", True)


def test_a_replaced_pass_is_amber_and_never_a_refusal(guard, small_site, passing):
    with transaction(small_site.store, writes=True) as connection:
        office = office_of(connection, small_site.county)
        renew_pass(passing.number, office, key_file=small_site.key_file, at=the_moment())
        newest = find_pass(connection, passing.number)
    page = check(guard, passing.token)
    assert (verdict(page), "线路已换" in page) == ("amber", True)
    assert verdict(check(guard, newest.token)) == "green"


def test_another_trucks_plate_is_red_and_names_both(guard, passing):
    page = check(guard, passing.token, plate="豫R 99999")
    assert verdict(page) == "red"
    assert "豫R99999" in page
    assert passing.plate in page
    assert verdict(check(guard, passing.token, plate=f" {passing.plate} ")) == "green"


def outcome(text, **changes):
    return {"key": "11111111-2222", "text": text, "plate": "", "outcome": "let_pass", **changes}


def refusal(text, reason="plate_differs", **changes):
    photo = (io.BytesIO(a_picture()), "p.jpg")
    return outcome(text, **{"outcome": "not_let_pass", "reason": reason, "photo": photo, **changes})


def test_let_pass_and_register_and_the_next_vehicle(guard, small_site, passing):
    answer = guard.post("/checkpoint/outcome", data=outcome(passing.token))
    assert answer.headers["Location"] == START
    (scan,) = scans(small_site)
    assert (scan.checkpoint, scan.officer, scan.plate, scan.verdict) == ("check", "c", passing.plate, "green")
    guard.post("/checkpoint/outcome", data=outcome(passing.token))
    assert len(scans(small_site)) == 1
    assert passing.plate in text_of(guard.get("/checkpoint/log"))


def test_the_verdict_of_a_record_is_judged_here_and_not_taken_from_the_page(guard, small_site, passing):
    guard.post("/checkpoint/outcome", data=outcome(passing.token, verdict="red", plate="豫R99999"))
    (scan,) = scans(small_site)
    assert (scan.verdict, scan.plate, "plate-differs" in scan.reasons) == ("red", "豫R99999", True)


def test_a_refusal_of_a_good_pass_is_seen_by_the_office_and_by_supervision(guard, client_of, small_site, passing):
    assert guard.post("/checkpoint/outcome", data=refusal(passing.token)).status_code == 303
    (scan,) = scans(small_site)
    for role in ("T", "S"):
        page = text_of(client_of(role).get("/checkpoint/refusals"))
        assert passing.plate in page
        assert "车牌不符" in page
    assert client_of("S").get(f"/photos/{scan.photo}").status_code == 200
    assert guard.get(f"/photos/{scan.photo}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"photo": (io.BytesIO(b""), "")}, "还没有照片"),
        ({"photo": (io.BytesIO(SVG), "p.jpg")}, "不是照片"),
        ({"reason": "other", "note": "货厢异响"}, "还没有写与谁通话"),
        ({"reason": "weather"}, "这个原因不在名单里"),
        ({"reason": ""}, "没有选原因"),
    ],
)
def test_a_refusal_without_its_evidence_comes_back(guard, small_site, passing, changes, said):
    answer = guard.post("/checkpoint/outcome", data=refusal(passing.token, **changes))
    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert verdict(text_of(answer)) == "green"
    assert scans(small_site) == ()


def test_the_forbidden_reason_cannot_be_chosen(guard, passing):
    page = text_of(guard.get(f"/checkpoint/pass/{passing.number}"))
    offered = set(re.findall(r'name="reason" value="(\w+)"', page))
    assert len(offered) == 9
    assert offered.isdisjoint({"transit", "plate_origin", "waiting_result"})
    assert "风险" not in page


@pytest.mark.parametrize(
    "changes", [{"reason": "transit"}, {"reason": "other", "called": "张", "note": "途 经中高风险地区"}]
)
def test_a_forbidden_reason_is_not_taken_and_is_recorded(guard, client_of, small_site, passing, changes):
    answer = guard.post("/checkpoint/outcome", data=refusal(passing.token, **changes))
    assert (answer.status_code, "不得以" in text_of(answer)) == (422, True)
    assert [one.outcome for one in scans(small_site)] == ["barred"]
    assert "原因不予采用" in text_of(client_of("S").get("/checkpoint/refusals"))


def test_a_truck_without_a_pass_has_a_flow_of_its_own(guard, small_site):
    page = text_of(guard.get("/checkpoint/no-pass"))
    for said in ("没有通行证的车", "已引导申请", "放行并登记", "问清去向"):
        assert said in page
    for number, done in enumerate(("let_pass", "guided")):
        sent = outcome("", key=f"key-{number}", plate="豫A88888", outcome=done)
        assert guard.post("/checkpoint/no-pass", data=sent).status_code == 303
    assert sorted((one.plate, one.verdict, one.outcome) for one in scans(small_site)) == [
        ("豫A88888", "none", "guided"),
        ("豫A88888", "none", "let_pass"),
    ]


def test_a_truck_without_a_pass_is_not_recorded_without_its_plate(guard, small_site):
    answer = guard.post("/checkpoint/no-pass", data=outcome("", plate=""))
    assert (answer.status_code, "请输入车牌" in text_of(answer)) == (422, True)
    assert scans(small_site) == ()


def test_a_guard_reports_a_blocked_road_and_so_confirms_it(guard, small_site):
    sent = {"position": "113.02,33.01", "barrier": "wall", "photo": (io.BytesIO(a_picture()), "p.jpg")}
    assert guard.post("/checkpoint/report", data=sent).status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        (blockage,) = list_closures(connection)
    assert (blockage.observations[0].source, blockage.observations[0].barrier) == ("checkpoint", "wall")
    assert guard.post("/checkpoint/report", data={**sent, "position": "121.5,31.2", "photo": ""}).status_code == 422


def test_an_account_of_no_checkpoint_chooses_one(small_site, client_of):
    from passes.accounts.account_register import ACCOUNTS

    with transaction(small_site.store, writes=True) as connection:
        connection.execute(ACCOUNTS.update().where(ACCOUNTS.c.name == "c").values(unit=""))
    guard = client_of("C")
    assert guard.get(START).headers["Location"] == "/checkpoint/choose"
    assert guard.post("/checkpoint/choose", data={"checkpoint": "nowhere"}).status_code == 200
    assert guard.post("/checkpoint/choose", data={"checkpoint": "check"}).status_code == 303
    assert "检查点" in text_of(guard.get(START))


def test_colours_come_from_the_policy(guard, small_site):
    css = text_of(guard.get("/checkpoint/verdict.css"))
    assert all(colour in css for colour in small_site.county.settings.policy.verdict.colours)


def test_an_instruction_to_a_guard_has_at_most_sixteen_characters(guard, record):
    for text in (record.token, "x"):
        instruction = re.search(r'class="verdict-next">([^<]*)<', check(guard, text))[1]
        assert 0 < len(instruction) <= 16


def test_a_url_of_the_right_form_gives_back_the_token(passing):
    assert from_code(passing.url) == passing.token
    assert passing.expires_at - passing.not_before < timedelta(days=4)


def test_a_guards_phone_is_told_of_a_newer_pass_and_led_to_it(guard, small_site, passing):
    with transaction(small_site.store, writes=True) as connection:
        office = office_of(connection, small_site.county)
        renew_pass(passing.number, office, key_file=small_site.key_file, at=the_moment())
        newest = find_pass(connection, passing.number)
    assert guard.get(f"/checkpoint/newer/{passing.jti}").json == {"newer": True, "waiting": False}
    assert guard.get(f"/checkpoint/newer/{newest.jti}").json == {"newer": False, "waiting": False}
    assert guard.get("/checkpoint/newer/411322999999-1").status_code == 404
    page = text_of(guard.get(f"/checkpoint/pass/{passing.jti}-1"))
    assert (verdict(page), "新证" in page, page.count("<svg") >= 2) == ("amber", True, True)
