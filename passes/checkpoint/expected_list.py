"""The trucks that a checkpoint expects, signed, so that four digits of a plate suffice where there is no network.

`typ: bte+jwt`, claims iss, iat, sub (id of the checkpoint), from and to (what the list covers), and lst: base64url of
zlib over {"trucks": [[claims of the pass without its corridor, from, to, firm], ...]}. The list vouches for what the
pass says; whether it was withdrawn since says the status list. Passes withdrawn or suspended are on it too: they must
not be met with "not found".
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from passes.checkpoint.expected_register import ExpectedTruck
from passes.errors import RefusedTokenError
from passes.tokens.claims import LATEST_SECOND, PASS
from passes.tokens.front_door import TokenKind, encode_base64url, parse_token
from passes.tokens.keys import SigningKey
from passes.tokens.signing import sign_token

#: Trucks of one list; a checkpoint that expects more finds the later ones once it syncs again.
MOST_TRUCKS: Final = 500
_LONGEST_LIST: Final = 2**20
_MEMBERS: Final = frozenset({"iss", "iat", "sub", "from", "to", "lst"})
#: A guard who knows that the truck is expected stands on its corridor.
_LEFT_OUT: Final = frozenset({"iss", "cor", "tol", "rul"})


def _check_claims(claims: Mapping[str, Any]) -> None:
    wrong = (
        claims.keys() != _MEMBERS
        or not all(isinstance(claims[name], str) for name in ("iss", "sub", "lst"))
        or not all(type(claims[name]) is int and 0 < claims[name] < LATEST_SECOND for name in ("iat", "from", "to"))
    )
    if wrong:
        raise RefusedTokenError("claims-not-ours", "claims")


#: A signed list of expected trucks.
EXPECTED: Final = TokenKind("bte+jwt", _check_claims, longest=_LONGEST_LIST)


def _truck(one: ExpectedTruck) -> list[Any]:
    claims = parse_token(one.token, PASS).claims
    times = (one.expected.from_at, one.expected.to_at)
    said = {name: value for name, value in claims.items() if name not in _LEFT_OUT}
    return [said, *(0 if time is None else int(time.timestamp()) for time in times), one.expected.enterprise]


def pack_trucks(trucks: Iterable[ExpectedTruck]) -> bytes:
    """Return trucks as a list carries them; the same trucks give the same bytes."""
    document = {"trucks": [_truck(one) for one in trucks]}
    return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def sign_expected_list(
    packed: bytes, key: SigningKey, *, issuer: str, checkpoint: str, at: datetime, to_at: datetime
) -> str:
    """Sign a list of expected trucks."""
    claims = {
        "iss": issuer,
        "iat": int(at.timestamp()),
        "sub": checkpoint,
        "from": int(at.timestamp()),
        "to": int(to_at.timestamp()),
        "lst": encode_base64url(packed),
    }
    return sign_token(claims, key, typ=EXPECTED.typ)
