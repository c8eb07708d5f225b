"""Say why a truck may not be let pass: the reasons that the regime lists, never one that it forbids (L6, K9)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geodata.policy import Policy, Reason

#: What people put between the words, in whatever width.
_BETWEEN: Final = re.compile(r"[\s\W_]+")


def refusal_reasons(policy: Policy) -> tuple[Reason, ...]:
    """Return the reasons a checkpoint may choose from, in the policy's order; one that it also forbids is left out."""
    forbidden = {one.id for one in policy.forbidden_reasons}
    return tuple(
        one
        for one in policy.refusal_reasons
        if one.id not in forbidden and forbidden_reason_in(one.text, policy) is None
    )


def forbidden_reason_in(text: str, policy: Policy) -> Reason | None:
    """Return the forbidden reason that a free text gives, None where it gives none.

    Width, spaces and signs between the words do not hide it.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    if not plain:
        return None
    return next((one for one in policy.forbidden_reasons if _says(plain, one)), None)


def _says(plain: str, reason: Reason) -> bool:
    words = [_BETWEEN.sub("", unicodedata.normalize("NFKC", word)) for word in re.split(r"[、,,]", reason.text)]
    named = any(word and word in plain for word in words)
    return named or any(re.search(pattern, plain) for pattern in reason.patterns)
