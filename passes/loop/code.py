"""The code of a closed-loop certificate: the digits form of a pass, with its own path, marker and dictionary."""

from __future__ import annotations

from typing import Final

from passes.errors import RefusedTokenError
from passes.loop.claims import LOOP
from passes.tokens.front_door import LONGEST_TOKEN, ParsedToken, parse_token
from passes.tokens.pass_code import CodeForm, from_code, is_code, to_code

LOOP_FORM: Final = CodeForm(
    path="/L/",
    marker=3,
    dictionary=(
        b',"kpt":true,"rul":"fangcheng-2022{"alg":"ES256","kid":"","typ":"btc+jwt"}{"iss":"4113","jti":"4113-C","iat":17,'
        b'"exp":17,"plt":"","crw":[["*",""],["*",""]],"org":["",""],"dst":["",""],"ins":17,"rcv":17,"out":17,'
        b'"len":,"pts":,"kpt":true,"rul":""}'
    ),
)


def loop_code(token: str, public_url: str) -> str:
    """Turn a certificate's token into its code.

    Raises
    ------
    RefusedTokenError
        `token-unreadable`.
    """
    return to_code(token, public_url, LOOP_FORM)


def read_loop_token(text: str) -> ParsedToken:
    """Let a text through the front door of certificates, rebuilding the token first where it is a code.

    Raises
    ------
    RefusedTokenError
        With the reason's code; a pass or an order is `type-not-ours`, its code unreadable.
    """
    if len(text) > 2 * LONGEST_TOKEN:
        raise RefusedTokenError("token-too-long", "token", longest=LONGEST_TOKEN)
    plain = text.strip(" \t\r\n")
    return parse_token(from_code(plain, LOOP_FORM) if is_code(plain, LOOP_FORM) else plain, LOOP)
