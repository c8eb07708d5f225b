from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from geodata.county import County
from tests.pass_applications import application_document
from web import cli
from web.messages import known_codes
from web.wording.passes import BECAUSE

SCHEMAS = Path(__file__).parent.parent / "schemas"
WHITELIST = "企业编号,企业名称,车牌号,车辆关系\nfirm,宏达面粉,豫R12345,自有\nfirm,宏达面粉,豫R23456,固定外协\n"
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(
    used_county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    monkeypatch.setenv("BAOTONG_COUNTY", str(used_county.folder))
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.delenv("BAOTONG_DATABASE_URL", raising=False)

    def command(*arguments: str, as_json: bool = True) -> tuple[int, Any]:
        code = cli.run([*arguments, *(["--json"] if as_json else [])])
        out = capsys.readouterr()
        return code, json.loads(out.out) if as_json else out.out + out.err

    whitelist = tmp_path / "list.csv"
    whitelist.write_text(WHITELIST, encoding="utf-8")
    assert command("whitelist", "import", str(whitelist))[0] == 0
    return command


def ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    def write_file(**changes: Any) -> str:
        people = {who: {"sampled_at": ago(hours=5), **changes.pop(who, {})} for who in ("driver", "rider")}
        times = {"depart_at": ago(hours=-1), "prereported_at": ago(hours=6)}
        path = tmp_path / "application.json"
        document = application_document(**{**times, **people, **changes})
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return str(path)

    return write_file


def fits(answer: Any, schema: str) -> bool:
    jsonschema.validate(answer, json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8")))
    return True


def test_the_same_whitelist_again_changes_nothing(run: Run, tmp_path: Path) -> None:
    code, answer = run("whitelist", "import", str(tmp_path / "list.csv"))
    assert code == 0
    assert answer == {
        "ok": True,
        "created": 0,
        "changed": 0,
        "unchanged": 1,
        "removed": 0,
        "ignored_columns": [],
        "errors": [],
    }


def test_a_faulty_whitelist_is_refused_row_by_row_and_nothing_is_taken(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("企业名称,车牌号,车辆关系\n新厂,豫R34567,自有\n新厂,豫R1,自有\n", encoding="utf-8")
    code, answer = run("whitelist", "import", str(path))
    assert (code, answer["error"]["code"]) == (3, "whitelist-has-errors")
    (fault,) = answer["errors"]
    assert (fault["row"], fault["code"], fault["where"]) == (3, "plate-unreadable", "new.csv: row 3: 车牌号")
    assert fault["remedy"]
    path.write_text("企业名称\n新厂\n", encoding="utf-8")
    assert run("whitelist", "import", str(path))[1]["created"] == 1


def test_check_answers_with_the_route_and_issues_nothing(run: Run, write: Callable[..., str]) -> None:
    code, answer = run("pass", "check", write())
    assert (code, answer["ok"], answer["findings"]) == (0, True, [])
    assert fits(answer, "pass-check")
    assert [road["road_id"] for road in answer["route"]["roads"]] == ["c1"]
    assert run("pass", "list")[1]["passes"] == []


def test_check_at_another_time_judges_that_time(run: Run, write: Callable[..., str]) -> None:
    code, answer = run("pass", "check", write(depart_at=ago(days=-3)), "--at", ago(days=-3))
    assert code == 1
    assert fits(answer, "pass-refused")
    assert [one["code"] for one in answer["findings"]] == ["condition-expired", "condition-expired"]


def test_a_refusal_says_it_in_words_with_the_person_masked(run: Run, write: Callable[..., str]) -> None:
    code, text = run("pass", "check", write(driver={"result": "pending"}), as_json=False)
    assert code == 1
    assert "王*明 的核酸检测结果未出，也没有仍有效的上一次结果 [L4]" in text
    assert "王小明" not in text


def test_a_refusal_in_english(run: Run, write: Callable[..., str]) -> None:
    _, answer = run("pass", "issue", write(vehicle={"plate": "豫R99999"}), "--lang", "en")
    (finding,) = answer["findings"]
    assert finding["text"].startswith("Vehicle 豫R99999 is registered neither as own nor as contracted")
    assert finding["clause"] == "policy"


def test_a_bad_application_is_exit_3_with_its_path(run: Run, write: Callable[..., str]) -> None:
    code, answer = run("pass", "issue", write(rider={"sampled_at": "2022-06-30T12:00:00"}))
    assert code == 3
    assert fits(answer, "failure")
    assert (answer["error"]["code"], answer["error"]["where"]) == (
        "time-without-offset",
        "application.json: crew[1].sampled_at",
    )


def test_issue_show_verify_renew_withdraw(run: Run, write: Callable[..., str]) -> None:
    code, answer = run("pass", "issue", write())
    assert (code, fits(answer, "pass-issued")) == (0, True)
    issued = answer["pass"]
    assert (issued["number"], issued["state"]) == ("411399000001", "granted")
    assert run("pass", "verify", issued["url"], "--plate", "豫R12345")[0] == 0
    code, answer = run("pass", "renew", issued["number"])
    assert (code, answer["pass"]["number"], answer["pass"]["edition"]) == (0, issued["number"], 2)
    assert run("pass", "verify", issued["token"])[0] == 10
    code, answer = run("pass", "withdraw", issued["number"], "--reason", "车次取消")
    assert (code, answer["pass"]["state"]) == (0, "withdrawn")
    assert run("pass", "verify", issued["token"])[0] == 20
    code, answer = run("pass", "show", issued["number"])
    assert [one["event"] for one in answer["pass"]["events"]] == ["issued", "renewed", "replaced", "withdrawn"]
    assert answer["pass"]["events"][-1]["facts"] == {"by": "-"}


def test_the_same_application_again_says_so(run: Run, write: Callable[..., str]) -> None:
    path = write()
    first, again = run("pass", "issue", path)[1], run("pass", "issue", path)[1]
    assert (first["again"], again["again"]) == (False, True)
    assert first["pass"]["token"] == again["pass"]["token"]


def test_renewing_with_an_updated_application(run: Run, write: Callable[..., str]) -> None:
    number = run("pass", "issue", write())[1]["pass"]["number"]
    code, answer = run("pass", "renew", number, "--application", write(driver={"sampled_at": ago(minutes=9)}))
    assert (code, answer["pass"]["jti"]) == (0, f"{number}-2")


def test_lists_can_be_narrowed_to_a_state(run: Run, write: Callable[..., str]) -> None:
    number = run("pass", "issue", write())[1]["pass"]["number"]
    run("pass", "renew", number)
    states = {
        state: len(run("pass", "list", "--state", state)[1]["passes"]) for state in ("granted", "replaced", "expired")
    }
    assert states == {"granted": 1, "replaced": 1, "expired": 0}
    assert len(run("pass", "list")[1]["passes"]) == 2


def test_what_is_shown_holds_nothing_personal(run: Run, write: Callable[..., str]) -> None:
    number = run("pass", "issue", write())[1]["pass"]["number"]
    for said in (str(run("pass", "show", number)[1]), run("pass", "show", number, as_json=False)[1]):
        assert "王*明" in said
        assert not re.search("王小明|360426199101010071|13800000000", said)


def test_an_unknown_number_is_exit_3(run: Run) -> None:
    code, answer = run("pass", "show", "411399000001")
    assert (code, answer["error"]["code"]) == (3, "pass-unknown")


def test_a_suspended_pass_is_red_until_it_goes_on(run: Run, write: Callable[..., str]) -> None:
    issued = run("pass", "issue", write())[1]["pass"]
    code, answer = run("pass", "suspend", issued["number"], "--reason", "待核实")
    assert (code, answer["pass"]["state"]) == (0, "suspended")
    assert run("pass", "verify", issued["token"])[0] == 20
    code, answer = run("pass", "resume", issued["number"], "--reason", "已核实")
    assert (code, answer["pass"]["state"]) == (0, "granted")
    assert run("pass", "verify", issued["token"])[0] == 0


def test_withdrawing_twice_is_exit_3_and_says_the_state(run: Run, write: Callable[..., str]) -> None:
    number = run("pass", "issue", write())[1]["pass"]["number"]
    run("pass", "withdraw", number, "--reason", "x")
    code, answer = run("pass", "withdraw", number, "--reason", "x")
    assert (code, answer["error"]["code"]) == (3, "pass-not-open")


def test_every_code_of_the_pass_domain_has_its_sentence() -> None:
    folder = Path(cli.__file__).parent.parent / "passes"
    names = (
        "applications/application",
        "applications/check",
        "applications/trip",
        "applications/conditions",
        "applications/eligibility",
        "reading/identity",
        "reading/json_object",
        "editions/pass_numbers",
        "editions/pass_register",
        "reissue/renewal",
        "applications/sealed_applications",
        "whitelist/firms",
        "whitelist/file",
        "whitelist/register",
        "editions/withdrawal",
        "editions/suspending",
        "applications/pass_window",
        "intake/handling",
        "intake/intake_register",
        "intake/file",
        "reading/table_file",
        "reissue/replacing",
    )
    sources = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in names)
    codes = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', sources))
    errors, findings = known_codes()
    assert len(codes) > 60
    others = {*BECAUSE, "route-uses-closed-road", "check-digit", "birth-date"}
    assert codes - errors - findings - others == set()
