"""The claims of a special pass (X1): their exact JSON shape, its check, and the dataclass that stands for them.

=====  ================================================================================================
iss    issuer: the county's six-digit area code
jti    what everything is keyed on: the pass number, and for a re-issue "-" and its edition ("411322000123-2")
iat    issued at; with `nbf` and `exp` whole seconds since 1970, iat <= exp, nbf < exp
nbf    valid from
exp    valid until (that second itself is too late); at most 31 days after the earlier of iat and nbf
status {"idx": slot in the status list, "uri": the list, relative to the issuer's public address}
plt    plate in its one way of writing (`passes.reading.plates`)
crw    crew, one to eight of [masked name, last four of the ID, last second of the condition, 0: none] (L2, L4)
org    origin and
dst    destination: place ids or six-digit area codes, never names (L5)
cor    corridor as an encoded line of 2 to 200 points (`passes.tokens.polyline`)
tol    metres that the true route may lie beside that line
trm    terms: up to eight short codes
rul    rule-set version that the pass was issued under (L1)
drl    true on a drill's pass, absent on any other
=====  ================================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from geodata.errors import BadInputError
from passes.errors import RefusedTokenError
from passes.reading.plates import is_plate
from passes.tokens.front_door import TokenKind, shown_member
from passes.tokens.masking import LONGEST_MASKED
from passes.tokens.polyline import decode_line, encode_line

Point = tuple[float, float]
LONGEST_LIFETIME_S: Final = 31 * 86_400
#: No time in a token is so late (the year 2242).
LATEST_SECOND: Final = 2**33
MOST_SLOTS: Final = 2**24
MOST_POINTS: Final = 200
#: Term of a pass that was issued while a result was not known yet (L2).
PENDING_TERM: Final = "pending"
_WORD: Final = re.compile(r"[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]{1,64}")
#: An area code: what an issuer is called is shown also where nobody vouches for it, so it must not be a sentence.
ISSUER: Final = re.compile(r"[0-9]{6}")
_JTI: Final = re.compile(r"[0-9A-Za-z-]{1,32}")
_TERM: Final = re.compile(r"[a-z0-9_-]{1,24}")
_ID_TAIL: Final = re.compile(r"[0-9A-Z]{4}")


@dataclass(frozen=True, slots=True)
class StatusSlot:
    """Where a pass's status is read: a slot of a status list."""

    index: int
    uri: str


@dataclass(frozen=True, slots=True)
class CrewEntry:
    """One person of the crew, as far as a token may tell: `passes.tokens.masking` makes name and ID tail."""

    masked_name: str
    id_tail: str
    condition_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PassClaims:
    """What a special pass says.

    Raises
    ------
    RefusedTokenError
        `claims-not-ours` or `lifetime-too-long`: no pass that the front door would refuse is ever made.
    """

    issuer: str
    jti: str
    issued_at: datetime
    not_before: datetime
    expires_at: datetime
    status: StatusSlot
    plate: str
    crew: tuple[CrewEntry, ...]
    origin: str
    destination: str
    corridor: tuple[Point, ...]
    tolerance_m: int
    terms: tuple[str, ...] = ()
    rules: str = "-"
    drill: bool = False
    _written: Mapping[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        written = self._claims()
        check_pass_claims(written)
        object.__setattr__(self, "_written", written)

    @property
    def number(self) -> str:
        """Pass number: area code and serial, without the edition."""
        return self.jti.partition("-")[0]

    def to_claims(self) -> dict[str, Any]:
        """Return the claims in the order in which they are signed."""
        return dict(self._written)

    def _claims(self) -> dict[str, Any]:
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "jti": self.jti,
            "iat": int(self.issued_at.timestamp()),
            "nbf": int(self.not_before.timestamp()),
            "exp": int(self.expires_at.timestamp()),
            "status": {"idx": self.status.index, "uri": self.status.uri},
            "plt": self.plate,
            "crw": [[one.masked_name, one.id_tail, _second(one.condition_ends_at)] for one in self.crew],
            "org": self.origin,
            "dst": self.destination,
            "cor": encode_line(self.corridor),
            "tol": self.tolerance_m,
            "trm": list(self.terms),
            "rul": self.rules,
        }
        return {**claims, "drl": True} if self.drill else claims


