"""What a pass says and keeps before it has a number: made of a checked application, wherever and whenever that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from passes.errors import RefusedTokenError
from passes.tokens.claims import CLAIM_CHECKS, StatusSlot
from passes.tokens.drawn_line import DrawnLine

if TYPE_CHECKING:
    from passes.editions.pass_register import PassRecord
    from passes.ways.driven_way import Stage

#: Stand for any number and slot while the other claims are checked; of the longest ones there are.
ANY_JTI: Final = "999999999999"
ANY_SLOT: Final = StatusSlot(131_071, "/status/1")


@dataclass(frozen=True, slots=True)
class PassDraft:
    """A pass but for its number and its slot.

    Attributes
    ----------
    record
        What the register keeps; number, application, key, token and code are still empty.
    claims
        What it says, checked, as `ANY_JTI` in `ANY_SLOT` and with whatever corridor.
    line
        Draws its corridor.
    stages
        Its roads.
    notes
        Codes of what was noted when it was checked.
    """

    record: PassRecord
    claims: Mapping[str, Any]
    line: DrawnLine
    stages: tuple[Stage, ...]
    notes: tuple[str, ...] = ()

    def claims_of(self, jti: str) -> Callable[[StatusSlot], Mapping[str, Any]]:
        """Return what makes the claims of a numbered pass, given its slot."""

        def claims(slot: StatusSlot) -> Mapping[str, Any]:
            own = {"jti": jti, "status": {"idx": slot.index, "uri": slot.uri}}
            for name, value in own.items():
                if not CLAIM_CHECKS[name](value):
                    raise RefusedTokenError("claims-not-ours", "claims", member=name)
            return {**self.claims, **own}

        return claims
