"""Judge what a checkpoint's free text means: a forbidden reason, perhaps one, one for the firm, or none (L6, K9).

People write around a rule: other words in another order, traditional characters, a slip of the input method, plain
pinyin. So words are compared twice, as they are written and as they sound; only what is written plainly is barred,
what merely sounds like it is looked at by a person.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from geodata.policy import Policy, Reason

Meaning = Literal["forbidden", "for_the_firm", "review", "free"]
#: What people put between the words, in whatever width.
_BETWEEN: Final = re.compile(r"[\s\W_]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LATIN: Final = re.compile(r"[a-z]+")
_BREAK: Final = "'"
#: Texts and policy words whose sound is kept at hand.
_REMEMBERED: Final = 4_096
#: Finals that many speakers, and so their input methods, do not tell apart.
_BACK_NASAL: Final = re.compile(r"(?<=[aei]n)g")
#: Characters that a word must have for its sound to say which word it is.
SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class TextMeaning:
    """What a free text means.

    Attributes
    ----------
    meaning
        "forbidden": not taken. "for_the_firm": no ground to refuse, the firm is told (X7). "review": taken, and looked
        at by supervision. "free": nothing of the kind.
    reason
        The forbidden reason it is, or may be; None where it is free.
    """

    meaning: Meaning
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A text without signs: as written, its characters as syllables of pinyin, and what was typed in letters."""

    plain: str
    syllables: str
    letters: str


def meaning_of(text: str, policy: Policy) -> TextMeaning:
    """Return what a free text means under a regime's forbidden reasons, the gravest meaning first."""
    plain = plain_text(text)
    if not plain:
        return TextMeaning("free")
    for reason in policy.forbidden_reasons:
        if _is_written(plain, reason):
            return TextMeaning("forbidden", reason)
    spoken = _spoken(plain)
    for reason in policy.forbidden_reasons:
        if _sounds_like(spoken, reason.for_the_firm) and _sounds_like(spoken, reason.about):
            return TextMeaning("for_the_firm", reason)
    for reason in policy.forbidden_reasons:
        if _sounds_like(spoken, reason.words) and _sounds_like(spoken, reason.about):
            return TextMeaning("review", reason)
    return TextMeaning("free")


def meaning_of_refusal(chosen: str, note: str, policy: Policy) -> TextMeaning:
    """Return what a refusal means: the reason that was chosen, by its id, and the free text beside it."""
    reason = next((one for one in policy.forbidden_reasons if one.id == chosen), None)
    return meaning_of(note, policy) if reason is None else TextMeaning("forbidden", reason)


def forbidden_reason_in(text: str, policy: Policy) -> Reason | None:
    """Return the forbidden reason that a text plainly gives, None where it gives none."""
    found = meaning_of(text, policy)
    return found.reason if found.meaning == "forbidden" else None


@lru_cache(_REMEMBERED)
def plain_text(text: str) -> str:
    """Return a text without width, case, and anything between its letters."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(_REMEMBERED)
def _spoken(plain: str) -> _Spoken:
    """Return how a plain text sounds."""
    if not _HAN.search(plain):
        return _Spoken(plain, "", without_marks(plain))
    parts = syllables_of(plain)
    letters = _BREAK.join(_LATIN.findall(without_marks(plain)))
    return _Spoken(plain, f"{_BREAK}{_BREAK.join(parts)}{_BREAK}", letters)


def syllables_of(plain: str) -> tuple[str, ...]:
    """Return the syllables of a plain text, what is typed in letters as one; none where it has no Chinese character."""
    if not _HAN.search(plain):
        return ()
    # Some thousand entries: loaded when the first such text comes.
    from pypinyin import lazy_pinyin

    return tuple(without_marks(one) for one in lazy_pinyin(plain))


def without_marks(text: str) -> str:
    """Return a sound without its tone, and without what many speakers do not tell apart."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _BACK_NASAL.sub("", plain)


def _is_written(plain: str, reason: Reason) -> bool:
    named = (plain_text(word) for word in re.split(r"[、,,]", reason.text))
    return any(word and word in plain for word in named) or any(re.search(one, plain) for one in reason.patterns)


def _sounds_like(spoken: _Spoken, words: tuple[str, ...]) -> bool:
    return any(_is_heard(_spoken(plain_text(word)), spoken) for word in words)


def _is_heard(word: _Spoken, spoken: _Spoken) -> bool:
    """Tell whether a word stands in a text, or sounds in it; one character alone has too many namesakes to sound."""
    if word.plain in spoken.plain:
        return True
    if len(word.plain) < SHORTEST or not word.syllables:
        return False
    return word.syllables in spoken.syllables or word.syllables.replace(_BREAK, "") in spoken.letters
