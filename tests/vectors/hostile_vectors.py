"""Further vectors of what forgers write, layer by layer, and of status lists that a verifier must not take."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from passes.tokens.front_door import decode_base64url
from passes.tokens.pass_code import LONGEST_TOKEN, to_code
from tests.signed_passes import (
    AT,
    CLAIMS,
    KEY,
    LIST_URI,
    ORDER,
    OTHER_KEY,
    as_bytes,
    b64,
    claims_with,
    forge,
    forge_list,
    header_of,
    raw_signature,
    status_list,
    token_of,
)
from tests.vectors import loop_vectors

Vector = dict[str, Any]
TOKEN = forge()
GOOD = "pass-valid list-current"


def _halves(first: int | None = None, second: int | None = None) -> str:
    made = decode_base64url(TOKEN.rpartition(".")[2])
    halves = (made[:32] if first is None else first.to_bytes(32, "big"), second)
    return forge(signature=halves[0] + (made[32:] if second is None else second.to_bytes(32, "big")))


def signatures(vector: Any, refused: Any) -> Iterator[Vector]:
    """Return edges of the curve, and of the day on which an unknown key turns from red to amber."""
    for says, text in (
        ("r is zero", _halves(0)),
        ("s is zero", _halves(second=0)),
        ("r is the curve's order", _halves(ORDER)),
        ("r is beyond it", _halves(2**256 - 1)),
        ("s is half the order and a little more", _halves(second=ORDER // 2 + 1)),
        ("s is the order", _halves(second=ORDER)),
        ("signature of 65 bytes", forge(signature=b"\0" + decode_base64url(TOKEN.rpartition(".")[2]))),
    ):
        yield refused(says, text, "signature-not-canonical")
    yield refused("s is half the order", _halves(second=ORDER // 2), "signature-wrong")
    unknown, aged = forge(key=OTHER_KEY), {"keys": "seven-days", "shows": None}
    just_before = {"at": AT - timedelta(seconds=1), "status_list": "24h", **aged}
    yield refused(
        "unknown key, a second before the list is seven days old", unknown, "key-unknown list-current", **just_before
    )
    yield vector("unknown key, list of seven days", unknown, "amber", "key-unknown list-current", **aged)


def admissions(vector: Any) -> Iterator[Vector]:
    """Return passes that admit something: it counts, and names nobody where no key vouches for it."""
    unknown, late = forge(key=OTHER_KEY), AT + timedelta(hours=8, seconds=1)
    ended, other = int(late.timestamp()) - 1, "豫R54321"
    nobodys = {"keys": "old", "shows": None}
    for says, text, verdict, reasons, name, plate, further in (
        ("unknown key, two admissions", unknown, "red", "plate-differs key-unknown {}", "***", "***", nobodys),
        ("known key, two admissions", TOKEN, "red", "plate-differs {}", "王*明", CLAIMS.plate, {}),
    ):
        told = {
            "plate-differs": {"plate": plate, "seen": other},
            "condition-ended-inside": {"name": name, "ended_at": ended},
        }
        found = reasons.format("condition-ended-inside list-current")
        yield vector(says, text, verdict, found, at=late, plate=other, told=told, **further)


def headers(_: Any, refused: Any) -> Iterator[Vector]:
    """Return members and names that other systems know."""
    for says, changes in (
        ("content that is not base64", {"b64": False}),
        ("content that is not base64, and says so", {"crit": ["b64"], "b64": False}),
        ("header brings x5u", {"x5u": "https://forger.example"}),
        ("kid of 65 letters", {"kid": "x" * 65}),
        ("kid with a line's end", {"kid": KEY.kid + "\n"}),
        ("kid is a number", {"kid": 5}),
    ):
        yield refused(says, forge(header=header_of(**changes)), "header-not-ours")
    yield refused("alg in small letters", forge(header=header_of(alg="es256")), "algorithm-not-allowed")
    yield refused("alg in a list", forge(header=header_of(alg=["ES256"])), "algorithm-not-allowed")
    yield refused("typ in capitals", forge(header=header_of(typ="BTP+JWT")), "type-not-ours")
    written = as_bytes(header_of())
    yield refused(
        "alg named twice by an escape", forge(header=written[:-1] + b',"\\u0061lg":"ES256"}'), "token-unreadable"
    )
    yield refused(
        "half a character in the header", forge(header=written.replace(b"btp+jwt", b"\\ud800")), "token-unreadable"
    )


def jsons(vector: Any, refused: Any) -> Iterator[Vector]:
    """Return what some reader of JSON or base64url takes."""
    claims = as_bytes(CLAIMS.to_claims())
    for number in ("1e400", "Infinity", "-Infinity", "25e1", "0250", "+250", "0xfa", "250.", "2_50"):
        yield refused(f"a number written {number}", forge(claims.replace(b"250", number.encode())), "token-unreadable")
    for says, written in (
        ("half a character", b"\\ud800"),
        ("two halves in the wrong order", b"\\udfb7\\ud842"),
        ("half a character in UTF-8", b"\xed\xa0\x80"),
        ("a pair of halves in UTF-8", b"\xed\xa1\x82\xed\xbe\xb7"),
        ("a slash in two bytes", b"\xc0\xaf"),
        ("beyond the last character", b"\xf4\x90\x80\x80"),
        ("an escape that is none", b"\\x41"),
    ):
        yield refused(says, forge(claims.replace(b"410100", written)), "token-unreadable")
    yield refused("half a character as a name", forge(claims[:-1] + b',"\\ud800":1}'), "token-unreadable")
    yield vector("a pair of halves by escapes", forge(claims.replace(b"410100", b"\\ud842\\udfb7")), "green", GOOD)
    yield refused(
        "a claim named twice by an escape", forge(claims[:-1] + b',"e\\u0078p":1655899201}'), "token-unreadable"
    )
    for says, payload in (
        ("two objects", claims + b"{}"),
        ("a comma too many", claims[:-1] + b",}"),
        ("a comment", claims + b"/**/"),
        ("single quotes", claims.replace(b'"', b"'")),
        ("a space that is none", b"\xc2\xa0" + claims),
        ("UTF-16", claims.decode().encode("utf-16-le")),
    ):
        yield refused(says, forge(payload), "token-unreadable")
    header, payload, signature = TOKEN.split(".")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    left_over = signature[:-1] + letters[letters.index(signature[-1]) + 1]
    yield refused("bits left over in the last letter", f"{header}.{payload}.{left_over}", "token-unreadable")
    yield refused("letters of plain base64", f"{header}.{payload}.{'+/' + signature[2:]}", "token-unreadable")
    yield refused("a line's end inside", f"{header}.{payload[:40]}\n{payload[40:]}.{signature}", "token-unreadable")


def claims(vector: Any, refused: Any) -> Iterator[Vector]:
    """Return claims just beyond their bounds, and just within."""
    start = int(CLAIMS.issued_at.timestamp())
    month = 31 * 86_400
    for says, changed in (
        ("a sentence as issuer", {"iss": "放行\uff0c系统维护中"}),
        ("an issuer of five digits", {"iss": "41132"}),
        ("an issuer in full-width digits", {"iss": "４１１３２２"}),
        ("slot is true", {"status": {"idx": True, "uri": LIST_URI}}),
        ("slot beyond every list", {"status": {"idx": 2**24, "uri": LIST_URI}}),
        ("a further member of the status", {"status": {"idx": 5, "uri": LIST_URI, "url": "x"}}),
        ("exp is nbf", {"exp": start + 3_600}),
        ("iat is the year 2242", {"iat": 2**33}),
        ("iat after exp", {"iat": start + 15 * 3_600}),
        ("nbf is nothing", {"nbf": 0}),
        ("a crew of nine", {"crw": [["王*明", "123X", 0]] * 9}),
        ("a name of 13 letters", {"crw": [["王*" + "明" * 11, "123X", 0]]}),
        ("an ID tail in full width", {"crw": [["王*明", "１２３X", 0]]}),
        ("a condition that ends before 1970", {"crw": [["王*明", "123X", -1]]}),
        ("a plate in mathematical letters", {"plt": "豫𝐑12345"}),
        ("a plate with a line's end", {"plt": "豫R12345\n"}),
        ("a word of 65 letters", {"org": "𠮷" * 65}),
        ("a control character of the second kind", {"dst": "a\u0085"}),
        ("a corridor of 201 points", {"cor": "????" + "??" * 199}),
        ("a corridor beyond the globe", {"cor": "~~~~^??"}),
        ("half a step in the corridor", {"cor": "????_"}),
    ):
        yield refused(says, forge(claims_with(**changed)), "claims-not-ours")
    yield refused("31 days and a second", forge(claims_with(exp=start + month + 1)), "lifetime-too-long")
    yield vector("31 days", forge(claims_with(exp=start + month)), "green", GOOD)
    yield vector("a word of 64 letters", forge(claims_with(org="𠮷" * 64)), "green", GOOD)


def states(vector: Any, _: Any) -> Iterator[Vector]:
    """Return slots at the end of the list, and plates that only look the same."""
    for says, index, verdict, reasons in (
        ("the last slot of the list", 63, "green", GOOD),
        ("a slot behind the end of the list", 64, "amber", "list-without-pass list-current"),
    ):
        yield vector(says, token_of(status=replace(CLAIMS.status, index=index)), verdict, reasons)
    other = token_of(status=replace(CLAIMS.status, uri="/status/1/"))
    yield vector("a slot of a list that is called almost so", other, "amber", "list-without-pass list-current")
    for says, plate, verdict, reasons in (
        ("in small letters, with a space and a dot", "豫r·123 45", "green", GOOD),
        ("with the letter O", "豫R1234O", "red", "plate-differs list-current"),
        ("with a Cyrillic letter", "豫\u042012345", "red", "plate-differs list-current"),
        ("with what nobody sees", "豫R12345\ufeff", "red", "plate-differs list-current"),
        ("with a line's end of another kind", "豫R12345\u0085", "red", "plate-differs list-current"),
        ("of nothing", "", "red", "plate-differs list-current"),
    ):
        yield vector(f"the plate {says}", TOKEN, verdict, reasons, plate=plate)


def _digits(packed: bytes, signature: bytes) -> str:
    return str(int.from_bytes(b"\1" + packed + signature, "big"))


def codes(vector: Any, refused: Any) -> Iterator[Vector]:
    """Return digits with other deflated bytes in them, or in another writing."""
    header, payload, good = (decode_base64url(part) for part in TOKEN.split("."))
    digits = to_code(TOKEN, "https://pass.example").rpartition("/")[2]

    def stored(data: bytes, *, ends: bool = True) -> bytes:
        length = len(data)
        return bytes([ends]) + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + data

    yield vector("deflated not at all", _digits(stored(header + payload), good), "green", GOOD)
    twice = stored(header, ends=False) + stored(payload)
    yield vector("in two blocks", _digits(twice, good), "green", GOOD)
    yield refused("without a last block", _digits(stored(header + payload, ends=False), good), "token-unreadable")
    yield refused("another stream behind it", _digits(stored(header + payload) + stored(b""), good), "token-unreadable")
    yield refused("wrapped as zlib does", _digits(zlib.compress(header + payload), good), "token-unreadable")
    # A letter, and the same letter over and over: two bytes of input for the longest copies of output.
    for size, reason in ((LONGEST_TOKEN, "token-unreadable"), (LONGEST_TOKEN + 1, "token-too-long")):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(b"{" + b" " * (size - 1)) + packer.flush(zlib.Z_SYNC_FLUSH)
        yield refused(f"broken off after {size} bytes", _digits(packed[:-5], good), reason)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in digits)
    yield refused("digits in full width", wide, "token-unreadable")
    yield refused("a line between the digits", f"{digits[:40]}_{digits[40:]}", "token-unreadable")
    yield refused("the code of a certificate", loop_vectors.CODE, "loop-certificate")
    yield refused("2,001 digits", "1" * 2_001, "token-unreadable")


def status_lists() -> list[Vector]:
    """Return status lists, whose keys they are read with, and what each is refused for."""
    found = status_list()
    zipped = zlib.compress(found.packed, 9)

    def signed(lst: bytes | str = zipped, *, key: Any = KEY, typ: str = "statuslist+jwt", **changes: Any) -> str:
        content = {"bits": 2, "lst": lst if isinstance(lst, str) else b64(lst)}
        claims = {
            "sub": LIST_URI,
            "iat": int(found.issued_at.timestamp()),
            "ttl": 3600,
            "status_list": content,
            **changes,
        }
        return forge(claims, header_of(key, typ=typ), key)

    unreadable, unsigned = "status-list-unreadable", "status-list-not-signed"
    parts = signed().split(".")
    high = b64(raw_signature(".".join(parts[:2]).encode(), high_s=True))
    cases: list[tuple[str, str, str, str]] = [
        ("a good list", signed(), "current", ""),
        ("an empty list", signed(zlib.compress(b"")), "current", ""),
        ("of a stranger", signed(key=OTHER_KEY), "current", unsigned),
        (
            "of a stranger, under our key's name",
            forge(key=OTHER_KEY, header=header_of(typ="statuslist+jwt")),
            "current",
            unreadable,
        ),
        ("of a key that was withdrawn", signed(), "withdrawn", unsigned),
        ("of a key that was retired before", signed(), "retired-before", unsigned),
        ("of a key that was retired after", signed(), "retired-after", ""),
        ("a pass in its place", TOKEN, "current", unreadable),
        ("its typ on a pass's claims", forge(header=header_of(typ="statuslist+jwt")), "current", unreadable),
        ("with high s", f"{parts[0]}.{parts[1]}.{high}", "current", unreadable),
        ("one bit a pass", signed(status_list={"bits": 1, "lst": b64(zipped)}), "current", unreadable),
        ("bits as text", signed(status_list={"bits": "2", "lst": b64(zipped)}), "current", unreadable),
        ("with an end of its own", signed(exp=int(AT.timestamp())), "current", unreadable),
        ("of no time", signed(iat=0), "current", unreadable),
        ("of half a second", signed(iat=0.5), "current", unreadable),
        ("without a name", signed(sub=None), "current", unreadable),
        ("padded", signed(b64(zipped) + "=="), "current", unreadable),
        ("bytes behind the zlib ones", signed(zipped + b"\0"), "current", unreadable),
        ("broken off", signed(zipped[:-1]), "current", unreadable),
        ("with a wrong sum", signed(zipped[:-1] + bytes([zipped[-1] ^ 1])), "current", unreadable),
        ("not deflated", signed(found.packed), "current", unreadable),
        ("of 4 MB and a byte", signed(zlib.compress(bytes(2**22 + 1), 9)), "current", unreadable),
        ("damaged, and of a stranger", signed(zipped[:-1], key=OTHER_KEY), "current", unsigned),
        ("in one word", forge_list(found).replace(".", ""), "current", unreadable),
    ]
    return [
        {"number": 1300 + place, "says": says, "text": text, "keys": keys, "refused": refused}
        for place, (says, text, keys, refused) in enumerate(cases, 1)
    ]
