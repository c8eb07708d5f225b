"""Check a person's identity number: what is surely wrong is an error, what only looks odd is noted for a person."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from geodata.errors import BadInputError

#: Passports and the like: letters first, then digits. They have no check digit to test.
_OTHER_DOCUMENT: Final = re.compile(r"(?=.{8})[A-Z]{1,3}[0-9]{5,12}")
REGION_UNUSED: Final = "id-region-unused"
NOT_RESIDENT: Final = "id-not-resident-number"


def compact_id_number(text: str) -> str:
    """Return an identity number without spaces and hyphens, in half-width capitals."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def check_id_number(text: str, *, where: str) -> tuple[str, tuple[str, ...]]:
    """Check a resident identity number (GB 11643) or take another document's number as it is.

    Returns
    -------
    tuple
        The compact number, and codes of what a person should look at: `id-region-unused` (regions were merged and
        renumbered, so an unused code is no proof of a false number), `id-not-resident-number`.

    Raises
    ------
    BadInputError
        `id-number-wrong` with the part that is wrong: length, characters, check digit or birth date.
    """
    from stdnum.cn import ric
    from stdnum.exceptions import InvalidComponent

    number = compact_id_number(text)
    if _OTHER_DOCUMENT.fullmatch(number):
        return number, (NOT_RESIDENT,)
    if len(number) != 18:
        raise BadInputError("id-number-wrong", where, part="length", length=len(number))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise BadInputError("id-number-wrong", where, part="characters")
    if ric.calc_check_digit(number) != number[-1]:
        raise BadInputError("id-number-wrong", where, part="check-digit")
    try:
        ric.get_birth_date(number)
    except InvalidComponent:
        raise BadInputError("id-number-wrong", where, part="birth-date") from None
    return number, () if _is_known_region(number[:6]) else (REGION_UNUSED,)


@lru_cache(maxsize=4_096)
def _is_known_region(code: str) -> bool:
    """Tell whether a region ever bore this code.

    Whether it did in the year of birth is not asked: a number is given later than its bearer is born, so that half a
    county's people bear a code that is younger than they are.
    """
    from stdnum import numdb

    return any("county" in properties for _, properties in numdb.get("cn/loc").info(code))
