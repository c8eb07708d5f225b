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
from passes.front_door import ParsedToken
from passes.key_list import KeyList
from passes.loop_claims import LoopClaims, read_loop_claims
from passes.loop_code import read_loop_token
from passes.signing import is_signed_by
from passes.verdicts import GROUNDS, Ground, Level, Reason, Weighed, weigh

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
        return weigh([_reason(error.code, error.facts)])
    key = keys.keys.get(token.kid)
    if token.kid in keys.withdrawn:
        return weigh([_reason("key-withdrawn", {"kid": token.kid})])
    if key is not None and not is_signed_by(token, key):
        return weigh([_reason("signature-wrong", {"kid": token.kid})])
    claims = read_loop_claims(token.claims)
    reasons = [*_judge_key(token, claims, keys, at), *_judge_time(claims, at)]
    reasons += [] if connection is None else list(_judge_record(connection, token, claims))
    if not reasons:
        reasons = [_reason("loop-signed" if connection is None else "loop-kept")]
    return weigh(reasons, None if key is None else claims)


def _reason(code: str, facts: Mapping[str, object] = MappingProxyType({}), *, level: Level | None = None) -> Reason:
    ground = LOOP_GROUNDS.get(code) or Ground(GROUNDS[code].level, "X4", "ask-issuer")
    return Reason(code, level or ground.level, ground.clause, ground.next, facts)


def _judge_key(token: ParsedToken, claims: LoopClaims, keys: KeyList, at: datetime) -> Iterator[Reason]:
    key = keys.keys.get(token.kid)
    if key is None:
        yield _reason("key-unknown", level="red" if keys.holds_every_key_at(at) else "amber")
        return
    if key.retired_at is not None and claims.issued_at >= key.retired_at:
        yield _reason("key-retired", {"retired_at": key.retired_at})
    if keys.issuer and claims.issuer != keys.issuer:
        yield _reason("issuer-differs", {"issuer": claims.issuer, "expected": keys.issuer})


def _judge_time(claims: LoopClaims, at: datetime) -> Iterator[Reason]:
    if at < claims.issued_at - _CLOCK:
        yield _reason("loop-clock", {"issued_at": claims.issued_at})
    elif at >= claims.expires_at:
        yield _reason("loop-old", {"expires_at": claims.expires_at})


def _judge_record(connection: sa.Connection, token: ParsedToken, claims: LoopClaims) -> Iterator[Reason]:
    from passes.loop_certificate import certificate_of

    held = certificate_of(connection, claims.number)
    if held is None or held.claims != claims:
        yield _reason("loop-not-on-record", {"kid": token.kid})
