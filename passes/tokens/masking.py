"""Make of a name and an ID what a token may carry: a masked name and the ID's last four characters.

No full ID number, phone or full name goes into a token, a QR, a URL or a log.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from geodata.errors import BadInputError

#: Longest masked name; a token's claim schema refuses more.
LONGEST_MASKED: Final = 12
_SHORTEST_ID: Final = 8
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_BETWEEN_NAMES: Final = re.compile(r"[\s·•・.,\-']+")


def mask_name(name: str) -> str:
    """Mask a name: 王小明 -> 王*明, 王明 -> 王*, 买买提·艾力 -> 买*力, John Smith -> J* S*.

    Raises
    ------
    BadInputError
        `name-empty`.
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    parts = [part for part in _BETWEEN_NAMES.split(plain) if part]
    if not parts:
        raise BadInputError("name-empty", "name")
    if _LATIN.match(parts[0]):
        return " ".join(f"{part[0].upper()}*" for part in parts[:3])
    joined = "".join(parts)
    return f"{joined[0]}*" if len(joined) <= 2 else f"{joined[0]}*{joined[-1]}"


def last_four(id_number: str) -> str:
    """Return the last four characters of an identity document's number, in upper case.

    Raises
    ------
    BadInputError
        `id-number-too-short`: its last four would give half of it away.
    """
    plain = re.sub(r"[^0-9A-Za-z]", "", unicodedata.normalize("NFKC", id_number)).upper()
    if len(plain) < _SHORTEST_ID:
        raise BadInputError("id-number-too-short", "id_number", shortest=_SHORTEST_ID)
    return plain[-4:]
