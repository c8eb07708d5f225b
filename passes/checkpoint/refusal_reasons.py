"""Say why a truck may not be let pass: the reasons that the regime lists, never one that it forbids (L6, K9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passes.checkpoint.refusal_text import forbidden_reason_in

if TYPE_CHECKING:
    from geodata.policy import Policy, Reason


def refusal_reasons(policy: Policy) -> tuple[Reason, ...]:
    """Return the reasons a checkpoint may choose from, in the policy's order; one that it also forbids is left out."""
    forbidden = {one.id for one in policy.forbidden_reasons}
    return tuple(
        one
        for one in policy.refusal_reasons
        if one.id not in forbidden and forbidden_reason_in(one.text, policy) is None
    )
