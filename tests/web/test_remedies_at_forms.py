"""A person at a form is told what to do there; the words of files and commands are for who writes those."""

from __future__ import annotations

import re

import pytest

from geodata.errors import BadInputError
from tests.closure_desks import ask
from web.messages import error_wording
from web.shell.form_errors import sentence_of

#: Codes that the fields of a form can raise, with the facts that their sentences tell.
AT_FORMS = {
    "closure-without-start": {},
    "closure-without-place": {},
    "closure-geometry-not-a-line": {"type": "Point"},
    "closure-position-unusable": {"value": "x"},
    "closure-on-parallel-roads": {"road_ids": ["a"], "other_road_ids": ["b"]},
    "closure-on-wrong-side": {"road_ids": ["a"]},
    "road-unknown": {"road_id": "a"},
    "decision-without-authority": {},
    "no-body-decides": {},
    "no-signing-key": {},
    "signing-key-unknown": {"kid": "a"},
    "key-withdrawn-already": {"kid": "a"},
}
FILE_WORDS = re.compile(r"`|road_ids|LineString|Polygon|\bauthority:|county\.toml|baotong |keys list|keys reissue")


@pytest.mark.parametrize("code", AT_FORMS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_form_says_has_no_word_of_a_file(small_app, code, lang):
    with small_app.test_request_context(f"/?lang={lang}"):
        assert not FILE_WORDS.search(sentence_of(BadInputError(code, "", **AT_FORMS[code])))


def test_a_file_is_told_its_own_words():
    assert "road_ids" in error_wording("closure-without-place").remedy("en", {})


def test_the_township_s_form_without_a_place_speaks_of_the_map(client_of):
    page = client_of("TW").post("/township/request", data={**ask(roads=""), "action": "look"}).text
    assert "在地图上选道路\uff0c或沿道路画线" in page
    assert "LineString" not in page
