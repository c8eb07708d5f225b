"""Draw the finest corridor whose code still fits into a QR of version 15-M.

How long a code becomes is known only once it is deflated. The search halves what is left, guided by how much a point
took last; whoever makes many passes over one way begins where the one before ended, and is done after two tries.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geodata.errors import BadInputError
from passes.errors import RefusedTokenError
from passes.tokens.claims import CLAIM_CHECKS, PASS
from passes.tokens.drawn_line import UNDRAWN, CorridorSource, DrawnLine, drawn_line
from passes.tokens.front_door import encode_base64url
from passes.tokens.pass_code import MOST_BITS, code_of, deflate_code, packed_bits, see_it_inflates, url_start
from passes.tokens.signing import header_of, sign_bytes, write_json

if TYPE_CHECKING:
    from passes.tokens.keys import SigningKey
    from routing.corridor import Corridor

#: Code of the error where not even a straight line leaves room.
TOO_LONG: Final = "pass-code-too-long"
MOST_POINTS: Final = 60
_FEWEST_POINTS: Final = 2
#: Where the search for the finest corridor begins, and what one point more takes in the code.
_FIRST_GUESS: Final = 36
_BITS_A_POINT: Final = 44
#: A line of hardly more points is tried whole first.
_NEAR: Final = 20


@dataclass(frozen=True, slots=True)
class CodeDesk:
    """What every pass that one key signs has in common: the header of its token and the start of its code."""

    header: bytes
    start: str


def code_desk(kid: str, public_url: str) -> CodeDesk:
    """Return the desk of a key and an issuer's address.

    Raises
    ------
    BadInputError
        `public-url-not-drawable`.
    """
    return CodeDesk(header_of(kid, PASS.typ), url_start(public_url))


@dataclass(frozen=True, slots=True)
class FittedPass:
    """What a pass says with the finest corridor that fits.

    Attributes
    ----------
    payload
        Its claims as they are signed.
    packed
        Header and payload as the code carries them.
    points
        How many points the corridor was drawn with.
    """

    payload: bytes
    packed: bytes
    corridor: Corridor
    points: int


class _Tries:
    """Codes of one pass with corridors of several sizes."""

    def __init__(self, document: Mapping[str, Any], line: DrawnLine, desk: CodeDesk) -> None:
        written = write_json({**document, "cor": "", "tol": 0})
        # No other claim can hold this: a quote within a text is written with a backslash.
        self._before, _, self._after = written.partition(UNDRAWN)
        self._line = line
        self._desk = desk
        self._made: dict[int, tuple[Corridor, bytes, bytes]] = {}

    def spare_bits(self, points: int) -> int:
        """Return how many bits the code leaves with so many points; negative where it does not fit."""
        drawn, own = self._line.written(points)
        payload = self._before + own + self._after
        packed = deflate_code(self._desk.header, payload)
        self._made[points] = drawn, payload, packed
        return MOST_BITS - packed_bits(self._desk.start, len(packed))

    def fitted(self, points: int) -> FittedPass:
        """Return what the pass says with so many points, which were tried.

        Raises
        ------
        RefusedTokenError
            `claims-not-ours`: the corridor is none that a pass may have; `token-unreadable`.
        """
        drawn, payload, packed = self._made[points]
        if not CLAIM_CHECKS["tol"](drawn.tolerance_m):
            raise RefusedTokenError("claims-not-ours", "claims", member="tol")
        see_it_inflates(packed, self._desk.header + payload)
        return FittedPass(payload, packed, drawn, points)


def fit_payload(document: Mapping[str, Any], line: CorridorSource, desk: CodeDesk) -> FittedPass:
    """Return what a pass says with the finest corridor whose code still fits.

    Parameters
    ----------
    document
        Its claims, checked, with whatever corridor.
    line
        Draws corridors.
        A `DrawnLine` remembers with how many points a pass fitted, and the next one begins there.

    Raises
    ------
    BadInputError
        `pass-code-too-long`: not even the straight line from origin to destination fits.
    RefusedTokenError
        `claims-not-ours`: the corridor is none that a pass may have.
    """
    drawn = drawn_line(line)
    tries = _Tries(document, drawn, desk)
    fewest, most = _FEWEST_POINTS - 1, max(_FEWEST_POINTS, min(MOST_POINTS, line.most_points)) + 1
    points = most - 1 if most <= _FIRST_GUESS + _NEAR else _FIRST_GUESS
    if drawn.fitted is not None:
        points = min(max(drawn.fitted, fewest + 1), most - 1)
    last: tuple[int, int] | None = None
    bits_a_point = float(_BITS_A_POINT)
    while most - fewest > 1:
        left = tries.spare_bits(points)
        fewest, most = (points, most) if left >= 0 else (fewest, points)
        if last is not None and abs(points - last[0]) > 1:
            bits_a_point = max(_BITS_A_POINT / 4, (last[1] - left) / (points - last[0]))
        last = points, left
        points = min(max(points + math.floor(left / bits_a_point), fewest + 1), most - 1)
    if fewest < _FEWEST_POINTS:
        raise BadInputError(TOO_LONG, "corridor", points=_FEWEST_POINTS)
    drawn.fitted = fewest
    return tries.fitted(fewest)


def sign_payload(payload: bytes, packed: bytes, desk: CodeDesk, *, key: SigningKey) -> tuple[str, str | None]:
    """Sign what a pass says; return its token and its code, None where that does not fit.

    Parameters
    ----------
    packed
        Header and payload as `pack_code` packs them.
    """
    signed = f"{encode_base64url(desk.header)}.{encode_base64url(payload)}"
    signature = sign_bytes(signed.encode(), key)
    return f"{signed}.{encode_base64url(signature)}", code_of(packed, signature, desk.start)


def sign_fitted(fitted: FittedPass, desk: CodeDesk, *, key: SigningKey) -> tuple[str, str]:
    """Sign a pass whose code is known to fit; return its token and its code.

    Raises
    ------
    BadInputError
        `pass-code-too-long`: it was fitted for another desk.
    """
    token, code = sign_payload(fitted.payload, fitted.packed, desk, key=key)
    if code is None:
        raise BadInputError(TOO_LONG, "corridor", points=fitted.points)
    return token, code
