"""What a checkpoint's free text means, on a labelled list: no forbidden reason slips by, hardly an honest one is stopped."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from geodata.policy_reading import load_profile
from passes.checkpoint.refusal_text import forbidden_reason_in, meaning_of, meaning_of_refusal

POLICY = load_profile("fangcheng-2022")
#: Label and text a line: "forbidden", "for_the_firm" (a stay, X7), "honest".
LABELLED = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("refusal_texts.tsv").read_text(encoding="utf-8").splitlines()
]


def meanings(label: str) -> Counter[str]:
    return Counter(meaning_of(text, POLICY).meaning for one, text in LABELLED if one == label)


def test_the_list_is_large_and_says_nothing_twice():
    assert len(LABELLED) >= 200
    assert len({text for _, text in LABELLED}) == len(LABELLED)
    assert Counter(label for label, _ in LABELLED)["honest"] >= 100


def test_every_forbidden_text_is_barred_or_looked_at():
    assert set(meanings("forbidden")) <= {"forbidden", "review"}


def test_hardly_an_honest_text_is_barred_or_doubted():
    found = meanings("honest")
    assert found["forbidden"] + found["for_the_firm"] < 0.05 * found.total()
    assert found["review"] < 0.05 * found.total()


def test_a_stay_is_for_the_firm_and_no_forbidden_reason():
    assert set(meanings("for_the_firm")) == {"for_the_firm"}


@pytest.mark.parametrize(
    "text",
    ["途 经 高风险区", "途經高風險區", "风险区,他来自那里", "TuJing FengXianQu", "tú jīng fēng xiǎn qū", "图经疯险区"],
)
def test_width_order_script_sound_and_pinyin_do_not_hide_it(text):
    assert meaning_of(text, POLICY).meaning in {"forbidden", "review"}
    assert meaning_of(text, POLICY).reason.id == "transit"


def test_one_character_alone_does_not_sound_like_another():
    # 鄂 (a province) sounds as 饿 (hungry) does.
    assert meaning_of("司机饿了", POLICY).meaning == "free"


def test_a_chosen_forbidden_reason_needs_no_text():
    assert meaning_of_refusal("transit", "", POLICY).meaning == "forbidden"
    assert meaning_of_refusal("plate_differs", "", POLICY).meaning == "free"


@pytest.mark.parametrize("text", ["", "   ", "……", "?!"])
def test_no_words_mean_nothing(text):
    assert meaning_of(text, POLICY).meaning == "free"


def test_a_regime_without_forbidden_reasons_forbids_none():
    assert forbidden_reason_in("途经中高风险地区", load_profile("animal-disease")) is None
