"""After a Chinese word stand Chinese marks: in the catalogues, in the templates, and in what the demo county says of itself."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
#: A colon, comma or the like of another script after a Chinese character; before JSON or a time it may stand.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff\u201d\uff09] ?[:;,!?](?![/\d])")
#: A sentence of a catalogue, and then the template's own mark, which would be the same in both languages.
WRITTEN_OUT = re.compile(r"\b_\('[^']*'\) *\}\}:")


def test_no_sentence_of_a_catalogue_has_a_mark_of_another_script():
    found = []
    for path in sorted((ROOT / "web" / "translations").glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            found += [one.string for one in read_po(file) if HALF_WIDTH.search(str(one.string))]
    assert found == []


def test_no_template_writes_a_colon_after_a_sentence_that_is_translated():
    texts = {path: path.read_text() for path in (ROOT / "web" / "templates").rglob("*.html")}
    assert [path.name for path, text in texts.items() if WRITTEN_OUT.search(text)] == []


def test_the_demo_county_and_the_regimes_say_what_they_are_in_chinese_marks():
    named = [ROOT / "geodata" / "demo" / "facts.json", *(ROOT / "geodata" / "profiles").glob("*.toml")]
    said = [
        line for path in named for line in path.read_text().splitlines() if re.match(r'"?(attribution|citation)', line)
    ]
    assert len(said) >= 2
    assert [line for line in said if HALF_WIDTH.search(line)] == []
