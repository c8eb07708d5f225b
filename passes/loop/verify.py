"""Verify a closed-loop certificate: text in, verdict out, with every reason; offline by keys alone, or on the register.

| reason | verdict | what it means |
|---|---|---|
| the front door's codes, signature-wrong, key-unknown, key-withdrawn, key-retired, issuer-differs | red | none \
of ours (key-unknown: amber where the key list may be too old to hold it) |
| loop-kept | green | signed by us and on record: the trip kept to its route |
| loop-signed | green | signed by us: the trip kept to its route; the register was not asked |
| loop-old | amber | it was signed long ago: the trip is over for so long |
| loop-clock | amber | signed later than this clock shows: set the clock |
| loop-not-on-record | red | the register does not hold it, or holds it no more |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from passes.errors import RefusedTokenError
from passes.loop.claims import LoopClaims, read_loop_claims
from passes.loop.code import read_loop_token
from passes.tokens.front_door import ParsedToken
from passes.verifying.key_list import KeyList
from passes.verifying.paper_signer import PaperGrounds, judge_signer, refuse_signer
from passes.verifying.verdicts import Ground, Reason, Weighed, weigh

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Reasons that only certificates have; those of the front door and the keys are the passes'.
LOOP_GROUNDS: Final[Mapping[str, Ground]] = MappingProxyType(
    {
        "loop-kept": Ground("green", "X4", "accept-certificate"),
        "loop-signed": Ground("green", "X4", "accept-certificate"),
        "loop-old": Ground("amber", "policy", "ask-register"),
        "loop-clock": Ground("amber", "policy", "set-clock"),
        "loop-not-on-record": Ground("red", "X4", "ask-issuer"),
    }
)
_GROUNDS: Final = PaperGrounds(LOOP_GROUNDS, clause="X4", next="ask-issuer")
#: A clock may be so far behind.
_CLOCK: Final = timedelta(minutes=5)


#: The answer to "did this truck keep to its route?".
LoopTokenVerdict: TypeAlias = Weighed[LoopClaims]


def verify_loop(text: str, keys: KeyList, *, at: datetime, connection: sa.Connection | None = None) -> LoopTokenVerdict:
    """Judge a certificate by its token, the URL of its code, or the code's digits.

    Parameters
    ----------
    connection
        To the register; None: offline.
    """
    try:
        token = read_loop_token(text)
    except RefusedTokenError as error:
        return weigh([_GROUNDS.reason(error.code, error.facts)])
    ending = refuse_signer(token, keys, _GROUNDS)
    if ending is not None:
        return weigh([ending])
    claims = read_loop_claims(token.claims)
    reasons = [*judge_signer(token.kid, claims, keys, at=at, grounds=_GROUNDS), *_judge_time(claims, at)]
    reasons += [] if connection is None else list(_judge_record(connection, token, claims))
    if not reasons:
        reasons = [_GROUNDS.reason("loop-signed" if connection is None else "loop-kept")]
    return weigh(reasons, claims if token.kid in keys.keys else None)


def _judge_time(claims: LoopClaims, at: datetime) -> Iterator[Reason]:
    if at < claims.issued_at - _CLOCK:
        yield _GROUNDS.reason("loop-clock", {"issued_at": claims.issued_at})
    elif at >= claims.expires_at:
        yield _GROUNDS.reason("loop-old", {"expires_at": claims.expires_at})


def _judge_record(connection: sa.Connection, token: ParsedToken, claims: LoopClaims) -> Iterator[Reason]:
    from passes.loop.certificate import certificate_of

    held = certificate_of(connection, claims.number)
    if held is None or held.claims != claims:
        yield _GROUNDS.reason("loop-not-on-record", {"kid": token.kid})
