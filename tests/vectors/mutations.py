"""Change tokens by a seed, in every layer from the signature to the digits, for runs where all verifiers must agree."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from passes.tokens.front_door import decode_base64url
from passes.tokens.pass_code import to_code
from tests.signed_passes import CLAIMS, KEY, OTHER_KEY, as_bytes, b64, forge, header_of
from tests.vectors.make_vectors import deflated

TOKEN = forge()
CODE = to_code(TOKEN, "https://pass.example")
START, _, DIGITS = CODE.rpartition("/")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= +/\ufeff豫\U0001f69a"
JSON_BYTES = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"-", b".", b"e", b"\\u0041", b"\\ud800", b"\xff"]
VALUES: list[Any] = [None, True, False, 0, 1, -1, 2**24, 2**33, 10**15, 10**16, "", "x", "豫R12345", "A@", [], {}, [[]]]
Chance = random.Random


def _cut(data: Any, chance: Chance, piece: Any) -> Any:
    """Replace up to three items somewhere by a piece."""
    place, length = chance.randrange(len(data) + 1), chance.randrange(4)
    return data[:place] + piece + data[place + length :]


def letters(chance: Chance) -> str:
    return _cut(TOKEN, chance, "".join(chance.choices(LETTERS, k=chance.randrange(3))))


def decoded_bytes(chance: Chance) -> str:
    parts = [bytearray(decode_base64url(part)) for part in TOKEN.split(".")]
    for _ in range(chance.randint(1, 3)):
        part = chance.choice(parts)
        part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
    return ".".join(b64(bytes(part)) for part in parts)


def signature(chance: Chance) -> str:
    made = bytearray(decode_base64url(forge(high_s=chance.random() < 0.3).rpartition(".")[2]))
    if chance.random() < 0.7:
        made[chance.randrange(64)] ^= 1 << chance.randrange(8)
    if chance.random() < 0.2:
        made = made[32:] + made[:32]
    return forge(signature=bytes(made))


def digits(chance: Chance) -> str:
    return f"{START}/{_cut(DIGITS, chance, ''.join(chance.choices('0123456789', k=chance.randrange(1, 4))))}"


def deflated_bytes(chance: Chance) -> str:
    number = int(DIGITS)
    data = bytearray(number.to_bytes((number.bit_length() + 7) // 8, "big"))
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    if chance.random() < 0.2:
        place = chance.randrange(1, len(data))
        del data[place : place + chance.randrange(3)]
    return str(int.from_bytes(data, "big"))


def noise_deflated(chance: Chance) -> str:
    """Return digits of a dynamic block whose tables are noise."""
    head = chance.choice([b"\x04", b"\x05", b"\x02", b"\x03", b"\x00", b"\x01", b"\xed"])
    packed = head + chance.randbytes(chance.randrange(2, 120))
    return str(int.from_bytes(b"\1" + packed + chance.randbytes(64), "big"))


def claims_signed_anew(chance: Chance) -> str:
    claims: dict[str, Any] = json.loads(as_bytes(CLAIMS.to_claims()))
    for _ in range(chance.randint(1, 2)):
        name = chance.choice([*claims, "drl", "sub", "__proto__", "constructor"])
        claims[name] = chance.choice([*VALUES, *claims.values()])
    if chance.random() < 0.3:
        claims.pop(chance.choice(list(claims)))
    return forge(claims)


def json_signed_anew(chance: Chance) -> str:
    return forge(_cut(as_bytes(CLAIMS.to_claims()), chance, chance.choice(JSON_BYTES)))


def times_signed_anew(chance: Chance) -> str:
    claims = CLAIMS.to_claims()
    for name in ("iat", "nbf", "exp"):
        claims[name] += chance.randrange(-200_000, 200_000)
    return forge({**claims, "trm": chance.choice([["round_trip"], ["one_way"], []])})


def header_signed_anew(chance: Chance) -> str:
    header = header_of(chance.choice([KEY, OTHER_KEY]))
    header[chance.choice(["alg", "kid", "typ", "jku", "b64"])] = chance.choice([*VALUES, "ES256", "HS256", KEY.kid])
    return forge(header=_cut(as_bytes(header), chance, b"") if chance.random() < 0.2 else header)


def code_of_other_bytes(chance: Chance) -> str:
    """Return the digits of other content under the good signature."""
    header, payload, good = (decode_base64url(part) for part in TOKEN.split("."))
    data = b"\1" + deflated(_cut(header + payload, chance, chance.choice(JSON_BYTES))) + good
    return str(int.from_bytes(data, "big"))


KINDS: tuple[Callable[[Chance], str], ...] = (
    letters,
    decoded_bytes,
    signature,
    digits,
    deflated_bytes,
    noise_deflated,
    claims_signed_anew,
    json_signed_anew,
    times_signed_anew,
    header_signed_anew,
    code_of_other_bytes,
)


def mutated(count: int, *, seed: int) -> Iterator[str]:
    """Yield so many changed tokens, the same for the same seed."""
    chance = Chance(seed)
    for place in range(count):
        text = KINDS[place % len(KINDS)](chance)
        yield f" {text}\n" if chance.random() < 0.02 else text
