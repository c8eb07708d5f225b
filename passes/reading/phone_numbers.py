"""Read a phone number as people write it: spaces, dashes and full-width digits make no other number."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SIGNS: Final = re.compile(r"[\s\-().·]+")
_NUMBER: Final = re.compile(r"\+?[0-9]{5,15}")


def normalise_phone(text: str) -> str:
    """Return a phone number as digits, a leading "+" kept; "" where it is none."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", text).replace("—", "").replace("–", ""))
    return plain if _NUMBER.fullmatch(plain) else ""
