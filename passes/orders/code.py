"""The code of a closure order: the digits form of a pass, with its own path, marker and dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from geodata.closures.closure import RoadSpan
from geodata.errors import BadInputError
from passes.errors import RefusedTokenError
from passes.orders.claims import MOST_ROADS, ORDER, OrderClaims
from passes.tokens.front_door import LONGEST_TOKEN, ParsedToken, parse_token
from passes.tokens.pass_code import CodeForm, fits_form, from_code, is_code, to_code

ORDER_FORM: Final = CodeForm(
    path="/O/",
    marker=2,
    dictionary=(
        b'"hld":true,"log":["]],"bar":"staffed","movable","none","cau":"epidemic","app":[["epidemic_hq","'
        b'","w"],["o"]{"alg":"ES256","kid":"","typ":"bto+jwt"}{"iss":"4113","jti":"4113-2026:1.1","iat":17,"nbf":17,'
        b'"exp":17,"end":0,"rds":[["","b",0,"f","r",]],"num":1,"len":,"dig":"'
    ),
)


def fit_order(claims: OrderClaims, extent: Sequence[RoadSpan], *, kid: str, public_url: str) -> OrderClaims:
    """Return claims that name as many of the approved parts as their code holds; the digest stands for all.

    Raises
    ------
    BadInputError
        `order-code-too-long`: not even one part fits.
    """
    fewest, most, best = 1, min(len(extent), MOST_ROADS), None
    while fewest <= most:
        count = (fewest + most) // 2
        tried = replace(claims, roads=tuple(extent[:count]))
        if fits_form(tried.to_claims(), ORDER_FORM, typ=ORDER.typ, kid=kid, public_url=public_url):
            best, fewest = tried, count + 1
        else:
            most = count - 1
    if best is None:
        raise BadInputError("order-code-too-long", claims.closure_id, id=claims.closure_id)
    return best


def order_code(token: str, public_url: str) -> str:
    """Turn an order's token into its code.

    Raises
    ------
    RefusedTokenError
        `token-unreadable`.
    """
    return to_code(token, public_url, ORDER_FORM)


def read_order_token(text: str) -> ParsedToken:
    """Let a text through the front door of orders, rebuilding the token first where it is a code.

    Raises
    ------
    RefusedTokenError
        With the reason's code; a pass is `type-not-ours`, its code unreadable.
    """
    if len(text) > 2 * LONGEST_TOKEN:
        raise RefusedTokenError("token-too-long", "token", longest=LONGEST_TOKEN)
    plain = text.strip(" \t\r\n")
    return parse_token(from_code(plain, ORDER_FORM) if is_code(plain, ORDER_FORM) else plain, ORDER)
