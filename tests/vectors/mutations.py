"""Change passes by a seed in every layer, for runs in which every verifier must say the same of each of them.

Each change is a case: a text, and the situation in which it is judged (`tests.vectors.situations`). Half of the kinds
here damage what is written (letters, bytes, digits, deflated blocks); those of `mutated_claims` sign anew whatever a
stolen key could sign, and those of `mutated_papers` change certificates, status lists and key lists.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from passes.tokens.front_door import decode_base64url
from passes.tokens.pass_code import to_code
from tests.signed_passes import ORDER, b64, forge
from tests.vectors import mutated_claims, mutated_papers
from tests.vectors.make_vectors import deflated
from tests.vectors.mutated_claims import BASES, JSON_BYTES, Chance, cut
from tests.vectors.situations import CALM, situation

TOKEN = forge()
CODES = [to_code(token, "https://pass.example") for token in BASES]
START, _, DIGITS = CODES[0].rpartition("/")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= +/\ufeff豫\U0001f69a"
SPACES = (" ", "\n", "\t", "\r", "\u00a0", "\u3000", "\u200b", "\ufeff", "\x00", "%3D", "=", "==", ".", "..")


def letters(chance: Chance) -> str:
    return cut(chance.choice(BASES), chance, "".join(chance.choices(LETTERS, k=chance.randrange(3))))


def decoded_bytes(chance: Chance) -> str:
    parts = [bytearray(decode_base64url(part)) for part in chance.choice(BASES).split(".")]
    for _ in range(chance.randint(1, 3)):
        part = chance.choice(parts)
        part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
    return ".".join(b64(bytes(part)) for part in parts)


def base64url_forms(chance: Chance) -> str:
    """Write the same bytes in a way that is not the only one."""
    parts = TOKEN.split(".")
    place = chance.randrange(3)
    part = parts[place]
    beside = LETTERS[(LETTERS.index(part[-1]) + chance.randrange(1, 4)) % 64]
    parts[place] = chance.choice(
        [
            part[:-1] + beside,
            part + "=" * chance.randint(1, 3),
            part.replace("-", "+").replace("_", "/") + chance.choice(["", "="]),
            part + "A",
            part[:-1],
            "",
            cut(part, chance, chance.choice(SPACES)),
        ]
    )
    return chance.choice(["", chance.choice(SPACES)]) + chance.choice([".", ".", ".", "．", ". "]).join(parts)


def signature(chance: Chance) -> str:
    made = bytearray(decode_base64url(forge(high_s=chance.random() < 0.3).rpartition(".")[2]))
    if chance.random() < 0.7:
        made[chance.randrange(64)] ^= 1 << chance.randrange(8)
    if chance.random() < 0.2:
        made = made[32:] + made[:32]
    return forge(signature=bytes(made))


def signature_numbers(chance: Chance) -> str:
    """Put the numbers in that the curve's edges are made of, and other lengths and forms."""
    numbers = (0, 1, 2, ORDER // 2, ORDER // 2 + 1, ORDER - 1, ORDER, ORDER + 1, 2**256 - 1)
    good = decode_base64url(TOKEN.rpartition(".")[2])
    halves = [chance.choice([good[:32], chance.choice(numbers).to_bytes(32, "big")]), good[32:]]
    if chance.random() < 0.5:
        halves[1] = chance.choice(numbers).to_bytes(32, "big")
    whole = b"".join(halves)
    form = chance.choice(
        [whole, whole, whole, whole[:-1], whole + b"\0", b"\0" + whole, whole + whole, b"\x30\x44" + whole]
    )
    return forge(signature=form)


def digits(chance: Chance) -> str:
    start, _, number = chance.choice(CODES).rpartition("/")
    return f"{start}/{cut(number, chance, ''.join(chance.choices('0123456789', k=chance.randrange(1, 4))))}"


def code_forms(chance: Chance) -> str:
    """Write the code of a good pass in other ways, most of which no scanner of ours may take."""
    number = chance.choice(CODES).rpartition("/")[2]
    ascii_zero = ord("0")
    other = chance.choice("０٠०𝟎")
    start = chance.choice(["https://pass.example/V/", "HTTPS://PASS.EXAMPLE/v/", "http://127.0.0.1:8000/V/", ""])
    return chance.choice(
        [
            start + number,
            start.replace("/V/", chance.choice(["/O/", "/l/", "/X/", "//V/", "/V", "/V//", "/Ｖ/"])) + number,
            start + chance.choice(["0", "+", "-", " ", "0x", "/", "_", "00"]) + number,
            start + number + chance.choice(["?", "#", "?x=1", "/", ".", "\u200b", "_", "e1", "\x0b", "\x1c", "\x85"]),
            start + "".join(chr(ord(other) + ord(one) - ord("0")) for one in number),
            start + number[:40] + "_" + number[40:],
            chance.choice(
                ["ftp://x/V/", "https:/x/V/", "HTTPS://a b/V/", "httpſ://x/V/", "https://x?/V/", "https://u@x/V/"]
            )
            + number,
            start + number * chance.choice([2, 4]),
            start
            + chr(ascii_zero + chance.randrange(1, 10)) * chance.choice([1, 64, 1_000, 2_000, 2_001, 4_050, 8_000]),
        ]
    )


def deflated_bytes(chance: Chance) -> str:
    number = int(chance.choice(CODES).rpartition("/")[2])
    data = bytearray(number.to_bytes((number.bit_length() + 7) // 8, "big"))
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    if chance.random() < 0.2:
        place = chance.randrange(1, len(data))
        del data[place : place + chance.randrange(3)]
    return _number_of(bytes(data))


def noise_deflated(chance: Chance) -> str:
    """Return digits of a dynamic block whose tables are noise."""
    head = chance.choice([b"\x04", b"\x05", b"\x02", b"\x03", b"\x00", b"\x01", b"\xed"])
    packed = head + chance.randbytes(chance.randrange(2, 120))
    return _number_of(b"\1" + packed + chance.randbytes(64))


def deflate_forms(chance: Chance) -> str:
    """Deflate a good pass in other ways, with more behind it, or to sizes about the bound."""
    header, payload, good = (decode_base64url(part) for part in chance.choice(BASES).split("."))
    plain = header + payload
    if chance.random() < 0.3:
        plain = (
            plain[:-1] + b" " * (chance.choice([2_900, 3_500, 4_095, 4_096, 4_097, 4_098, 90_000]) - len(plain)) + b"}"
        )
    level, strategy, window = (
        chance.choice([0, 1, 6, 9]),
        chance.choice([0, 1, 2, 3, 4]),
        chance.choice([-15, -9, 15, 31]),
    )
    packer = zlib.compressobj(level, zlib.DEFLATED, window, 9, strategy)
    packed = packer.compress(plain)
    for _ in range(chance.randrange(3)):
        packed += packer.flush(chance.choice([zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH]))
    packed += packer.flush()
    tail = chance.choice([b"", b"", b"", b"\0", b"x", packed, b"\3\0"])
    marker = chance.choice([b"\1", b"\1", b"\1", b"\1", b"\2", b"\3", b"\1\1"])
    packed = deflated(plain) if chance.random() < 0.3 else packed
    return _number_of(marker + packed + tail + chance.choice([good, good, good, b"", good[:63], bytes(64)]))


def code_of_other_bytes(chance: Chance) -> str:
    """Return the digits of other content under the good signature."""
    header, payload, good = (decode_base64url(part) for part in chance.choice(BASES).split("."))
    data = b"\1" + deflated(cut(header + payload, chance, chance.choice(JSON_BYTES))) + good
    return _number_of(data)


def _number_of(data: bytes) -> str:
    return str(int.from_bytes(data[:1_700], "big"))


#: What damages the writing of a pass.
WRITTEN: tuple[Callable[[Chance], str], ...] = (
    letters,
    decoded_bytes,
    base64url_forms,
    signature,
    signature_numbers,
    digits,
    code_forms,
    deflated_bytes,
    noise_deflated,
    deflate_forms,
    code_of_other_bytes,
)
KINDS = (*WRITTEN, *mutated_claims.KINDS, *mutated_papers.KINDS)
Case = dict[str, Any]


def mutated(count: int, *, seed: int) -> Iterator[Case]:
    """Yield so many cases, the same for the same seed, no two of them alike."""
    chance = random.Random(seed)
    told: set[str] = set()
    place = 0
    while len(told) < count:
        kind = KINDS[place % len(KINDS)]
        place += 1
        case = _case(kind(chance), chance, is_written=kind in WRITTEN)
        name = repr(case)
        if name not in told:
            told.add(name)
            yield {"kind": kind.__name__, **case}


def _case(made: str | Case, chance: Chance, *, is_written: bool) -> Case:
    """Return a case; what is damaged is mostly judged in the calmest situation, what is signed in all of them."""
    if isinstance(made, dict):
        return made
    text = f" {made}\n" if chance.random() < 0.02 else made
    is_calm = chance.random() < (0.8 if is_written else 0.4)
    return {"what": "pass", "text": text, **(CALM if is_calm else situation(chance))}
