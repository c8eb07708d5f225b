"""Every word of a page is there in Chinese and in English, once, and says the same on every page."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from web.messages import error_wording, finding_wording, known_codes

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("extract_words", ROOT / "web" / "front_end" / "extract_words.py")
words = importlib.util.module_from_spec(_SPEC)
sys.modules["extract_words"] = words
_SPEC.loader.exec_module(words)

ROOMS = words.rooms()
HAN = re.compile(r"[\u4e00-\u9fff]")
#: A comma, colon, question mark or bracket of another script beside a Chinese character.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?(]|[,;?)][\u4e00-\u9fff]")
#: Names that are the same in both languages, and marks.
_SAME = re.compile(r"[\W\d_]*(%\(\w+\)[sd][\W\d_]*)*|GPX|KML|CSV|XLSX|GeoJSON|km|QR|ID")
#: terms.md: nothing on a page calls anything unlawful, and no verdict or word is a health code's.
FORBIDDEN = (
    "违法",
    "违规",
    "擅自",
    "非法",
    "黄码",
    "红码",
    "异常人员",
    "审计",
    "票据",
    "工单",
    "走廊",
    "趟次",
    "仿真",
    "令牌",
    "哈希",
)


@pytest.mark.parametrize("room", ROOMS)
def test_every_word_of_a_room_is_translated_and_none_is_left_over(room):
    used = {(one.id, one.context) for one in words.words_of(room) if one.id}
    kept = {(one.id, one.context): one for one in words.read_words(room) if one.id}
    assert used == set(kept)
    assert [one.id for one in kept.values() if one.fuzzy or not words.is_translated(one)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_words_in_the_code_are_english_and_their_translations_chinese(room):
    catalogue = [one for one in words.read_words(room) if one.id]
    assert [one.id for one in catalogue if HAN.search(str(one.id)) and "中文" not in str(one.id)] == []
    spoken = [one for one in catalogue if not _SAME.fullmatch(str(one.id))]
    assert [one.id for one in spoken if not HAN.search(str(one.string))] == []


def test_the_same_word_is_translated_the_same_way_in_every_room():
    found: dict[object, set[str]] = {}
    for room in ROOMS:
        for one in words.read_words(room):
            if one.id:
                found.setdefault((str(one.id), one.context), set()).add(str(one.string))
    assert {key: said for key, said in found.items() if len(said) > 1} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_no_page_uses_a_word_that_the_list_of_terms_forbids(room):
    text = "".join(str(one.string) for one in words.read_words(room))
    assert [word for word in FORBIDDEN if word in text] == []


def half_width(text: str) -> list[str]:
    """Return the marks of a Chinese sentence that are not Chinese; what stands in quotation marks is typed as it is."""
    return HALF_WIDTH.findall(re.sub("\u201c[^\u201d]*\u201d", "", text))


@pytest.mark.parametrize("room", ROOMS)
def test_chinese_sentences_on_pages_have_chinese_marks(room):
    said = [str(one.string) for one in words.read_words(room) if one.id]
    assert [text for text in said if half_width(text)] == []


def test_chinese_sentences_of_findings_and_errors_have_chinese_marks():
    errors, findings = known_codes()
    wordings = [*map(error_wording, errors), *map(finding_wording, findings)]
    said = [text for one in wordings for text in (one.zh, one.remedy_zh)]
    assert [text for text in said if half_width(text)] == []


def test_a_placeholder_is_in_both_languages():
    def places(text: object) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]", str(text)))

    wrong = [
        one.id for room in ROOMS for one in words.read_words(room) if one.id and places(one.id) != places(one.string)
    ]
    assert wrong == []
