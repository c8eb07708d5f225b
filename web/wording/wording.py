"""What one code says in both languages, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class _Facts(dict[str, object]):
    """Facts of a sentence; one that is missing stays visible as its name instead of crashing the message."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _spoken(value: object, lang: str) -> object:
    """Return a fact as people say it: lists as an enumeration, whole numbers without a point."""
    if isinstance(value, list | tuple | frozenset):
        return ("、" if lang == "zh" else ", ").join(str(_spoken(one, lang)) for one in value) or "-"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fill(text: str, lang: str, facts: Mapping[str, object]) -> str:
    return text.format_map(_Facts({key: _spoken(value, lang) for key, value in facts.items()}))


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence and its remedy in Chinese and English; `{name}` stands for a fact.

    Attributes
    ----------
    words
        What a fact's word of the program is called: the word, Chinese, English.
    form_zh, form_en
        The remedy for a person at a page, where `remedy_*` speaks to who writes a file or types a command; else "".
    """

    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""
    words: tuple[tuple[str, str, str], ...] = ()
    form_zh: str = ""
    form_en: str = ""

    def text(self, lang: str, facts: Mapping[str, object]) -> str:
        """Return the sentence."""
        return _fill(self.zh if lang == "zh" else self.en, lang, self._called(lang, facts))

    def remedy(self, lang: str, facts: Mapping[str, object]) -> str:
        """Return what to do next."""
        return _fill(self.remedy_zh if lang == "zh" else self.remedy_en, lang, self._called(lang, facts))

    def remedy_at_form(self, lang: str, facts: Mapping[str, object]) -> str:
        """Return what to do next at a page."""
        said = self.form_zh if lang == "zh" else self.form_en
        return _fill(said, lang, self._called(lang, facts)) if said else self.remedy(lang, facts)

    def _called(self, lang: str, facts: Mapping[str, object]) -> Mapping[str, object]:
        called: dict[object, object] = {word: zh if lang == "zh" else en for word, zh, en in self.words}
        if not called:
            return facts
        return {key: called.get(value, value) if isinstance(value, str) else value for key, value in facts.items()}
