"""Sentences read as people speak: enumerations, whole numbers, and no crash for a missing fact."""

import pytest

from web.messages import known_codes
from web.wording.wording import Wording

LINE = Wording(zh="相近：{near}", en="near: {near}", remedy_zh="超过 {most_m} 米", remedy_en="more than {most_m} m")


@pytest.mark.parametrize(("lang", "said"), [("zh", "相近：甲、乙"), ("en", "near: 甲, 乙")])
def test_a_list_is_an_enumeration(lang, said):
    assert LINE.text(lang, {"near": ["甲", "乙"]}) == said


def test_nothing_to_list_is_a_dash():
    assert LINE.text("en", {"near": ()}) == "near: -"


def test_a_whole_number_has_no_point():
    assert LINE.remedy("zh", {"most_m": 2000.0}) == "超过 2000 米"
    assert LINE.remedy("zh", {"most_m": 0.5}) == "超过 0.5 米"


def test_a_missing_fact_stays_visible_and_breaks_nothing():
    assert LINE.text("zh", {}) == "相近：{near}"


def test_every_area_has_its_sentences():
    errors, findings = known_codes()
    assert {"place-unknown", "port-taken", "database-newer", "road-file-unreadable"} <= errors
    assert {f"K{number}" for number in (1, 2, 3, 4, 5, 6, 7, 14)} <= findings
