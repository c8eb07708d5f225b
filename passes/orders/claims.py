"""The claims of a signed closure order (L9, L11): what hangs at a barrier says who approved which roads until when.

=====  ================================================================================================
iss    issuer: the county's six-digit area code
jti    what everything is keyed on: "closure:version.edition"
iat    issued at; with `nbf` and `exp` whole seconds since 1970
nbf    start of the approved window
exp    the code is good until then: the approved end, or where that is far off or open a year from now at most
end    end of the approved window, 0: until further notice
rds    approved parts, as many as fit: [road id, direction b, f or r, from, to in whole metres]
num    how many parts there are
len    metres of road in all of them
dig    digest of the exact extent, so that no part can be added or left out
bar    barrier that was approved
cau    cause
hld    true where trucks with a pass are let through, absent where they are stopped
app    one to eight approvals: [authority's id, document number or "", decided at, "w" in writing or "o" by phone]
log    [size, root] of the history log when the order was signed: kept outside the database (K14)
=====  ================================================================================================
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from geodata.closures.closure import BARRIERS, Direction, RoadSpan
from geodata.closures.road_spans import join_spans
from geodata.ledger.tree import HASH_BYTES
from passes.errors import RefusedTokenError
from passes.tokens.claims import ISSUER, LATEST_SECOND
from passes.tokens.front_door import TokenKind, decode_base64url, encode_base64url, shown_member

#: A code is printed anew at least so often.
LONGEST_LIFETIME_S: Final = 366 * 86_400
#: A longer document number is cut in the code; the page of the order shows the whole.
LONGEST_DOCUMENT_NO: Final = 32
MOST_ROADS: Final = 64
MOST_METRES: Final = 10**8
_DIGEST_BYTES: Final = 9
_WORD: Final = re.compile(r"[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]{1,100}")
_NUMBER: Final = r"[1-9][0-9]{0,8}"
_JTI: Final = re.compile(rf"(?P<closure>{_WORD.pattern}):(?P<version>{_NUMBER})\.(?P<edition>{_NUMBER})")
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{12}")
_WAYS: Final = {"b": Direction.BOTH, "f": Direction.FORWARD, "r": Direction.BACKWARD}
_LETTERS: Final = {way: letter for letter, way in _WAYS.items()}
_FORMS: Final = {"w": "written", "o": "oral"}


@dataclass(frozen=True, slots=True)
class OrderApproval:
    """One approval as the code names it: an authority's id, its document number ("": to follow), when, and the form."""

    authority: str
    document_no: str
    decided_at: datetime
    form: str = "written"


@dataclass(frozen=True, slots=True)
class OrderClaims:
    """What a closure order says.

    Attributes
    ----------
    ends_at
        End of the approved window; None: until further notice.
    roads
        The approved parts that fit into the code, in whole metres; `road_count` says how many there are.
    log_size, log_root
        The history log when it was signed; 0 and b"" where it does not say.

    Raises
    ------
    RefusedTokenError
        `claims-not-ours` or `lifetime-too-long`: no order that the front door would refuse is ever made.
    """

    issuer: str
    closure_id: str
    version: int
    edition: int
    issued_at: datetime
    not_before: datetime
    expires_at: datetime
    ends_at: datetime | None
    roads: tuple[RoadSpan, ...]
    road_count: int
    length_m: int
    extent_digest: str
    barrier: str
    cause: str
    lets_holders_through: bool
    approvals: tuple[OrderApproval, ...]
    log_size: int = 0
    log_root: bytes = b""

    def __post_init__(self) -> None:
        check_order_claims(self.to_claims())

    @property
    def jti(self) -> str:
        """What the order is keyed on."""
        return f"{self.closure_id}:{self.version}.{self.edition}"

    @property
    def says(self) -> tuple[object, ...]:
        """What is ordered, whenever and however often it was printed: two orders of the same are equal here."""
        window = (_second(self.not_before), _second(self.ends_at))
        what = (self.extent_digest, self.barrier, self.cause, self.lets_holders_through)
        return (self.issuer, self.closure_id, self.version, window, what)

    def to_claims(self) -> dict[str, Any]:
        """Return the claims in the order in which they are signed."""
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "jti": self.jti,
            "iat": _second(self.issued_at),
            "nbf": _second(self.not_before),
            "exp": _second(self.expires_at),
            "end": _second(self.ends_at),
            "rds": [[one.road_id, _LETTERS[one.direction], *_metres(one)] for one in self.roads],
            "num": self.road_count,
            "len": self.length_m,
            "dig": self.extent_digest,
            "bar": self.barrier,
            "cau": self.cause,
            "app": [[one.authority, one.document_no, _second(one.decided_at), one.form[0]] for one in self.approvals],
        }
        if self.lets_holders_through:
            claims["hld"] = True
        if self.log_size:
            claims["log"] = [self.log_size, encode_base64url(self.log_root)]
        return claims


def short_number(document_no: str) -> str:
    """Return a document number as a code has it."""
    whole = " ".join(document_no.split())
    return whole if len(whole) <= LONGEST_DOCUMENT_NO else whole[: LONGEST_DOCUMENT_NO - 1] + "…"


