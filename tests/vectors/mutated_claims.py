"""Sign passes that nobody should sign, by a seed: whatever a stolen key could write into header, claims and JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from passes.tokens.claims import LATEST_SECOND, LONGEST_LIFETIME_S, MOST_SLOTS
from passes.tokens.keys import signing_key_of
from passes.tokens.polyline import encode_line
from tests.signed_passes import AT, CLAIMS, ISSUER, KEY, LIST_URI, OTHER_KEY, as_bytes, forge, header_of, token_of
from tests.vectors.issuer_vectors import NEIGHBOUR, NEIGHBOUR_KEY, RETIRED_KEY, SAME_NAME, STRANGER

Chance = random.Random
#: Good passes of every kind, all signed by our key.
BASES = [
    forge(),
    token_of(drill=True),
    token_of(terms=("round_trip",)),
    token_of(terms=("one_way", "pending")),
    token_of(jti=f"{CLAIMS.jti}-2"),
    token_of(plate="豫RD12345", crew=CLAIMS.crew[:1]),
]
JSON_BYTES = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"-", b".", b"e", b"\\u0041", b"\\ud800", b"\xff"]
VALUES: list[Any] = [None, True, False, 0, 1, -1, 2**24, 2**33, 10**15, 10**16, "", "x", "豫R12345", "A@", [], {}, [[]]]
#: Ways to write a number; all but whole ones are none of ours.
NUMBERS = [
    "-0",
    "00",
    "01",
    "+1",
    "0x10",
    "1_000",
    "1e3",
    "1E400",
    "1.0",
    "1.",
    ".5",
    "-1",
    "-",
    "NaN",
    "Infinity",
    "-Infinity",
    "9007199254740993",
    "9999999999999999",
    "99999999999999999",
    "-999999999999999",
    "-9999999999999999",
    "1655859600.0",
    "1655859600e0",
    "１",
    "null",
    "true",
    "'1'",
    '"1"',
]
#: Texts that are easily taken for others, or that some reader does not take at all.
TEXTS = (
    *("", " ", "x" * 64, "x" * 65, "𠮷" * 64, "𠮷" * 65, "\x1f", "\x7f", "\x85", "\u200b", "\u202e放行", "\ufeff"),
    *("é", "e\u0301", "Ａ", "4１1322", "411322 ", " 411322", "411322\n", "41132", "4113220", "王*明*", "*", "*" * 12),
    *("王*" + "明" * 10, "王*" + "明" * 11, "\\u0000", "../..", "__proto__", "constructor", "null", "𠀀*"),
)
PLATES = (
    *("豫R12345", "豫r12345", "豫Ｒ12345", "豫RI2345", "豫RO2345", "豫R1234挂", "豫RD12345", "豫R12345D", "豫RZ12345"),
    *("豫R123456", "豫R1234", "R12345", "豫R12345 ", "豫R12345\n", "豫·R12345", "使R12345", "豫R1234学", "豫𝐑12345"),
)
SIGNERS = (KEY, KEY, OTHER_KEY, NEIGHBOUR_KEY, SAME_NAME, RETIRED_KEY, signing_key_of(bytes([6]) * 32))


def cut(data: Any, chance: Chance, piece: Any) -> Any:
    """Replace up to three items somewhere by a piece."""
    place, length = chance.randrange(len(data) + 1), chance.randrange(4)
    return data[:place] + piece + data[place + length :]


def claims_signed_anew(chance: Chance) -> str:
    claims: dict[str, Any] = json.loads(as_bytes(CLAIMS.to_claims()))
    for _ in range(chance.randint(1, 2)):
        name = chance.choice([*claims, "drl", "sub", "__proto__", "constructor"])
        claims[name] = chance.choice([*VALUES, *claims.values()])
    if chance.random() < 0.3:
        claims.pop(chance.choice(list(claims)))
    return forge(claims)


def claims_at_their_bounds(chance: Chance) -> str:
    """Change one or two claims to what is just allowed, or just not."""
    person = [
        chance.choice([*TEXTS, "王*明"]),
        chance.choice(["0015", "001x", "015", "00155", "００15", ""]),
        chance.choice([0, 1, -1]),
    ]
    people = [["王*明", "0015", chance.choice([0, 1, LATEST_SECOND - 1, LATEST_SECOND])]] * chance.choice([0, 1, 8, 9])
    choices: dict[str, list[Any]] = {
        **{key: [*TEXTS] for key in ("iss", "org", "dst", "rul")},
        "jti": ["1" * 32, "1" * 33, "-", "-2", "411322000123-2-3", "41132200012３", "a_b", "1\n", ""],
        "status": [
            {"idx": chance.choice([0, 63, 64, 65, MOST_SLOTS - 1, MOST_SLOTS]), "uri": LIST_URI},
            {"idx": 5, "uri": chance.choice([*TEXTS, "/status/2"])},
            {"idx": chance.choice([True, "5", None, [5]]), "uri": LIST_URI},
            {"idx": 5},
            {"idx": 5, "uri": LIST_URI, "__proto__": 1},
        ],
        "plt": [*PLATES],
        "crw": [[person], people, [[*person, 0]], [person[:2]], [["王*明", "0015", 0], person]],
        "cor": [encode_line([(113.0, 33.0)] * count) for count in (0, 1, 2, 200, 201)],
        "tol": [1, 100_000, 100_001, 0, -1],
        "trm": [["a" * 24], ["a" * 25], ["a"] * 8, ["a"] * 9, ["A"], [""], ["pending", "round_trip"], ["a\n"]],
        "drl": [True, False, 1, "true"],
    }
    names = chance.sample(sorted(choices), k=chance.randint(1, 2))
    return forge({**CLAIMS.to_claims(), **{name: chance.choice(choices[name]) for name in names}})


def times_signed_anew(chance: Chance) -> str:
    claims = CLAIMS.to_claims()
    for name in ("iat", "nbf", "exp"):
        claims[name] += chance.randrange(-200_000, 200_000)
    return forge({**claims, "trm": chance.choice([["round_trip"], ["one_way"], []])})


def times_at_their_bounds(chance: Chance) -> str:
    now = int(AT.timestamp())
    times = (0, 1, LATEST_SECOND - 1, LATEST_SECOND, now, now - 1, now + 1, now - 7_200, now + 7_200)
    claims = {**CLAIMS.to_claims(), "iat": chance.choice(times), "nbf": chance.choice([*times, now - 60])}
    begun = min(claims["iat"], claims["nbf"])
    ends = [claims["nbf"], claims["nbf"] + 1, claims["iat"], begun + LONGEST_LIFETIME_S, begun + LONGEST_LIFETIME_S + 1]
    people = [["王*明", "0015", now + chance.choice([-7_200, -1, 0, 1])]]
    return forge({**claims, "exp": chance.choice([*ends, now, now + 1]), "crw": people})


def corridor_signed_anew(chance: Chance) -> str:
    """Sign another line: letters changed, steps as long as the form allows, positions at the edges of the globe."""
    line = encode_line(CLAIMS.corridor)
    edges = [(chance.choice([-180.0, 0.0, 179.9999, 180.0]), chance.choice([-90.0, 0.0, 90.0])) for _ in range(3)]
    outside = encode_line([(180.0001, 0.0), (0.0, 90.0001)])
    made = [
        cut(line, chance, chance.choice(["", "?", "~", "\x7f", ">", "豫", "_" * 5 + "?", "~" * 4 + "^", "@"])),
        encode_line(edges),
        outside,
        line[: chance.randrange(len(line))],
    ]
    return token_claims(cor=chance.choice(made), tol=chance.choice([1, 250, 100_000]))


def token_claims(**changes: Any) -> str:
    return forge({**CLAIMS.to_claims(), **changes})


def json_signed_anew(chance: Chance) -> str:
    return forge(cut(as_bytes(CLAIMS.to_claims()), chance, chance.choice(JSON_BYTES)))


def json_forms(chance: Chance) -> str:
    """Write the claims in other JSON, or in what some readers take for it."""
    claims = as_bytes(CLAIMS.to_claims())
    number = chance.choice(NUMBERS).encode()
    name = chance.choice(
        [b'"exp"', b'"iat"', b'"drl"', b'"plt"', b'"\\u0065xp"', b'"ex\\u0070"', b'"uri"', b'"\\ud800"']
    )
    escape = chance.choice(
        [
            "\\u005a",
            "\\u007A",
            "\\/",
            "\\x41",
            "\\u{41}",
            "\\ud83d\\ude00",
            "\\ude00\\ud83d",
            "\\ud800",
            "\\u12",
            "\\0",
            "\\'",
        ]
    )
    raw = chance.choice(
        [
            b"\xc0\xaf",
            b"\xed\xa0\x80",
            b"\xed\xa0\xbd\xed\xb8\x80",
            b"\xf4\x90\x80\x80",
            b"\xe2\x80\xa8",
            b"\x7f",
            b"\n",
            b"\0",
        ]
    )
    around = chance.choice(
        [b"\xef\xbb\xbf", b"\xff\xfe", b"\xc2\xa0", b"\f", b"\v", b" \t\r\n", b"\xe2\x80\x83", b"//x\n", b"/**/", b"\0"]
    )
    depth = chance.choice([13, 14, 15, 16, 17, 100, 1_000])
    forms = [
        claims.replace(b'"tol":250', b'"tol":' + number),
        claims.replace(b'"idx":5', b'"idx":' + number),
        claims[:-1]
        + b","
        + name
        + b":"
        + chance.choice([number, b"true", b'"' + "豫R54321".encode() + b'"', b"[]"])
        + b"}",
        claims.replace(b"410100", escape.encode()),
        claims.replace(b"410100", raw),
        chance.choice([around + claims, claims + around, claims.replace(b":", b":" + around, 1)]),
        claims + chance.choice([b",", b"{}", b"}", claims, b"]"]),
        claims.replace(b"}", b",}", 1),
        claims.replace(b'"', b"'"),
        claims.decode().encode(chance.choice(["utf-16", "utf-16-le", "utf-32", "gb18030"])),
        claims[: chance.randrange(len(claims))],
        chance.choice([b"[" + claims + b"]", b"null", b"1", b'"x"', b"{}", b"[]", b""]),
        claims.replace(b'["one_way"]', b"[" * depth + b"]" * depth),
        json.dumps(CLAIMS.to_claims(), ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 1])).encode(),
        as_bytes(dict(chance.sample(list(CLAIMS.to_claims().items()), k=14))),
    ]
    return forge(chance.choice(forms))


def header_signed_anew(chance: Chance) -> str:
    header = header_of(chance.choice([KEY, OTHER_KEY]))
    header[chance.choice(["alg", "kid", "typ", "jku", "b64"])] = chance.choice([*VALUES, "ES256", "HS256", KEY.kid])
    return forge(header=cut(as_bytes(header), chance, b"") if chance.random() < 0.2 else header)


def header_forms(chance: Chance) -> str:
    """Bring members, algorithms, types and names of keys that other systems know, or write ours otherwise."""
    member = chance.choice(
        [
            {"jku": "https://x"},
            {"jwk": OTHER_KEY.public.to_jwk()},
            {"x5c": ["MII"]},
            {"x5u": "https://x"},
            {"crit": ["b64"], "b64": False},
            {"b64": False},
            {"zip": "DEF"},
            {"cty": "JWT"},
            {
                "alg": chance.choice(
                    [
                        "none",
                        "None",
                        "es256",
                        "ES256 ",
                        "HS256",
                        "RS256",
                        "PS256",
                        "ES256K",
                        "ES384",
                        "EdDSA",
                        ["ES256"],
                        "\ud800",
                    ]
                )
            },
            {
                "typ": chance.choice(
                    [
                        "JWT",
                        "BTP+JWT",
                        "btp+jwt ",
                        "application/btp+jwt",
                        "statuslist+jwt",
                        "bto+jwt",
                        "btc+jwt",
                        "btk+jwt",
                        "\ud800",
                    ]
                )
            },
            {
                "kid": chance.choice(
                    [
                        "",
                        "x" * 64,
                        "x" * 65,
                        KEY.kid + "\n",
                        KEY.kid.swapcase(),
                        "../key",
                        "__proto__",
                        "密钥",
                        OTHER_KEY.kid,
                        5,
                    ]
                )
            },
        ]
    )
    written = json.dumps({**header_of(), **member}, separators=(",", ":")).encode()
    again = chance.choice([b',"alg":"none"}', b',"alg":"ES256"}', b',"\\u0061lg":"ES256"}', b',"\\ud800":1}', b"}"])
    return forge(header=written[:-1] + again)


def signed_by_others(chance: Chance) -> str:
    """Sign with every key there is, in every issuer's name, under every key's name."""
    issuer = chance.choice([ISSUER, ISSUER, NEIGHBOUR, NEIGHBOUR, STRANGER, "411301"])
    key, name = chance.choice(SIGNERS), chance.choice(["", "", "", KEY.kid, NEIGHBOUR_KEY.kid, "stolen-1", "stolen-2"])
    said = replace(
        CLAIMS, issuer=issuer, terms=chance.choice([(), ("pending",), ("round_trip",)]), drill=chance.random() < 0.1
    )
    return forge(said.to_claims(), header_of(key, **({"kid": name} if name else {})), key)


def signed_in_another_state(chance: Chance) -> str:
    """Sign a good pass; only its situation decides."""
    ends = AT + chance.choice([-1, 1, 10]) * (CLAIMS.expires_at - AT) / 10
    crew = tuple(replace(one, condition_ends_at=ends) for one in CLAIMS.crew[: chance.randint(1, 2)])
    slot = replace(CLAIMS.status, index=chance.choice([4, 5, 5, 5, 63, 64]))
    return token_of(crew=crew, status=slot, tolerance_m=chance.randint(1, 2_000), drill=chance.random() < 0.1)


#: What a stolen key could sign.
KINDS: tuple[Callable[[Chance], str], ...] = (
    claims_signed_anew,
    claims_at_their_bounds,
    times_signed_anew,
    times_at_their_bounds,
    corridor_signed_anew,
    json_signed_anew,
    json_forms,
    header_signed_anew,
    header_forms,
    signed_by_others,
    signed_in_another_state,
)
