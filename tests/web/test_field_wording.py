"""Every code that the road's registers raise has its sentence in both languages, and none accuses anybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from web.wording.field import ERRORS, FINDINGS

PASSES = Path(__file__).parents[2] / "passes"
FILES = (
    "reports/photos",
    "messages/link_register",
    "reports/road_reporting",
    "tracks/stop_register",
    "checkpoint/outcome",
)
FROM_ELSEWHERE = {"position-far-from-road", "position-not-a-number"}


def raised() -> set[str]:
    texts = [(PASSES / f"{name}.py").read_text(encoding="utf-8") for name in FILES]
    return {code for text in texts for code in re.findall(r'(?:BadInputError|Finding)\(\s*"([a-z-]+)"', text)}


def test_every_code_has_its_sentence():
    assert len(raised()) > 15
    assert raised() - FROM_ELSEWHERE <= {*ERRORS, *FINDINGS}


@pytest.mark.parametrize("code", [*ERRORS, *FINDINGS])
def test_every_sentence_has_both_languages_and_says_what_to_do(code):
    wording = {**ERRORS, **FINDINGS}[code]
    assert all((wording.zh, wording.en, wording.remedy_zh, wording.remedy_en))
    assert not re.search("违法|违规|擅自|非法|黄码|红码|审计|工单|走廊|令牌|哈希", wording.zh + wording.remedy_zh)
