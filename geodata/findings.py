"""What a rule reports when it says no: a code, the clause it rests on, and facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's no, about one subject.

    Attributes
    ----------
    code
        Stable name: a check id such as "K1", or a kebab-case condition code such as "test-too-old".
    clause
        Clause of the plan it rests on ("L4"), "policy" for county policy, or "" where none.
    subject
        Id of the closure, blockage, hub, person or vehicle concerned, "" where none.
    facts
        JSON-ready values that the sentence names.
    """

    code: str
    clause: str = ""
    subject: str = ""
    facts: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
