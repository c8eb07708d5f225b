"""Say what speaks against the signer of a paper that is no pass: a closure order, a closed-loop certificate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from passes.tokens.front_door import ParsedToken
from passes.tokens.signing import is_signed_by
from passes.verifying.key_list import KeyList
from passes.verifying.verdicts import GROUNDS, Ground, Level, Reason


class Signed(Protocol):
    """What every signed paper says of its signing."""

    @property
    def issuer(self) -> str:
        """Who says that they signed it."""

    @property
    def issued_at(self) -> datetime:
        """When it says that it was signed."""


@dataclass(frozen=True, slots=True)
class PaperGrounds:
    """How the reasons of one kind of paper weigh.

    Attributes
    ----------
    own
        The reasons that only this kind has; those of the front door and the keys are the passes'.
    clause, next
        What the passes' reasons rest on, and the next step, when they are said of such a paper.
    """

    own: Mapping[str, Ground]
    clause: str
    next: str

    def reason(
        self, code: str, facts: Mapping[str, object] = MappingProxyType({}), *, level: Level | None = None
    ) -> Reason:
        """Return a reason; its level may differ where the key list says so."""
        ground = self.own.get(code) or Ground(GROUNDS[code].level, self.clause, self.next)
        return Reason(code, level or ground.level, ground.clause, ground.next, facts)


def refuse_signer(token: ParsedToken, keys: KeyList, grounds: PaperGrounds) -> Reason | None:
    """Return the reason that ends the check: a withdrawn key, or a known key that did not sign this."""
    if token.kid in keys.withdrawn:
        return grounds.reason("key-withdrawn", {"kid": token.kid})
    key = keys.keys.get(token.kid)
    if key is not None and not is_signed_by(token, key):
        return grounds.reason("signature-wrong", {"kid": token.kid})
    return None


def judge_signer(kid: str, said: Signed, keys: KeyList, *, at: datetime, grounds: PaperGrounds) -> Iterator[Reason]:
    """Yield what speaks against the key and the issuer of a paper whose signature holds, or whose key is not known."""
    key = keys.keys.get(kid)
    if key is None:
        yield grounds.reason("key-unknown", level="red" if keys.holds_every_key_at(at) else "amber")
        return
    if key.retired_at is not None and said.issued_at >= key.retired_at:
        yield grounds.reason("key-retired", {"retired_at": key.retired_at})
    if keys.issuer and said.issuer != keys.issuer:
        yield grounds.reason("issuer-differs", {"issuer": said.issuer, "expected": keys.issuer})