def _second(instant: datetime | None) -> int:
    """Return the end of a condition; one beyond what a claim may hold, such as the year 9999, outlives any pass."""
    return 0 if instant is None else min(int(instant.timestamp()), LATEST_SECOND - 1)


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _is_second(value: Any) -> bool:
    return type(value) is int and 0 < value < LATEST_SECOND


def _is_status(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"idx", "uri"}
        and type(value["idx"]) is int
        and 0 <= value["idx"] < MOST_SLOTS
        and _is_word(value["uri"])
    )


def _is_person(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 3:
        return False
    name, id_tail, end = value
    named = _is_word(name) and len(name) <= LONGEST_MASKED and "*" in name
    return named and _matches(id_tail, _ID_TAIL) and (_is_second(end) or (type(end) is int and end == 0))


def _is_crew(value: Any) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= 8 and all(_is_person(one) for one in value)


def _is_corridor(value: Any) -> bool:
    try:
        return isinstance(value, str) and 2 <= len(decode_line(value)) <= MOST_POINTS
    except BadInputError:
        return False


def _is_terms(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 8 and all(_matches(one, _TERM) for one in value)


def _matches(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


#: What each claim must be; every one but `drl` must be there, and no other may be.
CLAIM_CHECKS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "iss": lambda value: _matches(value, ISSUER),
    "jti": lambda value: _matches(value, _JTI),
    "iat": _is_second,
    "nbf": _is_second,
    "exp": _is_second,
    "status": _is_status,
    "plt": lambda value: isinstance(value, str) and is_plate(value),
    "crw": _is_crew,
    "org": _is_word,
    "dst": _is_word,
    "cor": _is_corridor,
    "tol": lambda value: type(value) is int and 0 < value <= 100_000,
    "trm": _is_terms,
    "rul": _is_word,
    "drl": lambda value: value is True,
}


def _wrong_member(claims: Mapping[str, Any]) -> str | None:
    """Return the first member that is unknown, wrong or missing; None where all are right."""
    for name, value in claims.items():
        if name not in CLAIM_CHECKS or not CLAIM_CHECKS[name](value):
            return name
    return next((name for name in CLAIM_CHECKS if name not in claims and name != "drl"), None)


def check_pass_claims(claims: Mapping[str, Any]) -> None:
    """Refuse claims that are not exactly those of a pass.

    Raises
    ------
    RefusedTokenError
        `claims-not-ours` with the first member that is missing, unknown or wrong; `lifetime-too-long`.
    """
    wrong = _wrong_member(claims)
    if wrong is not None:
        raise RefusedTokenError("claims-not-ours", "claims", member=shown_member(wrong))
    if claims["exp"] <= claims["nbf"] or claims["exp"] < claims["iat"]:
        raise RefusedTokenError("claims-not-ours", "claims", member="exp")
    if claims["exp"] - min(claims["iat"], claims["nbf"]) > LONGEST_LIFETIME_S:
        raise RefusedTokenError("lifetime-too-long", "claims", longest_days=LONGEST_LIFETIME_S // 86_400)


def read_pass_claims(claims: Mapping[str, Any]) -> PassClaims:
    """Read checked claims.

    Raises
    ------
    RefusedTokenError
        As `check_pass_claims`.
    """
    check_pass_claims(claims)
    return PassClaims(
        issuer=claims["iss"],
        jti=claims["jti"],
        issued_at=_instant(claims["iat"]),
        not_before=_instant(claims["nbf"]),
        expires_at=_instant(claims["exp"]),
        status=StatusSlot(claims["status"]["idx"], claims["status"]["uri"]),
        plate=claims["plt"],
        crew=tuple(CrewEntry(name, tail, _instant(end) if end else None) for name, tail, end in claims["crw"]),
        origin=claims["org"],
        destination=claims["dst"],
        corridor=decode_line(claims["cor"]),
        tolerance_m=claims["tol"],
        terms=tuple(claims["trm"]),
        rules=claims["rul"],
        drill=claims.get("drl", False),
    )


#: A special pass.
PASS: Final = TokenKind("btp+jwt", check_pass_claims)
