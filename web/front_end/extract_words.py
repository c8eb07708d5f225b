"""Bring a room's catalogue of words up to date: `python web/front_end/extract_words.py ROOM`.

New words get an empty translation to be filled in, words that are used no more go; what is translated stays.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parents[1]
WORDS = WEB / "translations" / "zh_Hans_CN" / "LC_MESSAGES"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2)}
#: Python files of the demo's page lie beside the rooms.
BESIDE = {"demo": ("thread_page.py",)}


def files_of(room: str) -> Iterator[tuple[str, Path]]:
    """Yield every file of a room that may hold words, with how words are found in it."""
    for path in sorted((WEB / room).rglob("*.py")):
        yield "python", path
    for name in BESIDE.get(room, ()):
        yield "python", WEB / name
    for path in sorted((WEB / "templates" / room).rglob("*.html")):
        yield "jinja2.ext:babel_extract", path


def words_of(room: str) -> Catalog:
    """Return the words of a room, without translations."""
    found = Catalog(locale="zh_Hans_CN", charset="utf-8")
    for method, path in files_of(room):
        for _line, message, _comments, context in extract_from_file(method, path, keywords=KEYWORDS):
            found.add(message, locations=[(path.relative_to(WEB).as_posix(), 1)], context=context)
    return found


def rooms() -> list[str]:
    """Return every room that has words."""
    folders = {path.parent.name for path in WEB.glob("*/pages.py")} | set(BESIDE)
    return sorted(room for room in folders if len(words_of(room)))


def read_words(room: str) -> Catalog:
    """Return a room's catalogue as it is kept, an empty one where there is none yet."""
    path = WORDS / f"{room}.po"
    if not path.exists():
        return Catalog(locale="zh_Hans_CN", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN", abort_invalid=True)


def update(room: str) -> list[str]:
    """Write a room's catalogue anew and return the words that still want a translation."""
    known = {(one.id, one.context): one.string for one in read_words(room) if one.id}
    fresh = words_of(room)
    for one in fresh:
        if one.id:
            one.string = known.get((one.id, one.context), one.string)
            one.locations = sorted({(name, 1) for name, _ in one.locations})
    with (WORDS / f"{room}.po").open("wb") as file:
        write_po(file, fresh, omit_header=True, sort_output=True, no_location=False, include_lineno=False, width=0)
    with (WORDS / f"{room}.po").open("r+b") as file:
        body = file.read()
        file.seek(0)
        file.write(HEADER + body)
    return [str(one.id) for one in fresh if one.id and not is_translated(one)]


def is_translated(message: Message) -> bool:
    """Tell whether a message has a translation, in each of its plural forms."""
    forms = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(forms)


HEADER = b"""msgid ""
msgstr ""
"Language: zh_Hans_CN\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for missing in update(name):
            sys.stdout.write(f"{name}: {missing}\n")