def digest_of(extent: Iterable[RoadSpan]) -> str:
    """Return the digest of an extent: the same for the same roads, directions and metres, in whatever order."""
    parts = sorted((one.road_id, str(one.direction), *_metres(one)) for one in join_spans(extent))
    return encode_base64url(hashlib.sha256(repr(parts).encode()).digest()[:_DIGEST_BYTES])


def _metres(span: RoadSpan) -> tuple[int, int]:
    """Return the metres of a part: whole ones, never none."""
    start = round(span.from_m)
    return start, max(round(span.to_m), start + 1)


def _second(instant: datetime | None) -> int:
    return 0 if instant is None else min(int(instant.timestamp()), LATEST_SECOND - 1)


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _is_second(value: Any) -> bool:
    return type(value) is int and 0 < value < LATEST_SECOND


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 < value <= MOST_METRES


def _is_text(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_road(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 4:
        return False
    road_id, way, start, end = value
    metres = type(start) is int and type(end) is int and 0 <= start < end <= MOST_METRES
    return metres and _is_text(road_id, _WORD) and isinstance(way, str) and way in _WAYS


def _is_approval(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 4:
        return False
    authority, document_no, decided_at, form = value
    numbered = document_no == "" or (_is_text(document_no, _WORD) and len(document_no) <= LONGEST_DOCUMENT_NO)
    named = _is_text(authority, _WORD) and _is_second(decided_at)
    return named and numbered and isinstance(form, str) and form in _FORMS


def _is_log(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not _is_count(value[0]) or not isinstance(value[1], str):
        return False
    try:
        return len(decode_base64url(value[1])) == HASH_BYTES
    except RefusedTokenError:
        return False


def _is_list(value: Any, check: Callable[[Any], bool], most: int) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= most and all(check(one) for one in value)


#: What each claim must be; every one but those of `_MAY_MISS` must be there, and no other may be.
CLAIM_CHECKS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "iss": lambda value: _is_text(value, ISSUER),
    "jti": lambda value: _is_text(value, _JTI),
    "iat": _is_second,
    "nbf": _is_second,
    "exp": _is_second,
    "end": lambda value: type(value) is int and (value == 0 or _is_second(value)),
    "rds": lambda value: _is_list(value, _is_road, MOST_ROADS),
    "num": _is_count,
    "len": _is_count,
    "dig": lambda value: _is_text(value, _DIGEST),
    "bar": lambda value: isinstance(value, str) and value in BARRIERS,
    "cau": lambda value: _is_text(value, _CODE),
    "app": lambda value: _is_list(value, _is_approval, 8),
    "hld": lambda value: value is True,
    "log": _is_log,
}
_MAY_MISS: Final = ("hld", "log")


def _wrong_member(claims: Mapping[str, Any]) -> str | None:
    """Return the first member that is unknown, wrong or missing; None where all are right."""
    for name, value in claims.items():
        if name not in CLAIM_CHECKS or not CLAIM_CHECKS[name](value):
            return name
    return next((name for name in CLAIM_CHECKS if name not in claims and name not in _MAY_MISS), None)


def check_order_claims(claims: Mapping[str, Any]) -> None:
    """Refuse claims that are not exactly those of a closure order.

    Raises
    ------
    RefusedTokenError
        `claims-not-ours` with the first member that is missing, unknown or wrong; `lifetime-too-long`.
    """
    wrong = _wrong_member(claims)
    if wrong is None and claims["num"] < len(claims["rds"]):
        wrong = "num"
    if wrong is None and (claims["exp"] <= claims["nbf"] or 0 < claims["end"] < claims["exp"]):
        wrong = "exp"
    if wrong is not None:
        raise RefusedTokenError("claims-not-ours", "claims", member=shown_member(wrong))
    if claims["exp"] - max(claims["iat"], claims["nbf"]) > LONGEST_LIFETIME_S:
        raise RefusedTokenError("lifetime-too-long", "claims", longest_days=LONGEST_LIFETIME_S // 86_400)


def read_order_claims(claims: Mapping[str, Any]) -> OrderClaims:
    """Read claims.

    Raises
    ------
    RefusedTokenError
        As `check_order_claims`.
    """
    check_order_claims(claims)
    key = _JTI.fullmatch(claims["jti"])
    if key is None:
        raise RefusedTokenError("claims-not-ours", "claims", member="jti")
    size, root = claims.get("log", (0, ""))
    return OrderClaims(
        issuer=claims["iss"],
        closure_id=key["closure"],
        version=int(key["version"]),
        edition=int(key["edition"]),
        issued_at=_instant(claims["iat"]),
        not_before=_instant(claims["nbf"]),
        expires_at=_instant(claims["exp"]),
        ends_at=_instant(claims["end"]) if claims["end"] else None,
        roads=tuple(RoadSpan(road, _WAYS[way], float(start), float(end)) for road, way, start, end in claims["rds"]),
        road_count=claims["num"],
        length_m=claims["len"],
        extent_digest=claims["dig"],
        barrier=claims["bar"],
        cause=claims["cau"],
        lets_holders_through=claims.get("hld", False),
        approvals=tuple(
            OrderApproval(body, number, _instant(at), _FORMS[form]) for body, number, at, form in claims["app"]
        ),
        log_size=size,
        log_root=decode_base64url(root) if root else b"",
    )


#: A closure order.
ORDER: Final = TokenKind("bto+jwt", check_order_claims)
