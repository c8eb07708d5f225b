"""Give the phone what it needs to judge free text as `refusal_text` does: words, and which characters sound like them.

A phone knows no pinyin, and a table of all of it weighs more than the whole verifier. Only the syllables of the
policy's own words matter, so each comes with the characters that may be read so; where a character has several
readings all count. What the phone finds is therefore never milder than what the office finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from passes.checkpoint.refusal_text import SHORTEST, plain_text, syllables_of, without_marks

if TYPE_CHECKING:
    from geodata.policy import Policy, Reason

#: Who writes a reason uses characters of these; rarer ones no input method offers.
_USUAL: Final = ("gb2312", "big5")
_CHARACTERS: Final = range(0x4E00, 0xA000)


def phone_reasons(policy: Policy) -> dict[str, Any]:
    """Return the forbidden reasons as the phone reads them, each word with its syllables, and the sounds."""
    return _phone_reasons(policy.forbidden_reasons)


@lru_cache(8)
def _phone_reasons(forbidden: tuple[Reason, ...]) -> dict[str, Any]:
    reasons: list[dict[str, Any]] = []
    wanted: set[str] = set()
    for one in forbidden:
        kinds = {name: [_word(word) for word in getattr(one, name)] for name in ("words", "about", "for_the_firm")}
        wanted.update(part for words in kinds.values() for word in words for part in word[1:])
        reasons.append({"text": one.text, "patterns": list(one.patterns), **kinds})
    return {"reasons": reasons, "sounds": _sounds(wanted)}


def _word(word: str) -> list[str]:
    """Return a word as written, then its syllables where its sound says which word it is."""
    plain = plain_text(word)
    return [plain, *(syllables_of(plain) if len(plain) >= SHORTEST else ())]


def _sounds(wanted: Iterable[str]) -> dict[str, str]:
    """Return the usual characters of each syllable."""
    from pypinyin.constants import PINYIN_DICT

    found: dict[str, list[str]] = {one: [] for one in sorted(wanted)}
    for code, readings in PINYIN_DICT.items():
        if not _is_usual(code):
            continue
        for syllable in {without_marks(one) for one in readings.split(",")}:
            if syllable in found:
                found[syllable].append(chr(code))
    return {syllable: "".join(signs) for syllable, signs in found.items() if signs}


def _is_usual(code: int) -> bool:
    if code not in _CHARACTERS:
        return False
    for encoding in _USUAL:
        try:
            chr(code).encode(encoding)
        except UnicodeEncodeError:
            continue
        return True
    return False
