"""Read a Chinese number plate: full-width and lower-case forms become one, and our own rule says what a plate is.

Ordinary plates: province, letter, five characters (豫R12345), the last of which may be a class word (挂 a trailer,
学, 警, 港, 澳). New-energy plates: province, letter, six characters, either D or F-like letter first and digits in the
last four (豫RD12345), or five digits and the letter last (豫R12345D). I and O never occur (GA 36-2018).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from geodata.errors import BadInputError

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTER: Final = "A-HJ-NP-Z"
_ENERGY: Final = "A-HJK"
_PLATE: Final = re.compile(
    rf"[{_PROVINCES}][{_LETTER}](?:"
    rf"[{_LETTER}0-9]{{5}}|[{_LETTER}0-9]{{4}}[挂学警港澳]|[{_ENERGY}][{_LETTER}0-9][0-9]{{4}}|[0-9]{{5}}[{_ENERGY}])"
)
#: Not every space that a language knows: JavaScript knows others than Python.
_IGNORED: Final = re.compile(r"[ \t\n\r\f\v·•・.\-]+")


def normalise_plate(text: str) -> str:
    """Return the one way to write a plate: half-width, upper case, without spaces and dots."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_plate(text: str) -> bool:
    """Tell whether a text is a plate in its one way of writing."""
    return _PLATE.fullmatch(text) is not None


def read_plate(text: str, *, where: str) -> str:
    """Return the plate in its one way of writing.

    Raises
    ------
    BadInputError
        `plate-unreadable`: not a plate, also after full-width letters and dots were made plain.
    """
    plate = normalise_plate(text)
    if not is_plate(plate):
        raise BadInputError("plate-unreadable", where, value=text)
    return plate
