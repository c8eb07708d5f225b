"""The claims of a closed-loop certificate (L2, L5, X4): a trip kept to its route; of any other none is ever made.

====  =================================================================================================
iss   issuer: the county's six-digit area code
jti   what everything is keyed on: the pass number with "-C"
iat   signed at; with the other times whole seconds since 1970
exp   good to show until then
plt   plate
crw   crew, one to eight of [masked name, last four of the ID]
org   origin: [place id or area code, name]
dst   destination: [place id or area code, name]
ins   the trip began
rcv   received by the receiving point's code
out   the trip was over; ins < rcv <= out <= iat
len   metres of its route
pts   positions that the judgement rests on
kpt   true: never left its route
rul   rule-set version of the pass (L1)
====  =================================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from passes.errors import RefusedTokenError
from passes.reading.plates import is_plate
from passes.tokens.claims import ISSUER, LATEST_SECOND
from passes.tokens.front_door import TokenKind, shown_member
from passes.tokens.masking import LONGEST_MASKED

LONGEST_LIFETIME_S: Final = 366 * 86_400
LONGEST_NAME: Final = 40
_MOST: Final = 10**8
_WORD: Final = re.compile(r"[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]{1,64}")
_JTI: Final = re.compile(r"[0-9]{12}-C")
_ID_TAIL: Final = re.compile(r"[0-9A-Z]{4}")


@dataclass(frozen=True, slots=True)
class LoopClaims:
    """What a closed-loop certificate says.

    Attributes
    ----------
    crew
        Masked name and last four of the ID of each.
    origin, destination
        Id and name.
    began_at, received_at, ended_at
        The trip, and its receipt on the way or at its end.

    Raises
    ------
    RefusedTokenError
        `claims-not-ours` or `lifetime-too-long`: no certificate that the front door would refuse is ever made.
    """

    issuer: str
    number: str
    issued_at: datetime
    expires_at: datetime
    plate: str
    crew: tuple[tuple[str, str], ...]
    origin: tuple[str, str]
    destination: tuple[str, str]
    began_at: datetime
    received_at: datetime
    ended_at: datetime
    length_m: int
    positions: int
    rules: str = "-"

    def __post_init__(self) -> None:
        check_loop_claims(self.to_claims())

    @property
    def jti(self) -> str:
        """What the certificate is keyed on."""
        return f"{self.number}-C"

    def to_claims(self) -> dict[str, Any]:
        """Return the claims in the order in which they are signed."""
        return {
            "iss": self.issuer,
            "jti": self.jti,
            "iat": int(self.issued_at.timestamp()),
            "exp": int(self.expires_at.timestamp()),
            "plt": self.plate,
            "crw": [list(one) for one in self.crew],
            "org": list(self.origin),
            "dst": list(self.destination),
            "ins": int(self.began_at.timestamp()),
            "rcv": int(self.received_at.timestamp()),
            "out": int(self.ended_at.timestamp()),
            "len": self.length_m,
            "pts": self.positions,
            "kpt": True,
            "rul": self.rules,
        }


def _is_second(value: Any) -> bool:
    return type(value) is int and 0 < value < LATEST_SECOND


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 < value <= _MOST


def _is_text(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_place(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not all(_is_text(one, _WORD) for one in value):
        return False
    return len(value[1]) <= LONGEST_NAME


def _is_person(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not _is_text(value[0], _WORD):
        return False
    return len(value[0]) <= LONGEST_MASKED and "*" in value[0] and _is_text(value[1], _ID_TAIL)


#: What each claim must be; every one must be there, and no other may be.
CLAIM_CHECKS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "iss": lambda value: _is_text(value, ISSUER),
    "jti": lambda value: _is_text(value, _JTI),
    "iat": _is_second,
    "exp": _is_second,
    "plt": lambda value: isinstance(value, str) and is_plate(value),
    "crw": lambda value: isinstance(value, list) and 1 <= len(value) <= 8 and all(_is_person(one) for one in value),
    "org": _is_place,
    "dst": _is_place,
    "ins": _is_second,
    "rcv": _is_second,
    "out": _is_second,
    "len": _is_count,
    "pts": _is_count,
    "kpt": lambda value: value is True,
    "rul": lambda value: _is_text(value, _WORD),
}


def check_loop_claims(claims: Mapping[str, Any]) -> None:
    """Refuse claims that are not exactly those of a closed-loop certificate.

    Raises
    ------
    RefusedTokenError
        `claims-not-ours` with the first member that is missing, unknown or wrong; `lifetime-too-long`.
    """
    wrong = next((name for name, value in claims.items() if not CLAIM_CHECKS.get(name, lambda _: False)(value)), None)
    wrong = wrong or next((name for name in CLAIM_CHECKS if name not in claims), None)
    if wrong is None and not claims["ins"] < claims["rcv"] <= claims["out"] <= claims["iat"] < claims["exp"]:
        wrong = "out"
    if wrong is not None:
        raise RefusedTokenError("claims-not-ours", "claims", member=shown_member(wrong))
    if claims["exp"] - claims["iat"] > LONGEST_LIFETIME_S:
        raise RefusedTokenError("lifetime-too-long", "claims", longest_days=LONGEST_LIFETIME_S // 86_400)


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def read_loop_claims(claims: Mapping[str, Any]) -> LoopClaims:
    """Read claims.

    Raises
    ------
    RefusedTokenError
        As `check_loop_claims`.
    """
    check_loop_claims(claims)
    return LoopClaims(
        issuer=claims["iss"],
        number=claims["jti"].partition("-")[0],
        issued_at=_instant(claims["iat"]),
        expires_at=_instant(claims["exp"]),
        plate=claims["plt"],
        crew=tuple((name, tail) for name, tail in claims["crw"]),
        origin=(claims["org"][0], claims["org"][1]),
        destination=(claims["dst"][0], claims["dst"][1]),
        began_at=_instant(claims["ins"]),
        received_at=_instant(claims["rcv"]),
        ended_at=_instant(claims["out"]),
        length_m=claims["len"],
        positions=claims["pts"],
        rules=claims["rul"],
    )


#: A closed-loop certificate.
LOOP: Final = TokenKind("btc+jwt", check_loop_claims)
