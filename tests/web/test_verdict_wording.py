"""Every reason, step and error of passes has its words, in both languages and within the rules of the glossary."""

import re
from pathlib import Path

import pytest

import passes
import web.key_file
from passes.verifying.verdicts import GROUNDS, VerdictRules, make_reason
from web.verdict_text import reason_json
from web.wording.verdicts import ERRORS, FINDINGS, STEPS

MINE = [
    "tokens/front_door",
    "tokens/claims",
    "tokens/keys",
    "verifying/key_list",
    "key_encryption",
    "keyring/key_register",
    "tokens/pass_code",
    "tokens/qr_image",
    "reading/plates",
    "tokens/masking",
    "tokens/polyline",
    "reading/positions",
    "verifying/status_list",
    "editions/status_register",
]
NEVER = re.compile("违法|违规|擅自|非法|黄|令牌|哈希|审计|票据|工单|走廊|趟次|仿真|异常人员|撤销|注销")
STEPS_USED = {ground.next for ground in GROUNDS.values()} | {"check-paper", "renew-condition-now"}


def test_every_reason_and_every_step_has_its_words():
    assert set(FINDINGS) == set(GROUNDS)
    assert set(STEPS) == STEPS_USED | {"follow-gravest"}


def test_every_error_that_is_raised_has_words_and_a_remedy():
    folder = Path(passes.__file__).parent
    sources = [folder / f"{name}.py" for name in MINE] + [Path(web.key_file.__file__)]
    raised = {code for path in sources for code in re.findall(r'Error\(\s*"([a-z0-9-]+)"', path.read_text())}
    said_by_others = {"position-not-a-number", "file-missing"}
    assert raised - set(ERRORS) - said_by_others == set()
    assert all(one.remedy_zh and one.remedy_en for code, one in ERRORS.items() if code not in FINDINGS)


@pytest.mark.parametrize("table", [FINDINGS, STEPS, ERRORS], ids=["findings", "steps", "errors"])
def test_no_sentence_holds_a_word_that_the_glossary_forbids(table):
    for one in table.values():
        assert not NEVER.search(one.zh + one.remedy_zh), one.zh


def test_a_step_for_a_guard_is_short():
    for step in STEPS.values():
        assert len(step.zh.replace("{test}", "核酸检测")) <= 16, step.zh


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", list(GROUNDS))
def test_every_reason_can_be_said(code, lang):
    said = reason_json(make_reason(code), VerdictRules(), lang)
    assert list(said) == ["code", "clause", "text", "next"]
    assert all(said.values())


def test_a_zone_that_is_not_known_shows_times_in_the_machine_s_own():
    from datetime import UTC, datetime

    reason = make_reason("expired", {"expires_at": datetime(2022, 6, 22, tzinfo=UTC)})
    assert "2022-06-2" in reason_json(reason, VerdictRules(timezone="Nowhere/Land"), "zh")["text"]


def test_a_reason_that_does_not_decide_the_verdict_gives_way():
    from passes.verifying.verdicts import VerdictRules, Weighed, make_reason
    from web.verdict_text import verdict_json

    reasons = (make_reason("withdrawn"), make_reason("list-current", {"age_h": 1}))
    said = verdict_json(Weighed("red", reasons, None), VerdictRules(), "en")["reasons"]
    assert said[0]["next"] == STEPS["call-duty-desk"].en
    assert said[1]["next"] == STEPS["follow-gravest"].en
