"""What one code says in both languages, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class _Facts(dict[str, object]):
    """Facts of a sentence; one that is missing stays visible as its name instead of crashing the message."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence and its remedy in Chinese and English; `{name}` stands for a fact."""

    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""

    def text(self, lang: str, facts: Mapping[str, object]) -> str:
        """Return the sentence."""
        return (self.zh if lang == "zh" else self.en).format_map(_Facts(facts))

    def remedy(self, lang: str, facts: Mapping[str, object]) -> str:
        """Return what to do next."""
        return (self.remedy_zh if lang == "zh" else self.remedy_en).format_map(_Facts(facts))
